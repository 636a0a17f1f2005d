/* Topics that are deleted and made anew while the lane works: which they are is looked at now and then. */
#include "changelog.h"
#include "kafka_client.h"
#include "lane_internal.h"
#include "log_limit.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { SEEK_TIMEOUT_MS = 10000 };

rd_kafka_resp_err_t wd_lane_topic_id(struct wd_lane *lane, const char *topic,
                                     char id[WD_TOPIC_ID_SIZE])
{
    rd_kafka_resp_err_t code = wd_kafka_topic_id(lane->consumer, topic, WD_LANE_SLICE_MS, id);
    wd_lane_show_progress(lane);
    return code;
}

void wd_lane_note_topics(struct wd_lane *lane)
{
    const struct wd_shard *last = NULL;
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->phase != WD_SHARD_NEW)
            continue;
        if (last && strcmp(last->topic, shard->topic) == 0)
            memcpy(shard->topic_id, last->topic_id, sizeof(shard->topic_id));
        else
            (void)wd_lane_topic_id(lane, shard->topic, shard->topic_id);
        shard->next_seen = shard->next;
        shard->changelog_id[0] = '\0'; /* it may have to be made */
        shard->changelog_gone = false;
        last = shard;
    }
}

/* It has to be found out first which topic this is: the message is to come again. */
static void ask_again(struct wd_lane *lane, struct wd_shard *shard, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, shard->topic, shard->partition)->offset = offset;
    wd_lane_seek_back(lane, list);
    rd_kafka_topic_partition_list_destroy(list);
    shard->sought = true;
    lane->not_before_ms = wd_lane_now_ms() + WD_LANE_SLICE_MS;
}

static void begin_anew(struct wd_lane *lane, struct wd_shard *shard)
{
    wd_log(WD_LEVEL_WARN, lane->name,
           "%s [%" PRId32 "] was deleted and made anew after offset %" PRId64
           " was due: it is read from its beginning",
           shard->topic, shard->partition, shard->next);
    shard->anew = true;
    shard->asked_again = false;
    shard->end_asked = WD_OFFSET_NONE;
    shard->next = 0;
    shard->empty_from = WD_OFFSET_NONE;
    if (shard->txn_first != WD_OFFSET_NONE)
        shard->txn_first = 0; /* where an abort goes back to */
}

bool wd_lane_began_anew(struct wd_lane *lane, struct wd_shard *shard, int64_t offset)
{
    if (shard->behind)
        return false;
    if (shard->anew) { /* known already, and counted */
        begin_anew(lane, shard);
        return true;
    }
    char id[WD_TOPIC_ID_SIZE] = "";
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (shard->topic_id[0] != '\0')
        code = wd_lane_topic_id(lane, shard->topic, id);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        wd_log(WD_LEVEL_WARN, lane->name,
               "%s [%" PRId32 "] goes back to %" PRId64 " from %" PRId64
               ", and nobody says whether it is another topic now: %s; trying again",
               shard->topic, shard->partition, offset, shard->next, rd_kafka_err2str(code));
        ask_again(lane, shard, offset);
        return false;
    }
    if (strcmp(id, shard->topic_id) == 0) {
        wd_log(WD_LEVEL_WARN, lane->name,
               "%s [%" PRId32 "] goes back to %" PRId64 ": %s; it is passed over up to %" PRId64,
               shard->topic, shard->partition, offset,
               id[0] != '\0' ? "a broker has lost its end"
                             : "whether it is another topic now is not known",
               shard->next);
        shard->behind = true;
        return false;
    }
    memcpy(shard->topic_id, id, sizeof(id));
    wd_counter_add(lane->anew, 1);
    begin_anew(lane, shard);
    return true;
}

bool wd_lane_begins_late(struct wd_lane *lane, struct wd_shard *shard, int64_t offset)
{
    if (!shard->anew || shard->asked_again || shard->next == WD_OFFSET_NONE ||
        offset <= shard->next)
        return false;
    shard->asked_again = true;
    ask_again(lane, shard, shard->next);
    return true;
}

/* To 0, not to "the beginning": that is, for librdkafka, where the old topic began at the last fetch. */
static bool seek_to_first(struct wd_lane *lane, struct wd_shard *shard)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, shard->topic, shard->partition)->offset = 0;
    rd_kafka_error_t *refused = rd_kafka_seek_partitions(lane->consumer, list, SEEK_TIMEOUT_MS);
    bool done = !refused && list->elems[0].err == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (refused)
        rd_kafka_error_destroy(refused);
    rd_kafka_topic_partition_list_destroy(list);
    return done;
}

