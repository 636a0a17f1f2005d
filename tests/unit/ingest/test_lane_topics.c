/* A lane whose input topic is made anew. A mock cluster is its Kafka; which topic of that name it is, and where
 * librdkafka believes just then that it begins, is the test's to say. */
#include "test.h"

#include "kafka_client.h"
#include "lane.h"

#include <librdkafka/rdkafka_mock.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WAIT_MS = 20000, STORIES = 40, STALE_BEGIN = 15 };

struct bench {
    rd_kafka_t *host, *producer, *reader;
    rd_kafka_mock_cluster_t *cluster;
    struct wd_config *config;
    struct wd_metrics *metrics;
    struct wd_lane *lane;
};

static _Atomic bool made_anew;
static _Atomic unsigned looks; /* at which topic it is */
/* Where the next seek to offset 0 goes: librdkafka finds that it is not there, and goes to where the old topic
 * began. 0: nothing of the kind. */
static _Atomic int64_t stale_begin;
/* Where librdkafka goes by itself after the next look, as the old position is not in the new topic. 0: nowhere. */
static _Atomic int64_t reset_to;

rd_kafka_error_t *__real_rd_kafka_seek_partitions(rd_kafka_t *client,
                                                  rd_kafka_topic_partition_list_t *list,
                                                  int timeout_ms);
rd_kafka_error_t *__wrap_rd_kafka_seek_partitions(rd_kafka_t *client,
                                                  rd_kafka_topic_partition_list_t *list,
                                                  int timeout_ms);
rd_kafka_resp_err_t __wrap_wd_kafka_topic_id(rd_kafka_t *client, const char *topic, int timeout_ms,
                                             char id[WD_TOPIC_ID_SIZE]);

rd_kafka_error_t *__wrap_rd_kafka_seek_partitions(rd_kafka_t *client,
                                                  rd_kafka_topic_partition_list_t *list,
                                                  int timeout_ms)
{
    if (list->elems[0].offset == 0)
        list->elems[0].offset = atomic_exchange(&stale_begin, 0);
    return __real_rd_kafka_seek_partitions(client, list, timeout_ms);
}

rd_kafka_resp_err_t __wrap_wd_kafka_topic_id(rd_kafka_t *client, const char *topic, int timeout_ms,
                                             char id[WD_TOPIC_ID_SIZE])
{
    looks++;
    (void)snprintf(id, WD_TOPIC_ID_SIZE, "%s", made_anew ? "second" : "first");
    int64_t offset = atomic_exchange(&reset_to, 0);
    if (offset > 0) {
        rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(list, topic, 0)->offset = offset;
        assert_null(__real_rd_kafka_seek_partitions(client, list, timeout_ms));
        rd_kafka_topic_partition_list_destroy(list);
        made_anew = true;
    }
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_t *make_client(rd_kafka_type_t type, const char *servers)
{
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    assert_int_equal(rd_kafka_conf_set(conf, "log_level", "0", text, sizeof(text)),
                     RD_KAFKA_CONF_OK);
    if (servers)
        assert_int_equal(rd_kafka_conf_set(conf, "bootstrap.servers", servers, text, sizeof(text)),
                         RD_KAFKA_CONF_OK);
    if (type == RD_KAFKA_CONSUMER)
        assert_int_equal(rd_kafka_conf_set(conf, "group.id", "reader", text, sizeof(text)),
                         RD_KAFKA_CONF_OK);
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof(text));
    assert_non_null(client);
    return client;
}

static void fill(struct bench *bench)
{
    char story[] = "{\"uri\":\"urn:x:1\",\"type\":\"text\",\"headline\":\"A ferry stops\","
                   "\"body_text\":\"It stops for a week.\"}";
    for (int i = 0; i < STORIES; i++) {
        assert_int_equal(
            rd_kafka_producev(bench->producer, RD_KAFKA_V_TOPIC("in"), RD_KAFKA_V_PARTITION(0),
                              RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_VALUE(story, sizeof(story) - 1), RD_KAFKA_V_END),
            0);
    }
    assert_int_equal(rd_kafka_flush(bench->producer, WAIT_MS), 0);
}

static void load_config(struct bench *bench, const char *servers)
{
    char text[640];
    struct wd_faults faults;
    wd_faults_init(&faults);
    (void)snprintf(text, sizeof(text),
                   "{\"kafka\": {\"bootstrap.servers\": \"%s\", \"statistics.interval.ms\": 200},"
                   " \"instance\": \"a\", \"admin\": null,"
                   " \"transaction\": {\"records_max\": 10, \"interval_ms\": 20},"
                   " \"state\": {\"snapshot_interval_ms\": 100},"
                   " \"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"in\"]},"
                   " \"processors\": [], \"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}],"
                   " \"dead_letter\": \"dead\"}]}",
                   servers);
    assert_int_equal(wd_config_load_text(text, ".", false, &bench->config, &faults), WD_OK);
    wd_faults_finish(&faults);
}

