#include "test.h"

#include "tagger_decode.h"
#include "tagger_hidden.h"
#include "tagger_tokens.h"
#include "text.h"

#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

extern const char wd_english_model_begin[];
extern const char wd_english_model_end[];

static struct wd_tagger *tagger;
static struct wd_tagger_scratch *scratch;

static int set_up(void **state)
{
    (void)state;
    scratch = wd_tagger_scratch_create();
    return scratch && wd_tagger_open(NULL, &tagger, NULL) == WD_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    wd_tagger_scratch_destroy(scratch);
    wd_tagger_close(tagger);
    return 0;
}

static size_t tag(const struct wd_tagger_text *texts, size_t count,
                  const struct wd_mention **mentions)
{
    size_t found = 0;
    assert_int_equal(wd_tagger_tag(tagger, scratch, texts, count, mentions, &found), WD_OK);
    for (size_t k = 0; k < found; k++) {
        const struct wd_mention *mention = &(*mentions)[k];
        assert_true(mention->text < count && mention->begin < mention->end);
        struct wd_slice text = texts[mention->text].text;
        assert_true(mention->end <= text.len);
        /* Cut at code point borders: neither begins in the middle of one. */
        assert_int_not_equal((unsigned char)text.data[mention->begin] & 0xC0, 0x80);
        if (mention->end < text.len)
            assert_int_not_equal((unsigned char)text.data[mention->end] & 0xC0, 0x80);
        assert_true(mention->score >= 0.0F && mention->score <= 1.0F);
        if (k > 0 && mention->text == mention[-1].text)
            assert_true(mention->begin >= mention[-1].end);
        else if (k > 0)
            assert_true(mention->text > mention[-1].text);
    }
    return found;
}

/* "TYPE:text" of all mentions with blanks between. */
static void finds(const char *const *lines, size_t count, const char *want)
{
    static const char *const names[] = {"PER", "ORG", "LOC", "MISC"};
    struct wd_tagger_text texts[8];
    const struct wd_mention *mentions = NULL;
    char out[1024] = "";
    size_t len = 0;
    for (size_t k = 0; k < count; k++)
        texts[k] = (struct wd_tagger_text){k == 0 ? WD_FIELD_HEADLINE : WD_FIELD_BODY,
                                           k == 0 ? 0 : (uint32_t)k - 1, wd_slice_from(lines[k])};
    size_t found = tag(texts, count, &mentions);
    for (size_t k = 0; k < found; k++)
        len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%s:%.*s", k > 0 ? " | " : "",
                                names[mentions[k].type], (int)(mentions[k].end - mentions[k].begin),
                                texts[mentions[k].text].text.data + mentions[k].begin);
    assert_string_equal(out, want);
}

#define FINDS(want, ...)                                                                           \
    do {                                                                                           \
        static const char *const lines[] = {__VA_ARGS__};                                          \
        finds(lines, sizeof(lines) / sizeof(lines[0]), want);                                      \
    } while (0)

/* Names that a model must not miss: a model that fails here is not to be committed. */
static void plain_copy(void **state)
{
    (void)state;
    FINDS("LOC:Indonesia | LOC:Jakarta", "Officials in Indonesia say a girl died in Jakarta.");
    FINDS("LOC:LONDON | ORG:Reuters | PER:Haruhiko Kuroda | ORG:Bank of Japan | LOC:Tokyo",
          "Central banker speaks",
          "LONDON (Reuters) - Haruhiko Kuroda, the governor of the Bank of Japan, said in "
          "Tokyo\xE2\x80\x99s centre");
    FINDS("LOC:U.S. | ORG:European Union | MISC:Kyoto Protocol",
          "The U.S. and the European Union signed the Kyoto Protocol.");
    FINDS("", "", "the minister said on tuesday that nothing had happened .");
}

