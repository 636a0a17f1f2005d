/* Two stories of one desk with the same long background below are no versions of each other. Copy is invented. */
#include "copy_desk.h"

#define HOUR_MS INT64_C(3600000)

/* What the desk puts under all that it writes about the matter; it has words of both headlines. */
#define BACKGROUND                                                                                 \
    "As we reported, the Free Farmers left the coalition after the vote on the land law. "         \
    "Parliament had passed law 2178 in first reading by 240 votes on 13 November. Reporters "      \
    "asked people in Carrow what they think of a market in land. The Union welcomed the reform "   \
    "that Prime Minister Ilja Goran and Minister Oksa Markar had planned. Protesters closed the "  \
    "road from Carrow to Wend in two places. The president recorded a message about the reform "   \
    "and asked for patience. Police stood in the centre of the capital during the rallies "        \
    "against the market. The text of the bill was put on the ministry's pages a week ago. Two "    \
    "programmes are to help farmers who want to buy fields. A line that costs nothing answers "    \
    "questions of growers. Money from sales will go to the communes and not to the state. "

static const char first_headline[] = "Osk: land bill will be changed before second reading";
static const char first_copy[] =
    "The president's man for land, Roman Osk, said that the bill which was passed in first reading "
    "would be thoroughly changed before the second, and told viewers how. That was said in the "
    "programme Right to Power on Channel One. Three basic questions would be settled, above all "
    "who may own a field. The limit of 213 thousand hectares in one hand would be lowered, too. "
    "An act on the people's power comes within weeks. It makes polls possible in a town as in the "
    "country. A referendum shows people that they are heard, Osk said. " BACKGROUND;

static const char second_headline[] = "Speaker: no foreigners without the people's vote";
static const char second_copy[] =
    "Buyers from abroad have to wait until voters were asked, and nobody should fear that they are "
    "passed over, speaker Dana Razum told viewers late last night in the capital. That was said in "
    "the programme Right to Power on Channel One. It is impossible to hold a poll so soon, since "
    "nothing about it is in force. She called reports of the contrary a fairy tale. There would be "
    "a time of transition first. Then society decides whether anybody from outside may come in. "
    "Until then nothing is sold to them, Razum promised. " BACKGROUND;

static bool joins(const char *headline, const char *body)
{
    const int64_t first_ms = INT64_C(1793178317000); /* 2026-10-28T09:05:17Z */
    const struct desk_copy a = {first_headline, first_copy, first_ms};
    const struct desk_copy b = {headline, body, first_ms + HOUR_MS};
    return desk_joins(&a, &b);
}

static void two_stories_above_one_background(void **unused)
{
    (void)unused;
    assert_false(joins(second_headline, second_copy));
}

/* A later version has the beginning of the one before somewhere, or its headline. */
static void a_new_lead_above_the_story(void **unused)
{
    char body[4096];
    (void)unused;
    (void)snprintf(body, sizeof(body), "Growers blocked the ministry's doors on Friday. %s",
                   first_copy);
    assert_true(joins("Doors of ministry blocked", body));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_stories_above_one_background),
        cmocka_unit_test(a_new_lead_above_the_story),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
