/* refusal.h - which messages Kafka refuses for their size, and how many go into a transaction meanwhile.
 *
 * Why:    Kafka refuses a whole batch of records, librdkafka gives up the whole transaction for it, and of
 *         all that is too large only the first is told. A refusal that names one message marks it: it is
 *         buried when it comes again. One that names several marks none, as most of them are innocent:
 *         the next transactions are half as long, until one that is refused has the guilty one alone, or
 *         its batches are small enough.
 * Owns:   nothing.
 * Thread: its lane.
 * Limits: WD_REFUSAL_MARKS messages are marked at a time; with more in a transaction it becomes shorter. */
#ifndef WD_REFUSAL_H
#define WD_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WD_REFUSAL_MARKS = 16,
    WD_REFUSAL_COMMITS = 32, /* after so many the transactions may be twice as long again */
};

/* A message by its shard's id (20 bits) and its input offset (44 bits): what a record is tagged with. */
uintptr_t wd_refusal_tag(uint32_t shard, int64_t offset);
/* The tag of what belongs to no message: changes of a shard's state. */
uintptr_t wd_refusal_tag_of_state(uint32_t shard);

struct wd_refusal {
    struct {
        uintptr_t message;
        bool buried; /* in the open transaction */
    } marks[WD_REFUSAL_MARKS];
    size_t next;             /* the mark that is written over when there is no room */
    uint32_t records_max;    /* messages of a transaction now */
    uint32_t records_always; /* the same, as configured */
    unsigned commits;        /* since the last refusal or growth */
    /* of the open transaction */
    uintptr_t told;
    bool any, several;
};

void wd_refusal_init(struct wd_refusal *refusal, uint32_t records_max);
/* A record with this tag was refused for its size. */
void wd_refusal_note(struct wd_refusal *refusal, uintptr_t tag);
/* Whether the message is to be buried. The answer yes is taken for done in the open transaction. */
bool wd_refusal_is_marked(struct wd_refusal *refusal, uintptr_t tag);
/* The open transaction, of so many messages, was rolled back. True: a refusal was the reason, and the
 * next try will be another one. */
bool wd_refusal_rolled_back(struct wd_refusal *refusal, uint32_t messages);
/* It was committed: what was buried in it is done with. */
void wd_refusal_committed(struct wd_refusal *refusal);

#endif
