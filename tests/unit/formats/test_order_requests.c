/* Sentences that ask to take something back, and news that has their words. All texts are invented. */
#include "test.h"

#include "order_requests.h"

static bool kills(const char *text)
{
    bool wait = false;
    return wd_order_requests_kill(wd_slice_from(text), &wait);
}

static void requests(void **state)
{
    static const struct {
        const char *text;
        bool kills;
    } cases[] = {
        {"EDS: Please ignore story slugged DEL22 BRIDGE.", true},
        {"Kill the story \"Bridge shut\".", true},
        {"Editors: Withdraw our story on the bridge.", true},
        {"Kill the story, he thought.", false},
        {"Ignore this advice and the report of the council.", false},
        {"Cancel the release of the prisoners, a judge said.", false},
        {"Killed the story \"Bridge shut\".", false},
        {"Subscribers are requested to kill the story headlined \"Bridge shut\".", true},
        {"The story slugged BRIDGE stands withdrawn.", true},
        {"The story slugged BRIDGE stands, kill the photo.", false},
        {"We are retracting our story \"Bridge shut\".", true},
        {"\"We are retracting our story,\" the editor said.", false},
        {"We are withdrawing the item from all shops.", false},
        {"Please delete the 4th graf of the story.", false},
        {"Please remove the embargo from the story.", false},
        {"Please disregard the kill of the story.", false},
        {"Please use the story and kill the photo.", false},
        {"Please do not kill the story.", false},
        {"Editors asked to kill the story, a court heard.", false},
        {"The media must retract the story, the minister said.", false},
        {"Customers are asked to remove the items at once.", false},
        {"We are advised by Harmon that readers should disregard the news release, X.", true},
        {"Wir bitten, die Meldung nicht zu verwenden.", true},
        {"Bitte l\u00F6schen Sie den letzten Satz der Meldung.", false},
        {"Die Meldung ist zu l\u00F6schen.", true},
        {"La d\u00E9p\u00EAche intitul\u00E9e \u00AB Pont coup\u00E9 \u00BB est \u00E0 supprimer.",
         true},
        {"S\u00EDrvanse anular nuestra noticia titulada \"Puente\".", true},
        {"La noticia no debe ser eliminada.", false},
        {"Pede-se que seja anulada a not\u00EDcia.", true},
        {"La notizia va eliminata.", true},
        {"Gelieve de meldung niet te gebruiken.", true},
        {"Annuler la d\u00E9p\u00EAche intitul\u00E9e \"Pont coup\u00E9\".", true},
        {"Anular la noticia titulada \"Puente\".", true},
        {"Annullare la notizia \"Ponte chiuso\".", true},
        {"Anular a not\u00EDcia intitulada \"Ponte\".", true},
        {"Streichen Sie bitte die Meldung \"Br\u00FCcke gesperrt\".", true},
        {"Queda anulada la informaci\u00F3n titulada \"Puente\".", true},
        {"Se anula la noticia titulada \"Puente\".", true},
        {"La d\u00E9p\u00EAche \"Pont coup\u00E9\" ne peut plus \u00EAtre utilis\u00E9e.", true},
        {"La noticia titulada \"Puente\" no puede ser utilizada.", true},
        {"La notizia \"Ponte\" non pu\u00F2 essere utilizzata.", true},
        {"A not\u00EDcia \"Ponte\" n\u00E3o pode ser utilizada.", true},
        {"Het bericht \"Brug dicht\" mag niet worden gebruikt.", true},
        {"Het bericht \"Brug dicht\" vervalt.", true},
        {"Die Meldung exa 0201 ist falsch und darf nicht mehr verwendet werden.", true},
        {"Die Eilmeldung exa 0200 ist zur\u00FCckgezogen.", true},
        {"Die Meldung entf\u00E4llt.", true},
        {"Die Meldung wird ersatzlos gestrichen.", true},
        {"The story \"Bridge shut\" is wrong and cannot be used.", true},
        {"We have taken down this story because it was wrong.", true},
        {"The story may be used.", false},
        {"Die Meldung darf verwendet werden.", false},
        {"A court ruled that the report \"Sunken City\" may no longer be used in schools.", false},
        {"Der Bericht darf nicht verwendet werden, entschied das Gericht.", false},
        {"Der Bericht 2023 ist zur\u00FCckgezogen.", false},
        {"Retira el diario la noticia de su portada.", false},
        {"Killer tells his story \"Night on the quay\" to a jury.", false},
        {"The editor said he could not kill the story \"Mayor quits\".", false},
        {"We have taken down the tent.", false},
        {"Kill the photo and the story \"Bridge shut\".", true},
        {"Kill the photo and the caption of our story.", false},
        {"In der Meldung exa 0201 wird der letzte Satz gestrichen.", false},
        {"In the story \"Bridge shut\", the quote must be deleted.", false},
        {"The story sent before 1000 GMT must not be used.", true},
        {"The story must not be used before 1000 GMT.", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (kills(cases[i].text) != cases[i].kills)
            print_error("%s\n", cases[i].text);
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(kills(cases[i].text), cases[i].kills);
}

static bool is_own_to(bool to_desks, const char *provider, const char *credit, const char *text)
{
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    story->provider = wd_slice_from(provider);
    story->credit = wd_slice_from(credit);
    bool own = wd_order_requests_own(story, wd_slice_from(text), to_desks);
    wd_story_destroy(story);
    return own;
}

static bool is_own(const char *provider, const char *credit, const char *text)
{
    return is_own_to(false, provider, credit, text);
}

static void waits(void **state)
{
    static const struct {
        const char *text;
        bool waits;
    } cases[] = {
        {"The story must not be used before 1800 GMT.", true},
        {"Please do not use the story until Friday.", true},
        {"Die Meldung darf nicht vor Freitag verwendet werden.", true},
        {"La d\u00E9p\u00EAche ne doit pas \u00EAtre utilis\u00E9e avant 18h00.", true},
        {"La noticia no debe ser utilizada antes de las 18.00.", true},
        {"Please do not use the story until further notice.", true},
        {"The story sent before 1800 GMT must not be used.", false},
        {"Please kill the story before 1800 GMT.", false},
        {"The ferry must not be used before Friday, the report said.", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool wait = false;
        (void)wd_order_requests_kill(wd_slice_from(cases[i].text), &wait);
        if (wait != cases[i].waits)
            fail_msg("%s", cases[i].text);
    }
}

static void to_desks(void **state)
{
    static const char retracts[] = "Halvard is retracting its story \"Bridge shut\".";
    (void)state;
    assert_true(is_own_to(true, "wire", "", retracts));
    assert_false(is_own_to(false, "wire", "", retracts));
    assert_false(is_own_to(true, "wire", "", "The court has annulled the report."));
    assert_false(is_own_to(true, "wire", "", "Halvard has withdrawn its ferries."));
    assert_false(is_own_to(true, "wire", "", "Another agency has killed its story on a dam."));
}

static void own(void **state)
{
    (void)state;
    assert_true(is_own("ep", "", "EP is retracting its story headlined \"Bridge shut\"."));
    assert_true(is_own("ep", "", "The Example Press is retracting its story."));
    assert_true(is_own("Example Press", "", "EP has withdrawn its report of March 1."));
    assert_true(is_own("herald-online", "", "The Herald retracts its article of Friday."));
    assert_true(is_own("wire", "Exters", "Exters has withdrawn the story."));
    assert_true(is_own("exa", "", "exa zieht die Meldung 0201 zur\u00FCck."));
    assert_false(is_own("courier", "", "The Herald is retracting its story."));
    assert_false(is_own("herald", "", "The Herald Tribune retracts its article."));
    assert_false(is_own("herald", "", "The Herald is withdrawing its staff from the hall."));
    assert_false(is_own("", "", "The Herald retracts its article."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(requests), cmocka_unit_test(own),
                                       cmocka_unit_test(to_desks), cmocka_unit_test(waits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
