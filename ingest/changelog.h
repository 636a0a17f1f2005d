/* changelog.h - the compacted topic that makes a shard's state survive anything.
 *
 * Why:    state changes are produced inside the transaction that publishes their stories; whoever
 *         takes a partition over reads them back.
 * Owns:   nothing.
 * Thread: any; calls block up to their time-out.
 *
 * The changelog of input topic T of pipeline P is "<changelog_prefix>-P-T" with T's number of
 * partitions: partition n of T has its state in partition n. Settings when made by us:
 * cleanup.policy=compact, delete.retention.ms of 7 days (a snapshot may be up to 6 days old). */
#ifndef WD_CHANGELOG_H
#define WD_CHANGELOG_H

#include "config.h"

#include <librdkafka/rdkafka.h>

/* Writes the topic's name. WD_TOO_LARGE when it is longer than Kafka's 249 bytes. */
enum wd_status wd_changelog_name(const struct wd_config *config, const char *pipeline,
                                 const char *topic, char name[256],
                                 struct wd_error *error) WD_MUST_CHECK;
/* Makes sure that the topic exists with at least `partitions` partitions; creates or grows it when
 * config->create_topics says so. WD_NOT_FOUND (with what to do), WD_KAFKA_AUTH, WD_TIMEOUT. */
enum wd_status wd_changelog_ensure(const struct wd_config *config, rd_kafka_t *client,
                                   const char *name, int partitions,
                                   struct wd_error *error) WD_MUST_CHECK;
/* The first offset that is left of each partition: after 0 where retention or somebody has deleted records,
 * which compaction does not. `bounds` as below. */
enum wd_status wd_changelog_begins(rd_kafka_t *client, rd_kafka_topic_partition_list_t *bounds,
                                   int timeout_ms, struct wd_error *error) WD_MUST_CHECK;
/* The end of each partition as uncommitted readers see it: where a restore must get to, so that a
 * transaction that is still open is waited for. `bounds` has `topic`/`partition` filled; gets
 * `offset` (the end). */
enum wd_status wd_changelog_ends(rd_kafka_t *client, rd_kafka_topic_partition_list_t *bounds,
                                 int timeout_ms, struct wd_error *error) WD_MUST_CHECK;

#endif
