/* Every error that a broker can answer a produce, fetch, commit, group or transaction request with, three times in a
 * row, against the daemon: all stories must come out, or the daemon must end with an exit code that has a name. And a
 * transaction that cannot begin, which no answer of a broker causes (ingest/crash_point.h): nothing may be lost.
 *   mock_sweep list | mock_sweep WIREDESK [API | begin]
 * librdkafka's mock cluster knows no isolation: that nothing comes out twice is tests/kafka's to show. */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The mock cluster knows no static members: one that forgot its id is in again after 11 s, when its old
 * self has timed out, and three errors in a row make that 33 s. */
enum { STORIES = 40, LIMIT_MS = 60000, ERRORS_MAX = 24 };

/* What Apache Kafka's brokers answer each request with (its clients' protocol guide, and the Javadoc of its
 * request classes). Numbers are the protocol's. */
static const struct api {
    const char *name;
    int16_t key;
    rd_kafka_resp_err_t errors[ERRORS_MAX];
} apis[] = {
    {"Produce", 0, {2, 3, 5, 6, 7, 9, 10, 17, 19, 20, 29, 44, 45, 47, 56, 59, 87}},
    {"Fetch", 1, {1, 3, 5, 6, 7, 9, 29, 56, 70, 71, 74, 75, 76}},
    {"OffsetFetch", 9, {14, 15, 16, 25, 30}},
    {"FindCoordinator", 10, {14, 15, 16, 30, 53}},
    {"JoinGroup", 11, {14, 15, 16, 22, 24, 25, 26, 27, 30, 79, 82}},
    {"Heartbeat", 12, {15, 16, 22, 25, 27, 30, 82}},
    {"SyncGroup", 14, {15, 16, 22, 25, 27, 30, 82}},
    {"InitProducerId", 22, {14, 15, 16, 47, 50, 51, 53, 90}},
    {"AddPartitionsToTxn", 24, {3, 14, 15, 16, 29, 47, 48, 49, 51, 53, 90}},
    {"AddOffsetsToTxn", 25, {14, 15, 16, 30, 47, 48, 49, 51, 53, 90}},
    {"EndTxn", 26, {14, 15, 16, 47, 48, 49, 51, 53, 90}},
    {"TxnOffsetCommit", 28, {3, 12, 14, 15, 16, 22, 25, 28, 29, 30, 47, 53, 82}},
};

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

static long now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static rd_kafka_t *make(rd_kafka_type_t type, const char *servers, const char *group)
{
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    (void)rd_kafka_conf_set(conf, "bootstrap.servers", servers, text, sizeof(text));
    (void)rd_kafka_conf_set(conf, "log_level", "0", text, sizeof(text));
    if (group) {
        (void)rd_kafka_conf_set(conf, "group.id", group, text, sizeof(text));
        (void)rd_kafka_conf_set(conf, "isolation.level", "read_uncommitted", text, sizeof(text));
        (void)rd_kafka_conf_set(conf, "fetch.wait.max.ms", "20", text, sizeof(text));
    }
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof(text));
    if (!client)
        exit(2);
    return client;
}

static void fill(rd_kafka_t *producer)
{
    for (int i = 0; i < STORIES; i++) {
        char story[256];
        int len = snprintf(
            story, sizeof(story),
            "{\"uri\":\"urn:example:mock:%03d\",\"type\":\"text\",\"headline\":\"A ferry stops\","
            "\"body_text\":\"The ferry stops for a week.\"}",
            i);
        (void)rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("in"),
                                RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                RD_KAFKA_V_VALUE(story, (size_t)len), RD_KAFKA_V_END);
    }
    (void)rd_kafka_flush(producer, 10000);
}

