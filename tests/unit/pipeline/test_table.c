/* The state tables against a model that is too simple to be wrong. */
#include "test.h"

#include "table.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEYS = 40, STEPS = 20000, TTL_MS = 50, ENTRIES_MAX = 12 };

/* Records in the order of puts. */
struct model {
    struct {
        int key, value;
        int64_t event_ms;
    } items[KEYS];
    int count;
    int64_t event_ms;
};

static void model_remove(struct model *model, int at)
{
    memmove(&model->items[at], &model->items[at + 1],
            sizeof(model->items[0]) * (size_t)(model->count - at - 1));
    model->count--;
}

static int model_find(const struct model *model, int key)
{
    for (int i = 0; i < model->count; i++) {
        if (model->items[i].key == key)
            return i;
    }
    return -1;
}

static void model_put(struct model *model, int key, int value)
{
    int at = model_find(model, key);
    if (at >= 0)
        model_remove(model, at);
    model->items[model->count].key = key;
    model->items[model->count].value = value;
    model->items[model->count++].event_ms = model->event_ms;
    if (model->count > ENTRIES_MAX)
        model_remove(model, 0);
}

static void model_advance(struct model *model, int64_t event_ms)
{
    if (event_ms > model->event_ms)
        model->event_ms = event_ms;
    while (model->count > 0 && model->items[0].event_ms < model->event_ms - TTL_MS)
        model_remove(model, 0);
}

/* Compares every record and the order, by what the snapshot would hold. */
struct comparison {
    const struct model *model;
    int at;
};

static enum wd_status compare(void *context, struct wd_slice key, struct wd_slice value)
{
    struct comparison *comparison = context;
    const struct model *model = comparison->model;
    if (comparison->at == model->count) {
        assert_int_equal(key.data[1], 0); /* the event time comes last */
        return WD_OK;
    }
    char wanted[16];
    int len = snprintf(wanted, sizeof(wanted), "k%d", model->items[comparison->at].key);
    assert_int_equal(key.len, 2 + 7 + (size_t)len);
    assert_memory_equal(key.data + 9, wanted, (size_t)len);
    len = snprintf(wanted, sizeof(wanted), "%d", model->items[comparison->at].value);
    assert_int_equal(value.len, 9 + (size_t)len);
    assert_memory_equal(value.data + 9, wanted, (size_t)len);
    assert_int_equal((unsigned char)value.data[1], model->items[comparison->at].event_ms & 0xFF);
    comparison->at++;
    return WD_OK;
}

static void check(struct wd_state *state, const struct model *model)
{
    struct comparison comparison = {model, 0};
    assert_int_equal(wd_state_each(state, compare, &comparison), WD_OK);
    assert_int_equal(comparison.at, model->count);
    assert_int_equal(wd_state_count(state), (uint64_t)model->count);
}

/* What seal writes, applied to another state, gives the same state. */
static enum wd_status apply(void *context, struct wd_slice key, struct wd_slice value)
{
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_state_apply(context, key, value, &error), WD_OK);
    return WD_OK;
}

static struct wd_state *make_state(struct wd_table **table)
{
    struct wd_state *state = wd_state_create();
    struct wd_table_spec spec = {.name = "one.tab",
                                 .entries_max = ENTRIES_MAX,
                                 .ttl_ms = TTL_MS,
                                 .key_len_max = 8,
                                 .value_len_max = 16};
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_state_add_table(state, &spec, table, &error), WD_OK);
    return state;
}

