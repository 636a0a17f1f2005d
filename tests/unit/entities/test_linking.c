/* Linking: which one in the world a name means, checked by hand. Nothing
 * here depends on what a model has learnt. */
#include "entities_marked.h"
#include "entities_run.h"

#include <math.h>

#define NO_MODEL "\"model\": false"

static void cities_by_region(void **state)
{
    (void)state;
    struct run run = run_begin(NO_MODEL);
    run_story(&run, "",
              "PARIS, Texas - The Paris of Paris, France, is older.\n"
              "In Atlanta, Georgia, and in Tbilisi, Georgia, and in Springfield, Illinois.\n"
              "Boston, New York and Washington were quiet; London, Berlin and Tokyo were not.");
    ids_are(named_by(&run, "PARIS", 0), "geonames:4717560 enwiki:Paris,_Texas");
    ids_are(named_by(&run, "Paris", 1), "geonames:2988507 enwiki:Paris");
    ids_are(named_by(&run, "Texas", 0), "iso3166-2:US-TX enwiki:Texas");
    ids_are(named_by(&run, "Springfield", 0), "geonames:4250542 enwiki:Springfield,_Illinois");
    assert_true(named_by(&run, "Boston", 0)->id_count > 0);
    assert_slice_equal(named_by(&run, "Boston", 0)->ids[0], "geonames:4930956");
    assert_slice_equal(named_by(&run, "New York", 0)->ids[0], "geonames:5128581");
    assert_slice_equal(named_by(&run, "London", 0)->ids[0], "geonames:2643743");
    assert_slice_equal(named_by(&run, "Berlin", 0)->ids[0], "geonames:2950159");
    assert_slice_equal(named_by(&run, "Tokyo", 0)->ids[0], "geonames:1850147");
    run_end(&run);
}

static void two_georgias(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked,
                 LINES("", "In [LOC Atlanta], [LOC Georgia], and [LOC Tbilisi], [LOC Georgia].",
                       "In [LOC Boston], [LOC Mass.], and [LOC Fresno], [LOC Calif.]."));
    marked_ids(&marked, "Georgia", 0, "iso3166-2:US-GA enwiki:Georgia_(U.S._state)");
    marked_ids(&marked, "Georgia", 1, "iso3166:GE enwiki:Georgia_(country)");
    marked_ids(&marked, "Boston", 0, "geonames:4930956 enwiki:Boston");
    marked_ids(&marked, "Calif.", 0, "iso3166-2:US-CA enwiki:California");
    marked_end(&marked);
}

/* Titles by Wikipedia's rule for American places, but where it has another. */
static void american_titles(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked,
                 LINES("", "In [LOC Phoenix], [LOC Arizona], [LOC Boston] and [LOC Tulsa], "
                           "[LOC Oklahoma]; [LOC Spokane], [LOC Washington]."));
    marked_ids(&marked, "Phoenix", 0, "geonames:5308655 enwiki:Phoenix,_Arizona");
    marked_ids(&marked, "Boston", 0, "geonames:4930956 enwiki:Boston");
    marked_ids(&marked, "Tulsa", 0, "geonames:4553433 enwiki:Tulsa,_Oklahoma");
    marked_ids(&marked, "Spokane", 0, "geonames:5811696 enwiki:Spokane,_Washington");
    marked_ids(&marked, "Washington", 0, "iso3166-2:US-WA enwiki:Washington_(state)");
    marked_end(&marked);
}

/* The city of the dateline is not the state behind another city, nor the next of a row of cities. */
static void cities_called_as_their_states(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked,
                 LINES("", "[LOC NEW YORK] - A man from [LOC Albany], [LOC New York], won.",
                       "[LOC WASHINGTON] - So did one from [LOC Spokane], [LOC Washington].",
                       "He had left [LOC Boston], [LOC New York] and [LOC Chicago]."));
    marked_ids(&marked, "NEW YORK", 0, "geonames:5128581 enwiki:New_York_City");
    marked_ids(&marked, "New York", 0, "iso3166-2:US-NY enwiki:New_York_(state)");
    marked_ids(&marked, "New York", 1, "geonames:5128581 enwiki:New_York_City");
    marked_ids(&marked, "WASHINGTON", 0, "geonames:4140963 enwiki:Washington,_D.C.");
    marked_ids(&marked, "Washington", 0, "iso3166-2:US-WA enwiki:Washington_(state)");
    marked_ids(&marked, "Boston", 0, "geonames:4930956 enwiki:Boston");
    marked_end(&marked);
}

