/* Which addresses are one page. */
#include "test.h"

#include "address.h"

static void check(const char *address, const char *page)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_address_append_page(&out, wd_slice_from(address));
    assert_true(wd_buffer_ok(&out));
    struct wd_slice made = wd_buffer_slice(&out);
    if (!wd_slice_is(made, page))
        print_message("%s: %.*s\n", address, WD_SLICE_ARG(made));
    assert_true(wd_slice_is(made, page));
    wd_buffer_finish(&out);
}

static void one_page(void **state)
{
    (void)state;
    check("https://herald.example/sea/four-die", "herald.example/sea/four-die");
    check("http://www.Herald.example:80/sea/four-die/", "herald.example/sea/four-die");
    check("https://m.herald.example/sea/four-die", "herald.example/sea/four-die");
    check("https://amp.herald.example/sea/four-die", "herald.example/sea/four-die");
    check("https://herald.example/sea/four-die/amp/", "herald.example/sea/four-die");
    check("https://herald.example/sea/four-die?utm_source=rss&fbclid=x",
          "herald.example/sea/four-die");
    check("https://herald.example/sea/four-die#xtor=RSS-1", "herald.example/sea/four-die");
    check("https://herald.example/sea/four-die?amp", "herald.example/sea/four-die");
    check("https://herald.example/", "herald.example");
}

static void other_pages(void **state)
{
    (void)state;
    check("https://herald.example/a?id=7&utm_medium=x&page=2", "herald.example/a?id=7&page=2");
    check("https://herald.example/a?utm_medium=x&id=7", "herald.example/a?id=7");
    check("https://herald.example/live#post-12", "herald.example/live#post-12");
    check("https://sport.herald.example/a", "sport.herald.example/a");
    check("https://herald.example/A", "herald.example/A");
    check("https://m.example", "m.example");
    check("https://herald.example/champ", "herald.example/champ");
    check("urn:newsml:example:7", "urn:newsml:example:7");
    check("", "");
    check("https://", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_page),
        cmocka_unit_test(other_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
