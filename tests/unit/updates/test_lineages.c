/* Lineages under bad input: circles, floods, limits, age; and the form of their records. */
#include "test.h"

#include "config.h"
#include "lineage_keys.h"
#include "lineage_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct desk {
    struct wd_config *config;
    struct wd_state *state;
    struct wd_pipeline *pipeline;
    struct wd_story *story;
};

static void open_desk(struct desk *desk, const char *options)
{
    char text[1024];
    struct wd_faults faults;
    struct wd_error error;
    (void)snprintf(text, sizeof(text),
                   "{\"name\": \"t\", \"kafka\": {\"bootstrap.servers\": \"h:1\"},"
                   " \"default_provider\": {\"name\": \"wire\"}, \"pipelines\": [{\"name\": \"p\","
                   " \"input\": {\"topics\": [\"raw\"]},"
                   " \"processors\": [{\"use\": \"updates\"%s%s}],"
                   " \"outputs\": [{\"name\": \"o\", \"topic\": \"o\"}], \"dead_letter\": \"d\"}]}",
                   options[0] ? ", " : "", options);
    wd_faults_init(&faults);
    wd_error_init(&error);
    assert_int_equal(wd_config_load_text(text, ".", true, &desk->config, &faults), WD_OK);
    wd_faults_finish(&faults);
    struct wd_plan *plan = desk->config->pipelines[0].plan;
    desk->state = wd_state_create();
    assert_int_equal(wd_plan_add_tables(plan, desk->state, &error), WD_OK);
    assert_int_equal(wd_pipeline_create(plan, desk->state, &desk->pipeline, &error), WD_OK);
    desk->story = wd_story_create(1 << 24);
}

static void close_desk(struct desk *desk)
{
    wd_pipeline_destroy(desk->pipeline);
    wd_state_destroy(desk->state);
    wd_story_destroy(desk->story);
    wd_config_release(desk->config);
}

/* An empty story of "wire" at a time of its own. */
static struct wd_story *begin(struct desk *desk, const char *guid, int64_t minute)
{
    struct wd_story *story = desk->story;
    wd_story_reset(story);
    story->provider = WD_SLICE("wire");
    story->guid = wd_slice_from(guid);
    story->published = wd_time_from_ms(1700000000000);
    story->updated = wd_time_from_ms(1700000000000 + minute * 60000);
    story->received = story->updated;
    story->headline = WD_SLICE("Bridge shut");
    assert_int_equal(wd_story_add_paragraph(story, WD_SLICE("The bridge at Seatown is closed.")),
                     WD_OK);
    return story;
}

static const struct wd_update_verdict *take(struct desk *desk)
{
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_pipeline_process(desk->pipeline, desk->story, NULL, &error), WD_PASS);
    wd_state_commit(desk->state);
    return &desk->story->update;
}

static uint64_t count_of(struct desk *desk, const char *table)
{
    return wd_table_count(wd_state_find_table(desk->state, wd_slice_from(table)));
}

static char *copy_of(struct wd_slice text)
{
    return strndup(text.data, text.len);
}

/* "previous" that goes round in a circle is one story, whoever comes first. */
static void circle(void **state)
{
    (void)state;
    static const char *const ids[] = {"a", "b", "c"};
    struct desk desk;
    open_desk(&desk, "");
    char *first = NULL;
    for (int i = 0; i < 9; i++) {
        struct wd_story *story = begin(&desk, ids[i % 3], i);
        story->previous = wd_slice_from(ids[(i + 1) % 3]);
        const struct wd_update_verdict *verdict = take(&desk);
        if (!first)
            first = copy_of(verdict->lineage);
        assert_true(wd_slice_is(verdict->lineage, first));
    }
    assert_int_equal(count_of(&desk, "updates.lineages"), 1);
    begin(&desk, "d", 20)->previous = WD_SLICE("d"); /* and one that follows itself */
    assert_false(wd_slice_is(take(&desk)->lineage, first));
    free(first);
    close_desk(&desk);
}

