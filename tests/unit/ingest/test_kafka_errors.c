/* What librdkafka hides: an answer that it goes on believing, and why a transaction has failed. A mock cluster gives
 * the answers. */
#include "test.h"

#include "kafka_client.h"
#include "sender.h"

#include <librdkafka/rdkafka_mock.h>

#include <stdio.h>
#include <uv.h>

enum {
    WAIT_MS = 10000,
    TIMEOUT_MS = 60000,
    TIMEOUT_MS_SHORT = 1000,
    TRIES_MAX = 1000000,
    PRODUCE = 0,
    ADD_PARTITIONS_TO_TXN = 24
};

struct bench {
    rd_kafka_t *host;
    rd_kafka_mock_cluster_t *cluster;
    struct wd_config *config;
    struct wd_sender *sender;
    _Atomic uint64_t progress;
    _Atomic bool stop;
};

static void on_refused(void *context, uintptr_t tag)
{
    (void)context;
    (void)tag;
}

static int on_statistics(rd_kafka_t *client, char *json, size_t json_len, void *opaque)
{
    (void)client;
    (void)json;
    (void)json_len;
    (void)opaque;
    return 0;
}

static void load_config(struct bench *bench, unsigned transaction_timeout_ms)
{
    char text[512];
    struct wd_faults faults;
    wd_faults_init(&faults);
    (void)snprintf(
        text, sizeof(text),
        "{\"kafka\": {\"bootstrap.servers\": \"%s\"}, \"instance\": \"a\", \"admin\": null,"
        " \"transaction\": {\"interval_ms\": 100, \"timeout_ms\": %u},"
        " \"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"in\"]},"
        " \"processors\": [], \"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}],"
        " \"dead_letter\": \"dead\"}]}",
        rd_kafka_mock_cluster_bootstraps(bench->cluster), transaction_timeout_ms);
    assert_int_equal(wd_config_load_text(text, ".", false, &bench->config, &faults), WD_OK);
    wd_faults_finish(&faults);
}

static void open_sender(struct bench *bench)
{
    struct wd_error error;
    wd_error_init(&error);
    const struct wd_sender_setup setup = {.config = bench->config,
                                          .name = "lane-0",
                                          .progress = &bench->progress,
                                          .stop = &bench->stop,
                                          .refused = on_refused,
                                          .context = bench,
                                          .statistics = on_statistics};
    assert_int_equal(wd_sender_open(&setup, &bench->sender, &error), WD_OK);
}

static void open_bench(struct bench *bench, unsigned transaction_timeout_ms)
{
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    *bench = (struct bench){0};
    assert_int_equal(rd_kafka_conf_set(conf, "log_level", "0", text, sizeof(text)),
                     RD_KAFKA_CONF_OK);
    bench->host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    assert_non_null(bench->host);
    bench->cluster = rd_kafka_mock_cluster_new(bench->host, 1);
    assert_non_null(bench->cluster);
    assert_int_equal(rd_kafka_mock_topic_create(bench->cluster, "out", 2, 1), 0);
    load_config(bench, transaction_timeout_ms);
    open_sender(bench);
}

static void close_bench(struct bench *bench)
{
    wd_sender_close(bench->sender);
    wd_config_release(bench->config);
    rd_kafka_mock_cluster_destroy(bench->cluster);
    rd_kafka_destroy(bench->host);
}

/* A cluster, a sender, and its open transaction. */
static void open_transaction(struct bench *bench, unsigned transaction_timeout_ms,
                             struct wd_error *error)
{
    open_bench(bench, transaction_timeout_ms);
    wd_error_init(error);
    assert_int_equal(wd_sender_begin(bench->sender, error), WD_SENT_DONE);
}

static enum wd_status produce(struct bench *bench, struct wd_error *error)
{
    const struct wd_emission record = {.topic = wd_slice_from("out"),
                                       .payload = wd_slice_from("story")};
    return wd_sender_produce(bench->sender, &record, 0, 0, error);
}

static enum wd_status produce_until_refused(struct bench *bench, struct wd_error *error)
{
    enum wd_status status = WD_OK;
    for (int i = 0; i < TRIES_MAX && status == WD_OK; i++) {
        status = produce(bench, error);
        wd_sender_poll(bench->sender);
    }
    return status;
}

