/* Plain text as pages and old files carry it: where times, bylines, datelines, notes, captions and keylines stand. All
 * of invented events. */
#include "decoder.h"
#include "test.h"

#include "times.h"

#include <stdio.h>

static struct wd_provider provider = {.name = "post", .future_skew_ms = INT64_MAX};
static struct wd_story_batch batch;

static const struct wd_story *read_text(const char *text)
{
    struct wd_decode_input input = {.raw = wd_slice_from(text), .provider = &provider};
    struct wd_error error;
    wd_error_init(&error);
    wd_story_batch_clear(&batch);
    if (wd_decode_message(wd_decoder_find("text"), &input, &batch, &error) != WD_OK)
        fail_msg("%s: %s", text, error.text);
    assert_int_equal(batch.count, 1);
    return batch.stories[0];
}

static void assert_time(struct wd_time time, const char *expected)
{
    char text[WD_TIME_TEXT_SIZE] = "";
    if (wd_time_known(time))
        (void)wd_time_format(time, text);
    assert_string_equal(text, expected);
}

static void assert_times(const char *line, const char *published, const char *updated)
{
    char text[512];
    (void)snprintf(text, sizeof(text),
                   "Storm closes harbor\n%s\n\nPORT ELLIS - A storm closed the harbor.\n", line);
    const struct wd_story *story = read_text(text);
    assert_time(story->published, published);
    assert_time(story->updated, updated);
    if (published[0] || updated[0])
        assert_int_equal(story->paragraph_count, 1);
    else
        assert_slice_equal(story->paragraphs[0], line);
}

static void test_time_lines(void **state)
{
    (void)state;
    assert_times("Published: October 20, 2012 07:20PM", "2012-10-20T19:20:00-06:00", "");
    assert_times("Posted Oct. 20, 2012, at 7:20 p.m. | Updated Oct. 21, 2012, at 9:05 a.m.",
                 "2012-10-20T19:20:00-06:00", "2012-10-21T09:05:00-06:00");
    assert_times("First published on October 20, 2012 at 7:20 PM MDT \xE2\x80\xA2 Last updated on "
                 "October 20, "
                 "2012 at 9:45 PM MDT",
                 "2012-10-20T19:20:00-06:00", "2012-10-20T21:45:00-06:00");
    assert_times("Originally published October 20, 2012 at 7:20 p.m.", "2012-10-20T19:20:00-06:00",
                 "");
    assert_times("Published 7:20 p.m. MDT, Saturday, October 20, 2012", "2012-10-20T19:20:00-06:00",
                 "");
    assert_times("Saturday, Oct. 20, 2012 | 7:20 p.m.", "2012-10-20T19:20:00-06:00", "");
    assert_times("October 20, 2012", "2012-10-20T00:00:00-06:00", "");
    assert_times("Ver\xC3\xB6"
                 "ffentlicht: 20. Oktober 2012, 19:20 Uhr",
                 "2012-10-20T19:20:00-06:00", "");
    assert_times("Stand: 20.10.2012, 21:45 Uhr", "", "2012-10-20T21:45:00-06:00");
    assert_times("Posted: October 20, 2012 6:30 pm Updated: October 20, 2012 9:45 pm",
                 "2012-10-20T18:30:00-06:00", "2012-10-20T21:45:00-06:00");
    assert_times("Updated 9:45 p.m. ET October 20, 2012", "", "2012-10-20T21:45:00-04:00");
    assert_times("Publi\u00E9 le 20 octobre 2012 \u00E0 07h30, mis \u00E0 jour le 20 octobre 2012 "
                 "\u00E0 09h15",
                 "2012-10-20T07:30:00-06:00", "2012-10-20T09:15:00-06:00");
    assert_times("Actualizado: 20 de octubre de 2012, 21:45", "", "2012-10-20T21:45:00-06:00");
    assert_times("Bijgewerkt op 20 oktober 2012 om 21.45", "", "2012-10-20T21:45:00-06:00");
    assert_times("Opublikowano: 20 pa\u017Adziernika 2012, 19:20", "2012-10-20T19:20:00-06:00", "");
    assert_times("By Maria Lopez | Oct. 20, 2012, 7:20 p.m. | 4 min read",
                 "2012-10-20T19:20:00-06:00", "");
    /* copy, whatever it begins with */
    assert_times("Updated figures show that ferries ran late", "", "");
    assert_times("Posted prices rose | Tickets cost more", "", "");
    assert_times("Date with destiny for the harbor", "", "");
}