/* A live page: as many bytes of state after a hundred versions as after twenty thousand, or as many as
 * WD_VERSIONS says (a million takes a while), but for larger numbers and times. */
static void live_page(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "");
    uint64_t bytes = 0;
    const char *wanted = getenv("WD_VERSIONS");
    int64_t versions = wanted ? strtoll(wanted, NULL, 10) : 20000;
    for (int64_t i = 0; i < versions; i++) {
        struct wd_story *story = begin(&desk, "live", i);
        story->version = wd_arena_printf(story->arena, "%08" PRId64, i);
        story->version_order = WD_VERSION_ORDER_NUMBER;
        struct wd_slice more = wd_arena_printf(story->arena, "Update number %08" PRId64 ".", i);
        assert_int_equal(wd_story_add_paragraph(story, more), WD_OK);
        const struct wd_update_verdict *verdict = take(&desk);
        assert_int_equal(verdict->number, i + 1);
        assert_int_equal(verdict->members, 1);
        if (i == 100)
            bytes = wd_state_bytes(desk.state);
    }
    assert_in_range(wd_state_bytes(desk.state), bytes, bytes + 16);
    assert_int_equal(wd_state_count(desk.state),
                     3); /* the lineage, its copy, and its headline, which has two words */
    close_desk(&desk);
}

/* More reprints than are remembered: counted, told, and the kill reaches those that are. */
static void reprints_without_number(void **state)
{
    (void)state;
    enum { PAPERS = 300, KEPT = 100 };
    struct desk desk;
    open_desk(&desk, "\"members_max\": 100");
    begin(&desk, "original", 0)->dedup.group = WD_SLICE("group");
    (void)take(&desk);
    for (int i = 1; i < PAPERS; i++) {
        struct wd_story *story = begin(&desk, "", i);
        story->guid = wd_arena_printf(story->arena, "paper:%d", i);
        story->provider = wd_arena_printf(story->arena, "paper %d", i % 7);
        story->dedup.group = WD_SLICE("group");
        const struct wd_update_verdict *verdict = take(&desk);
        assert_true(wd_slice_is(verdict->rule, "text"));
        assert_int_equal(verdict->members, i + 1 < KEPT ? i + 1 : KEPT);
        assert_int_equal(verdict->members_forgotten, i + 1 < KEPT ? 0 : i + 1 - KEPT);
    }
    struct wd_story *kill = begin(&desk, "original", PAPERS);
    kill->status = WD_STORY_CANCELED;
    const struct wd_update_verdict *verdict = take(&desk);
    assert_int_equal(verdict->kind, WD_UPDATE_KILL);
    assert_int_equal(verdict->state, WD_LINEAGE_KILLED);
    assert_int_equal(kill->advisory_count, KEPT);
    assert_int_equal(count_of(&desk, "updates.members"), 3); /* 92 on pages of 32 */
    close_desk(&desk);
}

/* Two groups of reprints that turn out to be one: everybody hears of the kill, also the late ones. */
static void merged_on_pages(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "");
    for (int i = 0; i < 40; i++) {
        struct wd_story *story = begin(&desk, "", i);
        story->guid = wd_arena_printf(story->arena, "paper:%d", i);
        story->provider = wd_arena_printf(story->arena, "paper %d", i);
        story->dedup.group = i % 2 ? WD_SLICE("odd") : WD_SLICE("even");
        (void)take(&desk);
    }
    begin(&desk, "paper:0", 50)->provider = WD_SLICE("paper 0");
    desk.story->status = WD_STORY_CANCELED;
    (void)take(&desk);
    assert_int_equal(desk.story->advisory_count, 20);
    struct wd_story *link = begin(&desk, "link", 60);
    link->dedup.group = WD_SLICE("odd");
    assert_int_equal(wd_story_add_also_group(link, WD_SLICE("even")), WD_OK);
    const struct wd_update_verdict *verdict = take(&desk);
    assert_int_equal(verdict->merged_count, 1);
    assert_int_equal(verdict->members, 41);
    assert_int_equal(verdict->state, WD_LINEAGE_KILLED);
    assert_int_equal(link->advisory_count, 21); /* the twenty of the other group, and itself */
    assert_int_equal(count_of(&desk, "updates.lineages"), 1);
    char *lineage = copy_of(verdict->lineage);
    begin(&desk, "paper:7", 70)->provider = WD_SLICE("paper 7");
    assert_true(wd_slice_is(take(&desk)->lineage, lineage));
    free(lineage);
    close_desk(&desk);
}

