/* What is done to copy on its way into a paper, kind by kind and by strength: how much of it is still found, and how
 * often it is linked to something else. Copy is invented, from a seeded generator. Prints the table that README shows. */
#include "copy_desk.h"

enum {
    ORIGINALS = 300,
    SENTENCES = 16,
    TEXT_MAX = 400,
    NOISE_SCALE = 1000,
};

enum kind { TRIM, REHEAD, BOILERPLATE, NUMBERS, NAMES, MOVED, NOISE, SCANNED, INSERTED, ALERT };

/* Found and falsely linked at least and at most so often, in thousandths. */
struct wanted {
    enum kind kind;
    const char *name;
    unsigned strength; /* per cent */
    unsigned found_min, false_max;
};

static const struct wanted table[] = {
    {TRIM, "trimmed from the end, by", 25, 995, 0},
    {TRIM, "trimmed from the end, by", 50, 990, 0},
    {TRIM, "trimmed from the end, by", 75, 950, 0},
    {REHEAD, "another headline, other words", 100, 995, 0},
    {BOILERPLATE, "furniture around it, of its length", 25, 990, 5},
    {BOILERPLATE, "furniture around it, of its length", 50, 990, 5},
    {NUMBERS, "numbers changed", 10, 990, 0},
    {NUMBERS, "numbers changed", 50, 950, 0},
    {NAMES, "names changed", 10, 990, 0},
    {NAMES, "names changed", 50, 900, 0},
    {MOVED, "sentences in another order", 50, 990, 0},
    {NOISE, "characters misread", 1, 990, 0},
    {NOISE, "characters misread", 3, 980, 0},
    {NOISE, "characters misread", 5, 850, 0},
    {SCANNED, "characters, blanks and stops misread, lost, added", 3, 900, 0},
    {SCANNED, "characters, blanks and stops misread, lost, added", 5, 450, 0},
    {INSERTED, "sentences put in between", 25, 990, 0},
    {INSERTED, "sentences put in between", 100, 900, 0},
    {ALERT, "three-sentence alert, then all with other sentences round it", 100, 800, 0},
};

struct copy {
    char sentences[4 * SENTENCES][TEXT_MAX];
    unsigned count;
};

static void original(struct copy *copy, uint64_t number)
{
    copy->count = SENTENCES;
    for (unsigned i = 0; i < SENTENCES; i++)
        (void)desk_sentence(copy->sentences[i], number * 1000 + i + 1);
}

static void insert(struct copy *copy, unsigned at, uint64_t seed)
{
    memmove(copy->sentences[at + 1], copy->sentences[at],
            (copy->count - at) * sizeof(copy->sentences[0]));
    (void)desk_sentence(copy->sentences[at], seed);
    copy->count++;
}

/* Changes a word that begins with a digit, or with a capital within the sentence. */
static void edit_words(char *sentence, bool digits, unsigned percent, uint64_t *seed)
{
    for (char *at = sentence; *at; at++) {
        bool begins = at > sentence && at[-1] == ' ';
        bool fits = digits ? *at >= '0' && *at <= '9' : *at >= 'A' && *at <= 'Z';
        if (begins && fits && desk_random(seed) % 100 < percent)
            *at = (char)(digits ? '1' + (*at - '0' + 4) % 9 : 'A' + (*at - 'A' + 7) % 26);
    }
}

/* Letters that scanning takes for others. */
static void misread(char *sentence, unsigned percent, uint64_t *seed)
{
    for (char *at = sentence; *at; at++) {
        if (*at >= 'a' && *at <= 'z' && desk_random(seed) % 100 < percent)
            *at = (char)('a' + (*at - 'a' + 1 + (int)(desk_random(seed) % 24)) % 26);
    }
}