static void test_byline_below_bullets(void **state)
{
    (void)state;
    const struct wd_story *story =
        read_text("UPDATE 2-Norvik Bank cuts rates as inflation slows\n"
                  "(Adds governor's quote in paragraph 3)\n"
                  "* Rate cut to 2.25 pct from 2.50\n"
                  "* Governor sees slower growth\n"
                  "By Anna Berg\n"
                  "OSLO, Oct 20 (Exa) - Norvik Bank cut its key rate on Saturday.\n"
                  "By George Lund's count it was the third cut.\n");
    assert_slice_equal(story->byline, "Anna Berg");
    assert_slice_equal(story->located, "OSLO");
    assert_slice_equal(story->credit, "Exa");
    assert_slice_equal(story->editors_note, "(Adds governor's quote in paragraph 3)");
    assert_int_equal(story->paragraph_count, 4);
    assert_slice_equal(story->paragraphs[0], "* Rate cut to 2.25 pct from 2.50");
    assert_slice_equal(story->paragraphs[3], "By George Lund's count it was the third cut.");
}

static void test_deck_above_the_byline(void **state)
{
    (void)state;
    const struct wd_story *story =
        read_text("Storm closes harbor\n\nFerries stay in port until Monday\n\n"
                  "By JANE DOE\nHarbour Post Staff Writer\n\n"
                  "PORT ELLIS, Maine \xE2\x80\x94 A storm closed the harbor.\n");
    assert_slice_equal(story->headline, "Storm closes harbor");
    assert_slice_equal(story->byline, "JANE DOE");
    assert_slice_equal(story->credit, "Harbour Post Staff Writer");
    assert_slice_equal(story->located, "PORT ELLIS, Maine");
    assert_slice_equal(story->paragraphs[0], "Ferries stay in port until Monday");
    assert_int_equal(story->paragraph_count, 2);
}

static void test_keyline(void **state)
{
    (void)state;
    const struct wd_story *story =
        read_text("AP-US--Bridge Collapse, 3rd Ld-Writethru\n"
                  "Eds: UPDATES with death toll. ADDS photo links.\n"
                  "Two die as bridge collapses\n"
                  "EASTPORT, Maine (EP) _ A bridge collapsed Tuesday, officials said.\n");
    assert_slice_equal(story->slug, "US--Bridge Collapse");
    assert_slice_equal(story->lineage_key, "US--Bridge Collapse");
    assert_slice_equal(story->lineage_rule, "keyline");
    assert_slice_equal(story->version, "3");
    assert_slice_equal(story->headline, "Two die as bridge collapses");
    assert_slice_equal(story->editors_note, "Eds: UPDATES with death toll. ADDS photo links.");
    assert_slice_equal(story->located, "EASTPORT, Maine");
    assert_true(story->signals & WD_SIGNAL_UPDATE);
    assert_false(story->flags & WD_FLAG_PARTIAL);
    /* without a headline of its own the keyline is one */
    story = read_text(
        "BC-Bridge Collapse, 1st Ld-Writethru\n\nEASTPORT, Maine (EP) _ A bridge collapsed.\n");
    assert_slice_equal(story->headline, "BC-Bridge Collapse, 1st Ld-Writethru");
    assert_slice_equal(story->slug, "Bridge Collapse");
    /* ordinary headlines with commas and dashes */
    story = read_text("Bridge shut, repairs to lead to delays\n\nIt will be shut for a week.\n");
    assert_int_equal(story->slug.len, 0);
    assert_slice_equal(story->headline, "Bridge shut, repairs to lead to delays");
}