/* A broker that does not know the topic yet may be asked right after its creation. */
static void test_end_of_a_topic_once_unknown(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench, TIMEOUT_MS);
    rd_kafka_t *client = wd_sender_client(bench.sender);
    int64_t end = -1;
    rd_kafka_mock_topic_set_error(bench.cluster, "out", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    assert_int_equal(wd_kafka_partition_count(client, "out", WAIT_MS), 0);
    assert_int_not_equal(wd_kafka_end(client, "out", 1, WAIT_MS, &end), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_mock_topic_set_error(bench.cluster, "out", RD_KAFKA_RESP_ERR_NO_ERROR);
    assert_int_equal(wd_kafka_end(client, "out", 1, WAIT_MS, &end), RD_KAFKA_RESP_ERR_NO_ERROR);
    assert_int_equal(end, 0);
    close_bench(&bench);
}

/* The permission to write goes: every later call is refused as out of state, which tells nobody anything.
 * Asking for the cause leaves the next transaction as it would be. */
static void test_refused_record_says_why(void **state)
{
    struct bench bench;
    struct wd_error error;
    (void)state;
    open_bench(&bench, TIMEOUT_MS);
    wd_error_init(&error);
    rd_kafka_mock_push_request_errors(bench.cluster, ADD_PARTITIONS_TO_TXN, 1,
                                      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    assert_int_equal(wd_sender_begin(bench.sender, &error), WD_SENT_DONE);
    assert_int_equal(produce_until_refused(&bench, &error), WD_KAFKA);
    assert_int_equal(error.status, WD_KAFKA_AUTH);
    assert_non_null(strstr(error.text, "TOPIC_AUTHORIZATION_FAILED"));
    assert_int_equal(wd_sender_abort(bench.sender, &error), WD_SENT_ABORT);
    assert_int_equal(wd_sender_begin(bench.sender, &error), WD_SENT_DONE);
    assert_int_equal(produce(&bench, &error), WD_OK);
    assert_null(rd_kafka_commit_transaction(wd_sender_client(bench.sender), WAIT_MS));
    close_bench(&bench);
}

static void answer_with_an_old_epoch(struct bench *bench)
{
    rd_kafka_mock_push_request_errors(bench->cluster, PRODUCE, 1,
                                      RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
}

/* Somebody else has the transactional id. */
static void test_old_epoch_of_a_young_transaction(void **state)
{
    struct bench bench;
    struct wd_error error;
    (void)state;
    open_transaction(&bench, TIMEOUT_MS, &error);
    answer_with_an_old_epoch(&bench);
    assert_int_equal(produce_until_refused(&bench, &error), WD_FENCED);
    close_bench(&bench);
}

/* Its coordinator has ended a transaction that was open for too long, and nobody has the id: a daemon that was frozen,
 * or read a story that took so long, goes on. */
static void test_old_epoch_of_an_old_transaction(void **state)
{
    struct bench bench;
    struct wd_error error;
    (void)state;
    open_transaction(&bench, TIMEOUT_MS_SHORT, &error);
    for (uint64_t begun = uv_hrtime(); uv_hrtime() - begun < TIMEOUT_MS_SHORT * UINT64_C(1000000);)
        wd_sender_poll(bench.sender);
    answer_with_an_old_epoch(&bench);
    assert_int_equal(produce_until_refused(&bench, &error), WD_KAFKA);
    assert_int_equal(error.status, WD_FENCED);
    assert_int_equal(wd_sender_abort(bench.sender, &error), WD_SENT_UNKNOWN);
    assert_int_equal(wd_sender_reopen(bench.sender, &error), WD_OK);
    assert_int_equal(wd_sender_begin(bench.sender, &error), WD_SENT_DONE);
    assert_int_equal(produce(&bench, &error), WD_OK);
    assert_null(rd_kafka_commit_transaction(wd_sender_client(bench.sender), WAIT_MS));
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_end_of_a_topic_once_unknown),
        cmocka_unit_test(test_refused_record_says_why),
        cmocka_unit_test(test_old_epoch_of_a_young_transaction),
        cmocka_unit_test(test_old_epoch_of_an_old_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
