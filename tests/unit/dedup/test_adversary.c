/* Copy that wants to hurt: bounded time and memory, and verdicts with sense. */
#include "copy_desk.h"

#include <time.h>

enum { TEXT_MAX = 512, ARENA_MAX = 1 << 27 };

static double seconds(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void add_text(struct wd_story *story, const char *text, size_t len)
{
    struct wd_slice paragraph = wd_arena_copy(story->arena, wd_slice_make(text, len));
    assert_non_null(paragraph.data);
    assert_int_equal(wd_story_add_paragraph(story, paragraph), WD_OK);
}

static void add_sentences(struct wd_story *story, uint64_t from, unsigned count)
{
    char text[TEXT_MAX];
    for (unsigned i = 0; i < count; i++)
        add_text(story, text, desk_sentence(text, from + i));
}

static void begin(struct wd_story *story, const char *provider, unsigned number)
{
    wd_story_reset(story);
    story->provider = wd_slice_from(provider);
    story->guid = wd_arena_printf(story->arena, "urn:example:%s:%u", provider, number);
    story->headline = wd_arena_printf(story->arena, "Item %u of the day", number);
    story->received = wd_time_from_ms(INT64_C(1700000000000) + (int64_t)number * 1000);
}

struct setting {
    struct desk desk;
    struct wd_story *story;
};

static void open_setting(struct setting *setting, const char *options)
{
    setting->desk.plan = desk_plan(options);
    desk_open(&setting->desk);
    setting->story = wd_story_create(ARENA_MAX);
    assert_non_null(setting->story);
}

static void close_setting(struct setting *setting)
{
    wd_story_destroy(setting->story);
    desk_close(&setting->desk);
    wd_plan_release(setting->desk.plan);
}

static void take(struct setting *setting)
{
    desk_take(&setting->desk, setting->story);
    wd_state_commit(setting->desk.state);
}

static void one_word(void **unused)
{
    struct setting s;
    (void)unused;
    open_setting(&s, "");
    for (unsigned i = 0; i < 3; i++) {
        begin(s.story, "a", i);
        add_text(s.story, "Weather", 7);
        take(&s);
        assert_int_equal(s.story->dedup.relation, WD_RELATION_NONE);
        assert_false(s.story->dedup.joins);
    }
    begin(s.story, "b", 0); /* under the same headline it is the same */
    add_text(s.story, "weather", 7);
    take(&s);
    assert_int_equal(s.story->dedup.relation, WD_RELATION_EXACT);
    begin(s.story, "c", 9); /* no words at all */
    take(&s);
    assert_int_equal(s.story->dedup.relation, WD_RELATION_NONE);
    assert_true(s.story->dedup.group.len > 0);
    close_setting(&s);
}

static void one_repeated_sentence(void **unused)
{
    struct setting s;
    char text[TEXT_MAX];
    (void)unused;
    open_setting(&s, "");
    size_t len = desk_sentence(text, 5);
    for (unsigned i = 0; i < 200; i++) {
        begin(s.story, "a", i);
        for (unsigned j = 0; j <= i; j++)
            add_text(s.story, text, len);
        take(&s);
    }
    assert_int_equal(s.story->dedup.relation, WD_RELATION_REPRINT);
    close_setting(&s);
}

static void a_megabyte(void **unused)
{
    struct setting s;
    (void)unused;
    open_setting(&s, "\"entries_max\": 1000");
    double longest = 0;
    for (unsigned i = 0; i < 4; i++) {
        begin(s.story, "a", i);
        add_sentences(s.story, i / 2 * 100000, 12000);
        double before = seconds();
        take(&s);
        double spent = seconds() - before;
        longest = spent > longest ? spent : longest;
        assert_int_equal(s.story->dedup.relation, i % 2 ? WD_RELATION_EXACT : WD_RELATION_NONE);
    }
    assert_true(longest < 2.0); /* milliseconds; sanitizers and a busy machine included */
    close_setting(&s);
}

static void same_headline(void **unused)
{
    struct setting s;
    (void)unused;
    open_setting(&s, "\"entries_max\": 20000");
    unsigned joined = 0;
    for (unsigned i = 0; i < 10000; i++) {
        begin(s.story, i % 2 ? "a" : "b", i);
        s.story->headline = WD_SLICE("Markets at a glance this morning");
        add_sentences(s.story, 1000 + i * 10, 5);
        take(&s);
        joined += s.story->dedup.joins;
    }
    assert_int_equal(joined, 0);
    close_setting(&s);
}

/* Every story under the same furniture, of which some are nothing else. */
static void only_boilerplate(void **unused)
{
    struct setting s;
    (void)unused;
    open_setting(&s, "");
    unsigned joined = 0;
    for (unsigned i = 0; i < 400; i++) {
        begin(s.story, "paper", i);
        char name[TEXT_MAX];
        size_t len = desk_sentence(name, 70000 + i);
        s.story->headline = wd_arena_printf(s.story->arena, "%.*s", (int)len, name);
        if (i % 10 != 9)
            add_sentences(s.story, 5000 + i * 20, 4);
        add_sentences(s.story, 1, 6); /* the furniture */
        take(&s);
        joined += s.story->dedup.joins;
    }
    assert_in_range(joined, 0, 4); /* before the furniture was learnt */
    close_setting(&s);
}

/* Somebody who wants two stories linked puts a passage of the one into the other. */
static void planted_passage(void **unused)
{
    struct setting s;
    (void)unused;
    open_setting(&s, "");
    begin(s.story, "wire", 1);
    add_sentences(s.story, 100, 20);
    take(&s);
    begin(s.story, "stranger", 2);
    add_sentences(s.story, 900, 20);
    add_sentences(s.story, 110, 3);
    take(&s);
    assert_false(s.story->dedup.joins);
    assert_int_equal(s.story->dedup.also_group_count, 0);
    close_setting(&s);
}

/* A million versions are too many for a unit test; what matters is that the thousandth costs no more
 * than the hundredth, and that nothing grows past the limit. */
static void versions_without_end(void **unused)
{
    enum { VERSIONS = 6000, HELD = 1500 };
    struct setting s;
    (void)unused;
    open_setting(&s, "\"entries_max\": 1500");
    uint64_t bytes = 0;
    char group[64] = "";
    for (unsigned i = 0; i < VERSIONS; i++) {
        begin(s.story, "live", 1);
        s.story->version = wd_arena_printf(s.story->arena, "%u", i);
        s.story->received = wd_time_from_ms(INT64_C(1700000000000) + i);
        add_sentences(s.story, 100, 12);
        add_sentences(s.story, 10000 + i, 1);
        take(&s);
        if (i == 0)
            (void)snprintf(group, sizeof(group), "%.*s", WD_SLICE_ARG(s.story->dedup.group));
        assert_slice_equal(s.story->dedup.group, group);
        if (i == HELD)
            bytes = wd_state_bytes(s.desk.state);
    }
    assert_int_equal(wd_state_count(s.desk.state), HELD);
    assert_true(wd_state_bytes(s.desk.state) <= bytes + bytes / 4);
    close_setting(&s);
}

/* Hashes under another seed are others: what was planted for one desk does not meet another. Verdicts are the same. */
static void seeds(void **unused)
{
    enum { SEEDS = 16 };
    (void)unused;
    for (int i = 0; i < SEEDS; i++) {
        struct setting s;
        char seed[32];
        (void)snprintf(seed, sizeof(seed), "\"seed\": %d", 12345 * i);
        open_setting(&s, i ? seed : "");
        begin(s.story, "wire", 1);
        add_sentences(s.story, 100, 10);
        take(&s);
        begin(s.story, "paper", 2);
        add_sentences(s.story, 100, 7); /* nearly all of it were a reprint */
        take(&s);
        assert_true(s.story->dedup.joins);
        assert_int_equal(s.story->dedup.relation, WD_RELATION_CONTAINED_IN);
        close_setting(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_word),
                                       cmocka_unit_test(one_repeated_sentence),
                                       cmocka_unit_test(a_megabyte),
                                       cmocka_unit_test(same_headline),
                                       cmocka_unit_test(only_boilerplate),
                                       cmocka_unit_test(planted_passage),
                                       cmocka_unit_test(versions_without_end),
                                       cmocka_unit_test(seeds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
