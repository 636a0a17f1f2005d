/* Which clauses take an order back, and which only speak of one. All texts are invented. */
#include "test.h"

#include "lifted_orders.h"
#include "wire_words.h"

static void clauses(void **state)
{
    static const struct {
        const char *text;
        uint32_t set;
    } cases[] = {
        {"Disregard the kill of XX--Ferry Fire sent at 1230 GMT.", WD_WIRE_STANDS},
        {"Please ignore the mandatory kill of XX--Ferry Fire.", WD_WIRE_STANDS},
        {"The kill of XX--Ferry Fire, which moved at 1230 GMT, is lifted.", WD_WIRE_STANDS},
        {"Kill rescinded.", WD_WIRE_STANDS},
        {"The kill was sent in error; the story stands.", WD_WIRE_STANDS},
        {"We are withdrawing the kill of XX--Ferry Fire.", WD_WIRE_STANDS},
        {"The kill should be disregarded.", WD_WIRE_STANDS},
        {"The story slugged XX--Ferry Fire is reinstated.", WD_WIRE_STANDS},
        {"The withhold on XX--Ferry Fire has been lifted.", WD_WIRE_RELEASE},
        {"Hold lifted.", WD_WIRE_RELEASE},
        {"The embargo is lifted.", WD_WIRE_RELEASE},
        {"Die Zur\u00FCckziehung der Meldung ist gegenstandslos.", WD_WIRE_STANDS},
        {"L'annulation de la d\u00E9p\u00EAche est sans effet.", WD_WIRE_STANDS},
        {"La anulaci\u00F3n de la noticia queda sin efecto.", WD_WIRE_STANDS},
        {"A anula\u00E7\u00E3o da not\u00EDcia fica sem efeito.", WD_WIRE_STANDS},
        {"Si prega di non tener conto dell'annullamento.", WD_WIRE_STANDS},
        /* Orders, and what is not yet, or not for certain. */
        {"Kill the story slugged XX--Ferry Fire, which was sent in error.", 0},
        {"A kill is mandatory for XX--Ferry Fire, which has been withdrawn.", 0},
        {"The kill of the story sent in error is mandatory.", 0},
        {"Disregard the story slugged XX--Ferry Fire.", 0},
        {"Do not disregard the kill of XX--Ferry Fire.", 0},
        {"The kill is not lifted.", 0},
        {"The hold will be lifted at noon.", 0},
        {"Hold the story until the embargo is lifted.", 0},
        {"Withhold XX--Ferry Fire.", 0},
        {"Anulaci\u00F3n de la noticia, que queda sin efecto.", 0},
        {"Anulaci\u00F3n: la noticia queda sin efecto.", 0},
        {"Die Meldung wird zur\u00FCckgezogen.", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_lifted_orders lifted;
        wd_lifted_orders_find(wd_slice_from(cases[i].text), &lifted);
        if (lifted.set != cases[i].set)
            print_message("%s: %x\n", cases[i].text, lifted.set);
        assert_int_equal(lifted.set, cases[i].set);
    }
}

/* Only the clause that takes an order back is passed over. */
static void an_order_beside(void **state)
{
    (void)state;
    struct wd_slice text =
        WD_SLICE("Disregard the kill of XX--Ferry Fire. Kill the story slugged XX--Storm.");
    struct wd_lifted_orders lifted;
    wd_lifted_orders_find(text, &lifted);
    assert_int_equal(lifted.count, 1);
    assert_true(wd_lifted_orders_cover(&lifted, 0));
    assert_false(wd_lifted_orders_cover(&lifted, 38));
    struct wd_wire_words words = {0, 0};
    wd_wire_words_scan_note(text, &words);
    assert_true(words.set & WD_WIRE_KILL);
}

static void words_of_keylines(void **state)
{
    (void)state;
    struct wd_wire_words words;
    assert_true(wd_wire_words_parse(WD_SLICE("Kill Rescinded"), &words));
    assert_int_equal(words.set, WD_WIRE_STANDS | WD_WIRE_ADVISORY);
    assert_true(wd_wire_words_parse(WD_SLICE("Disregard Kill"), &words));
    assert_int_equal(words.set, WD_WIRE_STANDS | WD_WIRE_ADVISORY);
    assert_true(wd_wire_words_parse(WD_SLICE("HOLD LIFTED"), &words));
    assert_int_equal(words.set, WD_WIRE_RELEASE);
    assert_false(wd_wire_words_parse(WD_SLICE("Lifted"), &words));
    assert_true(wd_wire_words_lifted(WD_SLICE("KILL RESCINDED-Bridge shut")) & WD_WIRE_STANDS);
    assert_int_equal(wd_wire_words_lifted(WD_SLICE("Kill order on wolves lifted")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses),
        cmocka_unit_test(an_order_beside),
        cmocka_unit_test(words_of_keylines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
