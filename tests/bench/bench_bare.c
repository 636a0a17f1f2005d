/* The least that a C program can do with librdkafka: consume, produce the same bytes, exactly once,
 * with the settings that wiredesk uses.
 *   bench_bare SERVERS INPUT OUTPUT MESSAGES RECORDS_PER_TRANSACTION */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { BATCH = 512 };

static void need(rd_kafka_error_t *error)
{
    if (!error)
        return;
    (void)fprintf(stderr, "bench_bare: %s\n", rd_kafka_error_string(error));
    exit(1);
}

static rd_kafka_t *make(rd_kafka_type_t type, const char *const *settings)
{
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    for (; settings[0]; settings += 2) {
        if (rd_kafka_conf_set(conf, settings[0], settings[1], text, sizeof(text)) !=
            RD_KAFKA_CONF_OK)
            exit(1);
    }
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof(text));
    if (!client)
        exit(1);
    return client;
}

static void commit(rd_kafka_t *producer, rd_kafka_t *consumer)
{
    rd_kafka_topic_partition_list_t *offsets = NULL;
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(consumer);
    (void)rd_kafka_assignment(consumer, &offsets);
    (void)rd_kafka_position(consumer, offsets);
    need(rd_kafka_send_offsets_to_transaction(producer, offsets, group, 30000));
    need(rd_kafka_commit_transaction(producer, 30000));
    need(rd_kafka_begin_transaction(producer));
    rd_kafka_topic_partition_list_destroy(offsets);
    rd_kafka_consumer_group_metadata_destroy(group);
}

static double wall(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Returns how many messages there were among what was consumed. */
static long pass_on(rd_kafka_t *producer, rd_kafka_topic_t *out, rd_kafka_message_t **batch,
                    ssize_t count)
{
    long passed = 0;
    for (ssize_t i = 0; i < count; i++) {
        rd_kafka_message_t *message = batch[i];
        while (!message->err &&
               rd_kafka_produce(out, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, message->payload,
                                message->len, NULL, 0, NULL) != 0)
            (void)rd_kafka_poll(producer, 10);
        passed += !message->err;
        rd_kafka_message_destroy(message);
    }
    return passed;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 64;
    const char *const produce[] = {
        "bootstrap.servers", argv[1], "transactional.id",  argv[3],     "linger.ms", "50",
        "retry.backoff.ms",  "10",    "message.max.bytes", "100000000", NULL};
    const char *const consume[] = {"bootstrap.servers",
                                   argv[1],
                                   "group.id",
                                   argv[3],
                                   "enable.auto.commit",
                                   "false",
                                   "auto.offset.reset",
                                   "earliest",
                                   "isolation.level",
                                   "read_committed",
                                   "fetch.message.max.bytes",
                                   "4194304",
                                   "fetch.queue.backoff.ms",
                                   "10",
                                   "fetch.wait.max.ms",
                                   "100",
                                   NULL};
    long messages = strtol(argv[4], NULL, 10);
    long per_transaction = strtol(argv[5], NULL, 10);
    rd_kafka_t *producer = make(RD_KAFKA_PRODUCER, produce);
    rd_kafka_t *consumer = make(RD_KAFKA_CONSUMER, consume);
    rd_kafka_poll_set_consumer(consumer);
    need(rd_kafka_init_transactions(producer, 30000));
    need(rd_kafka_begin_transaction(producer));
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, argv[2], RD_KAFKA_PARTITION_UA);
    (void)rd_kafka_subscribe(consumer, topics);
    rd_kafka_topic_t *out = rd_kafka_topic_new(producer, argv[3], NULL);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
    double begun_wall = 0;
    double begun_cpu = 0;
    long pending = 0;
    for (long count = 0; count < messages;) {
        rd_kafka_message_t *batch[BATCH];
        long room = per_transaction - pending;
        ssize_t got =
            rd_kafka_consume_batch_queue(queue, 1000, batch, (size_t)(room < BATCH ? room : BATCH));
        if (got > 0 && count == 0) {
            begun_wall = wall();
            begun_cpu = cpu();
        }
        long passed = got > 0 ? pass_on(producer, out, batch, got) : 0;
        count += passed;
        pending += passed;
        (void)rd_kafka_poll(producer, 0);
        if (pending > 0 && (pending >= per_transaction || count >= messages)) {
            commit(producer, consumer);
            pending = 0;
        }
    }
    (void)printf("{\"wall_s\": %.3f, \"cpu_s\": %.3f}\n", wall() - begun_wall, cpu() - begun_cpu);
    rd_kafka_topic_partition_list_destroy(topics);
    rd_kafka_topic_destroy(out);
    rd_kafka_queue_destroy(queue);
    (void)rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    return 0;
}
