/* Notices of one form: what is filled in is what they say. Companies and copy are invented. */
#include "copy_desk.h"

#define MINUTES(n) ((int64_t)(n)*60 * 1000)

/* 2026-10-28T09:05:17Z */
static const int64_t morning = INT64_C(1793178317000);

static bool joins(const char *headline, const char *body, const char *later_headline,
                  const char *later_body)
{
    const struct desk_copy first = {headline, body, morning};
    const struct desk_copy second = {later_headline, later_body, morning + MINUTES(40)};
    return desk_joins(&first, &second);
}

static void dividends_of_two_companies(void **unused)
{
    (void)unused;
    assert_false(joins("QUAYSIDE MORTGAGE CORP <QSM> SETS QUARTERLY",
                       "Qtly div 10 cts vs 10 cts prior. Pay April 13. Record March 13.",
                       "HARROWBY INC <HBY> SETS QUARTERLY",
                       "Qtly div 10 cts vs 10 cts prior. Pay April 24. Record March 16."));
    assert_false(joins("MARLEIGH BANCORP <MARB> REGULAR PAYOUT",
                       "Qtly div 25 cts vs 25 cts prior. Pay April 30. Record April 16.",
                       "TOLLAND ENGINEERING <TLD> DIVIDEND SET",
                       "Qtly div 25 cts vs 25 cts prior. Pay May 15. Record April 28."));
}

/* By chance the same dates and the same sum. */
static void the_same_words_of_two_companies(void **unused)
{
    static const char body[] = "Qtly div 22 cts vs 22 cts prior. Pay April 10. Record March 30.";
    (void)unused;
    assert_false(joins("PELLOW TRANSPORT CO <PELT> SETS QUARTERLY", body,
                       "STRANDLEY ENGINEERS INC <STRN> QTLY DIVIDEND", body));
}

/* A page of a few words: what it is about stands in its headline. */
static void two_songs_of_one_singer(void **unused)
{
    static const char body[] = "Harbour Studio, Port Alder, 11/13/2026";
    (void)unused;
    assert_false(joins("Robin Marlowe - Ted, Wooden And Young", body,
                       "Robin Marlowe - So You Think You're Lost", body));
    assert_false(joins("Robin Marlowe - So You Think You're Lost", body,
                       "Robin Marlowe - Ted, Wooden And Young", body));
    assert_true(joins("Robin Marlowe - Ted, Wooden And Young", body,
                      "Robin Marlowe: Ted, Wooden And Young", body));
}

static void the_same_notice_again(void **unused)
{
    static const char body[] = "Qtly div 22 cts vs 22 cts prior. Pay April 10. Record March 30.";
    (void)unused;
    assert_true(joins("PELLOW TRANSPORT CO <PELT> SETS QUARTERLY", body,
                      "PELLOW TRANSPORT CO <PELT> DECLARES QTLY DIV", body));
    assert_true(joins("PELLOW TRANSPORT CO <PELT> SETS QUARTERLY", body,
                      "PELLOW TRANSPORT CO <PELT> SETS QUARTERLY DIVIDEND",
                      "Qtly div 22 cts vs 22 cts prior. Payable April 10. Record March 30."));
}

/* One company's notice again, after another one's with the very same words. */
static void the_same_words_of_two_companies_again(void **unused)
{
    static const char body[] = "Qtly div 22 cts vs 22 cts prior. Pay April 10. Record March 30.";
    static const char *const headlines[] = {"STRANDLEY ENGINEERS INC <STRN> QTLY DIVIDEND",
                                            "PELLOW TRANSPORT CO <PELT> SETS QUARTERLY",
                                            "PELLOW TRANSPORT CO <PELT> DECLARES QTLY DIV"};
    struct desk desk = {.plan = desk_plan("")};
    struct wd_story *story = wd_story_create(1 << 20);
    (void)unused;
    assert_non_null(story);
    desk_open(&desk);
    for (int i = 0; i < 3; i++) {
        wd_story_reset(story);
        story->provider = wd_slice_from("agency");
        story->guid = wd_arena_printf(story->arena, "urn:%d", i);
        story->headline = wd_slice_from(headlines[i]);
        story->published = story->received = wd_time_from_ms(morning + MINUTES(40) * i);
        assert_int_equal(desk_add_lines(story, body), WD_OK);
        desk_take(&desk, story);
        assert_int_equal(story->dedup.joins, i == 2);
    }
    assert_true(wd_slice_is(story->dedup.matched, "urn:1"));
    wd_story_destroy(story);
    desk_close(&desk);
    wd_plan_release(desk.plan);
}

/* A law firm's appeal to the holders of one company's shares, and to those of another's. */
struct appeal {
    const char *company, *from, *to, *deadline, *complaint;
};

static const struct appeal kinvara = {
    "Kinvara", "November 12", "February 26", "July 9",
    "its trial of a heart medicine had failed in 41 of 120 patients"};
static const struct appeal solbrite = {
    "Solbrite", "August 4", "March 17", "June 30",
    "orders worth 86 million crowns had been called off by its largest customer"};

