/* telex.h - what ANPA-1312 and IPTC 7901 have in common: lines, control bytes, one message after the
 * other.
 *
 * Why:    both are streams of single bytes with control bytes for structure, made for teleprinters.
 * Owns:   nothing; what is joined or cleaned lies in the arena, the rest is borrowed.
 * Thread: any; no state.
 * Limits: linear in the input. */
#ifndef WD_TELEX_H
#define WD_TELEX_H

#include "decoder.h"

enum {
    WD_SOH = 0x01,
    WD_STX = 0x02,
    WD_ETX = 0x03,
    WD_EOT = 0x04,
    WD_ENQ = 0x05,
    WD_TABLE_LINE = 0x08, /* BS begins a line of a table */
    WD_PARAGRAPH = 0x09,  /* HT begins a paragraph */
    WD_SYN = 0x16,
    WD_RECORD_SEPARATOR = 0x1E,
    WD_UNIT_SEPARATOR = 0x1F,
    WD_TELEX_HEAD_BYTES_MAX = 1024, /* from SOH to STX */
    WD_TELEX_TRAILER_BYTES_MAX = 48,
};

/* The text of `bytes` in one line: line ends and runs of blanks at them as one blank, control bytes
 * left out, no blanks at the ends. Borrowed where nothing had to change. Sets `odd` (never cleared) when
 * control bytes stood there that no telex format knows. data NULL without memory. */
struct wd_slice wd_telex_join(struct wd_arena *arena, struct wd_slice bytes, bool *odd);
/* The same, but the lines stay, each without blanks at its end. */
struct wd_slice wd_telex_block(struct wd_arena *arena, struct wd_slice bytes, bool *odd);
/* A row of a table: cells that are parted by 1F or 1E, and (when `semicolons`) by ";", have " | " between them,
 * as in the tables of marked-up bodies. */
struct wd_slice wd_telex_row(struct wd_arena *arena, struct wd_slice line, bool semicolons,
                             bool *odd);

/* The lines of `bytes` as they are, without control bytes; blank lines stay. */
struct wd_slice wd_telex_lines(struct wd_arena *arena, struct wd_slice bytes, bool *odd);

/* The line at the beginning of `rest`, without CR LF, which go too; LF alone ends a line as well. */
struct wd_slice wd_telex_take_line(struct wd_slice *rest);

/* The next word of a line; control bytes count as blanks. */
struct wd_slice wd_telex_take_word(struct wd_slice *rest);
/* All of the text, which is not empty. */
bool wd_telex_are_digits(struct wd_slice text);
bool wd_telex_are_letters(struct wd_slice text);
/* "W0140", "0140": the number of a telex. */
bool wd_telex_is_number(struct wd_slice word);
/* "exa", before the digits of a number: what an agency of German calls itself there. */
bool wd_telex_is_agency(struct wd_slice word);

/* The paragraph is a line to editors: "Eds: UPDATES with quotes." */
bool wd_telex_is_note(struct wd_slice paragraph);
/* Adds a line to the notes that are being gathered. */
void wd_telex_add_note(struct wd_buffer *notes, struct wd_slice note);
/* Adds a paragraph, the first one with its dateline. */
enum wd_status wd_telex_add_paragraph(struct wd_story *story, struct wd_slice text) WD_MUST_CHECK;
/* Adds `scheme`:`code` to the subjects; nothing for an empty code. */
enum wd_status wd_telex_add_subject(struct wd_story *story, const char *scheme,
                                    struct wd_slice code) WD_MUST_CHECK;

/* The time for the name of a transmission, "" when it is not known; `text` is where it is written. */
const char *wd_telex_time_text(struct wd_time time, char text[WD_TIME_TEXT_SIZE]);
/* What ends every story: the count of its leads as version, and flags for control bytes and a missing end. */
enum wd_status wd_telex_finish_story(struct wd_story *story, unsigned version, bool odd,
                                     bool complete) WD_MUST_CHECK;

/* One message within the record. */
struct wd_telex_frame {
    struct wd_slice head;    /* between SOH and STX */
    struct wd_slice body;    /* between STX and ETX */
    struct wd_slice trailer; /* behind ETX, one line, up to the first control byte */
    bool routed;             /* ENQ and routing codes stood before it */
    bool ended;              /* ETX was seen */
    bool complete;           /* EOT, too */
};

struct wd_telex_format {
    const char *name;
    /* Whether what stands behind an SOH is this format's header. */
    bool (*is_header)(struct wd_slice behind_soh);
    /* Fills the story of one message, and gathers its notes to editors; `input` is its own copy. */
    enum wd_status (*take)(struct wd_decode_input *input, const struct wd_telex_frame *frame,
                           struct wd_story *story, struct wd_buffer *notes);
};

/* 100 when the head begins with a message of this format, else 0. */
int wd_telex_sniff(const struct wd_telex_format *format, struct wd_slice head);
/* Decodes all messages of the record: a story each. The character set is the record's content type's, else the provider's,
 * else windows-1252 by custom (flag charset_assumed where it matters); UTF-8 is seen (flag charset_differs). A message without ETX is ended by the next one and flagged truncated. WD_SYNTAX for a
 * header without STX and for bytes that belong to no message. */
enum wd_status wd_telex_decode(const struct wd_telex_format *format,
                               const struct wd_decode_input *input, struct wd_story_batch *batch,
                               struct wd_error *error) WD_MUST_CHECK;

#endif