/* Of a hundred that are hit seventy are misread, fifteen lost, and behind fifteen stands one more. */
static void scanned(char *sentence, unsigned percent, uint64_t *seed)
{
    char out[TEXT_MAX];
    size_t len = 0;
    for (const char *at = sentence; *at && len + 2 < sizeof(out); at++) {
        bool hit = desk_random(seed) % 100 < percent;
        unsigned how = hit ? (unsigned)(desk_random(seed) % 100) : 100;
        char other = (char)('a' + (int)(desk_random(seed) % 26));
        if (how < 70)
            out[len++] = other;
        else if (how >= 85)
            out[len++] = *at;
        if (how >= 85 && how < 100)
            out[len++] = other;
    }
    out[len] = 0;
    memcpy(sentence, out, len + 1);
}

static void perturb(struct copy *copy, const struct wanted *how, uint64_t number)
{
    uint64_t seed = number * 131 + (uint64_t)how->kind * 7 + how->strength;
    (void)desk_random(&seed);
    switch (how->kind) {
    case TRIM:
        copy->count = SENTENCES - SENTENCES * how->strength / 100;
        break;
    case BOILERPLATE: /* of one of five papers */
        for (unsigned i = 0; i < SENTENCES * how->strength / 100; i++)
            insert(copy, i % 2 ? copy->count : 0, 80000000 + number % 5 * 100 + i);
        break;
    case MOVED:
        for (unsigned i = 0; i < SENTENCES * how->strength / 100; i++) {
            char held[TEXT_MAX];
            unsigned from = desk_random(&seed) % SENTENCES;
            unsigned to = desk_random(&seed) % SENTENCES;
            memcpy(held, copy->sentences[from], TEXT_MAX);
            memcpy(copy->sentences[from], copy->sentences[to], TEXT_MAX);
            memcpy(copy->sentences[to], held, TEXT_MAX);
        }
        break;
    case INSERTED:
        for (unsigned i = 0; i < SENTENCES * how->strength / 100; i++)
            insert(copy, desk_random(&seed) % copy->count, 90000000 + number * 100 + i);
        break;
    case NUMBERS:
    case NAMES:
        for (unsigned i = 0; i < copy->count; i++)
            edit_words(copy->sentences[i], how->kind == NUMBERS, how->strength, &seed);
        break;
    case NOISE:
        for (unsigned i = 0; i < copy->count; i++)
            misread(copy->sentences[i], how->strength, &seed);
        break;
    case SCANNED:
        for (unsigned i = 0; i < copy->count; i++)
            scanned(copy->sentences[i], how->strength, &seed);
        break;
    case REHEAD:
    case ALERT:
        break;
    }
}

static void fill(struct wd_story *story, const struct copy *copy, uint64_t number, bool again)
{
    wd_story_reset(story);
    story->provider = again ? wd_arena_printf(story->arena, "paper%u", (unsigned)(number % 5))
                            : WD_SLICE("agency");
    story->guid =
        wd_arena_printf(story->arena, "urn:%s:%u", again ? "paper" : "agency", (unsigned)number);
    for (unsigned i = 0; i < copy->count; i++) {
        struct wd_slice text = wd_arena_copy(story->arena, wd_slice_from(copy->sentences[i]));
        assert_int_equal(wd_story_add_paragraph(story, text), WD_OK);
    }
    char words[TEXT_MAX];
    size_t len = desk_sentence(words, number * 1000 + 999);
    story->headline = wd_arena_copy(story->arena, wd_slice_make(words, len > 50 ? 50 : len));
}

static void rehead(struct wd_story *story, uint64_t number)
{
    char words[TEXT_MAX];
    size_t len = desk_sentence(words, 70000000 + number);
    story->headline = wd_arena_copy(story->arena, wd_slice_make(words, len > 50 ? 50 : len));
}

/* The alert has three sentences of its story; what follows keeps one of them, and has 24 others. */
static void shorten_to_alert(struct copy *copy)
{
    copy->count = 3;
}

static void lengthen(struct copy *copy, uint64_t number)
{
    unsigned place = 0;
    for (unsigned i = 1; i < SENTENCES; i++)
        (void)desk_sentence(copy->sentences[i], 60000000 + number * 100 + i);
    while (copy->count < 25)
        insert(copy, copy->count, 61000000 + number * 100 + place++);
}