static void test_labels(void **state)
{
    (void)state;
    const struct wd_story *story =
        read_text("Slug: BRIDGE-COLLAPSE\nHeadline: Two die as bridge collapses\n"
                  "Byline: Jane Doe\nDate: October 20, 2012\nSource: Example Press\n\n"
                  "EASTPORT, Maine (EP) - A bridge collapsed Tuesday.\n");
    assert_slice_equal(story->slug, "BRIDGE-COLLAPSE");
    assert_slice_equal(story->headline, "Two die as bridge collapses");
    assert_slice_equal(story->byline, "Jane Doe");
    assert_slice_equal(story->credit, "Example Press");
    assert_time(story->published, "2012-10-20T00:00:00-06:00");
    assert_int_equal(story->paragraph_count, 1);
    /* a headline may begin so */
    story = read_text("Source: bank to cut jobs\n\nThe bank will cut jobs, a source said.\n");
    assert_slice_equal(story->headline, "Source: bank to cut jobs");
}

static void test_kill_names_its_story(void **state)
{
    (void)state;
    const struct wd_story *story =
        read_text("BULLETIN KILL\n\nEditors: The Example Press has withdrawn its story slugged "
                  "BRIDGE-COLLAPSE. The report that "
                  "two people died was wrong. A kill is mandatory.\n");
    assert_true(story->signals & WD_SIGNAL_KILL);
    assert_slice_equal(story->slug, "BRIDGE-COLLAPSE");
    story = read_text("Editors: Kill the story slugged US--Bridge Collapse that moved at 2 p.m. A "
                      "kill is mandatory.\n");
    assert_true(story->signals & WD_SIGNAL_KILL);
    assert_slice_equal(story->slug, "US--Bridge Collapse");
    assert_int_equal(story->paragraph_count, 1);
}

static void test_wrapped_lines(void **state)
{
    (void)state;
    const struct wd_story *story =
        read_text("Storm closes harbor at Port Ellis and the ferries stop running\n"
                  "Published: October 20, 2012 07:20PM\n\n"
                  "PORT ELLIS, Maine (EP) - A storm closed the harbor on Saturday\n"
                  "and the ferries will not run until Monday, the harbor master\n"
                  "said.\n\n"
                  "    The second storm of the season was stronger than the first,\n"
                  "he said.\n"
                  "    Nobody was hurt when the pier broke in two on Saturday and\n"
                  "drifted away.\n");
    assert_int_equal(story->paragraph_count, 3);
    assert_slice_equal(story->paragraphs[0],
                       "PORT ELLIS, Maine (EP) - A storm closed the harbor on Saturday\n"
                       "and the ferries will not run until Monday, the harbor master\nsaid.");
    assert_slice_equal(story->located, "PORT ELLIS, Maine");
    assert_slice_equal(wd_text_trim(story->paragraphs[2]),
                       "Nobody was hurt when the pier broke in two on Saturday and\ndrifted away.");
}

static void test_copy_that_only_begins_like_a_head(void **state)
{
    (void)state;
    const struct wd_story *story =
        read_text("Storm closes harbor\n\nA storm closed the harbor on Saturday, and ferries will "
                  "not run until Monday.\n\n"
                  "NATO - the alliance - sent help.\n\nBy Sunday Noon\n\nOctober 21, 2012\n");
    assert_int_equal(story->dateline.len, 0);
    assert_int_equal(story->byline.len, 0);
    assert_int_equal(story->paragraph_count, 4);
    assert_time(story->published, "");
}

static int open_zone(void **state)
{
    struct wd_error error;
    (void)state;
    wd_error_init(&error);
    wd_story_batch_init(&batch, (size_t)1 << 24);
    return wd_zone_open("America/Denver", &provider.zone, &error) == WD_OK ? 0 : -1;
}

static int close_zone(void **state)
{
    (void)state;
    wd_story_batch_finish(&batch);
    wd_zone_destroy(provider.zone);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_lines),
        cmocka_unit_test(test_byline_below_bullets),
        cmocka_unit_test(test_deck_above_the_byline),
        cmocka_unit_test(test_keyline),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_kill_names_its_story),
        cmocka_unit_test(test_wrapped_lines),
        cmocka_unit_test(test_copy_that_only_begins_like_a_head),
    };
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
