/* desk.h - one message's way through the house, without saying where it comes from or goes to.
 *
 * Why:    the daemon's lanes, `replay`, tests and benchmarks do exactly the same with a message.
 * Owns:   a desk owns its story batch, its buffers and its pipeline; it borrows state and config.
 * Thread: its lane.
 * Limits: 512 MiB for a message: for all that its stories say, and what the processors take for one of them.
 * Errors: a bad story is a dead letter, not an error. A desk fails only when memory is exhausted or
 * the emitter fails. */
#ifndef WD_DESK_H
#define WD_DESK_H

#include "config.h"

struct wd_desk;

/* A record to publish. Slices are valid during the call only. */
struct wd_emission {
    struct wd_slice topic;
    struct wd_slice key; /* data NULL: no key */
    struct wd_slice payload;
    const struct wd_header *headers;
    size_t header_count;
    size_t output; /* index of the output; SIZE_MAX for a dead letter */
};
/* Returns WD_OK, or an error that the desk hands back to its caller. */
typedef enum wd_status wd_emit(void *context, const struct wd_emission *emission);

struct wd_desk_message {
    struct wd_slice topic;
    int32_t partition;
    int64_t offset;
    struct wd_slice key;   /* data NULL: none */
    struct wd_slice value; /* data NULL: none (a dead letter, WD_EMPTY) */
    int64_t timestamp_ms;  /* of the record; negative: unknown */
    const struct wd_header *headers;
    size_t header_count;
    size_t headers_omitted; /* that it has beside these */
};

/* What happened to the messages; read by the owner at any time between messages. */
struct wd_desk_counters {
    uint64_t messages;
    uint64_t stories;
    uint64_t published;              /* records emitted to outputs */
    uint64_t outputs[WD_ROUTES_MAX]; /* the same, by output */
    uint64_t dead;                   /* messages to the dead-letter topic */
    uint64_t dropped;                /* stories that a processor dropped */
    uint64_t unrouted;               /* stories that no output wanted */
    uint64_t relations[WD_RELATION_COUNT];
    uint64_t updates[WD_UPDATE_KIND_COUNT];
    uint64_t late; /* stories whose verdict says late */
    uint64_t bytes_in;
    uint64_t bytes_out;
};

/* `state` must have the plan's tables (wd_plan_add_tables); it may already hold records. Retains
 * config. */
enum wd_status wd_desk_create(struct wd_config *config, size_t pipeline, struct wd_state *state,
                              struct wd_desk **desk, struct wd_error *error) WD_MUST_CHECK;
void wd_desk_destroy(struct wd_desk *desk); /* takes NULL */

/* Decodes, processes, encodes, emits. Several stories of one message go out together or become one
 * dead letter together: nothing is emitted before all of them are encoded. A dead letter carries
 * the original value and key and these headers: wiredesk-reason (status name),
 * wiredesk-reason-text, wiredesk-processor ("decode", or the processor's name), wiredesk-topic,
 * wiredesk-partition, wiredesk-offset, wiredesk-time (RFC 3339, the record's time), and the
 * original headers, but for those that are named "wiredesk-...": only ours are true. Of headers that are left
 * out otherwise wiredesk-headers-omitted says the number. Every other record carries wiredesk-topic,
 * wiredesk-partition, wiredesk-offset, wiredesk-index. */
enum wd_status wd_desk_take(struct wd_desk *desk, const struct wd_desk_message *message,
                            wd_emit *emit, void *context, struct wd_error *error) WD_MUST_CHECK;
/* Emits the dead letter of a message that cannot be published because Kafka refuses its size (WD_TOO_LARGE),
 * or that cannot be had from Kafka: headers as above with `reason`, plus wiredesk-value-omitted (its
 * length in bytes; "unknown" for one without value), and no value; wiredesk-processor is "publish" or
 * "consume". Key and headers that have more than 4096 bytes together are left out as well, as they may be what
 * Kafka refuses: wiredesk-key-omitted (length) and wiredesk-headers-omitted (number) say so. The original stays in
 * the input topic, at the place that the headers name. */
enum wd_status wd_desk_bury(struct wd_desk *desk, const struct wd_desk_message *message,
                            const struct wd_error *reason, wd_emit *emit,
                            void *context) WD_MUST_CHECK;
/* Gets every story after the processors, whatever becomes of it, before its records are written; slices
 * are valid during the call only. NULL: nobody looks. */
typedef void wd_desk_observer(void *context, const struct wd_story *story);
void wd_desk_observe(struct wd_desk *desk, wd_desk_observer *observer, void *context);
const struct wd_desk_counters *wd_desk_counters(const struct wd_desk *desk);
struct wd_pipeline *wd_desk_pipeline(struct wd_desk *desk);

#endif
