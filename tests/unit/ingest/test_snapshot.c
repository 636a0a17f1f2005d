/* Snapshots: the same state back, and no damaged, foreign, old or newer file taken for one. */
#include "test.h"

#include "snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[64];
static const char *changelog_id = "A"; /* of the topic that is there */

static struct wd_state *make_state(struct wd_table **table)
{
    struct wd_state *state = wd_state_create();
    struct wd_table_spec spec = {.name = "a.b",
                                 .entries_max = 1000,
                                 .ttl_ms = 1000000,
                                 .key_len_max = 64,
                                 .value_len_max = 64};
    struct wd_table *made = NULL;
    assert_int_equal(wd_state_add_table(state, &spec, &made, NULL), WD_OK);
    if (table)
        *table = made;
    return state;
}

static void write_file(const void *bytes, size_t len)
{
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_snapshot_write(path, wd_slice_make(bytes, len), &error), WD_OK);
}

static enum wd_status read_file(const char *identity, int64_t now_ms, struct wd_state *state,
                                int64_t *offset)
{
    struct wd_error error;
    wd_error_init(&error);
    struct wd_snapshot_place place = {path, identity, changelog_id, now_ms};
    enum wd_status status = wd_snapshot_read(&place, state, offset, &error);
    assert_true(status == WD_OK || status == WD_NOT_FOUND || error.text[0] != '\0');
    return status;
}

static struct wd_buffer take(const char *id)
{
    struct wd_table *table = NULL;
    struct wd_state *state = make_state(&table);
    wd_state_advance(state, 5000);
    for (int i = 0; i < 50; i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "key-%02d", i);
        assert_int_equal(wd_table_put(table, wd_slice_from(key), WD_SLICE("value")), WD_OK);
    }
    wd_state_commit(state);
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    struct wd_snapshot_head head = {"us", id, 4711, 1000000};
    assert_int_equal(wd_snapshot_take(state, &head, &bytes), WD_OK);
    wd_state_destroy(state);
    return bytes;
}

/* Of another topic with the same name: only taken where it does not matter which one it is. */
static void another_topic(void **unused)
{
    (void)unused;
    static const struct {
        const char *written, *there;
        enum wd_status wanted;
    } cases[] = {{"A", "A", WD_OK},       {"A", "B", WD_FOREIGN}, {"A", "", WD_FOREIGN},
                 {"", "A", WD_FOREIGN},   {"", "", WD_OK},        {"A", NULL, WD_OK},
                 {"AB", "A", WD_FOREIGN}, {"", NULL, WD_OK}};
    struct wd_table *table = NULL;
    struct wd_state *state = make_state(&table);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_buffer bytes = take(cases[i].written);
        write_file(bytes.data, bytes.len);
        int64_t offset = 0;
        changelog_id = cases[i].there;
        assert_int_equal(read_file("us", 1000001, state, &offset), cases[i].wanted);
        assert_int_equal(wd_table_count(table), cases[i].wanted == WD_OK ? 50 : 0);
        assert_int_equal(read_file("u", 1000001, state, &offset), WD_FOREIGN);
        wd_state_clear(state);
        wd_buffer_finish(&bytes);
    }
    changelog_id = "A";
    (void)unlink(path);
    wd_state_destroy(state);
}

static void there_and_back(void **unused)
{
    (void)unused;
    struct wd_buffer bytes = take("A");
    write_file(bytes.data, bytes.len);
    struct wd_table *table = NULL;
    struct wd_state *state = make_state(&table);
    int64_t offset = 0;
    struct wd_slice value;
    int64_t event_ms = 0;
    assert_int_equal(read_file("us", 1000001, state, &offset), WD_OK);
    assert_int_equal(offset, 4711);
    assert_int_equal(wd_table_count(table), 50);
    assert_int_equal(wd_state_event_ms(state), 5000);
    assert_int_equal(wd_table_get(table, WD_SLICE("key-49"), &value, &event_ms), WD_OK);
    assert_slice_equal(value, "value");
    assert_int_equal(event_ms, 5000);
    wd_state_clear(state);
    assert_int_equal(read_file("them", 1000001, state, &offset), WD_FOREIGN);
    assert_int_equal(wd_table_count(table), 0);
    assert_int_equal(read_file("us", 1000000 + (int64_t)WD_SNAPSHOT_AGE_MAX_MS + 1, state, &offset),
                     WD_OUT_OF_RANGE);
    assert_int_equal(wd_table_count(table), 0);
    (void)unlink(path);
    assert_int_equal(read_file("us", 1000001, state, &offset), WD_NOT_FOUND);
    wd_state_destroy(state);
    wd_buffer_finish(&bytes);
}

static void damaged(void **unused)
{
    (void)unused;
    struct wd_buffer bytes = take("A");
    struct wd_table *table = NULL;
    struct wd_state *state = make_state(&table);
    int64_t offset = 0;
    for (size_t i = 0; i < bytes.len; i++) { /* every byte, one after the other */
        bytes.data[i] ^= 0x20;
        write_file(bytes.data, bytes.len);
        enum wd_status status = read_file("us", 1000001, state, &offset);
        assert_true(status == WD_CHECKSUM || status == WD_FOREIGN || status == WD_VERSION);
        assert_int_equal(wd_table_count(table), 0);
        bytes.data[i] ^= 0x20;
    }
    for (size_t len = 0; len < bytes.len; len += 7) { /* cut short */
        write_file(bytes.data, len);
        assert_int_not_equal(read_file("us", 1000001, state, &offset), WD_OK);
        assert_int_equal(wd_table_count(table), 0);
    }
    (void)unlink(path);
    wd_state_destroy(state);
    wd_buffer_finish(&bytes);
}

static void no_place(void **unused)
{
    (void)unused;
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_snapshot_write("/proc/no/such/place", WD_SLICE("x"), &error), WD_IO);
    assert_non_null(strstr(error.text, "/proc/no/such/place"));
}

int main(void)
{
    (void)snprintf(path, sizeof(path), "/tmp/wd-test-snapshot-%d", (int)getpid());
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back),
                                       cmocka_unit_test(another_topic), cmocka_unit_test(damaged),
                                       cmocka_unit_test(no_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
