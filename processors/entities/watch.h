/* watch.h - lists of names that a user watches.
 *
 * Why:    a desk knows names that no model knows, and wants its own ids and types for them.
 * Owns:   copies of all names. Read-only once loaded: lanes share it; a reload loads another.
 * Thread: loading: one; matching: any.
 * Limits: WD_WATCH_ENTRIES_MAX entries, WD_WATCH_FILE_BYTES_MAX a file, WD_PHRASE_WORDS_MAX words a
 *         name, WD_WATCH_FAULTS_MAX faults named (all are counted). One look into a table for each
 *         word of a text, however many entries there are.
 * Source: README.md has the formats: JSON, JSON lines, CSV (RFC 4180, by libcsv). */
#ifndef WD_WATCH_H
#define WD_WATCH_H

#include "option.h"
#include "phrases.h"
#include "story.h"

enum {
    WD_WATCH_ENTRIES_MAX = 8000000,
    WD_WATCH_NAMES_MAX = 32000000,
    WD_WATCH_FAULTS_MAX = 50,
    WD_WATCH_NAME_BYTES_MAX = 1024,
};
#define WD_WATCH_FILE_BYTES_MAX ((size_t)2 * 1024 * 1024 * 1024)

/* What a list's matches do to the model's. */
enum wd_watch_mode {
    WD_WATCH_OVERRIDE,   /* win over every mention that they overlap with */
    WD_WATCH_COMPLEMENT, /* add what the model has not found; name what both found */
    WD_WATCH_ONLY,       /* are all that is marked */
};

struct wd_watch_entry {
    uint32_t name; /* offset of its string */
    uint32_t id;   /* 0: none */
    uint8_t type;  /* enum wd_entity_type */
    uint8_t unused[3];
};

struct wd_watch;

struct wd_watch_source {
    const char *name; /* of the list */
    const char *path; /* of its file; NULL: `entries` */
    json_t *entries;  /* JSON list of entries, borrowed */
    enum wd_watch_mode mode;
    bool check_only;        /* look for faults, hold nothing: *watch is left as it is */
    const char *fault_path; /* where the configuration names the list */
    void (*warn)(void *context, const char *text); /* odd but usable; may be NULL */
    void *warn_context;
};

/* Loads a list. Adds a fault with file and line for everything that is wrong, and returns the first
 * one's status. */
enum wd_status wd_watch_load(const struct wd_watch_source *source, struct wd_watch **watch,
                             struct wd_faults *faults) WD_MUST_CHECK;
/* Takes NULL. */
void wd_watch_destroy(struct wd_watch *watch);

const char *wd_watch_name(const struct wd_watch *watch);
enum wd_watch_mode wd_watch_mode(const struct wd_watch *watch);
size_t wd_watch_entry_count(const struct wd_watch *watch);
size_t wd_watch_name_count(const struct wd_watch *watch);
/* Bytes that it holds. */
size_t wd_watch_bytes(const struct wd_watch *watch);
/* True when some name is also to be found in small letters. */
bool wd_watch_any_case(const struct wd_watch *watch);
const char *wd_watch_string(const struct wd_watch *watch, uint32_t offset);

/* A match: words [first, end) of the text. */
struct wd_watch_match {
    const struct wd_watch_entry *entry;
    size_t end_word;
    uint32_t end;   /* bytes into the text: behind a possessive that belongs to the name */
    bool ambiguous; /* several entries have this name: its id is not known */
};

/* What is searched: words of texts, and the caller's scratch. */
struct wd_watch_search {
    const struct wd_words *words;
    struct wd_slice text; /* that the word at hand is of */
    struct wd_buffer *scratch;
};

/* The longest name that begins with word `first`; false when there is none. */
bool wd_watch_find(const struct wd_watch *watch, const struct wd_watch_search *search, size_t first,
                   struct wd_watch_match *match);

#endif