/* Capitals that are the line's, not the names'. The same words in a sentence with a full stop are no title. */
static void headlines(void **state)
{
    (void)state;
    FINDS("LOC:Kenya | ORG:International Criminal Court",
          "Kenya Rejects Ruling by International Criminal Court");
    FINDS("LOC:KENYA | ORG:INTERNATIONAL CRIMINAL COURT",
          "KENYA REJECTS RULING BY INTERNATIONAL CRIMINAL COURT");
    FINDS("LOC:Albania", "Ferry Sinks Off Albania After Night of Heavy Storms");
    FINDS("PER:Sebastian Coe | LOC:London", "", "Sebastian Coe thanked officials in London.");
}

static void offsets_in_other_scripts(void **state)
{
    (void)state;
    FINDS("PER:Jos\xC3\xA9 Garc\xC3\xAD"
          "a | LOC:S\xC3\xA3o Paulo",
          "\xE2\x80\x9C\xF0\x9F\x91\x8D\xE2\x80\x9D, said minister Jos\xC3\xA9 Garc\xC3\xAD"
          "a in S\xC3\xA3o Paulo, Wednesday.");
}

static char *repeat(const char *piece, size_t count)
{
    size_t len = strlen(piece);
    char *text = malloc(len * count + 1);
    assert_non_null(text);
    for (size_t k = 0; k < count; k++)
        memcpy(text + k * len, piece, len);
    text[len * count] = '\0';
    return text;
}

static double seconds_of(const char *text)
{
    const struct wd_mention *mentions = NULL;
    struct wd_tagger_text one = {WD_FIELD_BODY, 0, wd_slice_from(text)};
    clock_t begun = clock();
    (void)tag(&one, 1, &mentions);
    return (double)(clock() - begun) / CLOCKS_PER_SEC;
}

/* Eight times the text takes at most some sixteen times the time: linear, with room for noise. */
static void hard_texts_are_linear(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",
                                         "A",
                                         "X ",
                                         "the Bank of ",
                                         "((((",
                                         "))))",
                                         ". ",
                                         "\xD8\xA8\xD8\xBA",
                                         "\xE6\x9D\xB1",
                                         "\xF0\x9F\x91\x8D",
                                         "e\xCC\x81",
                                         "'s",
                                         "a's",
                                         "www.a@b.",
                                         "-",
                                         "U.S.",
                                         "1,",
                                         "\xE2\x80\x99",
                                         "said Mr. ",
                                         "\"",
                                         ".\"'",
                                         " ",
                                         "\n"};
    for (size_t k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
        char *small = repeat(pieces[k], 4000);
        char *large = repeat(pieces[k], 32000);
        double first = seconds_of(small);
        double second = seconds_of(large);
        if (second > 0.05 + first * 24)
            fail_msg("\"%s\": %f s, eight times as much %f s", pieces[k], first, second);
        free(small);
        free(large);
    }
    char *word = repeat("longword", 131072); /* 1 MB without a blank */
    assert_true(seconds_of(word) < 5.0);
    free(word);
}

static void empty_fields(void **state)
{
    (void)state;
    const struct wd_mention *mentions = NULL;
    struct wd_tagger_text texts[3] = {
        {WD_FIELD_HEADLINE, 0, WD_SLICE_NONE},
        {WD_FIELD_BODY, 0, WD_SLICE("Officials in Indonesia say so.")},
        {WD_FIELD_CAPTION, 0, WD_SLICE("")}};
    assert_int_equal(tag(texts, 0, &mentions), 0);
    assert_int_equal(tag(texts, 1, &mentions), 0);
    assert_int_equal(tag(texts, 3, &mentions), 1);
    assert_int_equal(mentions[0].text, 1);
}

