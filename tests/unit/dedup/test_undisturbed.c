/* Aborts, refused messages and restarts change no verdict: random ones against a run without any. */
#include "copy_desk.h"

enum {
    MESSAGES = 900,
    WINDOW_MS = 3600 * 1000,
    STEP_MS = 20 * 1000, /* 180 stories in the window of an hour: many leave */
    SENTENCES = 8,
    TEXT_MAX = 400,
    VERDICT_MAX = 1024,
    ROUNDS = 6,
};

/* Invented story `number`: new, or what came some stories before with changes. Depends on the number
 * alone. */
static struct wd_story *story_of(uint64_t number)
{
    uint64_t seed = number * 77;
    char text[TEXT_MAX];
    (void)desk_random(&seed);
    struct wd_story *story = wd_story_create(1 << 22);
    uint32_t roll = desk_random(&seed) % 10;
    uint64_t copy = number;
    if (roll >= 4)
        copy -= desk_random(&seed) % (number < 60 ? number + 1 : 60);
    story->provider = wd_arena_printf(story->arena, "p%u", (unsigned)(number % 5));
    story->guid = wd_arena_printf(story->arena, "urn:%u", (unsigned)(roll == 9 ? copy : number));
    story->headline = wd_arena_printf(story->arena, "Headline number %u", (unsigned)copy);
    story->received = wd_time_from_ms(INT64_C(1700000000000) + (int64_t)number * STEP_MS);
    uint32_t begin = roll == 6 ? 2 : 0;
    uint32_t end = roll == 7 ? SENTENCES / 2 : SENTENCES;
    for (uint32_t i = begin; i < end; i++) {
        uint64_t from = roll == 5 && i == 3 ? number : copy;
        size_t len = desk_sentence(text, from * 1000 + i);
        struct wd_slice paragraph = wd_arena_copy(story->arena, wd_slice_make(text, len));
        assert_int_equal(wd_story_add_paragraph(story, paragraph), WD_OK);
    }
    if (number % 3 == 0) { /* furniture of its provider */
        size_t len = desk_sentence(text, 9000000 + number % 5);
        struct wd_slice paragraph = wd_arena_copy(story->arena, wd_slice_make(text, len));
        assert_int_equal(wd_story_add_paragraph(story, paragraph), WD_OK);
    }
    return story;
}

static void take(struct desk *desk, uint64_t number, char verdict[VERDICT_MAX])
{
    struct wd_story *story = story_of(number);
    desk_take(desk, story);
    const struct wd_dedup_verdict *v = &story->dedup;
    int len = snprintf(verdict, VERDICT_MAX, "%s %.*s %.*s %lld %.*s %d %.6f %.6f %.6f %.*s",
                       wd_relation_name(v->relation), WD_SLICE_ARG(v->matched),
                       WD_SLICE_ARG(v->matched_provider), (long long)v->matched_event_ms,
                       WD_SLICE_ARG(v->group), v->joins, v->similarity, v->contained, v->containing,
                       WD_SLICE_ARG(v->reason));
    for (size_t i = 0; i < v->also_group_count && len < VERDICT_MAX; i++)
        len += snprintf(verdict + len, (size_t)(VERDICT_MAX - len), " %.*s",
                        WD_SLICE_ARG(v->also_groups[i]));
    wd_story_destroy(story);
}

/* What the changelog topic holds: every record ever sealed. */
struct changelog {
    struct wd_buffer bytes;
};

static enum wd_status append(void *context, struct wd_slice key, struct wd_slice value)
{
    struct wd_buffer *out = &((struct changelog *)context)->bytes;
    size_t lens[2] = {key.len, value.data ? value.len : SIZE_MAX};
    wd_buffer_append(out, lens, sizeof(lens));
    wd_buffer_append_slice(out, key);
    wd_buffer_append_slice(out, value);
    return WD_OK;
}

