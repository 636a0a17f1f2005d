/* Names in capitals: what they cost. What is marked: test_entities.c. */
#include "test.h"

#include "marker.h"

#include <stdlib.h>
#include <time.h>

static const char unit[] = "(XYZ: ABC) ";
enum { UNIT = sizeof(unit) - 1, NAME_BEGIN = 6, NAME_END = 9, FEW = 500, TIMES = 16, ROUNDS = 3 };

static double seconds(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* How long it takes with one text of nothing but capitals that has so many mentions. */
static double spent_on(size_t mentions)
{
    char *text = malloc(mentions * UNIT);
    assert_non_null(text);
    for (size_t i = 0; i < mentions; i++)
        memcpy(text + i * UNIT, unit, UNIT);
    const struct wd_tagger_text texts[] = {
        {WD_FIELD_HEADLINE, 0, WD_SLICE("Prices")},
        {WD_FIELD_BODY, 0, wd_slice_make(text, mentions * UNIT)},
    };
    struct wd_reading reading;
    struct wd_marker marker;
    wd_reading_init(&reading);
    wd_marker_init(&marker);
    assert_true(wd_reading_begin(&reading, texts, 2));
    for (size_t i = 0; i < mentions; i++) {
        struct wd_found *found = wd_reading_add(&reading);
        assert_non_null(found);
        found->rank = WD_FOUND_MODEL;
        found->type = WD_ENTITY_ORGANISATION;
        found->text = 1;
        found->begin = (uint32_t)(i * UNIT + NAME_BEGIN);
        found->end = (uint32_t)(i * UNIT + NAME_END);
        found->score = 1;
    }
    wd_reading_settle(&reading);
    assert_int_equal(reading.found_count, mentions);
    double before = seconds();
    assert_true(wd_marker_capitals(&marker, &reading));
    double spent = seconds() - before;
    assert_int_equal(reading.found_count, mentions); /* capitals say nothing of capitals */
    wd_marker_finish(&marker);
    wd_reading_finish(&reading);
    free(text);
    return spent;
}

static double best_of(size_t mentions)
{
    double best = spent_on(mentions);
    for (int i = 1; i < ROUNDS; i++) {
        double spent = spent_on(mentions);
        best = spent < best ? spent : best;
    }
    return best;
}

/* A text that was read to its end for each mention made it 256 times as dear, not 16 times. */
static void capitals_are_read_once(void **state)
{
    (void)state;
    assert_true(best_of((size_t)FEW * TIMES) < best_of(FEW) * TIMES * 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(capitals_are_read_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