/* The id of a merged lineage is a name like others: what it is given besides stays with it, and does not lead what
 * knows the lineage by its id astray. */
static void merged_id_as_name(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "");
    struct wd_lineage_store store = {
        .lineages = wd_state_find_table(desk.state, WD_SLICE("updates.lineages")),
        .members = wd_state_find_table(desk.state, WD_SLICE("updates.members")),
        .keys = wd_state_find_table(desk.state, WD_SLICE("updates.keys")),
        .members_max = 8};
    const struct wd_digest ids[] = {{{1}}, {{2}}, {{3}}};
    struct wd_lineage lineages[3];
    wd_buffer_init(&store.scratch);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(wd_lineage_open(desk.story->arena, &ids[i], &lineages[i]), WD_OK);
        assert_int_equal(wd_lineage_save(&store, &lineages[i]), WD_OK);
    }
    struct wd_handle first = wd_handle_of(&ids[0]);
    struct wd_handle second = wd_handle_of(&ids[1]);
    struct wd_handle third = wd_handle_of(&ids[2]);
    struct wd_lineage_name name = {.key = first, .may_be_id = true};
    wd_lineage_read_name(&store, &name);
    assert_false(name.written);
    assert_int_equal(wd_lineage_give_name(&store, &name, &third), WD_OK);
    assert_int_equal(name.count, 2); /* itself and the third */
    assert_int_equal(wd_lineage_merge(&store, desk.story->arena, &lineages[1], &lineages[0]),
                     WD_OK);
    assert_int_equal(wd_lineage_save(&store, &lineages[1]), WD_OK);
    struct wd_handle known = first;
    assert_true(wd_lineage_alive(&store, &known));
    assert_true(wd_handle_equal(&known, &second));
    known = third; /* was given no name, and went nowhere */
    assert_true(wd_lineage_alive(&store, &known));
    assert_true(wd_handle_equal(&known, &third));
    name = (struct wd_lineage_name){.key = first, .may_be_id = true};
    wd_lineage_read_name(&store, &name);
    wd_lineage_keep_alive(&store, &name);
    assert_int_equal(name.count, 2);
    assert_true(wd_handle_equal(&name.ids[0], &second));
    assert_true(wd_handle_equal(&name.ids[1], &third));
    /* The third goes, too, under a name that leads to it besides: the second is where the first went, still. */
    assert_int_equal(wd_lineage_merge(&store, desk.story->arena, &lineages[1], &lineages[2]),
                     WD_OK);
    assert_int_equal(wd_lineage_give_name(&store, &name, &second), WD_OK);
    known = first;
    assert_true(wd_lineage_alive(&store, &known));
    assert_true(wd_handle_equal(&known, &second));
    wd_buffer_finish(&store.scratch);
    close_desk(&desk);
}

/* A list that stands under a dead lineage's id is no way out of it. */
static void name_of_a_dead_id(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "");
    struct wd_lineage_store store = {
        .lineages = wd_state_find_table(desk.state, WD_SLICE("updates.lineages")),
        .keys = wd_state_find_table(desk.state, WD_SLICE("updates.keys")),
        .members_max = 8};
    const struct wd_digest id = {{3}};
    struct wd_lineage lineage;
    wd_buffer_init(&store.scratch);
    assert_int_equal(wd_lineage_open(desk.story->arena, &id, &lineage), WD_OK);
    assert_int_equal(wd_lineage_save(&store, &lineage), WD_OK);
    struct wd_handle third = wd_handle_of(&id);
    struct wd_handle dead = {{1}};
    struct wd_lineage_name name = {.key = dead, .may_be_id = true};
    assert_int_equal(wd_lineage_give_name(&store, &name, &third), WD_OK);
    assert_false(wd_lineage_alive(&store, &dead));
    wd_buffer_finish(&store.scratch);
    close_desk(&desk);
}

