/* kafka_client.h - how a client of librdkafka is made here, and what its errors mean to us.
 *
 * Why:    consumer, producer and restorer share the user's properties and our rules.
 * Owns:   nothing; callers destroy what they are given.
 * Thread: any. */
#ifndef WD_KAFKA_CLIENT_H
#define WD_KAFKA_CLIENT_H

#include "config.h"
#include "metrics.h"

#include <librdkafka/rdkafka.h>

enum { WD_KAFKA_ERRSTR_SIZE = 512 };

/* A configuration with the user's "kafka" properties and our logging; `client` ("lane 0 consumer")
 * ends up in client.id. NULL (with error) when a property is refused. The opaque of the client is
 * `opaque`. */
rd_kafka_conf_t *wd_kafka_conf(const struct wd_config *config, const char *client, void *opaque,
                               struct wd_error *error);
/* Sets what the daemon itself decides; a refusal is our own bug. */
void wd_kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value);
/* Sets only what the user has not set. */
void wd_kafka_conf_prefer(const struct wd_config *config, rd_kafka_conf_t *conf, const char *name,
                          const char *value);
/* Makes the client; takes `conf` over in either case. WD_OUT_OF_RANGE when properties contradict each other, or
 * name files that are not there. */
enum wd_status wd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **client,
                            struct wd_error *error) WD_MUST_CHECK;

/* WD_FENCED, WD_KAFKA_AUTH, WD_TIMEOUT or WD_KAFKA. */
enum wd_status wd_kafka_status(rd_kafka_resp_err_t code);
/* Fills `error` with what Kafka said while doing `what`, and destroys `kafka_error`. */
enum wd_status wd_kafka_fail(struct wd_error *error, rd_kafka_error_t *kafka_error,
                             const char *what);
enum wd_status wd_kafka_fail_code(struct wd_error *error, rd_kafka_resp_err_t code,
                                  const char *what);

/* Number of partitions of a topic; 0 when it does not exist; negative when nobody answers. */
int wd_kafka_partition_count(rd_kafka_t *client, const char *topic, int timeout_ms);

/* Where a partition ends: the offset that the next record in it gets. Waits up to twice `timeout_ms`. */
rd_kafka_resp_err_t wd_kafka_end(rd_kafka_t *client, const char *topic, int32_t partition,
                                 int timeout_ms, int64_t *end);

/* Which topic of this name it is: one that is deleted and made anew gets another id. "" from a broker that
 * has no ids (before Kafka 2.8). RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE while the cluster has no controller;
 * what the broker answers; waits `timeout_ms` milliseconds at most. */
enum { WD_TOPIC_ID_SIZE = 40 };
rd_kafka_resp_err_t wd_kafka_topic_id(rd_kafka_t *client, const char *topic, int timeout_ms,
                                      char id[WD_TOPIC_ID_SIZE]);

/* Whether we may read the topic, as far as the broker says so; waits `timeout_ms` milliseconds at most. */
bool wd_kafka_may_read(rd_kafka_t *client, const char *topic, int timeout_ms);

/* Takes librdkafka's statistics (JSON) into gauges labelled with `labels`. */
void wd_kafka_take_statistics(struct wd_metrics *metrics, const char *labels, const char *json,
                              size_t json_len);

#endif
