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

static bool joins(const char *second)
{
    const int64_t first_ms = INT64_C(1793178317000); /* 2026-10-28T09:05:17Z */
    const struct desk_copy a = {"Crews save wooden wheel in night of fire", first_copy, first_ms};
    const struct desk_copy b = {"Tea at the burnt house of Jory Pask", second,
                                first_ms + 8 * HOUR_MS};
    return desk_joins_between("courier", &a, "gazette", &b);
}

static void both_wrote_on(void **unused)
{
    (void)unused;
    assert_true(joins(TEA MILL HENS CAUSE LAMPS COST DUCKS));
}

/* The same sentences, but those of the first one after the other: an item among others. */
static void in_one_piece(void **unused)
{
    (void)unused;
    assert_false(joins(TEA HENS MILL CAUSE COST LAMPS DUCKS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_wrote_on),
        cmocka_unit_test(in_one_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
