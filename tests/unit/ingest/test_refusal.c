/* Messages whose records Kafka refuses for their size: each is found and buried, no other is, and it comes to an end
 * whatever is told of them. */
#include "test.h"

#include "refusal.h"

enum { RECORDS_MAX = 1000, MESSAGES = 3000 };

/* What Kafka refuses: messages that are too large, and batches of more than so many. */
struct broker {
    const int64_t *large;
    size_t large_count;
    uint32_t batch_max; /* 0: any number */
    bool tells_all;     /* of a transaction, not only the first batch */
    bool no_letters;    /* not even dead letters */
};

static bool is_large(const struct broker *broker, int64_t offset)
{
    for (size_t i = 0; i < broker->large_count; i++) {
        if (broker->large[i] == offset)
            return true;
    }
    return false;
}

/* Every message of the batch is told of, as librdkafka does. False: it was refused. */
static bool send(const struct broker *broker, struct wd_refusal *refusal, int64_t first,
                 int64_t end)
{
    for (int64_t i = first; i < end; i++)
        wd_refusal_note(refusal, wd_refusal_tag(1, i));
    return broker->tells_all;
}

/* One transaction; false: rolled back. A message that is too large has a batch of its own. */
static bool try_transaction(const struct broker *broker, struct wd_refusal *refusal, int64_t first,
                            int64_t end, bool buried[MESSAGES])
{
    bool good = true;
    bool go_on = true;
    for (int64_t i = first; i < end && go_on; i++) {
        bool bury = wd_refusal_is_marked(refusal, wd_refusal_tag(1, i));
        buried[i] = bury;
        if (is_large(broker, i) && (!bury || broker->no_letters)) {
            good = false;
            go_on = send(broker, refusal, i, i + 1);
        }
    }
    if (broker->batch_max > 0 && end - first > broker->batch_max && go_on) {
        good = false;
        (void)send(broker, refusal, first, end);
    }
    return good;
}

/* The number of aborts. */
static unsigned run(const struct broker *broker, bool buried[MESSAGES], uint32_t *records_max)
{
    struct wd_refusal refusal;
    wd_refusal_init(&refusal, RECORDS_MAX);
    unsigned aborts = 0;
    for (int64_t first = 0; first < MESSAGES;) {
        int64_t end =
            first + refusal.records_max < MESSAGES ? first + refusal.records_max : MESSAGES;
        if (try_transaction(broker, &refusal, first, end, buried)) {
            wd_refusal_committed(&refusal);
            first = end;
            continue;
        }
        aborts++;
        assert_true(wd_refusal_rolled_back(&refusal, (uint32_t)(end - first)));
        assert_true(aborts < MESSAGES);
    }
    *records_max = refusal.records_max;
    return aborts;
}

static void expect_buried(const struct broker *broker, const bool buried[MESSAGES])
{
    for (int64_t i = 0; i < MESSAGES; i++)
        assert_int_equal(buried[i], is_large(broker, i));
}

/* Two in one transaction were never got rid of once: each refusal forgot the other one. */
static void test_several_in_a_transaction(void **state)
{
    static const int64_t large[] = {10, 11, 500, 999, 1000, 2999};
    bool buried[MESSAGES];
    uint32_t records_max = 0;
    (void)state;
    struct broker broker = {.large = large, .large_count = 6};
    assert_int_equal(run(&broker, buried, &records_max), 6);
    assert_int_equal(records_max, RECORDS_MAX);
    expect_buried(&broker, buried);
    broker.tells_all = true;
    assert_true(run(&broker, buried, &records_max) < 40);
    expect_buried(&broker, buried);
}

static void test_more_than_can_be_marked(void **state)
{
    int64_t large[100];
    bool buried[MESSAGES];
    uint32_t records_max = 0;
    (void)state;
    for (int i = 0; i < 100; i++)
        large[i] = 20 + i;
    struct broker broker = {.large = large, .large_count = 100};
    unsigned aborts = run(&broker, buried, &records_max);
    expect_buried(&broker, buried);
    assert_true(aborts < 300);
}

/* A topic that takes small batches only: everybody is innocent. */
static void test_small_batches(void **state)
{
    bool buried[MESSAGES];
    uint32_t records_max = 0;
    static const int64_t large[] = {700};
    (void)state;
    struct broker broker = {.large = large, .large_count = 1, .batch_max = 20};
    assert_true(run(&broker, buried, &records_max) < 20);
    assert_true(records_max <= 40);
    expect_buried(&broker, buried);
}

static void test_transactions_grow_again(void **state)
{
    struct wd_refusal refusal;
    (void)state;
    wd_refusal_init(&refusal, RECORDS_MAX);
    wd_refusal_note(&refusal, wd_refusal_tag(1, 1));
    wd_refusal_note(&refusal, wd_refusal_tag(2, 1));
    assert_true(wd_refusal_rolled_back(&refusal, 100));
    assert_int_equal(refusal.records_max, 50);
    for (int i = 0; i < WD_REFUSAL_COMMITS; i++)
        wd_refusal_committed(&refusal);
    assert_int_equal(refusal.records_max, 100);
    for (int i = 0; i < 5 * WD_REFUSAL_COMMITS; i++)
        wd_refusal_committed(&refusal);
    assert_int_equal(refusal.records_max, RECORDS_MAX);
}

/* Nothing more can be tried: the caller has to wait between its attempts. */
static void test_nothing_helps(void **state)
{
    struct wd_refusal refusal;
    (void)state;
    wd_refusal_init(&refusal, RECORDS_MAX);
    assert_false(wd_refusal_rolled_back(&refusal, 100)); /* another reason */
    wd_refusal_note(&refusal, wd_refusal_tag(3, 7));
    assert_true(wd_refusal_rolled_back(&refusal, 1));
    assert_true(wd_refusal_is_marked(&refusal, wd_refusal_tag(3, 7)));
    wd_refusal_note(&refusal, wd_refusal_tag(3, 7)); /* its dead letter */
    assert_false(wd_refusal_rolled_back(&refusal, 1));
    assert_true(wd_refusal_is_marked(&refusal, wd_refusal_tag(3, 7)));
    wd_refusal_note(&refusal, wd_refusal_tag_of_state(3));
    assert_true(wd_refusal_rolled_back(&refusal, 1));
    assert_int_equal(refusal.records_max, 1);
    wd_refusal_note(&refusal, wd_refusal_tag_of_state(3));
    assert_false(wd_refusal_rolled_back(&refusal, 1));
    assert_false(wd_refusal_is_marked(&refusal, wd_refusal_tag_of_state(3) - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_several_in_a_transaction),
        cmocka_unit_test(test_more_than_can_be_marked),
        cmocka_unit_test(test_small_batches),
        cmocka_unit_test(test_transactions_grow_again),
        cmocka_unit_test(test_nothing_helps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