/* What was tagged before, and how often, changes nothing. */
static void same_every_time(void **state)
{
    (void)state;
    const struct wd_mention *mentions = NULL;
    struct wd_tagger_text text = {WD_FIELD_BODY, 0,
                                  WD_SLICE("Amina Yusuf of Tirana Rovers met Besnik Hoxha in "
                                           "Durres. Hoxha left the Adriatic Cup.")};
    size_t count = tag(&text, 1, &mentions);
    struct wd_mention *kept = malloc((count + 1) * sizeof(*kept));
    assert_non_null(kept);
    memcpy(kept, mentions, count * sizeof(*kept));
    assert_true(count >= 4);
    uint64_t random = 3;
    for (int round = 0; round < 300; round++) {
        char words[4096] = "";
        size_t len = 0;
        for (int k = 0; k < 200; k++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
            len += (size_t)snprintf(words + len, sizeof(words) - len, "Word%u ",
                                    (unsigned)(random >> 44));
        }
        (void)seconds_of(words); /* fills the scratch's memory of words, again and again */
    }
    assert_int_equal(tag(&text, 1, &mentions), count);
    assert_memory_equal(mentions, kept, count * sizeof(*kept));
    struct wd_tagger_scratch *first = scratch;
    scratch = wd_tagger_scratch_create();
    assert_int_equal(tag(&text, 1, &mentions), count);
    assert_memory_equal(mentions, kept, count * sizeof(*kept));
    wd_tagger_scratch_destroy(scratch);
    scratch = first;
    free(kept);
}

/* Without evidence from the story a text in two halves is the same text. */
static void halves_differ_by_the_story_only(void **state)
{
    (void)state;
    static const char *const sentences[2][8] = {
        {"Amina", "Yusuf", "met", "Besnik", "Hoxha", "in", "Durres", "."},
        {"Yusuf", "praised", "the", "Tirana", "Rovers", "on", "Tuesday", "."}};
    uint8_t whole[16];
    uint8_t halves[16];
    struct wd_unit *unit = wd_tagger_unit(tagger, scratch);
    for (int s = 0; s < 2; s++) {
        for (int k = 0; k < 8; k++)
            assert_true(wd_unit_add(unit, wd_slice_from(sentences[s][k])));
        wd_unit_end_sentence(unit);
    }
    (void)wd_tagger_decode(tagger, scratch, false);
    for (int k = 0; k < 16; k++)
        whole[k] = unit->tokens[k].label;
    for (int s = 0; s < 2; s++) {
        unit = wd_tagger_unit(tagger, scratch);
        for (int k = 0; k < 8; k++)
            assert_true(wd_unit_add(unit, wd_slice_from(sentences[s][k])));
        (void)wd_tagger_decode(tagger, scratch, false);
        for (int k = 0; k < 8; k++)
            halves[s * 8 + k] = unit->tokens[k].label;
    }
    assert_memory_equal(whole, halves, sizeof(whole));
}

/* ---- golden stories in halves ---- */

enum { PARAGRAPHS = 64 };

/* Adds headline and paragraphs of an input of tests/golden/entities_model to `count` others; they stay
 * `story`'s. */
static size_t read_golden(const json_t *story, size_t count,
                          struct wd_tagger_text texts[PARAGRAPHS])
{
    struct wd_slice line;
    struct wd_slice body = wd_slice_from(json_string_value(json_object_get(story, "body_text")));
    texts[count++] = (struct wd_tagger_text){
        WD_FIELD_HEADLINE, 0, wd_slice_from(json_string_value(json_object_get(story, "headline")))};
    while (wd_text_next_line(&body, &line)) {
        assert_true(count < PARAGRAPHS - 1);
        if (line.len == 0)
            continue;
        texts[count] = (struct wd_tagger_text){WD_FIELD_BODY, (uint32_t)count, line};
        count++;
    }
    return count;
}

static struct wd_mention *keep_mentions(const struct wd_tagger_text *texts, size_t count,
                                        size_t *found)
{
    const struct wd_mention *mentions = NULL;
    *found = tag(texts, count, &mentions);
    struct wd_mention *kept = malloc((*found + 1) * sizeof(*kept));
    assert_non_null(kept);
    memcpy(kept, mentions, *found * sizeof(*kept));
    return kept;
}

