/* The processor on whole stories: offsets whatever the copy is made of, halves, sameness, bad input. */
#include "entities_run.h"

#include <stdlib.h>

/* Every mention cuts its text at code point borders and gives itself back; they stand in order. */
static void check_mentions(const struct wd_story *story)
{
    const struct wd_entity *before = NULL;
    for (size_t i = 0; i < story->entity_count; i++) {
        const struct wd_entity *entity = &story->entities[i];
        struct wd_slice text = entity->field == WD_FIELD_HEADLINE
                                   ? story->headline
                                   : story->paragraphs[entity->paragraph];
        assert_true(entity->begin < entity->end && entity->end <= text.len);
        struct wd_slice span =
            wd_slice_make(text.data + entity->begin, entity->end - entity->begin);
        assert_true(wd_slice_equal(span, entity->text));
        assert_true(wd_utf8_valid(span, NULL));
        if (i < 100 || i % 1009 == 0) { /* counting from the start is quadratic */
            assert_int_equal(wd_utf8_count(wd_slice_make(text.data, entity->begin)),
                             entity->begin_point);
            assert_int_equal(wd_utf8_count(wd_slice_make(text.data, entity->end)),
                             entity->end_point);
        }
        assert_true(entity->score >= 0 && entity->score <= 1);
        assert_true(entity->named < story->named_count);
        if (before && before->field == entity->field && before->paragraph == entity->paragraph)
            assert_true(before->end <= entity->begin);
        before = entity;
    }
    size_t mentions = 0;
    for (size_t i = 0; i < story->named_count; i++) {
        const struct wd_named *named = &story->named[i];
        mentions += named->count;
        assert_int_equal(story->entities[named->first].named, i);
        assert_true(named->salience > 0 && named->salience <= 1);
        assert_true(named->name.len > 0);
    }
    assert_int_equal(mentions, story->entity_count);
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* Copy of names, other scripts, emoji, marks, brackets and odd punctuation in any order. */
static void random_copy(struct wd_buffer *out, uint64_t *seed, unsigned pieces)
{
    static const char *const parts[] = {
        "Norway",
        "São Paulo",
        "东京",
        "القاهرة",
        "Привет",
        "😀👩‍👩‍👧",
        "e\xCC\x81t\xC3\xA9",
        "U.S.",
        "St. Louis",
        "Mr. Okafor's",
        "(NYSE: ZWI)",
        "<IBM.N>",
        "((((",
        "]]",
        "O’Brien",
        "Ltd.",
        "AT&T",
        "\xC2\xA0",
        "\t",
        "-",
        "—",
        "said",
        "Paris, Texas",
        "PARIS",
        "1,200",
        "\xE2\x80\x8B",
        "'s",
        "...",
        "İstanbul",
        "ﷺ",
        "a",
        "Ångström",
        "ＴＯＫＹＯ",
        "\xF0\x9F\x87\xB3\xF0\x9F\x87\xB4",
        "New York",
    };
    for (unsigned i = 0; i < pieces; i++) {
        const char *part = parts[next_random(seed) % (sizeof(parts) / sizeof(parts[0]))];
        wd_buffer_append(out, part, strlen(part));
        if (next_random(seed) % 5 != 0)
            wd_buffer_append_byte(out, ' ');
        if (next_random(seed) % 25 == 0)
            wd_buffer_append_byte(out, '\n');
    }
    wd_buffer_append_byte(out, '\0');
}

static const char lists[] =
    "\"lists\": [{\"name\": \"l\", \"mode\": \"complement\", \"entries\": ["
    "{\"name\": \"東京\"}, {\"name\": \"القاهرة\", \"type\": \"place\"}, {\"name\": \"İstanbul\"},"
    "{\"name\": \"o'brien\", \"case\": \"any\"}, {\"name\": \"été\", \"accents\": \"exact\", "
    "\"case\": \"any\"}]}]";

static void offsets_of_random_copy(void **state)
{
    (void)state;
    struct run run = run_begin(lists);
    struct wd_buffer copy;
    uint64_t seed = 4711;
    wd_buffer_init(&copy);
    size_t mentions = 0;
    for (int i = 0; i < 300; i++) {
        wd_buffer_clear(&copy);
        random_copy(&copy, &seed, 1 + next_random(&seed) % 80);
        wd_story_reset(run.story);
        run_story(&run, i % 2 ? "Norway in São Paulo 😀 talks" : "", copy.data);
        check_mentions(run.story);
        mentions += run.story->entity_count;
    }
    assert_true(mentions > 1000);
    wd_buffer_finish(&copy);
    run_end(&run);
}

/* All that a story says of its entities, as one text. */
static void describe(const struct wd_story *story, struct wd_buffer *out)
{
    for (size_t i = 0; i < story->entity_count; i++) {
        const struct wd_entity *entity = &story->entities[i];
        wd_buffer_printf(out, "%d %u %u %u %u %.6f %.*s %.*s\n", entity->type, entity->paragraph,
                         entity->begin, entity->end, entity->named, entity->score,
                         WD_SLICE_ARG(entity->name), WD_SLICE_ARG(entity->id));
    }
    for (size_t i = 0; i < story->named_count; i++)
        wd_buffer_printf(out, "%u %u %zu %.6f\n", story->named[i].count, story->named[i].first,
                         story->named[i].id_count, story->named[i].salience);
}

/* What was read before makes no difference; another processor gives the same. */
static void same_again(void **state)
{
    (void)state;
    struct run run = run_begin(lists);
    struct run other = run_begin(lists);
    struct wd_buffer copy;
    struct wd_buffer first;
    struct wd_buffer second;
    wd_buffer_init(&copy);
    wd_buffer_init(&first);
    wd_buffer_init(&second);
    uint64_t seed = 42;
    for (int i = 0; i < 50; i++) {
        wd_buffer_clear(&copy);
        random_copy(&copy, &seed, 60);
        wd_story_reset(run.story);
        run_story(&run, "Oslo", copy.data);
        wd_buffer_clear(&first);
        describe(run.story, &first);
        wd_story_reset(other.story);
        run_story(&other, "Chile", "Something else, about Ana Silva of Peru.");
        wd_story_reset(other.story);
        run_story(&other, "Oslo", copy.data);
        wd_buffer_clear(&second);
        describe(other.story, &second);
        assert_true(wd_slice_equal(wd_buffer_slice(&first), wd_buffer_slice(&second)));
    }
    wd_buffer_finish(&copy);
    wd_buffer_finish(&first);
    wd_buffer_finish(&second);
    run_end(&run);
    run_end(&other);
}

static void run_repeated(struct run *run, const char *piece, size_t count)
{
    struct wd_buffer copy;
    wd_buffer_init(&copy);
    for (size_t i = 0; i < count; i++)
        wd_buffer_append(&copy, piece, strlen(piece));
    wd_buffer_append_byte(&copy, '\0');
    assert_true(wd_buffer_ok(&copy));
    wd_story_reset(run->story);
    run_story(run, "", copy.data);
    check_mentions(run->story);
    wd_buffer_finish(&copy);
}

static void bad_input(void **state)
{
    (void)state;
    struct run run = run_begin("");
    run_repeated(&run, "x", 1 << 20);  /* a megabyte without a blank */
    run_repeated(&run, "é", 1 << 19);  /* the same, folded by ICU */
    run_repeated(&run, "Xy ", 100000); /* capitals */
    run_repeated(&run, "XY ", 100000);
    run_repeated(&run, "word ", 50000); /* one sentence */
    run_repeated(&run, "((((([[[[[{{{{{", 20000);
    run_repeated(&run, "Paris, ", 20000);
    run_repeated(&run, "Ana Silva, Jo Silva (AS) ", 10000);
    assert_true(run.story->entity_count <= WD_ENTITIES_MAX);
    run_repeated(&run, "", 0);
    assert_int_equal(run.story->entity_count, 0);
    run_end(&run);
}

/* More names than a story may have: the first ones are kept, and the record says so. */
static void too_many_entities(void **state)
{
    (void)state;
    struct run run = run_begin("\"model\": false");
    run_repeated(&run, "Norway, ", WD_ENTITIES_MAX + 10);
    assert_int_equal(run.story->entity_count, WD_ENTITIES_MAX);
    assert_true(run.story->flags & WD_FLAG_TRUNCATED);
    assert_int_equal(run.story->named_count, 1);
    run_end(&run);
}

/* Words without end, or a word without end, make no name that fills the record; what stands beside it is found. */
static void names_without_end(void **state)
{
    (void)state;
    struct run run = run_begin("");
    static const char *const pieces[] = {"Brzak", "Brzak Trenovil "};
    for (size_t i = 0; i < 2; i++) {
        struct wd_buffer copy;
        wd_buffer_init(&copy);
        wd_buffer_append_slice(&copy, WD_SLICE("On Monday "));
        for (size_t k = 0; k < 1000; k++)
            wd_buffer_append(&copy, pieces[i], strlen(pieces[i]));
        wd_buffer_append_slice(&copy, WD_SLICE(" met Ana Silva in Paris.\n"));
        wd_buffer_append_byte(&copy, '\0');
        assert_true(wd_buffer_ok(&copy));
        wd_story_reset(run.story);
        run_story(&run, "", copy.data);
        assert_true(is_marked(&run, "Ana Silva"));
        for (size_t k = 0; k < run.story->entity_count; k++)
            assert_in_range(run.story->entities[k].text.len, 1, WD_ENTITY_BYTES_MAX);
        wd_buffer_finish(&copy);
    }
    run_end(&run);
}

/* Entities of a record that another pipeline made are not counted twice. */
static void run_twice(void **state)
{
    (void)state;
    struct run run = run_begin("\"model\": false");
    run_story(&run, "Norway", "");
    struct wd_error error;
    size_t processor = 0;
    assert_int_equal(wd_pipeline_process(run.pipeline, run.story, &processor, &error), WD_PASS);
    assert_int_equal(run.story->entity_count, 1);
    assert_int_equal(run.story->named_count, 1);
    run_end(&run);
}

static void options_refused(void **state)
{
    (void)state;
    run_refused("\"lists\": 7", "p[0]", "must be a list");
    run_refused("\"lists\": [{}]", "p[0].lists[0]", "\"file\" or \"entries\"");
    run_refused("\"lists\": [{\"file\": \"no.csv\"}]", "p[0].lists[0]", "no.csv");
    run_refused("\"lists\": [{\"entries\": [], \"mode\": \"both\"}]", "p[0].lists[0]", "override");
    run_refused("\"lists\": [{\"entries\": [], \"modus\": 1}]", "p[0].lists[0]", "modus");
    run_refused("\"lists\": [{\"entries\": [{\"name\": 7}]}]", "p[0].lists[0]", "must be a string");
    run_refused("\"languages\": []", "p[0]", "object");
    run_refused("\"languages\": {\"en-US\": {}}", "p[0].languages.en-US", "language's code");
    run_refused("\"languages\": {\"en\": {\"model\": \"no.model\"}}", "p[0].languages.en",
                "no.model");
    run_refused("\"languages\": {\"en\": {\"lists\": [\"x\"]}}", "p[0].languages.en", "no list");
    run_refused("\"fields\": [\"title\"]", "p[0]", "title");
    run_refused("\"gazetteer_file\": \"no.image\"", "p[0]", "no.image");
    run_refused("\"score_min\": 2", "p[0].score_min", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_of_random_copy),
        cmocka_unit_test(same_again),
        cmocka_unit_test(bad_input),
        cmocka_unit_test(too_many_entities),
        cmocka_unit_test(names_without_end),
        cmocka_unit_test(run_twice),
        cmocka_unit_test(options_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