/* Age takes a lineage whole: its id is new afterwards, and nothing of it comes back. */
static void age(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "\"window_hours\": 1");
    (void)begin(&desk, "a", 0);
    (void)take(&desk);
    begin(&desk, "b", 30)->previous = WD_SLICE("a");
    assert_int_equal(take(&desk)->number, 2);
    begin(&desk, "b", 80)->previous =
        WD_SLICE("a"); /* an hour and twenty minutes after the first */
    assert_int_equal(take(&desk)->number, 3);
    (void)begin(&desk, "a", 150); /* more than an hour after the last */
    const struct wd_update_verdict *verdict = take(&desk);
    assert_int_equal(verdict->number, 1);
    assert_int_equal(verdict->kind, WD_UPDATE_NEW);
    assert_true(verdict->opened);
    close_desk(&desk);
}

static void number_of_lineages(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, "\"entries_max\": 50");
    for (int i = 0; i < 1000; i++) {
        struct wd_story *story = begin(&desk, "", i);
        story->guid = wd_arena_printf(story->arena, "story:%d", i);
        story->dedup.group = story->guid;
        (void)take(&desk);
    }
    assert_int_equal(count_of(&desk, "updates.lineages"), 50);
    assert_true(count_of(&desk, "updates.keys") <= 200);
    assert_true(count_of(&desk, "updates.copies") <= 50);
    close_desk(&desk);
}

enum { NOON_MS = 43200000 }; /* of the first of January 1970 */

static const struct wd_lineage_frame noon = {.id = {{1, 2, 3, 4, 5, 6, 7, 8, 9}},
                                             .event_ms = NOON_MS};

/* Reads what was written, with no more of the frame than the table has. */
static enum wd_status read_back(struct wd_slice bytes, struct wd_arena *arena,
                                struct wd_lineage_record *read)
{
    static struct wd_lineage_member room[WD_LINEAGE_INLINE_MAX];
    struct wd_lineage_frame frame = {.event_ms = noon.event_ms};
    memcpy(frame.id.bytes, noon.id.bytes, 8);
    *read = (struct wd_lineage_record){.members = room, .member_capacity = WD_LINEAGE_INLINE_MAX};
    enum wd_status status = wd_lineage_record_decode(bytes, &frame, arena, read);
    if (status == WD_OK)
        assert_true(wd_digest_equal(&frame.id, &noon.id));
    return status;
}

