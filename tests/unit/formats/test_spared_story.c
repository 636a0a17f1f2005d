/* Orders about what goes with a story, which stands; and those that have the same words and kill it. All texts are invented. */
#include "test.h"

#include "says_stands.h"
#include "spared_story.h"

static bool is_spared(const char *text)
{
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(text)), WD_OK);
    bool numbered = false;
    bool spared = wd_spared_story(story, &numbered);
    wd_story_destroy(story);
    return spared;
}

static void stands(void **state)
{
    static const struct {
        const char *clause;
        bool stands;
    } cases[] = {
        {"The story stands", true},
        {"The story stands and will not be replaced", true},
        {"The story is not affected", true},
        {"The story is affected", false},
        {"The story does not stand", false},
        {"The story slugged Fire stands withdrawn", false},
        {"The story stands no longer", false},
        {"A correct story will follow", false},
        {"The text of the story is correct", true},
        {"The story is not correct", false},
        {"The corrected story will be valid", false},
        {"Die Meldung gilt weiter", true},
        {"Die Meldung gilt nicht mehr", false},
        {"Die Meldung ist davon nicht betroffen", true},
        {"La d\u00E9p\u00EAche n'est plus valable", false},
        {"La noticia no se ve afectada", true},
        {"Het bericht blijft geldig", true},
        {"The story moved at noon", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (wd_says_stands(wd_slice_from(cases[i].clause)) != cases[i].stands)
            fail_msg("%s", cases[i].clause);
    }
}

static void spared(void **state)
{
    static const struct {
        const char *text;
        bool spared;
    } cases[] = {
        {"Editors: Kill the sidebar that moved with BC-XX--Fire. The story stands.", true},
        {"The story stands, but kill the photo.", true},
        {"Kill the story's photo. The story stands.", true},
        {"Kill the story's main photo and its caption. The story stands.", true},
        {"Kill the story graphic. The story stands.", true},
        {"Kill the BC-XX--Fire photo. The story stands.", true},
        {"Das Meldungsfoto wird zur\u00FCckgezogen. Die Meldung gilt weiter.", true},
        {"Kill the story, photo and graphic. The graphic stands.", false},
        {"Kill the story's photo and the story. The sidebar stands.", false},
        {"Kill the story and its photo. The story's box stands.", false},
        {"Kill the story. The story's photo stands.", false},
        {"Kill the story photo headlined \"Bridge shut\". The story stands.", false},
        {"Kill the box, BC-XX--Fire-Box. The story stands.",
         false}, /* it is named, and can be told */
        {"Kill BC-XX--Fire with photo. The story stands.", false},
        {"Kill the photo and the story. The story stands.", false},
        {"Kill BC-XX--Fire and its photo. The story stands.", false},
        {"Kill the photo. A kill is mandatory. The story stands.", true},
        {"Kill the photo. Please kill the story, too. The earlier story stands.", false},
        {"Kill the photo.", false}, /* whether the story stands nobody says */
        {"Kill the photo with the story. The photo of the fire stands.", false},
        {"Kill the story. The story stands withdrawn.", false},
        {"The story stands.", false},
        {"Die Grafik wird zur\u00FCckgezogen. Die Meldung gilt weiter.", true},
        {"Die Meldung und die Grafik werden zur\u00FCckgezogen. Die Meldung gilt nicht.", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (is_spared(cases[i].text) != cases[i].spared)
            fail_msg("%s", cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stands), cmocka_unit_test(spared)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