static void measure(const struct wanted *how)
{
    struct desk desk = {.plan = desk_plan("")};
    struct wd_story *story = wd_story_create(1 << 22);
    struct copy *copy = calloc(1, sizeof(*copy));
    static char groups[ORIGINALS][40];
    assert_non_null(copy);
    desk_open(&desk);
    unsigned linked = 0; /* originals among themselves */
    for (uint64_t i = 0; i < ORIGINALS; i++) {
        original(copy, i);
        if (how->kind == ALERT)
            shorten_to_alert(copy);
        fill(story, copy, i, false);
        desk_take(&desk, story);
        linked += story->dedup.joins;
        (void)snprintf(groups[i], sizeof(groups[i]), "%.*s", WD_SLICE_ARG(story->dedup.group));
    }
    unsigned found = 0;
    unsigned wrong = 0;
    for (uint64_t i = 0; i < ORIGINALS; i++) {
        original(copy, i);
        perturb(copy, how, i);
        if (how->kind == ALERT)
            lengthen(copy, i);
        fill(story, copy, i, true);
        if (how->kind == REHEAD)
            rehead(story, i);
        desk_take(&desk, story);
        bool right = wd_slice_is(story->dedup.group, groups[i]);
        found += right;
        wrong += story->dedup.joins && !right;
    }
    wd_story_destroy(story);
    free(copy);
    desk_close(&desk);
    wd_plan_release(desk.plan);
    (void)printf("%-60s %3u%%  found %5.1f%%  false %4.1f%%\n", how->name, how->strength,
                 100.0 * found / ORIGINALS, 100.0 * (wrong + linked) / ORIGINALS);
    if (found * NOISE_SCALE < how->found_min * ORIGINALS)
        fail_msg("%s %u%%: found %u of %u", how->name, how->strength, found, ORIGINALS);
    if ((wrong + linked) * NOISE_SCALE > how->false_max * ORIGINALS)
        fail_msg("%s %u%%: %u false links", how->name, how->strength, wrong + linked);
}

static void perturbations(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        measure(&table[i]);
}

/* The same form filled with other facts: never one story. */
static void forms(void **unused)
{
    static const char *const form =
        "%s Corp said on %s that net profit in the quarter %s to %u million from %u million a year "
        "ago. Sales were "
        "%u million against %u million. Earnings a share were %u cents against %u cents. The "
        "company, which makes "
        "%s, expects sales of %u million in the year. Its shares closed at %u.%u, %s %u cents.";
    static const char *const days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"};
    struct desk desk = {.plan = desk_plan("")};
    struct wd_story *story = wd_story_create(1 << 22);
    (void)unused;
    desk_open(&desk);
    unsigned linked = 0;
    for (unsigned i = 0; i < ORIGINALS; i++) {
        uint64_t seed = i * 977 + 5;
        char name[64];
        char makes[64];
        uint32_t n[10];
        for (int j = 0; j < 10; j++)
            n[j] = desk_random(&seed) % 900 + 7;
        name[desk_word(name, desk_random(&seed) % 9000 + 1000)] = '\0';
        name[0] = (char)(name[0] - 'a' + 'A');
        makes[desk_word(makes, desk_random(&seed) % 9000 + 1000)] = '\0';
        wd_story_reset(story);
        story->provider = WD_SLICE("agency");
        story->guid = wd_arena_printf(story->arena, "urn:form:%u", i);
        story->headline = wd_arena_printf(story->arena, "%s quarter net %u million", name, n[0]);
        struct wd_slice text = wd_arena_printf(
            story->arena, form, name, days[i % 5], i % 2 ? "rose" : "fell", n[0], n[1], n[2], n[3],
            n[4], n[5], makes, n[6], n[7], n[8], i % 3 ? "up" : "down", n[9]);
        assert_int_equal(wd_story_add_paragraph(story, text), WD_OK);
        desk_take(&desk, story);
        linked += story->dedup.joins;
    }
    (void)printf("%-60s       false %4.1f%%\n", "one form, other names and numbers",
                 100.0 * linked / ORIGINALS);
    assert_in_range(linked, 0, ORIGINALS / 50);
    wd_story_destroy(story);
    desk_close(&desk);
    wd_plan_release(desk.plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(perturbations), cmocka_unit_test(forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