/* A record that was cut anywhere, or has a byte more, is refused. */
static void records(void **state)
{
    (void)state;
    struct wd_lineage_member members[2] = {
        {.key = 7 << 16,
         .first_ms = 5,
         .flags = WD_MEMBER_FIRST_KNOWN,
         .provider = WD_SLICE("wire"),
         .id = WD_SLICE("a"),
         .mark = {WD_SLICE("3"), WD_VERSION_ORDER_NUMBER, true, -4}},
        {.key = 8 << 16, .provider = WD_SLICE("mail"), .id = WD_SLICE("b")},
    };
    struct wd_lineage_record record = {.number = 9, .members = members, .member_count = 2};
    record.orders[record.order_count++] = (struct wd_lineage_order){.kind = WD_ADVISORY_WITHHOLD,
                                                                    .replaced = true,
                                                                    .lent = true,
                                                                    .key = 7 << 16,
                                                                    .provider = WD_SLICE("wire"),
                                                                    .id = WD_SLICE("a")};
    struct wd_lineage_note notes[WD_LINEAGE_NOTES_MAX] = {
        {5, 7 << 16, {WD_SLICE("2"), WD_VERSION_ORDER_NUMBER, true, NOON_MS}},
        {UINT64_C(0xFFFFFFFFFFFF), 8 << 16, {WD_SLICE(""), WD_VERSION_ORDER_NONE, false, 0}},
    };
    record.notes = notes;
    record.note_count = 2;
    record.orders[record.order_count++] = (struct wd_lineage_order){.kind = WD_ADVISORY_CORRECTION,
                                                                    .noted = true,
                                                                    .key = 7 << 16,
                                                                    .provider = WD_SLICE("wire")};
    wd_lineage_record_add(&record, 77);
    wd_lineage_record_follow(&record, 78);
    struct wd_arena *arena = wd_arena_create(1 << 20);
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    wd_lineage_record_encode(&record, &noon, &bytes);
    struct wd_lineage_record read;
    assert_int_equal(read_back(wd_buffer_slice(&bytes), arena, &read), WD_OK);
    assert_int_equal(read.number, 9);
    assert_int_equal(read.member_count, 2);
    assert_int_equal(read.members[0].key, 7 << 16);
    assert_int_equal(read.members[0].first_ms, 5);
    assert_int_equal(read.members[0].mark.time_ms, -4);
    assert_int_equal(read.members[0].mark.order, WD_VERSION_ORDER_NUMBER);
    assert_true(wd_slice_is(read.members[1].provider, "mail"));
    assert_int_equal(read.orders[0].kind, WD_ADVISORY_WITHHOLD);
    assert_true(read.orders[0].replaced);
    assert_true(read.orders[0].lent);
    assert_false(read.orders[0].mends);
    assert_false(read.orders[0].noted);
    assert_int_equal(read.orders[1].kind, WD_ADVISORY_CORRECTION);
    assert_true(read.orders[1].noted);
    assert_int_equal(read.note_count, 2);
    assert_true(read.notes[0].hash == 5 && read.notes[0].key == 7 << 16);
    assert_true(read.notes[0].mark.time_ms == NOON_MS &&
                wd_slice_is(read.notes[0].mark.label, "2"));
    assert_true(read.notes[1].hash == UINT64_C(0xFFFFFFFFFFFF) && !read.notes[1].mark.time_known);
    assert_true(wd_lineage_record_has(&read, 77));
    assert_true(wd_lineage_record_follows(&read, 78));
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_not_equal(read_back(wd_slice_make(bytes.data, len), arena, &read), WD_OK);
    wd_buffer_append_byte(&bytes, 0);
    assert_int_equal(read_back(wd_buffer_slice(&bytes), arena, &read), WD_SYNTAX);
    bytes.data[0]--;
    assert_int_equal(read_back(wd_buffer_slice(&bytes), arena, &read), WD_VERSION);
    wd_buffer_finish(&bytes);
    wd_arena_destroy(arena);
}