static pid_t start(const char *program, const char *servers, const char *folder)
{
    char path[256];
    char log[256];
    (void)snprintf(path, sizeof(path), "%s/config.json", folder);
    (void)snprintf(log, sizeof(log), "%s/log", folder);
    FILE *file = fopen(path, "w");
    if (!file)
        exit(2);
    (void)fprintf(
        file,
        "{\"name\": \"mock\", \"instance\": \"a\", \"kafka\": {\"bootstrap.servers\": \"%s\"},"
        " \"transaction\": {\"records_max\": 10, \"interval_ms\": 50, \"timeout_ms\": 5000},"
        " \"session_timeout_ms\": 6000, \"drain_timeout_ms\": 5000, \"admin\": null,"
        " \"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"in\"]}, \"processors\": "
        "[],"
        " \"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}], \"dead_letter\": \"dead\"}]}\n",
        servers);
    (void)fclose(file);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen(log, "w", stderr))
            _exit(2);
        (void)execl(program, program, "run", path, (char *)NULL);
        _exit(127);
    }
    return child;
}

/* Marks which stories this message, of `out` or `dead`, is about. What Kafka refuses for its size is buried without
 * a value: its headers say where the original is. */
static int mark(bool seen[STORIES], const rd_kafka_message_t *message)
{
    if (message->len == 0 && strcmp(rd_kafka_topic_name(message->rkt), "dead") == 0)
        return 1;
    static const char prefix[] = "urn:example:mock:";
    const char *found = memmem(message->payload, message->len, prefix, sizeof(prefix) - 1);
    int number = found ? atoi(found + sizeof(prefix) - 1) : -1;
    if (number < 0 || number >= STORIES || seen[number])
        return 0;
    seen[number] = true;
    return 1;
}

struct outcome {
    int stories;
    bool ended; /* by itself */
    int code;
};

static bool has_ended(pid_t child, struct outcome *outcome)
{
    int status = 0;
    if (waitpid(child, &status, WNOHANG) != child)
        return false;
    outcome->ended = true;
    outcome->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

static void stop(pid_t child, struct outcome *outcome)
{
    (void)kill(child, SIGTERM);
    for (long limit = now_ms() + LIMIT_MS; now_ms() < limit; pause_ms(10)) {
        if (has_ended(child, outcome)) {
            outcome->ended = false;
            return;
        }
    }
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    outcome->code = -1;
}

static struct outcome watch(pid_t child, rd_kafka_t *reader)
{
    struct outcome outcome = {0, false, 0};
    bool seen[STORIES] = {false};
    for (long limit = now_ms() + LIMIT_MS; now_ms() < limit && outcome.stories < STORIES;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, 50);
        if (message && !message->err)
            outcome.stories += mark(seen, message);
        if (message)
            rd_kafka_message_destroy(message);
        else if (has_ended(child, &outcome))
            return outcome;
    }
    stop(child, &outcome);
    return outcome;
}

/* exit_code.h: a broker or topic not there, a fault of ours or a drain that took too long, cannot write, fenced, no
 * permission. 70 is left out on purpose: the daemon has no excuse here. */
static bool is_named(int code)
{
    return code == 65 || code == 69 || code == 74 || code == 75 || code == 77;
}

/* A cluster with the stories in it, a reader of what comes out, and a folder. */
struct stage {
    char folder[32];
    rd_kafka_t *host, *producer, *reader;
    rd_kafka_mock_cluster_t *cluster;
    const char *servers;
};

