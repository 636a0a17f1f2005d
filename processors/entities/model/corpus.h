/* corpus.h - labelled stories in memory, read from the files that a recipe names.
 *
 * Owns:   the files' bytes, and arrays over them.
 * Thread: one.
 * Limits: 2^31 tokens; a story of more than WD_TAGGER_UNIT_TOKENS tokens is cut. */
#ifndef WD_CORPUS_H
#define WD_CORPUS_H

#include "slice.h"
#include "status.h"

#include <stdint.h>

enum { WD_CORPUS_NAME_SIZE = 256, WD_CORPUS_FILES_MAX = 256 };

/* How a file is to be read; a line of the recipe. */
struct wd_corpus_file {
    char name[WD_CORPUS_NAME_SIZE]; /* below the data folder */
    float weight;                   /* of each sentence in training; 0: only for testing */
    uint32_t window; /* sentences taken as one story where no borders are marked; 0: as marked */
    float recase; /* share of the stories whose first line is put into capitals or made a title */
    bool no_misc; /* MISC is not labelled: its absence says nothing */
    bool held;    /* not trained on */
    char remark[WD_CORPUS_NAME_SIZE]; /* the line's comment: its licence */
};

struct wd_corpus_token {
    struct wd_slice text;
    uint8_t label; /* as in tagger_model.h */
    bool ends_sentence;
};

struct wd_corpus_story {
    uint32_t file;
    uint32_t begin; /* tokens */
    uint32_t end;
};

struct wd_corpus {
    struct wd_corpus_file files[WD_CORPUS_FILES_MAX];
    char *bytes[WD_CORPUS_FILES_MAX];
    size_t file_count;
    struct wd_corpus_token *tokens;
    size_t token_count;
    size_t token_capacity;
    struct wd_corpus_story *stories;
    size_t story_count;
    size_t story_capacity;
};

/* Reads "FILE [weight=N] [window=N] [recase=P] [no-misc] [# LICENCE]" lines into `files`. */
enum wd_status wd_corpus_read_recipe(struct wd_corpus *corpus, const char *path,
                                     struct wd_error *error) WD_MUST_CHECK;
/* Reads all files of the list below `folder`. */
enum wd_status wd_corpus_load(struct wd_corpus *corpus, const char *folder,
                              struct wd_error *error) WD_MUST_CHECK;
void wd_corpus_finish(struct wd_corpus *corpus);

/* Rewrites lines of stories that are trained on as `recase` of their files says; the same on every run. */
void wd_corpus_recase(struct wd_corpus *corpus);

bool wd_corpus_begins_name(const struct wd_corpus_token *token);

/* Whole file with a NUL behind; the caller frees. NULL with errno. */
char *wd_corpus_read_file(const char *path, size_t *len);

#endif
