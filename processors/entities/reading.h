/* reading.h - one story while its names are being found, joined and linked.
 *
 * Why:    tagger, lists, gazetteer, joining and linking hand on the same mentions.
 * Owns:   its arrays, reused from story to story; texts point into the story.
 * Thread: its lane.
 * Limits: WD_ENTITIES_MAX mentions; `truncated` says that there were more. */
#ifndef WD_READING_H
#define WD_READING_H

#include "phrases.h"
#include "tagger.h"
#include "watch.h"

#define WD_GROUP_NONE UINT32_MAX

/* One mention. */
struct wd_found {
    enum wd_entity_type type;
    uint32_t text;  /* number of the text */
    uint32_t begin; /* bytes into it */
    uint32_t end;
    uint32_t first_word; /* in words; word_count 0: the span has no letters */
    uint32_t word_count;
    uint64_t key;    /* hash of its words; 0: none, or too many */
    uint64_t region; /* of "Springfield, Illinois": the region's name; 0: none follows */
    bool paired;     /* it is the "New York" of "Albany, New York": on its own that is a city */
    float score;
    const char *source;                 /* borrowed from the model or a list */
    const struct wd_watch_entry *entry; /* what a list says about it; NULL */
    const struct wd_watch *watch;       /* the list */
    bool ambiguous;                     /* the list has several entries of this name */
    uint8_t rank;                       /* enum wd_found_rank */
    uint32_t group;
};

/* Who is believed where mentions overlap: the smaller. */
enum wd_found_rank {
    WD_FOUND_OVERRIDE,
    WD_FOUND_MODEL,
    WD_FOUND_COMPLEMENT,
    WD_FOUND_STORY,
    WD_FOUND_GAZETTEER
};

/* Mentions of one entity. A group that was joined to another only says to which. */
struct wd_group {
    enum wd_entity_type type;
    uint32_t parent;  /* WD_GROUP_NONE: stands for itself */
    uint32_t first;   /* number of its first mention */
    uint32_t fullest; /* the mention whose form is the name */
    uint32_t count;
    uint64_t key; /* of the form that made it */
    const struct wd_watch_entry *entry;
    const struct wd_watch *watch;
    bool ambiguous;
};

struct wd_reading {
    const struct wd_tagger_text *texts;
    size_t text_count;
    struct wd_words words; /* of all texts, in their order */
    struct wd_found *found;
    size_t found_count, found_capacity;
    struct wd_group *groups;
    size_t group_count, group_capacity;
    bool truncated;
};

void wd_reading_init(struct wd_reading *reading);
void wd_reading_finish(struct wd_reading *reading);
/* Begins a story: takes the texts (borrowed) and finds their words. False: no memory. */
bool wd_reading_begin(struct wd_reading *reading, const struct wd_tagger_text *texts, size_t count);
/* A further mention, zeroed. NULL: no memory, or `truncated`. */
struct wd_found *wd_reading_add(struct wd_reading *reading);
/* Sorts mentions by place, lets the better rank win where they overlap (a complementing list's entry
 * goes to the model's mention of the same span), and finds each one's words and key. */
void wd_reading_settle(struct wd_reading *reading);
/* A further group, zeroed, with no parent. NULL: no memory. */
struct wd_group *wd_reading_add_group(struct wd_reading *reading);

static inline struct wd_slice wd_found_text(const struct wd_reading *reading,
                                            const struct wd_found *found)
{
    return wd_slice_make(reading->texts[found->text].text.data + found->begin,
                         found->end - found->begin);
}

static inline const struct wd_word *wd_found_words(const struct wd_reading *reading,
                                                   const struct wd_found *found)
{
    return reading->words.items + found->first_word;
}

/* The group that stands for this one. */
static inline uint32_t wd_group_root(const struct wd_reading *reading, uint32_t group)
{
    while (reading->groups[group].parent != WD_GROUP_NONE)
        group = reading->groups[group].parent;
    return group;
}

#endif