static void no_guess_below_the_margin(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked, LINES("", "Police in [LOC Springfield] and [LOC Birmingham]."));
    marked_ids(&marked, "Springfield", 0, "");
    marked_ids(&marked, "Birmingham", 0, "");
    marked_end(&marked);
    marked_begin(
        &marked,
        LINES("", "[MISC British] police in [LOC Birmingham] said [LOC Britain] was calm."));
    marked_ids(&marked, "Birmingham", 0, "geonames:2655603 enwiki:Birmingham");
    marked_end(&marked);
}

static void one_country_of_many_names(void **state)
{
    (void)state;
    struct run run = run_begin(NO_MODEL);
    run_story(&run, "U.S. and UK agree", "The United States and Britain agreed. us all.");
    const struct wd_named *states = named_by(&run, "U.S.", 0);
    assert_ptr_equal(states, named_by(&run, "United States", 0));
    assert_int_equal(states->count, 2);
    assert_slice_equal(states->name, "United States");
    ids_are(states, "iso3166:US enwiki:United_States");
    assert_ptr_equal(named_by(&run, "UK", 0), named_by(&run, "Britain", 0));
    assert_int_equal(run.story->named_count, 2);
    run_end(&run);
}

static void tickers(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(
        &marked,
        LINES("",
              "[ORG Zenith Widgets Inc]. (NYSE: ZWI) bought [ORG Acme] <ACME.OQ> from "
              "[ORG Vistula Bank] (NASDAQ:VB; FRA: V1B).",
              "[ORG Harbour Foods] (0123.HK) fell. [ORG Nil] (formerly: NL) rose, [ORG Nil] "
              "(see A.B) too; [PER Ana Silva] (NYSE: AS) did not."));
    marked_ids(&marked, "Zenith Widgets Inc", 0, "ticker:NYSE:ZWI");
    marked_ids(&marked, "Acme", 0, "ticker:NASDAQ:ACME");
    marked_ids(&marked, "Vistula Bank", 0, "ticker:NASDAQ:VB");
    marked_ids(&marked, "Harbour Foods", 0, "ticker:HKEX:0123");
    marked_ids(&marked, "Nil", 0, "");
    marked_ids(&marked, "Ana Silva", 0, "");
    marked_end(&marked);
}

static void bodies_and_people(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked,
                 LINES("",
                       "The [ORG ECB] is the [ORG European Central Bank]. [PER Bernie Sanders] met "
                       "Mr. [PER Washington] and [PER Paris Hilton] after [MISC World War II] in "
                       "[LOC Paris]. [ORG Brazil] beat [ORG Apple]."));
    marked_ids(&marked, "ECB", 0, "enwiki:European_Central_Bank");
    marked_ids(&marked, "Bernie Sanders", 0, "wikidata:Q359442 enwiki:Bernie_Sanders");
    marked_ids(&marked, "Washington", 0, "");
    marked_ids(&marked, "World War II", 0, "enwiki:World_War_II");
    marked_ids(&marked, "Paris", 0, "geonames:2988507 enwiki:Paris");
    marked_ids(&marked, "Brazil", 0, ""); /* a team is not the country */
    marked_ids(&marked, "Apple", 0, "");  /* which one, the story does not say */
    assert_true(group_of(&marked, "Paris Hilton", 0) != group_of(&marked, "Paris", 0));
    marked_end(&marked);
}

