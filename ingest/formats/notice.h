/* notice.h - whether words of copy are an order of a desk about what it sent, or news.
 *
 * Why:    "The heart drug has been withdrawn, a report said" has the words by which desks take a story back. Some desks
 *         send such an order as copy, without any mark; a brief that is taken for one is lost, with the story that it seems
 *         to mean.
 * Thread: any; no state.
 * Limits: the words before and behind in the same sentence, WD_NOTICE_REACH bytes at most. */
#ifndef WD_NOTICE_H
#define WD_NOTICE_H

#include "slice.h"

enum {
    WD_NOTICE_REACH = 300,
    /* Of copy that may be nothing but an order about another story: longer copy quotes and names for other reasons. Bytes, since no
     * words are counted yet; orders.h says from how many words on an order is taken to bring copy besides. */
    WD_NOTICE_BYTES_MAX = 900,
    WD_NOTICE_PARAGRAPHS_MAX = 4, /* whom it is to, the order, why, an apology */
};

enum wd_notice_place {
    WD_NOTICE_SUBJECT, /* what was sent stands before: "The story ... is withdrawn" */
    WD_NOTICE_OBJECT,  /* before or right behind: "do not use this | story" */
};

/* Whether the text has a word by which desks call what they send: "story", "Meldung", "report". */
bool wd_notice_names_copy(struct wd_slice text);
/* Whether the word is one of them that hardly anything else is called by: "story", not "report". */
bool wd_notice_is_sent(struct wd_slice word);
/* "this", "our": what is in front of what the speaker sent himself. */
bool wd_notice_is_own(struct wd_slice word);
/* Whether the order text[begin, end) is about what a desk sent: the sentence begins with it ("Die Meldung ..."), calls it its
 * own ("our report"), or names its slug. */
bool wd_notice_is_of_copy(struct wd_slice text, size_t begin, size_t end,
                          enum wd_notice_place place);
/* The length of the quotation that the text begins with, marks included; 0 without one, and when it does not end soon. */
size_t wd_notice_quoted_len(struct wd_slice text);
/* The end of the last quotation that begins between `from`, which is in none, and `to`; `from` when none does. */
size_t wd_notice_quotation_end(struct wd_slice text, size_t from, size_t to);
/* Whether the sentence says "nicht" behind `end`: "Bitte verwenden Sie | die Meldung exa 0201 nicht". */
bool wd_notice_denies(struct wd_slice text, size_t end);

#endif