/* Of a half that begins with text `first` of the whole: how many mentions are the whole's, too. */
static size_t count_same(const struct wd_mention *whole, size_t whole_count,
                         const struct wd_mention *half, size_t half_count, size_t first)
{
    size_t same = 0;
    for (size_t k = 0; k < half_count; k++) {
        for (size_t j = 0; j < whole_count; j++)
            same += whole[j].text == half[k].text + first && whole[j].begin == half[k].begin &&
                    whole[j].end == half[k].end && whole[j].type == half[k].type;
    }
    return same;
}

/* Figures over all golden stories. */
struct halves {
    size_t stories, whole, split, same;
};

/* `texts` has room for one more. */
static void halve_story(struct wd_tagger_text *texts, size_t count, struct halves *halves)
{
    size_t found[4];
    struct wd_mention *whole = keep_mentions(texts, count, &found[0]);
    /* A paragraph that adds nothing to the story's history changes nothing, not even a score. */
    texts[count] = (struct wd_tagger_text){WD_FIELD_BODY, (uint32_t)count, WD_SLICE(", .")};
    struct wd_mention *more = keep_mentions(texts, count + 1, &found[1]);
    assert_int_equal(found[1], found[0]);
    assert_memory_equal(more, whole, found[0] * sizeof(*whole));
    size_t middle = count / 2;
    struct wd_mention *first = keep_mentions(texts, middle, &found[2]);
    struct wd_mention *second = keep_mentions(texts + middle, count - middle, &found[3]);
    halves->stories++;
    halves->whole += found[0];
    halves->split += found[2] + found[3];
    halves->same += count_same(whole, found[0], first, found[2], 0) +
                    count_same(whole, found[0], second, found[3], middle);
    free(whole);
    free(more);
    free(first);
    free(second);
}

/* Each golden story, and all of them as one long one. What differs is what the other half knows of the
 * names in this one: few of a hundred. */
static void golden_stories_in_halves(void **state)
{
    (void)state;
    struct halves halves = {0};
    struct wd_tagger_text together[PARAGRAPHS];
    size_t together_count = 0;
    json_t *stories[PARAGRAPHS];
    glob_t files;
    assert_int_equal(
        glob(WD_SOURCE_DIR "/tests/golden/entities_model/*/input/*.json", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= 9 && files.gl_pathc < PARAGRAPHS);
    for (size_t k = 0; k < files.gl_pathc; k++) {
        struct wd_tagger_text texts[PARAGRAPHS];
        stories[k] = json_load_file(files.gl_pathv[k], 0, NULL);
        assert_non_null(stories[k]);
        halve_story(texts, read_golden(stories[k], 0, texts), &halves);
        together_count = read_golden(stories[k], together_count, together);
    }
    halve_story(together, together_count, &halves);
    print_message("%zu stories: %zu mentions, in halves %zu, %zu of them the same\n",
                  halves.stories, halves.whole, halves.split, halves.same);
    assert_true(halves.whole >= 100);
    assert_true(halves.same * 100 >= halves.whole * 95);
    assert_true(halves.same * 100 >= halves.split * 95);
    for (size_t k = 0; k < files.gl_pathc; k++)
        json_decref(stories[k]);
    globfree(&files);
}

static void opening_says_what_is_wrong(void **state)
{
    (void)state;
    struct wd_tagger *other = NULL;
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_tagger_open("/no/such/model", &other, &error), WD_IO);
    assert_non_null(strstr(error.text, "/no/such/model"));
    assert_int_equal(wd_tagger_open("/dev/null", &other, &error), WD_SYNTAX);
    assert_string_equal(error.path, "/dev/null");
    wd_tagger_close(NULL);
    wd_tagger_scratch_destroy(NULL);
}