static void provider_tags(void **state)
{
    (void)state;
    struct run run = run_begin("\"model\": false, \"lists\": [{\"name\": \"l\", \"entries\": "
                               "[{\"name\": \"Ana Silva\", \"type\": \"person\"}]}]");
    struct wd_concept *person = wd_story_add_concept(run.story, &run.story->people);
    person->name = WD_SLICE("Ana Silva");
    person->uri = WD_SLICE("http://www.wikidata.org/entity/Q1234");
    struct wd_concept *place = wd_story_add_concept(run.story, &run.story->places);
    place->name = WD_SLICE("Norway");
    place->uri = WD_SLICE("urn:desk:norway");
    struct wd_concept *absent = wd_story_add_concept(run.story, &run.story->places);
    absent->name = WD_SLICE("Chile");
    run_story(&run, "Ana Silva in Norway", "");
    assert_true(named_by(&run, "Ana Silva", 0)->provided);
    ids_are(named_by(&run, "Ana Silva", 0), "wikidata:Q1234");
    assert_true(named_by(&run, "Norway", 0)->provided);
    ids_are(named_by(&run, "Norway", 0), "iso3166:NO enwiki:Norway urn:desk:norway");
    assert_int_equal(run.story->named_count, 2);
    run_end(&run);
}

static void salience(void **state)
{
    (void)state;
    struct run run = run_begin(NO_MODEL);
    run_story(&run, "Norway", "Norway and Chile.\nChile, Peru.");
    assert_true(fabs(named_by(&run, "Norway", 0)->salience - (0.45 + 0.25 + 0.30)) < 1e-9);
    assert_true(fabs(named_by(&run, "Chile", 0)->salience - (0.25 + 0.30)) < 1e-9);
    assert_true(fabs(named_by(&run, "Peru", 0)->salience - (0.15)) < 1e-9);
    assert_int_equal(named_by(&run, "Chile", 0)->first, 2);
    run_end(&run);
}

static void languages(void **state)
{
    (void)state;
    struct run run =
        run_begin("\"languages\": {\"fr\": {\"model\": null, \"lists\": [\"f\"]}}, \"lists\": ["
                  "{\"name\": \"f\", \"entries\": [{\"name\": \"Lyonnais\"}]},"
                  "{\"name\": \"all\", \"entries\": [{\"name\": \"Acme\"}]}]");
    run.story->language = WD_SLICE("fr-CA");
    run_story(&run, "Acme, Lyonnais", "");
    assert_true(is_marked(&run, "Acme") && is_marked(&run, "Lyonnais"));
    assert_slice_equal(run.story->tagging.language, "fr");
    assert_int_equal(run.story->tagging.model.len, 0);
    assert_slice_equal(run.story->tagging.note, "no model for \"fr\": lists and gazetteer only");
    wd_story_reset(run.story);
    run.story->language = WD_SLICE("de");
    run_story(&run, "Acme, Lyonnais in Norway", "");
    assert_true(is_marked(&run, "Acme") && !is_marked(&run, "Lyonnais") &&
                is_marked(&run, "Norway"));
    run_end(&run);
}

static void modes(void **state)
{
    (void)state;
    struct run run = run_begin(
        "\"model\": false, \"lists\": [{\"name\": \"o\", \"mode\": \"only\", \"entries\": ["
        "{\"name\": \"Acme\", \"id\": \"x:1\"}]}]");
    run_story(&run, "Acme in Norway", "");
    assert_int_equal(run.story->entity_count, 1);
    ids_are(named_by(&run, "Acme", 0), "x:1");
    run_end(&run);
    run = run_begin("\"model\": false, \"lists\": [{\"name\": \"o\", \"entries\": ["
                    "{\"name\": \"Norway Foods\", \"type\": \"organisation\"}]}]");
    run_story(&run, "Norway Foods in Norway", "");
    assert_int_equal(run.story->entity_count, 2);
    assert_int_equal(named_by(&run, "Norway Foods", 0)->type, WD_ENTITY_ORGANISATION);
    run_end(&run);
    run = run_begin("\"model\": false, \"fields\": [\"body\"]");
    run_story(&run, "Chile", "Norway.");
    assert_int_equal(run.story->entity_count, 1);
    run_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cities_by_region),
        cmocka_unit_test(two_georgias),
        cmocka_unit_test(american_titles),
        cmocka_unit_test(cities_called_as_their_states),
        cmocka_unit_test(no_guess_below_the_margin),
        cmocka_unit_test(one_country_of_many_names),
        cmocka_unit_test(tickers),
        cmocka_unit_test(bodies_and_people),
        cmocka_unit_test(provider_tags),
        cmocka_unit_test(salience),
        cmocka_unit_test(languages),
        cmocka_unit_test(modes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
