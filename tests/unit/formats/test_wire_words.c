/* Desk words: which text is a version mark or an order, and which is only copy; datelines in all spellings. */
#include "test.h"

#include "dateline.h"
#include "wire_words.h"

static void words(void **state)
{
    static const struct {
        const char *text;
        bool good;
        unsigned number;
        uint32_t set;
    } cases[] = {
        {"1st Ld-Writethru", true, 1, WD_WIRE_LEAD | WD_WIRE_WHOLE},
        {"2ndLd-Writethru", true, 2, WD_WIRE_LEAD | WD_WIRE_WHOLE},
        {"3rdLd", true, 3, WD_WIRE_LEAD},
        {"11th Ld", true, 11, WD_WIRE_LEAD},
        {"Ld-Writethru", true, 1, WD_WIRE_LEAD | WD_WIRE_WHOLE},
        {"1ST LEAD", true, 1, WD_WIRE_LEAD},
        {"LEAD 2", true, 2, WD_WIRE_LEAD},
        {"2nd Add", true, 0, WD_WIRE_PART},
        {"1st Ld-Sub", true, 1, WD_WIRE_LEAD | WD_WIRE_PART},
        {"Adv10", true, 0, WD_WIRE_ADVANCE},
        {"KILL", true, 0, WD_WIRE_KILL},
        {"BULLETIN KILL", true, 0, WD_WIRE_KILL},
        {"Elim", true, 0, WD_WIRE_KILL},
        {"Bjt", true, 0, 0},
        {"Bjt, 1st Ld", false, 0, 0},
        {"Graf", false, 0, 0},
        {"4th Graf Kill", true, 0, WD_WIRE_PART | WD_WIRE_CORRECTION},
        {"Corrective", true, 0, WD_WIRE_CORRECTION},
        {"(Berichtigung)", true, 0, WD_WIRE_CORRECTION},
        {"Anulaci\u00F3n", true, 0, WD_WIRE_KILL},
        {"ANULA\u00C7\u00C3O", true, 0, WD_WIRE_KILL},
        {"Wiederholung", true, 0, WD_WIRE_REPEAT},
        {"1st", false, 0, 0},
        {"", false, 0, 0},
        {"Box", false, 0, 0},
        {"Ld Story", false, 0, 0},
        {"Lead paint", false, 0, 0},
        {"99999999999999999999th Ld", true, 1, WD_WIRE_LEAD},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_wire_words found = {0, 0};
        assert_int_equal(wd_wire_words_parse(wd_slice_from(cases[i].text), &found), cases[i].good);
        assert_int_equal(found.number, cases[i].number);
        assert_int_equal(found.set, cases[i].set);
    }
}