/* Where the new topic has grown past the offset that was due in the old one, librdkafka goes on there, and
 * nobody would notice. What was taken since the old topic was last seen may be of either: going back
 * would publish it twice. */
static void take_new_input(struct wd_lane *lane, struct wd_shard *shard,
                           const char id[WD_TOPIC_ID_SIZE])
{
    bool untouched = shard->next == shard->next_seen;
    if (untouched && !seek_to_first(lane, shard))
        return; /* at the next look */
    memcpy(shard->topic_id, id, sizeof(shard->topic_id));
    wd_counter_add(lane->anew, 1);
    shard->anew = true;
    shard->asked_again = false;
    shard->end_asked = WD_OFFSET_NONE;
    if (untouched) {
        wd_log(WD_LEVEL_WARN, lane->name,
               "%s [%" PRId32 "] was deleted and made anew: it is read from its beginning",
               shard->topic, shard->partition);
        shard->sought = true;
        shard->next = shard->next == WD_OFFSET_NONE ? WD_OFFSET_NONE : 0;
        shard->empty_from = WD_OFFSET_NONE;
    } else {
        wd_log(WD_LEVEL_ERROR, lane->name,
               "%s [%" PRId32 "] was deleted and made anew when offset %" PRId64 " to %" PRId64
               " was due: where it had grown past that by then, what is before it was not taken; "
               "look for it, and send it again",
               shard->topic, shard->partition, shard->next_seen, shard->next);
    }
    shard->next_seen = shard->next;
}

static bool is_ready_reader(const struct wd_shard *shard, const char *topic)
{
    return shard->phase == WD_SHARD_READY && !shard->leaving && strcmp(shard->topic, topic) == 0;
}

static bool is_ready_writer(const struct wd_shard *shard, const char *changelog)
{
    return shard->phase == WD_SHARD_READY && !shard->leaving &&
           strcmp(shard->changelog, changelog) == 0;
}