static void random_step(struct wd_table *table, struct wd_state *state, struct model *model)
{
    char key[16];
    char value[16];
    int number = rand() % KEYS;
    int content = rand() % 1000;
    (void)snprintf(key, sizeof(key), "k%d", number);
    (void)snprintf(value, sizeof(value), "%d", content);
    int roll = rand() % 10;
    if (roll < 6) {
        assert_int_equal(wd_table_put(table, wd_slice_from(key), wd_slice_from(value)), WD_OK);
        model_put(model, number, content);
    } else if (roll < 8) {
        int at = model_find(model, number);
        assert_int_equal(wd_table_delete(table, wd_slice_from(key)), at < 0 ? WD_NOT_FOUND : WD_OK);
        if (at >= 0)
            model_remove(model, at);
    } else {
        int64_t event_ms = model->event_ms + rand() % 9;
        wd_state_advance(state, event_ms);
        model_advance(model, event_ms);
    }
    struct wd_slice found;
    int at = model_find(model, number);
    assert_int_equal(wd_table_get(table, wd_slice_from(key), &found, NULL),
                     at < 0 ? WD_NOT_FOUND : WD_OK);
}

static void like_the_model(void **unused)
{
    struct wd_table *table = NULL;
    struct wd_table *mirror_table = NULL;
    struct wd_state *state = make_state(&table);
    struct wd_state *mirror = make_state(&mirror_table); /* lives on the changelog alone */
    struct model model = {.count = 0};
    struct model committed = model;
    struct model marked = model;
    struct wd_state_mark mark = wd_state_mark(state);
    (void)unused;
    srand(20121020);
    for (int step = 0; step < STEPS; step++) {
        random_step(table, state, &model);
        int roll = rand() % 40;
        if (roll == 0) {
            mark = wd_state_mark(state);
            marked = model;
        } else if (roll == 1) {
            wd_state_rollback_to(state, mark);
            model = marked;
        } else if (roll == 2) {
            wd_state_rollback(state);
            model = marked = committed;
            mark = wd_state_mark(state);
            check(state, &model);
        } else if (roll < 5) {
            assert_int_equal(wd_state_seal(state, apply, mirror), WD_OK);
            wd_state_commit(state);
            committed = marked = model;
            mark = wd_state_mark(state);
            check(state, &model);
            check(mirror, &model);
        }
    }
    wd_state_destroy(state);
    wd_state_destroy(mirror);
}

/* Counts what seal hands over for one key. */
static enum wd_status count_records(void *context, struct wd_slice key, struct wd_slice value)
{
    int *counts = context;
    counts[key.data[1] == 0 ? 2 : value.data ? 0 : 1]++;
    return WD_OK;
}

static void sealed_once_a_key(void **unused)
{
    struct wd_table *table = NULL;
    struct wd_state *state = make_state(&table);
    (void)unused;
    assert_false(wd_state_changed(state));
    for (int i = 0; i < 5; i++)
        assert_int_equal(wd_table_put(table, WD_SLICE("a"), WD_SLICE("1")), WD_OK);
    assert_int_equal(wd_table_put(table, WD_SLICE("b"), WD_SLICE("2")), WD_OK);
    assert_int_equal(wd_table_delete(table, WD_SLICE("b")), WD_OK);
    assert_int_equal(wd_table_put(table, WD_SLICE("c"), WD_SLICE("3")), WD_OK);
    assert_int_equal(wd_table_delete(table, WD_SLICE("c")), WD_OK);
    assert_int_equal(wd_table_put(table, WD_SLICE("c"), WD_SLICE("4")), WD_OK);
    for (int again = 0; again < 2; again++) { /* the same until the commit */
        int counts[3] = {0, 0, 0};
        assert_int_equal(wd_state_seal(state, count_records, counts), WD_OK);
        assert_int_equal(counts[0], 2); /* a and c */
        assert_int_equal(counts[1], 1); /* b is gone */
        assert_int_equal(counts[2], 1);
    }
    assert_int_equal(wd_table_put(table, WD_SLICE("123456789"), WD_SLICE("x")), WD_TOO_LARGE);
    wd_state_destroy(state);
}

