/* What a story without an id goes by. */
#include "test.h"

#include "story_uri.h"

static const struct wd_story page = {
    .provider = WD_SLICE("courier"),
    .headline = WD_SLICE("Bridge closed"),
    .published = {.ms = 1709294400000, .flags = WD_TIME_KNOWN},
    .updated = {.ms = 1709298000000, .flags = WD_TIME_KNOWN},
    .provenance = {.digest = {{1}}},
};

static void expect(const struct wd_story *story, const char *begin, bool as_the_page)
{
    struct wd_buffer one;
    struct wd_buffer other;
    wd_buffer_init(&one);
    wd_buffer_init(&other);
    wd_story_uri(&page, &one);
    wd_story_uri(story, &other);
    assert_true(wd_slice_starts(wd_buffer_slice(&other), wd_slice_from(begin)));
    assert_true(wd_uri_is(wd_buffer_slice(&other)));
    assert_int_equal(wd_slice_equal(wd_buffer_slice(&one), wd_buffer_slice(&other)), as_the_page);
    wd_buffer_finish(&one);
    wd_buffer_finish(&other);
}

static void versions_of_a_page_share_one(void **state)
{
    (void)state;
    struct wd_story later = page;
    later.updated.ms += 3600000;
    later.provenance.digest.bytes[0] = 2;
    later.headline = WD_SLICE("BRIDGE  CLOSED");
    expect(&later, "urn:wiredesk:page:", true);
}

static void other_pages_have_another(void **state)
{
    (void)state;
    struct wd_story other = page;
    other.headline = WD_SLICE("Bridge open");
    expect(&other, "urn:wiredesk:page:", false);
    other = page;
    other.published.ms += 60000;
    expect(&other, "urn:wiredesk:page:", false);
    other = page;
    other.provider = WD_SLICE("post");
    expect(&other, "urn:wiredesk:page:", false);
}

static void what_names_no_page(void **state)
{
    (void)state;
    struct wd_story other = page;
    other.published = WD_TIME_NONE;
    expect(&other, "urn:wiredesk:digest:", false);
    other = page;
    other.headline = WD_SLICE("* * *");
    expect(&other, "urn:wiredesk:digest:", false);
    other = page;
    other.url = WD_SLICE("http://courier.example/1");
    expect(&other, "urn:wiredesk:digest:", false);
    other = page;
    other.transmission = WD_SLICE("W0001");
    expect(&other, "urn:wiredesk:transmission:courier:W0001", false);
    other = page;
    other.guid = WD_SLICE("no uri");
    expect(&other, "urn:wiredesk:guid:courier:no%20uri", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_of_a_page_share_one),
        cmocka_unit_test(other_pages_have_another),
        cmocka_unit_test(what_names_no_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