/* False: nobody answers, so nobody else is asked. */
static bool look_at_input(struct wd_lane *lane, const char *topic)
{
    char id[WD_TOPIC_ID_SIZE];
    rd_kafka_resp_err_t code = wd_lane_topic_id(lane, topic, id);
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        wd_log_limited(wd_lane_now_ms(), WD_LEVEL_ERROR, lane->name,
                       "input topic \"%s\" does not exist any more: nothing comes from it until it "
                       "is made again",
                       topic);
    for (size_t i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (!is_ready_reader(shard, topic) || id[0] == '\0')
            continue;
        if (shard->topic_id[0] != '\0' && strcmp(id, shard->topic_id) != 0) {
            take_new_input(lane, shard, id);
            continue;
        }
        memcpy(shard->topic_id, id, sizeof(id));
        shard->next_seen = shard->next;
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

/* librdkafka says where an input ends by what it fetches: a partition from which nothing comes (its next batch is
 * larger than receive.message.max.bytes, say) would seem to hold nothing. */
static void ask_for_ends(struct wd_lane *lane)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
    for (size_t i = 0; i < lane->shard_count; i++) {
        const struct wd_shard *shard = lane->shards[i];
        if (is_ready_reader(shard, shard->topic))
            rd_kafka_topic_partition_list_add(list, shard->topic, shard->partition)->offset =
                RD_KAFKA_OFFSET_END;
    }
    if (list->cnt > 0)
        (void)rd_kafka_offsets_for_times(lane->consumer, list, WD_LANE_SLICE_MS);
    wd_lane_show_progress(lane);
    for (int i = 0; i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *end = &list->elems[i];
        struct wd_shard *shard = wd_lane_find_shard(lane, end->topic, end->partition);
        if (shard && end->err == RD_KAFKA_RESP_ERR_NO_ERROR && end->offset >= 0)
            shard->end_asked = end->offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
}

/* Without ids (a broker before 2.8) only that it was not there at all is known. */
static bool is_another_changelog(const struct wd_shard *shard, const char *id)
{
    if (id[0] == '\0' || shard->changelog_id[0] == '\0')
        return shard->changelog_gone;
    return strcmp(id, shard->changelog_id) != 0;
}

/* False: not done. A restart with a changelog that lacks what is remembered would forget it. */
static bool write_changelog_anew(struct wd_lane *lane, struct wd_shard *shard)
{
    if (!wd_lane_is_same_member(lane))
        return false;
    wd_log(WD_LEVEL_ERROR, lane->name,
           "changelog topic \"%s\" [%" PRId32 "] was deleted and made anew: all %" PRIu64
           " records of the state are written into it again",
           shard->changelog, shard->partition, wd_state_count(shard->state));
    if (shard->snapshot_path[0] != '\0')
        (void)unlink(shard->snapshot_path); /* its offset is of the old one */
    if (!wd_lane_write_whole_state(lane, shard))
        return false;
    wd_log(WD_LEVEL_INFO, lane->name, "changelog topic \"%s\" [%" PRId32 "] is complete again",
           shard->changelog, shard->partition);
    wd_counter_add(lane->anew, 1);
    shard->changelog_gone = false;
    shard->snapshot_due = true;
    return true;
}

static bool make_changelog(struct wd_lane *lane, const char *changelog, const char *topic)
{
    struct wd_error error;
    wd_error_init(&error);
    rd_kafka_t *client = wd_sender_client(lane->sender);
    for (size_t i = 0; i < lane->shard_count; i++) {
        if (is_ready_writer(lane->shards[i], changelog))
            lane->shards[i]->changelog_gone = true;
    }
    int partitions = wd_kafka_partition_count(client, topic, WD_LANE_SLICE_MS);
    wd_lane_show_progress(lane);
    if (partitions <= 0)
        return false;
    enum wd_status status =
        wd_changelog_ensure(lane->config, client, changelog, partitions, &error);
    wd_lane_show_progress(lane);
    if (status != WD_OK)
        wd_log_limited(wd_lane_now_ms(), WD_LEVEL_ERROR, lane->name, "%s", error.text);
    return status == WD_OK;
}

/* False: nobody answers, or something has to be tried again. */
static bool look_at_changelog(struct wd_lane *lane, const struct wd_shard *first)
{
    struct wd_error error;
    wd_error_init(&error);
    char id[WD_TOPIC_ID_SIZE];
    bool fresh = false;
    rd_kafka_resp_err_t code = wd_lane_topic_id(lane, first->changelog, id);
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART &&
        make_changelog(lane, first->changelog, first->topic))
        code = wd_lane_topic_id(lane, first->changelog, id);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (!is_ready_writer(shard, first->changelog))
            continue;
        if (is_another_changelog(shard, id) && shard->snapshot_busy) {
            lane->topics_at_ms = 0; /* its file has to be there to be deleted: at the next turn */
            continue;
        }
        if (is_another_changelog(shard, id)) {
            /* What the producer knows of the topic is of the old one. */
            enum wd_status status = fresh ? WD_OK : wd_sender_reopen(lane->sender, &error);
            if (status != WD_OK)
                wd_lane_fail(lane, status, &error);
            fresh = true;
            if (status != WD_OK || !write_changelog_anew(lane, shard))
                return false;
        }
        shard->changelog_gone = false;
        memcpy(shard->changelog_id, id, sizeof(id));
    }
    return true;
}

/* Whether no shard before this one has the same topic: it was not looked at yet. */
static bool is_first(const struct wd_lane *lane, size_t index, bool changelog)
{
    const struct wd_shard *shard = lane->shards[index];
    const char *topic = changelog ? shard->changelog : shard->topic;
    for (size_t i = 0; i < index; i++) {
        if (changelog ? is_ready_writer(lane->shards[i], topic)
                      : is_ready_reader(lane->shards[i], topic))
            return false;
    }
    return changelog ? topic[0] != '\0' && is_ready_writer(shard, topic)
                     : is_ready_reader(shard, topic);
}

void wd_lane_watch_topics(struct wd_lane *lane)
{
    uint64_t now = wd_lane_now_ms();
    if (now - lane->topics_at_ms < lane->config->snapshot_interval_ms || now < lane->not_before_ms)
        return;
    lane->topics_at_ms = now;
    bool answered = true;
    for (size_t i = 0; answered && i < lane->shard_count; i++) {
        if (is_first(lane, i, false))
            answered = look_at_input(lane, lane->shards[i]->topic);
    }
    if (answered)
        ask_for_ends(lane);
    for (size_t i = 0; answered && lane->status == WD_OK && i < lane->shard_count; i++) {
        if (is_first(lane, i, true))
            answered = look_at_changelog(lane, lane->shards[i]);
    }
}