/* A story seen once is short, and whatever is the same of several stands there once. */
static void short_records(void **state)
{
    (void)state;
    struct wd_lineage_member members[3] = {
        {.key = wd_lineage_short_key(&noon.id),
         .digest = {{1}},
         .published_ms = NOON_MS - 5000,
         .first_ms = NOON_MS - 5000,
         .flags = WD_MEMBER_FIRST_KNOWN | WD_MEMBER_PUBLISHED_KNOWN,
         .provider = WD_SLICE("wire"),
         .id = WD_SLICE("urn:wire:2024:1"),
         .mark = {WD_SLICE("1"), WD_VERSION_ORDER_NONE, true, NOON_MS - 5000}},
    };
    members[1] = members[2] = members[0];
    members[1].key = 3 << 16;
    members[1].id = WD_SLICE("urn:wire:2024:23");
    members[2].key = 4 << 16;
    members[2].digest.bytes[0] = 2;
    members[2].first_ms = members[2].mark.time_ms = NOON_MS + 1;
    members[2].provider = WD_SLICE("mail");
    members[2].id = WD_SLICE("mail:1");
    struct wd_lineage_record record = {.members = members};
    struct wd_arena *arena = wd_arena_create(1 << 20);
    struct wd_buffer bytes;
    size_t sizes[3];
    struct wd_lineage_record read;
    wd_buffer_init(&bytes);
    record.first_published = wd_time_from_ms(NOON_MS - 5000);
    for (size_t i = 0; i < 3; i++) {
        record.number = (uint32_t)++record.member_count;
        wd_lineage_record_add(&record, UINT64_C(0xABCDEF012345) + i);
        wd_lineage_record_encode(&record, &noon, &bytes);
        sizes[i] = bytes.len;
    }
    /* version, shape, 8 of the id, time, count and 6 of a fingerprint, count of members; flags, again, digest, time,
     * label, provider, id */
    assert_int_equal(sizes[0], 1 + 1 + 8 + 1 + 1 + 6 + 1 + 2 + 16 + 1 + 2 + 5 + 16);
    /* a fingerprint; flags, again, key, time, number of the provider, length shared, "23" */
    assert_int_equal(sizes[1] - sizes[0], 6 + 2 + 6 + 1 + 1 + 1 + 3);
    assert_int_equal(sizes[2] - sizes[1], 6 + 2 + 6 + 16 + 1 + 1 + 5 + 7);
    assert_int_equal(read_back(wd_buffer_slice(&bytes), arena, &read), WD_OK);
    assert_int_equal(read.number, 3);
    assert_int_equal(read.first_published.ms, NOON_MS - 5000);
    assert_int_equal(read.first_published.flags, WD_TIME_KNOWN);
    assert_true(wd_lineage_record_has(&read, UINT64_C(0xABCDEF012347)));
    assert_int_equal(read.member_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct wd_lineage_member *member = &read.members[i];
        assert_true(member->key == members[i].key);
        assert_true(wd_digest_equal(&member->digest, &members[i].digest));
        assert_int_equal(member->published_ms, members[i].published_ms);
        assert_int_equal(member->first_ms, members[i].first_ms);
        assert_int_equal(member->flags, members[i].flags);
        assert_true(member->mark.time_known);
        assert_int_equal(member->mark.time_ms, members[i].mark.time_ms);
        assert_true(wd_slice_is(member->mark.label, "1"));
        assert_true(wd_slice_equal(member->provider, members[i].provider));
        assert_true(wd_slice_equal(member->id, members[i].id));
    }
    wd_buffer_finish(&bytes);
    wd_arena_destroy(arena);
}

/* Times from the one end of what can be told to the other, with offsets and flags. */
static void times_in_records(void **state)
{
    (void)state;
    static const int64_t times[] = {0,
                                    1,
                                    NOON_MS,
                                    NOON_MS - 63999,
                                    NOON_MS + 64000,
                                    INT64_MAX,
                                    INT64_MIN,
                                    INT64_C(1700000000123)};
    struct wd_arena *arena = wd_arena_create(1 << 20);
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        struct wd_lineage_record read;
        struct wd_lineage_record record = {
            .number = UINT32_MAX,
            .forgotten = 300,
            .first_published = {times[i], -420, WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED}};
        wd_lineage_record_encode(&record, &noon, &bytes);
        assert_int_equal(read_back(wd_buffer_slice(&bytes), arena, &read), WD_OK);
        assert_true(read.first_published.ms == times[i]);
        assert_int_equal(read.first_published.offset_minutes, -420);
        assert_int_equal(read.first_published.flags, WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED);
        assert_true(read.number == UINT32_MAX);
        assert_int_equal(read.forgotten, 300);
    }
    wd_buffer_finish(&bytes);
    wd_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circle),
        cmocka_unit_test(live_page),
        cmocka_unit_test(reprints_without_number),
        cmocka_unit_test(merged_on_pages),
        cmocka_unit_test(merged_id_as_name),
        cmocka_unit_test(name_of_a_dead_id),
        cmocka_unit_test(age),
        cmocka_unit_test(number_of_lineages),
        cmocka_unit_test(records),
        cmocka_unit_test(short_records),
        cmocka_unit_test(times_in_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
