/* What librdkafka hides: an answer that it goes on believing, and why a transaction has failed. A mock cluster gives
 * the answers. */
#include "test.h"

#include "kafka_client.h"
#include "sender.h"

#include <librdkafka/rdkafka_mock.h>

#include <stdio.h>

enum { WAIT_MS = 10000, TRIES_MAX = 1000000, ADD_PARTITIONS_TO_TXN = 24 };

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

static void load_config(struct bench *bench)
{
    char text[512];
    struct wd_faults faults;
    wd_faults_init(&faults);
    (void)snprintf(
        text, sizeof(text),
        "{\"kafka\": {\"bootstrap.servers\": \"%s\"}, \"instance\": \"a\", \"admin\": null,"
        " \"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"in\"]},"
        " \"processors\": [], \"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}],"
        " \"dead_letter\": \"dead\"}]}",
        rd_kafka_mock_cluster_bootstraps(bench->cluster));
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

static void open_bench(struct bench *bench)
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
    load_config(bench);
    open_sender(bench);
}

static void close_bench(struct bench *bench)
{
    wd_sender_close(bench->sender);
    wd_config_release(bench->config);
    rd_kafka_mock_cluster_destroy(bench->cluster);
    rd_kafka_destroy(bench->host);
}

static void produce_until_refused(struct bench *bench, const struct wd_emission *record,
                                  struct wd_error *error)
{
    enum wd_status status = WD_OK;
    for (int i = 0; i < TRIES_MAX && status == WD_OK; i++) {
        status = wd_sender_produce(bench->sender, record, 0, 0, error);
        wd_sender_poll(bench->sender);
    }
    assert_int_equal(status, WD_KAFKA); /* the transaction is lost */
}

/* A broker that does not know the topic yet may be asked right after its creation. */
static void test_end_of_a_topic_once_unknown(void **state)
{
    struct bench bench;
    (void)state;
    open_bench(&bench);
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
    const struct wd_emission record = {.topic = wd_slice_from("out"),
                                       .payload = wd_slice_from("story")};
    (void)state;
    open_bench(&bench);
    wd_error_init(&error);
    rd_kafka_mock_push_request_errors(bench.cluster, ADD_PARTITIONS_TO_TXN, 1,
                                      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    assert_int_equal(wd_sender_begin(bench.sender, &error), WD_SENT_DONE);
    produce_until_refused(&bench, &record, &error);
    assert_int_equal(error.status, WD_KAFKA_AUTH);
    assert_non_null(strstr(error.text, "TOPIC_AUTHORIZATION_FAILED"));
    assert_int_equal(wd_sender_abort(bench.sender, &error), WD_SENT_ABORT);
    assert_int_equal(wd_sender_begin(bench.sender, &error), WD_SENT_DONE);
    assert_int_equal(wd_sender_produce(bench.sender, &record, 0, 0, &error), WD_OK);
    assert_null(rd_kafka_commit_transaction(wd_sender_client(bench.sender), WAIT_MS));
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_end_of_a_topic_once_unknown),
        cmocka_unit_test(test_refused_record_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