static void open_bench(struct bench *bench)
{
    *bench = (struct bench){0};
    made_anew = false;
    looks = 0;
    stale_begin = reset_to = 0;
    bench->host = make_client(RD_KAFKA_PRODUCER, NULL);
    bench->cluster = rd_kafka_mock_cluster_new(bench->host, 1);
    assert_non_null(bench->cluster);
    rd_kafka_mock_group_initial_rebalance_delay_ms(bench->cluster, 0);
    static const char *const topics[] = {"in", "out", "dead"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(rd_kafka_mock_topic_create(bench->cluster, topics[i], 1, 1), 0);
    const char *servers = rd_kafka_mock_cluster_bootstraps(bench->cluster);
    bench->producer = make_client(RD_KAFKA_PRODUCER, servers);
    bench->reader = make_client(RD_KAFKA_CONSUMER, servers);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, "out", 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    assert_int_equal(rd_kafka_assign(bench->reader, list), 0);
    rd_kafka_topic_partition_list_destroy(list);
    fill(bench);
    load_config(bench, servers);
    bench->metrics = wd_metrics_create();
    struct wd_error error;
    wd_error_init(&error);
    const struct wd_lane_setup setup = {.config = bench->config, .metrics = bench->metrics};
    assert_int_equal(wd_lane_start(&setup, &bench->lane, &error), WD_OK);
}

static void close_bench(struct bench *bench)
{
    wd_lane_stop(bench->lane);
    assert_int_equal(wd_lane_join(bench->lane, NULL), WD_OK);
    wd_metrics_destroy(bench->metrics);
    wd_config_release(bench->config);
    rd_kafka_destroy(bench->reader);
    rd_kafka_destroy(bench->producer);
    rd_kafka_mock_cluster_destroy(bench->cluster);
    rd_kafka_destroy(bench->host);
}

/* The next record in the output topic is of this offset of the input topic. */
static void expect_offset(struct bench *bench, int64_t offset)
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(bench->reader, WAIT_MS);
    assert_non_null(message);
    assert_int_equal(message->err, 0);
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;
    size_t len = 0;
    assert_int_equal(rd_kafka_message_headers(message, &headers), 0);
    assert_int_equal(rd_kafka_header_get_last(headers, "wiredesk-offset", &value, &len), 0);
    assert_int_equal(atoll(value), offset); /* librdkafka puts a NUL behind it */
    rd_kafka_message_destroy(message);
}

/* The lane adds to it on its own thread. */
static void wait_for(_Atomic uint64_t *count, uint64_t least)
{
    for (int i = 0; i < WAIT_MS && *count < least; i++)
        (void)usleep(1000);
    assert_int_equal(*count, least);
}

/* All stories are taken and committed, and after that the lane has seen that the topic is still the same. */
static void take_all_of_the_first(struct bench *bench)
{
    for (int i = 0; i < STORIES; i++)
        expect_offset(bench, i);
    wait_for(&wd_metrics_counter(bench->metrics, "wiredesk_records_in_total", "",
                                 "pipeline=\"news\",topic=\"in\"")
                  ->value,
             STORIES);
    unsigned before = looks;
    for (int i = 0; i < WAIT_MS && looks < before + 2; i++)
        (void)usleep(1000);
    assert_true(looks >= before + 2);
}

static void check_counts(struct bench *bench, uint64_t lost)
{
    static const char lane[] = "lane=\"0\"";
    wait_for(
        &wd_metrics_counter(bench->metrics, "wiredesk_topics_made_anew_total", "", lane)->value, 1);
    wait_for(
        &wd_metrics_counter(bench->metrics, "wiredesk_input_offsets_lost_total", "", lane)->value,
        lost);
}

/* librdkafka goes on where the old topic began: the first messages of the new one are taken all the same. */
static void test_begin_of_the_old_topic(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench);
    take_all_of_the_first(&bench);
    stale_begin = STALE_BEGIN;
    made_anew = true;
    for (int i = 0; i < STORIES; i++)
        expect_offset(&bench, i);
    assert_int_equal(stale_begin, 0);
    check_counts(&bench, 0);
    close_bench(&bench);
}

/* Its first messages are gone already: it is asked once more only, and they are told as lost. */
static void test_begin_of_the_new_topic(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench);
    take_all_of_the_first(&bench);
    assert_int_equal(rd_kafka_mock_partition_delete_records(bench.cluster, "in", 0, STALE_BEGIN),
                     0);
    made_anew = true;
    for (int i = STALE_BEGIN; i < STORIES; i++)
        expect_offset(&bench, i);
    check_counts(&bench, STALE_BEGIN);
    close_bench(&bench);
}

/* librdkafka has gone to where the old topic began before the lane has looked. */
static void test_begin_of_the_old_topic_before_a_look(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench);
    take_all_of_the_first(&bench);
    reset_to = STALE_BEGIN;
    for (int i = 0; i < STORIES; i++)
        expect_offset(&bench, i);
    check_counts(&bench, 0);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begin_of_the_old_topic),
        cmocka_unit_test(test_begin_of_the_new_topic),
        cmocka_unit_test(test_begin_of_the_old_topic_before_a_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