static void replay(const struct changelog *changelog, struct wd_state *state)
{
    struct wd_error error;
    wd_error_init(&error);
    const char *at = changelog->bytes.data;
    const char *end = at + changelog->bytes.len;
    while (at < end) {
        size_t lens[2];
        memcpy(lens, at, sizeof(lens));
        at += sizeof(lens);
        struct wd_slice key = wd_slice_make(at, lens[0]);
        at += lens[0];
        struct wd_slice value = WD_SLICE_NONE;
        if (lens[1] != SIZE_MAX) {
            value = wd_slice_make(at, lens[1]);
            at += lens[1];
        }
        assert_int_equal(wd_state_apply(state, key, value, &error), WD_OK);
    }
}

/* A new process: from the changelog, or from a snapshot of what is there. */
static void restart(struct desk *desk, struct changelog *changelog, bool from_snapshot)
{
    struct changelog snapshot;
    wd_buffer_init(&snapshot.bytes);
    assert_int_equal(wd_state_each(desk->state, append, &snapshot), WD_OK);
    desk_close(desk);
    desk_open(desk);
    replay(from_snapshot ? &snapshot : changelog, desk->state);
    wd_buffer_finish(&snapshot.bytes);
}

static void disturbed(uint64_t seed, struct desk *desk, char (*wanted)[VERDICT_MAX])
{
    struct changelog changelog;
    char verdict[VERDICT_MAX];
    wd_buffer_init(&changelog.bytes);
    desk_open(desk);
    uint64_t committed = 0; /* messages */
    for (uint64_t next = 0; next < MESSAGES;) {
        if (desk_random(&seed) % 20 == 0) { /* a message of which a later part is refused */
            struct wd_state_mark mark = wd_state_mark(desk->state);
            take(desk, next + 5000, verdict);
            take(desk, next, verdict);
            wd_state_rollback_to(desk->state, mark);
        }
        take(desk, next, verdict);
        if (strcmp(verdict, wanted[next]) != 0)
            fail_msg("story %u:\n  %s\nis not\n  %s", (unsigned)next, verdict, wanted[next]);
        next++;
        uint32_t roll = desk_random(&seed) % 40;
        if (roll == 0) { /* abort, and the messages again */
            wd_state_rollback(desk->state);
            next = committed;
        } else if (roll < 4) {
            assert_int_equal(wd_state_seal(desk->state, append, &changelog), WD_OK);
            wd_state_commit(desk->state);
            committed = next;
            if (roll == 1)
                restart(desk, &changelog, desk_random(&seed) % 2 == 0);
        }
    }
    desk_close(desk);
    wd_buffer_finish(&changelog.bytes);
}

static void same_verdicts(const char *options)
{
    static char wanted[MESSAGES][VERDICT_MAX];
    struct desk desk = {.plan = desk_plan(options)};
    desk_open(&desk);
    unsigned joined = 0;
    for (uint64_t i = 0; i < MESSAGES; i++) {
        take(&desk, i, wanted[i]);
        joined += strncmp(wanted[i], "none", 4) != 0;
        if (i % 7 == 0)
            wd_state_commit(desk.state);
    }
    desk_close(&desk);
    assert_in_range(joined, MESSAGES / 20, MESSAGES * 3 / 4); /* there is something to compare */
    for (uint64_t round = 1; round <= ROUNDS; round++)
        disturbed(round * 31, &desk, wanted);
    wd_plan_release(desk.plan);
}

static void by_age(void **unused)
{
    (void)unused;
    same_verdicts("\"window_hours\": 1");
}

static void by_number(void **unused)
{
    (void)unused;
    same_verdicts("\"entries_max\": 80");
}

static void word_for_word(void **unused)
{
    (void)unused;
    same_verdicts("\"match\": \"exact\", \"entries_max\": 200, \"words_min\": 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_age), cmocka_unit_test(by_number),
                                       cmocka_unit_test(word_for_word)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