static void write_appeal(char *out, size_t size, const struct appeal *appeal)
{
    (void)snprintf(
        out, size,
        "The law firm of Gressing and Lowe reminds those who bought shares of %s between %s and %s "
        "that they may ask the court to be named lead plaintiff by %s. Whoever lost money in that "
        "time is encouraged to speak with the firm before the deadline. The complaint says that "
        "the board of %s kept from the public that %s, and that the price of the shares fell when "
        "the truth became known. A lead plaintiff acts for all other members of the class in "
        "directing the litigation. Nobody has to be one to share in what is recovered. The firm "
        "has spoken for holders of shares in many countries.",
        appeal->company, appeal->from, appeal->to, appeal->deadline, appeal->company,
        appeal->complaint);
}

static bool appeals_join(const char *headline, const struct appeal *appeal,
                         const char *later_headline, const struct appeal *later)
{
    char first[2048];
    char second[2048];
    write_appeal(first, sizeof(first), appeal);
    write_appeal(second, sizeof(second), later);
    return joins(headline, first, later_headline, second);
}

static void another_name_in_the_headline(void **unused)
{
    (void)unused;
    assert_false(appeals_join("Law firm reminds investors in Kinvara of the deadline", &kinvara,
                              "Law firm reminds investors in Solbrite of the deadline", &solbrite));
    /* Capitals everywhere: the text tells which are names. */
    assert_false(appeals_join("Law Firm Reminds Investors In Kinvara Of The Deadline", &kinvara,
                              "Law Firm Reminds Investors In Solbrite Of The Deadline", &solbrite));
}

/* One parish's notices: whom they are about is all that the headlines differ in. */
static void write_notice(char *out, size_t size, const char *who, const char *life,
                         const char *service)
{
    (void)snprintf(out, size,
                   "Peacefully, at the coast that was home. %s of this town. %s The service is at "
                   "%s. Family flowers only; gifts, if wished, to the lifeboat. Arrangements by "
                   "Pettifer and Daughter in Creek Road. Notices are taken until four on the day "
                   "before they are printed. The Herald comes out on Tuesdays and Fridays.",
                   who, life, service);
}

static void another_name_of_other_length_in_the_headline(void **unused)
{
    char orme[1024];
    char ludd[1024];
    char again[1024];
    (void)unused;
    write_notice(orme, sizeof(orme), "Ann Orme, aged 91, net maker",
                 "She could mend a seine in the dark and often had to.", "St Anne's on 14 March");
    write_notice(ludd, sizeof(ludd), "Colonel Harry Ludd, aged 88, soldier and beekeeper",
                 "He named his queens after the officers who had commanded him.",
                 "the crematorium on 12 March");
    write_notice(again, sizeof(again), "Ann Orme, aged 91, net maker of Rope Street",
                 "She could mend a seine in the dark and often had to.", "St Anne's on 15 March");
    assert_false(joins("Death notice: Ann Orme", orme, "Death notice: Colonel Harry Ludd", ludd));
    assert_false(joins("Death notice: Colonel Harry Ludd", ludd, "Death notice: Ann Orme", orme));
    /* A name that stands twice, or more often. */
    assert_false(
        joins("Death notice: Ann Orme", orme, "Death notice: Harry Ludd, Ludd, Ludd", ludd));
    /* Her own, sent again. */
    assert_true(joins("Death notice: Ann Orme", orme, "Death notice: Ann Orme of Rope St.", again));
}

/* A name that is new in the headline beside one that both have: a version. */
static void a_name_more_in_a_versions_headline(void **unused)
{
    static const char body[] =
        "Ozzie Lind, who sold trucks on television for forty years, died on Monday at his farm. He "
        "was 88. His daughter said that he had been ill since the spring. Mr. Lind came to the "
        "country as a cook and bought his first truck in 1961. The firm that he founded has 4,000 "
        "workers in nine towns. His slogan was known to every child.";
    static const char later[] =
        "Ozzie Lind, who told America to get out and look, died on Monday at his farm. He was 88. "
        "His daughter said that he had been ill since the spring. Mr. Lind came to the country as "
        "a cook and bought his first truck in 1961. The firm that he founded has 4,000 workers in "
        "nine towns. He spoke every line of his commercials himself, and never with a script.";
    (void)unused;
    assert_true(joins("Ozzie Lind, truck maker and pitchman, dies at 88", body,
                      "Ozzie Lind, who told America to get out and look, dies at 88", later));
}

static void the_same_name_under_another_headline(void **unused)
{
    struct appeal extended = kinvara;
    (void)unused;
    extended.deadline = "July 23";
    assert_true(appeals_join("Law firm reminds investors in Kinvara of the deadline", &kinvara,
                             "Law firm reminds holders of Kinvara shares of the deadline",
                             &extended));
    assert_true(appeals_join("Law firm reminds investors in Kinvara of the deadline", &kinvara,
                             "Law firm in Marleigh reminds investors in Kinvara of the deadline",
                             &extended));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dividends_of_two_companies),
        cmocka_unit_test(the_same_words_of_two_companies),
        cmocka_unit_test(two_songs_of_one_singer),
        cmocka_unit_test(the_same_notice_again),
        cmocka_unit_test(the_same_words_of_two_companies_again),
        cmocka_unit_test(another_name_in_the_headline),
        cmocka_unit_test(another_name_of_other_length_in_the_headline),
        cmocka_unit_test(a_name_more_in_a_versions_headline),
        cmocka_unit_test(the_same_name_under_another_headline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