static void foreign_records(void **unused)
{
    struct wd_table *table = NULL;
    struct wd_state *state = make_state(&table);
    struct wd_error error;
    (void)unused;
    wd_error_init(&error);
    assert_int_equal(wd_state_apply(state, WD_SLICE("\1"), WD_SLICE("x"), &error), WD_SYNTAX);
    assert_int_equal(wd_state_apply(state, WD_SLICE("\2\1xk"), WD_SLICE("x"), &error), WD_VERSION);
    assert_int_equal(wd_state_apply(state, WD_SLICE("\1\7one.tabk"), WD_SLICE("\1short"), &error),
                     WD_SYNTAX);
    assert_int_equal(
        wd_state_apply(state, WD_SLICE("\1\7one.tabk"), WD_SLICE("\2........x"), &error),
        WD_VERSION);
    assert_int_equal(wd_state_apply(state, WD_SLICE("\1\377abc"), WD_SLICE_NONE, &error),
                     WD_SYNTAX);
    assert_int_equal(
        wd_state_apply(state, WD_SLICE("\1\3oldk"), WD_SLICE("\1\0\0\0\0\0\0\0\0v"), &error),
        WD_OK);
    assert_int_equal(wd_state_foreign_records(state), 1);
    assert_int_equal(wd_state_count(state), 0);
    wd_state_destroy(state);
}

/* A record that is older again, after an undo or as it came from outside, still leaves in time. */
static void older_again(void **unused)
{
    struct wd_table *table = NULL;
    struct wd_state *state = make_state(&table);
    struct wd_error error;
    (void)unused;
    wd_error_init(&error);
    wd_state_advance(state, 1);
    assert_int_equal(wd_table_put(table, WD_SLICE("a"), WD_SLICE("x")), WD_OK);
    wd_state_commit(state);
    wd_state_advance(state, TTL_MS / 2);
    assert_int_equal(wd_table_put(table, WD_SLICE("a"), WD_SLICE("y")), WD_OK);
    wd_state_advance(state, TTL_MS + 2); /* would be too late for the first one */
    assert_int_equal(wd_table_count(table), 1);
    wd_state_rollback(state);
    wd_state_advance(state, TTL_MS + 1);
    assert_int_equal(wd_table_count(table), 1);
    wd_state_advance(state, TTL_MS + 2);
    assert_int_equal(wd_table_count(table), 0);
    assert_int_equal(wd_table_put(table, WD_SLICE("a"), WD_SLICE("z")), WD_OK);
    wd_state_commit(state);
    wd_state_advance(state, TTL_MS + 3);
    wd_state_commit(state);
    assert_int_equal(
        wd_state_apply(state, WD_SLICE("\1\7one.taba"), WD_SLICE("\1\4\0\0\0\0\0\0\0v"), &error),
        WD_OK);
    assert_int_equal(wd_table_count(table), 1);
    wd_state_advance(state, TTL_MS + 5); /* long since older than 4 may be */
    assert_int_equal(wd_table_count(table), 0);
    wd_state_destroy(state);
}

/* Asking for what a look-up will read changes nothing, whatever is there. */
static void prefetched_early(void **unused)
{
    struct wd_table *table = NULL;
    struct wd_state *state = make_state(&table);
    struct wd_slice value = WD_SLICE_NONE;
    (void)unused;
    assert_int_equal(wd_table_put(table, WD_SLICE("a"), WD_SLICE("x")), WD_OK);
    const struct wd_slice keys[] = {WD_SLICE("a"), WD_SLICE("b"), WD_SLICE_NONE};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        wd_table_prefetch_key(table, keys[i]);
        wd_table_prefetch_further(table, keys[i], 0);
        wd_table_prefetch_further(table, keys[i], 1);
    }
    assert_int_equal(wd_table_get(table, WD_SLICE("a"), &value, NULL), WD_OK);
    assert_true(wd_slice_is(value, "x"));
    assert_int_equal(wd_table_get(table, WD_SLICE("b"), &value, NULL), WD_NOT_FOUND);
    assert_int_equal(wd_table_count(table), 1);
    wd_state_destroy(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_the_model), cmocka_unit_test(sealed_once_a_key),
        cmocka_unit_test(foreign_records), cmocka_unit_test(older_again),
        cmocka_unit_test(prefetched_early)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
