#include "media_topics.h"
#include "test.h"

static struct wd_concept complete(const char *uri, const char *literal, const char *scheme,
                                  const char *code, struct wd_arena *arena)
{
    struct wd_concept subject = {.uri = wd_slice_from(uri),
                                 .literal = wd_slice_from(literal),
                                 .scheme = wd_slice_from(scheme),
                                 .code = wd_slice_from(code)};
    assert_int_equal(wd_topic_complete(&subject, arena), WD_OK);
    return subject;
}

static void test_codes(void **state)
{
    (void)state;
    const struct wd_topic *topic = wd_topic_by_code(20000003);
    assert_string_equal(topic->name, "animation");
    assert_int_equal(topic->parent, 20000002);
    assert_int_equal(topic->wikidata, 11425);
    assert_false(topic->retired);
    assert_null(wd_topic_by_code(0));
    assert_null(wd_topic_by_code(99999999));
    assert_ptr_equal(wd_topic_by_subject_code(1025000), topic);
    assert_null(wd_topic_by_subject_code(1025001));
}

/* Every parent is there, and nothing is its own ancestor. */
static void test_tree(void **state)
{
    (void)state;
    size_t count = 0;
    for (uint32_t code = 1000000; code < 20010000; code++) {
        const struct wd_topic *topic = wd_topic_by_code(code);
        int level = 0;
        count += topic != NULL;
        while (topic && topic->parent) {
            topic = wd_topic_by_code(topic->parent);
            assert_non_null(topic);
            assert_true(++level < 8);
        }
    }
    assert_int_equal(count, 1286);
}

static void test_complete(void **state)
{
    (void)state;
    struct wd_arena *arena = wd_arena_create(1 << 20);
    struct wd_concept subject = complete("", "medtop:20000003", "", "", arena);
    assert_slice_equal(subject.scheme, "medtop");
    assert_slice_equal(subject.code, "20000003");
    assert_slice_equal(subject.name, "animation");
    assert_slice_equal(subject.uri, "http://cv.iptc.org/newscodes/mediatopic/20000003");
    assert_slice_equal(subject.literal, "medtop:20000003");
    subject = complete("http://cv.iptc.org/newscodes/subjectcode/01025000", "", "", "", arena);
    assert_slice_equal(subject.scheme, "subj");
    assert_slice_equal(subject.name, "animation");
    assert_slice_equal(subject.uri, "http://cv.iptc.org/newscodes/subjectcode/01025000");
    subject = complete("", "", "http://cv.iptc.org/newscodes/mediatopic/", "20000003", arena);
    assert_slice_equal(subject.scheme, "medtop");
    assert_int_equal(subject.topic->code, 20000003);
    /* Codes that the table lacks, and other people's, stay as they are. */
    subject = complete("", "medtop:20009999", "", "", arena);
    assert_slice_equal(subject.code, "20009999");
    assert_null(subject.topic);
    assert_slice_equal(subject.name, "");
    subject = complete("", "x:20000003", "", "", arena);
    assert_slice_equal(subject.code, "");
    subject = complete("", "", "housecodes", "20000003", arena);
    assert_slice_equal(subject.scheme, "housecodes");
    assert_null(subject.topic);
    wd_arena_destroy(arena);
}

/* Providers write the scheme into the code, too; a code of somebody else's stays as it came. */
static void test_scheme_in_code(void **state)
{
    (void)state;
    struct wd_arena *arena = wd_arena_create(1 << 20);
    struct wd_concept subject = complete(NULL, "medtop:20000210", NULL, "medtop:20000210", arena);
    assert_slice_equal(subject.scheme, "medtop");
    assert_slice_equal(subject.code, "20000210");
    assert_slice_equal(subject.name, "agriculture");
    subject = complete(NULL, "house:20000210", NULL, "house:20000210", arena);
    assert_slice_equal(subject.code, "house:20000210");
    assert_int_equal(subject.name.len, 0);
    wd_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_scheme_in_code),
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
