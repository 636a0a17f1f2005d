/* tokens.h - splits copy into tokens and sentences as newspaper corpora do.
 *
 * Why:    the model was trained on tokens split in one way; copy must be split in the same way.
 * Owns:   nothing; offsets point into the caller's text.
 * Thread: one at a time for each splitter.
 * Limits: linear; nothing is allocated; any valid UTF-8.
 * Source: the Penn Treebank's conventions ("Indonesia 's", "do n't", "U.S.-led" whole, brackets and
 *         quotes alone), as in the corpora of the CoNLL 2003 task; without its escapes. */
#ifndef WD_TOKENS_H
#define WD_TOKENS_H

#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

struct wd_text_token {
    uint32_t begin; /* bytes, at code point borders */
    uint32_t end;
    bool ends_sentence;
};

struct wd_text_splitter {
    struct wd_slice text;
    uint32_t at;
    uint32_t chunk_end;   /* of the run without blanks in which `at` is */
    uint32_t address_end; /* an address on the net or of mail ends here; 0: none */
    bool end_is_near;     /* a full stop was passed; quotes and brackets may still close */
};

/* `text` is valid UTF-8 of at most WD_MESSAGE_BYTES_MAX bytes. */
void wd_text_splitter_init(struct wd_text_splitter *splitter, struct wd_slice text);
/* The next token; false at the end. */
bool wd_text_splitter_next(struct wd_text_splitter *splitter, struct wd_text_token *token);

#endif