/* What is computed sixteen at a time has the bits of what is computed one at a time. */
static void exponentials_in_lanes(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 2000; round++) {
        int16_t scores[WD_MODEL_LANES];
        struct wd_decode_cell cell;
        int best = 0;
        for (int lane = 0; lane < WD_MODEL_LANES; lane++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            int range = round % 2 ? 65536 : 200;
            scores[lane] = (int16_t)((int)((seed >> 33) % (unsigned)range) - range / 2);
            best = scores[lane] > best ? scores[lane] : best;
        }
        float unit = round % 3 ? 1.0F / 64 : 1.0F / 100;
        wd_decode_local(scores, unit, &cell);
        assert_true(cell.local[0] == wd_exp((float)-best * unit));
        for (int lane = 0; lane < WD_MODEL_LANES; lane++)
            assert_true(cell.local[1 + lane] == wd_exp((float)(scores[lane] - best) * unit));
    }
}

/* The hidden layer of a machine without AVX2 gives the same scores. */
static void plain_machines_agree(void **state)
{
    (void)state;
    static const char *const tokens[] = {"KINSHASA", "(",    "Vita", ")",     "-",   "Zorbo",
                                         "Quibbles", "beat", "IBM",  "3,100", "u.s", "Łódź"};
    enum { COUNT = sizeof(tokens) / sizeof(tokens[0]) };
    struct wd_tagger_model model;
    struct wd_unit unit;
    size_t len = (size_t)(wd_english_model_end - wd_english_model_begin);
    assert_int_equal(wd_tagger_model_read(wd_slice_make(wd_english_model_begin, len), &model, NULL),
                     WD_OK);
    assert_int_equal(wd_unit_init(&unit), WD_OK);
    struct wd_hidden *layers[2] = {wd_hidden_create(&model), wd_hidden_create(&model)};
    assert_true(layers[0] && layers[1] && wd_hidden_is_on(layers[0]));
    wd_hidden_make_plain(layers[1]);
    wd_unit_begin(&unit, &model);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(wd_unit_add(&unit, wd_slice_from(tokens[i])));
    wd_unit_read(&unit);
    int16_t mean[WD_MODEL_VECTOR];
    int32_t bags[2][WD_MODEL_HIDDEN] = {{0}};
    int16_t scores[2][COUNT][WD_MODEL_LANES] = {{{0}}};
    wd_hidden_mean(&unit, 0, COUNT, mean);
    for (size_t layer = 0; layer < 2; layer++) {
        wd_hidden_bag(layers[layer], 0, mean, bags[layer]);
        for (uint32_t w = 0; w < unit.word_count; w++)
            unit.words[w].hidden_ready = 0;
        for (uint32_t i = 0; i < COUNT; i++) {
            struct wd_unit_word *window[WD_MODEL_WINDOW];
            for (int place = 0; place < WD_MODEL_WINDOW; place++)
                window[place] =
                    &unit.words[wd_unit_word_at(&unit, i, place - WD_UNIT_REACH) - unit.words];
            wd_hidden_score(layers[layer], window, bags[layer], scores[layer][i]);
        }
        wd_hidden_destroy(layers[layer]);
    }
    assert_memory_equal(bags[0], bags[1], sizeof(bags[0]));
    assert_memory_equal(scores[0], scores[1], sizeof(scores[0]));
    int16_t nothing[WD_MODEL_LANES] = {0};
    assert_memory_not_equal(scores[0][0], nothing, sizeof(nothing));
    wd_unit_finish(&unit);
    wd_tagger_model_finish(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_copy),
        cmocka_unit_test(headlines),
        cmocka_unit_test(offsets_in_other_scripts),
        cmocka_unit_test(hard_texts_are_linear),
        cmocka_unit_test(empty_fields),
        cmocka_unit_test(same_every_time),
        cmocka_unit_test(halves_differ_by_the_story_only),
        cmocka_unit_test(golden_stories_in_halves),
        cmocka_unit_test(exponentials_in_lanes),
        cmocka_unit_test(plain_machines_agree),
        cmocka_unit_test(opening_says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