static void open_stage(struct stage *stage)
{
    (void)snprintf(stage->folder, sizeof(stage->folder), "/tmp/wd-mock-XXXXXX");
    if (!mkdtemp(stage->folder))
        exit(2);
    stage->host = make(RD_KAFKA_PRODUCER, "127.0.0.1:1", NULL);
    stage->cluster = rd_kafka_mock_cluster_new(stage->host, 1);
    rd_kafka_mock_group_initial_rebalance_delay_ms(stage->cluster, 0);
    stage->servers = rd_kafka_mock_cluster_bootstraps(stage->cluster);
    static const char *const topics[] = {"in", "out", "dead"};
    for (int i = 0; i < 3; i++)
        (void)rd_kafka_mock_topic_create(stage->cluster, topics[i], 1, 1);
    stage->producer = make(RD_KAFKA_PRODUCER, stage->servers, NULL);
    stage->reader = make(RD_KAFKA_CONSUMER, stage->servers, "reader");
    fill(stage->producer);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(2);
    rd_kafka_topic_partition_list_add(list, "out", 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_topic_partition_list_add(list, "dead", 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    (void)rd_kafka_assign(stage->reader, list);
    rd_kafka_topic_partition_list_destroy(list);
}

static bool close_stage(struct stage *stage, bool good)
{
    char command[64];
    rd_kafka_destroy(stage->reader);
    rd_kafka_destroy(stage->producer);
    rd_kafka_mock_cluster_destroy(stage->cluster);
    rd_kafka_destroy(stage->host);
    (void)snprintf(command, sizeof(command), "rm -rf %s", stage->folder);
    return good && system(command) == 0;
}

static bool report(const struct stage *stage, const struct outcome *outcome, const char *what,
                   bool good)
{
    (void)printf("%s mock/%s%s %d of %d stories, exit code %d%s%s\n", good ? "ok" : "not ok", what,
                 good ? " #" : " -", outcome->stories, STORIES, outcome->code,
                 good ? "" : ", log in ", good ? "" : stage->folder);
    (void)fflush(stdout);
    return good;
}

static bool try_one(const char *program, const struct api *api, rd_kafka_resp_err_t code)
{
    struct stage stage;
    char what[128];
    open_stage(&stage);
    rd_kafka_mock_push_request_errors(stage.cluster, api->key, 3, code, code, code);
    struct outcome outcome = watch(start(program, stage.servers, stage.folder), stage.reader);
    bool good = outcome.stories == STORIES
                    ? outcome.ended ? is_named(outcome.code) : outcome.code == 0
                    : outcome.ended && is_named(outcome.code);
    (void)snprintf(what, sizeof(what), "%s/%s", api->name, rd_kafka_err2name(code));
    return close_stage(&stage, report(&stage, &outcome, what, good));
}

static bool log_says(const struct stage *stage, const char *text)
{
    char path[64];
    char line[1024];
    bool found = false;
    (void)snprintf(path, sizeof(path), "%s/log", stage->folder);
    FILE *file = fopen(path, "r");
    while (file && !found && fgets(line, sizeof(line), file))
        found = strstr(line, text) != NULL;
    if (file)
        (void)fclose(file);
    return found;
}

/* The message for which the transaction was to begin is in no transaction: it must be read again. */
static bool try_begin(const char *program, const char *pass)
{
    struct stage stage;
    char what[64];
    open_stage(&stage);
    (void)snprintf(what, sizeof(what), "begin_transaction:%s", pass);
    (void)setenv("WD_FAIL_AT", what, 1);
    pid_t child = start(program, stage.servers, stage.folder);
    (void)unsetenv("WD_FAIL_AT");
    struct outcome outcome = watch(child, stage.reader);
    bool good = outcome.stories == STORIES && !outcome.ended && outcome.code == 0 &&
                log_says(&stage, "cannot begin a transaction");
    return close_stage(&stage, report(&stage, &outcome, what, good));
}

int main(int argc, char **argv)
{
    int failed = 0;
    if (argc < 2)
        return 64;
    if (strcmp(argv[1], "list") == 0) {
        for (size_t i = 0; i < sizeof(apis) / sizeof(apis[0]); i++)
            (void)puts(apis[i].name);
        return puts("begin") < 0;
    }
    for (size_t i = 0; i < sizeof(apis) / sizeof(apis[0]); i++) {
        if (argc > 2 && strcmp(argv[2], apis[i].name) != 0)
            continue;
        for (int j = 0; j < ERRORS_MAX && apis[i].errors[j]; j++)
            failed += !try_one(argv[1], &apis[i], apis[i].errors[j]);
    }
    static const char *const passes[] = {"1", "2", "4"};
    for (int i = 0; i < 3 && (argc == 2 || strcmp(argv[2], "begin") == 0); i++)
        failed += !try_begin(argv[1], passes[i]);
    return failed > 0;
}
