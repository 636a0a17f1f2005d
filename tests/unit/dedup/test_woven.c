/* Two papers cut one agency's copy and write on: what they left of it stands apart. A roundup has it in one piece. Invented. */
#include "copy_desk.h"

#define HOUR_MS INT64_C(3600000)

/* What both left of it. */
#define MILL                                                                                       \
    "The mill on the Orrin had ground barley for the islands since 1871, and its wheel was the "   \
    "last of wood. "
#define CAUSE                                                                                      \
    "Fire officer Nell Tamsin said the flames came from a drying loft where two lamps had been "   \
    "left alight. "
#define COST                                                                                       \
    "Repairs would cost 340,000 crowns, the trust that owns it has reckoned, and take three "      \
    "summers. "

#define MONEY "Money has been asked of the county, whose council sits in May. "
#define BROTHERS                                                                                   \
    "Two brothers from Skell made the wheel, asked eleven crowns a month for it and slept in the " \
    "loft until it turned. "

/* What the second wrote around it. */
#define TEA                                                                                        \
    "A cup of tea is what Jory Pask offers those who come to see what is left. He was born above " \
    "the stones in 1939, and so was his father. He wears the hat that he wore that night. "
#define HENS                                                                                       \
    "Pask heard the bell at four and thought of his hens. The road was full of smoke, and of "     \
    "people in coats over night shirts. Somebody handed him a bucket without a bottom. "
#define LAMPS                                                                                      \
    "He does not believe it. Lamps were never lit up there, he says, not in his time. The loft "   \
    "was for owls and for boys who ought to be at school. "
#define DUCKS                                                                                      \
    "Until then the ducks have the race to themselves. Pask will keep the gate. He has found the " \
    "sign with the opening hours in a hedge."

static const char first_copy[] =
    "Firemen fought for nine hours on Tuesday to save the water mill at Orrin Bridge. The roof "
    "fell in before dawn. " MILL
    "Forty neighbours carried sacks across the weir in the dark. Two engines came from the "
    "mainland with the first boat. " CAUSE
    "Nobody was hurt but a cat, which is at home again. The bakery at Skell has flour for twelve "
    "days. " COST
    "Money has been asked of the county, whose council sits in May. A box stands in the post "
    "office at Tolland.";

/* The same, but what both left of it stands below. */
static const char background_copy[] =
    "Firemen fought for nine hours on Tuesday to save the water mill at Orrin Bridge. The roof "
    "fell in before dawn. Forty neighbours carried sacks across the weir in the dark. Two engines "
    "came from the mainland with the first boat. Nobody was hurt but a cat, which is at home "
    "again. The bakery at Skell has flour for twelve days. The brigade at Skell was called first "
    "and had no petrol. A lorry from the quarry brought forty drums of water, and a priest held "
    "the lamp. Children were sent to the school, where they slept on coats. By noon the bridge "
    "was open to carts again, and the post went over it an hour late. " MILL CAUSE COST MONEY
        BROTHERS "A box stands in the post office at Tolland.";

static bool joins_to(const char *first, const char *second)
{
    const int64_t first_ms = INT64_C(1793178317000); /* 2026-10-28T09:05:17Z */
    const struct desk_copy a = {"Crews save wooden wheel in night of fire", first, first_ms};
    const struct desk_copy b = {"Tea at the burnt house of Jory Pask", second,
                                first_ms + 8 * HOUR_MS};
    return desk_joins_between("courier", &a, "gazette", &b);
}

static bool joins(const char *second)
{
    return joins_to(first_copy, second);
}

static void both_wrote_on(void **unused)
{
    (void)unused;
    assert_true(joins(TEA MILL HENS CAUSE LAMPS COST DUCKS));
}

/* Another story, above the same background. */
static void one_background_below_both(void **unused)
{
    (void)unused;
    assert_false(joins_to(background_copy, HENS COST MILL TEA CAUSE LAMPS));
}

/* Four whole sentences of it come first, one after the other: nobody writes so many words a second time. */
static void leads_with_what_it_took(void **unused)
{
    (void)unused;
    assert_true(joins_to(background_copy, COST CAUSE BROTHERS MONEY DUCKS TEA HENS));
}

/* The same sentences, but those of the first one after the other: an item among others. */
static void in_one_piece(void **unused)
{
    (void)unused;
    assert_false(joins(TEA HENS MILL CAUSE COST LAMPS DUCKS));
}

/* The same again, but as posts of a live page: it quotes the story. */
#define POSTS(first, second, third)                                                                \
    first TEA "\n" MILL "\n" second HENS "\n" CAUSE "\n" third LAMPS "\n" COST "\n" DUCKS

static void a_live_page_quotes(void **unused)
{
    (void)unused;
    assert_true(joins(POSTS("", "", "")));
    assert_true(joins(POSTS("19:05 ", "", "")));
    assert_false(joins(POSTS("19:05 ", "18:40 ", "18:35 ")));
    assert_false(joins(POSTS("Live\n7.05 p.m.\n", "6.40 p.m.\n", "6.35 p.m.\n")));
}

/* A live page goes on: its first version has one post. */
static void a_live_page_goes_on(void **unused)
{
    const int64_t first_ms = INT64_C(1793178317000); /* 2026-10-28T09:05:17Z */
    const char *const versions[] = {"All times are local.\n9:02 a.m. " MILL CAUSE,
                                    "All times are local.\n1:15 p.m. " LAMPS "\n11:20 a.m. " HENS
                                    "\n9:02 a.m. " MILL CAUSE};
    (void)unused;
    for (int earlier = 0; earlier < 2; earlier++) {
        const struct desk_copy a = {"The Latest: Fire at wooden mill", versions[earlier], first_ms};
        const struct desk_copy b = {"The Latest: Mill keeper looks for hens", versions[1 - earlier],
                                    first_ms + HOUR_MS};
        assert_true(desk_joins(&a, &b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_wrote_on),           cmocka_unit_test(one_background_below_both),
        cmocka_unit_test(leads_with_what_it_took), cmocka_unit_test(in_one_piece),
        cmocka_unit_test(a_live_page_quotes),      cmocka_unit_test(a_live_page_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
