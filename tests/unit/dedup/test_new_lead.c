/* A version of which only the lead and the headline are new is no page around which the same furniture stands: it names
 * the same people and figures, and says what the headlines say. Copy is invented. */
#include "copy_desk.h"

#define HOUR_MS INT64_C(3600000)

static const char first_headline[] = "Harbour strike ends after talks through the night";
static const char second_headline[] = "Boats sail again on Friday as pay deal is signed";

#define BODY                                                                                       \
    "The 1,800 workers get 8.4 percent more in two steps, and 1,500 crowns at once. They had "     \
    "asked "                                                                                       \
    "for 12 percent. \"It is no feast, but nobody gets up hungry,\" Wiebke Harms of the seamen's " \
    "union said. Owners will raise fares by four percent at Easter, their speaker Joern Petersen " \
    "said. In the strike of eleven days the islands were supplied by 30 emergency trips. On "      \
    "Langeness the flour ran out, mayor Heiko Tamm said. Members vote on the deal by April 3."

static const char first_copy[] =
    "Owners and the union of the harbour boats agreed on Thursday night to end the strike. Both "
    "sides spoke of a compromise, which came after talks of 19 hours in a hotel at the lock. " BODY;
static const char second_copy[] =
    "After weeks of silence at the piers a first crew was seen to paint its hull yesterday. Ever "
    "more guests asked for rooms on the islands, as hotels on both of the larger ones "
    "report. " BODY;

/* What stands on each page of the site. */
#define OFFER                                                                                      \
    "Read on for 3 crowns a month, for 12 months, and 29 crowns from then on. The Alder Courier "  \
    "is printed in Port Alder by Milford Press since 1898. Write to Dana Whitlock, Tom Bryce or "  \
    "Ines Calloway, 40 Quay Street. Sign up for our letters Morning Tide and Evening Tide, sent "  \
    "at 7 and at 19. Terms of 2021 apply, and courts of Port Alder decide. All prices with 20 "    \
    "percent tax. No part of this page may be copied, sold or read out without leave."

static bool joins(const char *first, const char *second)
{
    const int64_t first_ms = INT64_C(1793178317000); /* 2026-10-28T09:05:17Z */
    const struct desk_copy a = {first_headline, first, first_ms};
    const struct desk_copy b = {second_headline, second, first_ms + 8 * HOUR_MS};
    return desk_joins(&a, &b);
}

static void the_lead_is_new(void **unused)
{
    (void)unused;
    assert_true(joins(first_copy, second_copy));
}

static void the_offer_is_the_same(void **unused)
{
    (void)unused;
    assert_false(joins(
        "The strike of the harbour crews ended in talks through the night. Both sides spoke of "
        "a compromise. It came after 19 hours, and nobody had slept but the mediator. " OFFER,
        "Boats sail on Friday, and the pay deal is signed at noon. Hotels on the islands report "
        "more guests than beds. In the port 200 waited from six in the morning on. " OFFER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lead_is_new),
        cmocka_unit_test(the_offer_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