static void notes(void **state)
{
    static const struct {
        const char *text;
        uint32_t set;
    } cases[] = {
        {"Eds: UPDATES with quotes, CORRECTS age in 2nd graf.", WD_WIRE_LEAD | WD_WIRE_CORRECTION},
        {"Eds: SUBS 3rd graf.", WD_WIRE_PART},
        {"Eds: LEADS with mayor; PICKS UP 6th graf.", WD_WIRE_LEAD | WD_WIRE_PART},
        {"Eds: RECASTS. No pickup.", WD_WIRE_LEAD | WD_WIRE_NO_PICKUP},
        {"Eds: LEADS. PICKS UP nothing. No pickup.", WD_WIRE_LEAD | WD_WIRE_NO_PICKUP},
        {"EDITORS: KILL the story slugged Bridge.", WD_WIRE_KILL},
        {"Eds: KILL 4th graf beginning: The mayor", WD_WIRE_PART | WD_WIRE_CORRECTION},
        {"Eds: hunters kill deer; police hold a man.", 0},
        {"Eds: HOLD FOR RELEASE until Sunday.", WD_WIRE_ADVANCE},
        {"Eds: Hold for release at 6 p.m.", WD_WIRE_ADVANCE},
        {"Eds: HOLD until told.", WD_WIRE_WITHHOLD},
        {"Die Meldung wird zur\xC3\xBC"
         "ckgezogen.",
         WD_WIRE_KILL},
        {"Sperrfrist 18.00 Uhr", WD_WIRE_ADVANCE},
        {"(Achtung - Zur\u00FCckziehung)", WD_WIRE_KILL},
        {"Eds: Withhold lifted; number of dead confirmed.", WD_WIRE_LEAD | WD_WIRE_RELEASE},
        {"EDITORS: Disregard the kill sent at 1230 GMT; the story stands.",
         WD_WIRE_STANDS | WD_WIRE_ADVISORY},
        {"Editor's note: This story has been removed because it was wrong.", WD_WIRE_KILL},
        {"Editor's note: A name in this story has been removed.", 0},
        {"Nota: el concierto fue anulado.", 0},
        {"Esta nota fue anulada.", WD_WIRE_KILL},
        {"Aten\u00E7\u00E3o: esta not\u00EDcia foi anulada.", WD_WIRE_KILL},
        {"Not for publication.", WD_WIRE_ADVISORY},
        {"With AP Photos.", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_wire_words found = {0, 0};
        wd_wire_words_scan_note(wd_slice_from(cases[i].text), &found);
        if (found.set != cases[i].set)
            print_message("%s\n", cases[i].text);
        assert_int_equal(found.set, cases[i].set);
    }
}

static void datelines(void **state)
{
    static const struct {
        const char *paragraph, *text, *place, *agency; /* text NULL: none */
    } cases[] = {
        {"SEATOWN (EP) _ The bridge", "SEATOWN", "SEATOWN", "EP"},
        {"SEATOWN (EP)_The bridge", "SEATOWN", "SEATOWN", "EP"},
        {"SEATOWN, Ore. (EP) \xE2\x80\x94 The bridge", "SEATOWN, Ore.", "SEATOWN, Ore.", "EP"},
        {"SEATOWN, March 7 (Example) - The bridge", "SEATOWN, March 7", "SEATOWN", "Example"},
        {"SEATOWN, Mar. 7, 2024 (Example) - The bridge", "SEATOWN, Mar. 7, 2024", "SEATOWN",
         "Example"},
        {"SEATOWN, Ore., March 7 /Example Wire/ -- The bridge", "SEATOWN, Ore., March 7",
         "SEATOWN, Ore.", "Example Wire"},
        {"SEATOWN, April 8 - Mounting friction", "SEATOWN, April 8", "SEATOWN", ""},
        {"Seatown (exa) - The bridge", "Seatown", "Seatown", "exa"},
        {"Seatown/Brannock (exa/lno) \xE2\x80\x93 The bridge", "Seatown/Brannock",
         "Seatown/Brannock", "exa/lno"},
        {"SEATOWN (EP): The bridge", "SEATOWN", "SEATOWN", "EP"},
        {"(Example) - The bridge", "", "", "Example"},
        {"Seatown \xE2\x80\xA2 The bridge", "Seatown", "Seatown", ""},
        {"ST. MARY \xE2\x80\x94 The bridge", "ST. MARY", "ST. MARY", ""},
        {"The bridge - the oldest in town - is shut.", NULL, NULL, NULL},
        {"NASA officials - all of them - agree.", NULL, NULL, NULL},
        {"UPDATE: the bridge is open", NULL, NULL, NULL},
        {"He said (twice) - and left.", NULL, NULL, NULL},
        {"\xE2\x80\x9CNever,\xE2\x80\x9D she said \xE2\x80\x94 and left.", NULL, NULL, NULL},
        {"", NULL, NULL, NULL},
        {" - ", NULL, NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_dateline found;
        bool any = wd_dateline_find(wd_slice_from(cases[i].paragraph), &found);
        if (any != (cases[i].text != NULL))
            print_message("%s\n", cases[i].paragraph);
        assert_int_equal(any, cases[i].text != NULL);
        if (!any)
            continue;
        assert_slice_equal(found.text, cases[i].text);
        assert_slice_equal(found.place, cases[i].place);
        assert_slice_equal(found.agency, cases[i].agency);
        assert_true(found.end <= strlen(cases[i].paragraph));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words), cmocka_unit_test(notes),
                                       cmocka_unit_test(datelines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
