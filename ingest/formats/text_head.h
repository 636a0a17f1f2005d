/* text_head.h - what stands around the copy of a page in plain text: headline, times, bylines, labels, notes, pictures.
 *
 * Why:    there is no standard for it. What is recognised here are the habits of pages and archives, each rule narrow
 *         enough to leave copy alone.
 * Owns:   `notes`, until wd_text_head_finish; slices point into the message.
 * Thread: any.
 * Limits: linear in the line. */
#ifndef WD_TEXT_HEAD_H
#define WD_TEXT_HEAD_H

#include "decoder.h"
#include "keyline.h"

struct wd_text_head {
    const struct wd_decode_input *input;
    struct wd_story *story;
    struct wd_buffer notes;     /* to editors */
    struct wd_slice keyline;    /* the line; "" when there is none */
    struct wd_wire_words words; /* of the keyline */
    bool caption_next;          /* an image mark came before */
    bool agency_next;           /* the byline came before */
};

void wd_text_head_begin(struct wd_text_head *head, const struct wd_decode_input *input,
                        struct wd_story *story);
/* One line above the copy, trimmed and not empty; false when it is none of the head. */
bool wd_text_head_take(struct wd_text_head *head, struct wd_slice line);
/* A note to editors of one or more lines; false when it is none. */
bool wd_text_head_take_note(struct wd_text_head *head, struct wd_slice text);
/* A mark where a picture stood: what comes next is its caption. */
bool wd_text_head_take_image(struct wd_text_head *head, struct wd_slice line);
/* A caption, of one or more lines; everywhere on the page. */
bool wd_text_head_take_caption(struct wd_text_head *head, struct wd_slice text);
/* Puts down what was gathered; always called once. */
enum wd_status wd_text_head_finish(struct wd_text_head *head) WD_MUST_CHECK;

#endif
