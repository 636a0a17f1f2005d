/* The IPTC's own test suite, guideline examples and examples of ninjs, as /work/shared/data holds them beside the project:
 * what their schemas accept is decoded without a flag that means a fault, what they reject is refused or flagged.
 * Without the data the test says so and counts as skipped. Exceptions have reasons. */
#include "test.h"

#include "decoder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static bool data_absent;
/* Beside the project, or beside the folder of its worktrees. */
static const char *const folders[] = {WD_SOURCE_DIR "/../shared/data/formats/iptc-newsinjson/",
                                      WD_SOURCE_DIR "/../../shared/data/formats/iptc-newsinjson/"};

enum {
    FAULTS = WD_FLAG_UNKNOWN_KEYS | WD_FLAG_WRONG_TYPES | WD_FLAG_TIME_INVALID,
    PATH_SIZE = 768,
    FILE_BYTES_MAX = 1 << 20
};

enum wish { CLEAN, FAULTY, DECODES };

static const struct {
    const char *file, *reason;
} exceptions[] = {
    {"1.0/should_pass/016_versioncreated_bad_datetime",
     "the schema does not hold a date to its form"},
    {"1.0/should_pass/019_embargoed_bad_datetime", "the schema does not hold a date to its form"},
    {"1.2/should_pass/005_firstcreated_bad_datetime",
     "the schema does not hold a date to its form"},
    {"1.3/should_pass/008_regex_bug", "names that a fault in the schemas' patterns lets through"},
    {"1.0/should_fail/007_pubstatus_cancelled", "the British spelling means canceled"},
    {"1.0/should_fail/014_type_component", "known since 1.2"},
    {"1.1/should_fail/001_type_component", "known since 1.2"},
    {"1.0/should_fail/016_infosource", "known since 1.2"},
    {"1.1/should_fail/002_infosource", "known since 1.2"},
    {NULL, NULL},
};

struct counts {
    size_t clean, refused, flagged, decoded, excepted, failed;
};

static const char *exception_of(const char *path)
{
    for (size_t i = 0; exceptions[i].file; i++) {
        if (strstr(path, exceptions[i].file))
            return exceptions[i].reason;
    }
    return NULL;
}

static void count_file(const char *path, enum wish wish, enum wd_status status, uint32_t flags,
                       struct counts *counts)
{
    bool refused = status != WD_OK;
    bool faulty = refused || (flags & FAULTS);
    bool as_wished = wish == DECODES ? !refused : faulty == (wish == FAULTY);
    if (!as_wished && exception_of(path)) {
        counts->excepted++;
    } else if (!as_wished) {
        counts->failed++;
        print_message("%s: %s, flags %x\n", path, wd_status_name(status), flags & FAULTS);
    } else if (wish == DECODES) {
        counts->decoded++;
    } else {
        *(refused ? &counts->refused : faulty ? &counts->flagged : &counts->clean) += 1;
    }
}

static void check_file(const char *path, enum wish wish, struct counts *counts)
{
    static char bytes[FILE_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    char name[] = "test";
    struct wd_provider provider = {.name = name};
    struct wd_story_batch batch;
    struct wd_error error;
    wd_story_batch_init(&batch, (size_t)1 << 28);
    wd_error_init(&error);
    struct wd_decode_input input = {.raw = wd_slice_make(bytes, len), .provider = &provider};
    enum wd_status status = wd_decode_message(wd_decoder_find("ninjs"), &input, &batch, &error);
    /* A refusal says what and is no shortage of ours. */
    assert_true(status == WD_OK || (error.text[0] && status != WD_NO_MEMORY));
    uint32_t flags = status == WD_OK ? batch.stories[0]->flags : 0;
    count_file(path, wish, status, flags, counts);
    wd_story_batch_finish(&batch);
}

static void check_folder(const char *folder, enum wish wish, struct counts *counts)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        size_t len = strlen(names[i]->d_name);
        (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
        if (len > 5 && strcmp(names[i]->d_name + len - 5, ".json") == 0)
            check_file(path, wish, counts);
        free(names[i]);
    }
    free(names);
}

static void suite(void **state)
{
    static const char *const versions[] = {"1.0", "1.1",     "1.2", "1.3", "1.4", "1.5",     "1.6",
                                           "2.0", "1.x_dev", "2.1", "2.2", "3.0", "2.x_dev", "3.1"};
    (void)state;
    struct counts counts = {0};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < sizeof(versions) / sizeof(versions[0]); j++) {
            char path[PATH_SIZE];
            (void)snprintf(path, sizeof(path), "%stest_suite/%s/should_pass", folders[i],
                           versions[j]);
            check_folder(path, CLEAN, &counts);
            (void)snprintf(path, sizeof(path), "%stest_suite/%s/should_fail", folders[i],
                           versions[j]);
            check_folder(path, FAULTY, &counts);
        }
        if (counts.clean > 0)
            break;
    }
    if (counts.clean + counts.failed == 0) {
        print_message("skip: %s is not here\n", folders[0]);
        data_absent = true;
        return;
    }
    print_message("%zu clean, %zu refused, %zu flagged, %zu excepted with a reason, %zu failed\n",
                  counts.clean, counts.refused, counts.flagged, counts.excepted, counts.failed);
    assert_int_equal(counts.failed, 0);
    /* 158 that should pass and 70 that should fail. */
    assert_int_equal(counts.clean + counts.refused + counts.flagged + counts.excepted, 228);
}

static void examples(void **state)
{
    static const char *const names[] = {"examples/1.4",           "examples/2.1",
                                        "examples/3.0",           "guideline-examples/1.6",
                                        "guideline-examples/2.2", "guideline-examples/3.1"};
    (void)state;
    struct counts counts = {0};
    for (size_t i = 0; i < 2 && counts.decoded == 0; i++) {
        for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
            char path[PATH_SIZE];
            (void)snprintf(path, sizeof(path), "%s%s", folders[i], names[j]);
            check_folder(path, DECODES, &counts);
        }
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof(path), "%sguideline-examples/not-valid", folders[i]);
        check_folder(path, FAULTY, &counts);
    }
    if (counts.decoded + counts.failed == 0) {
        print_message("skip: %s is not here\n", folders[0]);
        data_absent = true;
        return;
    }
    print_message("%zu decoded, %zu flagged, %zu excepted with a reason, %zu failed\n",
                  counts.decoded, counts.flagged, counts.excepted, counts.failed);
    assert_int_equal(counts.failed, 0);
    assert_int_equal(counts.decoded + counts.excepted, 54);
    assert_int_equal(counts.flagged, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(suite), cmocka_unit_test(examples)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed == 0 && data_absent ? 77 : failed; /* ctest: skipped */
}
