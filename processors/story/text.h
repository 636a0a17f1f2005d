/* text.h - what the pipeline needs to know about text.
 *
 * Thread: any; no state.
 * Source: UTF-8 as in RFC 3629; case folding, normalisation and character classes are ICU's
 *         (Unicode 15), with a fast path for ASCII. */
#ifndef WD_TEXT_H
#define WD_TEXT_H

#include "arena.h"
#include "buffer.h"
#include "slice.h"
#include "status.h"

#include <stdint.h>

/* True when valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). `bad_offset` (may be
 * NULL) gets the byte offset of the first fault. */
bool wd_utf8_valid(struct wd_slice text, size_t *bad_offset);
/* Code points in valid UTF-8. */
size_t wd_utf8_count(struct wd_slice text);
/* The longest prefix of at most `bytes_max` bytes that ends at a code point border. */
struct wd_slice wd_utf8_cut(struct wd_slice text, size_t bytes_max);
/* Writes a code point, four bytes at most; returns the place behind it. */
static inline char *wd_utf8_put(char *out, uint32_t point)
{
    if (point < 0x80) {
        *out++ = (char)point;
    } else if (point < 0x800) {
        *out++ = (char)(0xC0 | point >> 6);
        *out++ = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *out++ = (char)(0xE0 | point >> 12);
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    } else {
        *out++ = (char)(0xF0 | point >> 18);
        *out++ = (char)(0x80 | (point >> 12 & 0x3F));
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    }
    return out;
}

/* Without white space (also U+00A0 and U+FEFF) at both ends. */
struct wd_slice wd_text_trim(struct wd_slice text);
/* Where the first control byte at or behind `from` stands (DEL is one; tabs, line ends and form feeds are none); the
 * text's length when there is none. */
size_t wd_text_find_control(struct wd_slice text, size_t from);
/* The text with a blank for each control byte; borrowed where there is none. Sets `any` (never clears it). data NULL
 * without memory. */
struct wd_slice wd_text_blank_controls(struct wd_arena *arena, struct wd_slice text, bool *any);
/* Without white space at both ends, and with every run of white space inside as one blank, in the arena; data NULL without memory. */
struct wd_slice wd_text_squeeze(struct wd_arena *arena, struct wd_slice text);
/* Compares ASCII letters without regard to case. */
bool wd_text_equal_ascii_case(struct wd_slice a, struct wd_slice b);
bool wd_text_starts_ascii_case(struct wd_slice text, struct wd_slice prefix);
bool wd_text_contains_ascii_case(struct wd_slice text, struct wd_slice part);
/* The same for any word of a list that ends with NULL. */
bool wd_text_equal_any(struct wd_slice text, const char *const *words);
bool wd_text_starts_any(struct wd_slice text, const char *const *words);
bool wd_text_contains_any(struct wd_slice text, const char *const *words);

/* Takes the next line off `rest` (LF, CRLF or CR end it; the end is not part of the line). False
 * when nothing is left. */
bool wd_text_next_line(struct wd_slice *rest, struct wd_slice *line);

/* Appends `text` in the form in which copy is compared: NFKC, case-folded, every run of anything
 * but letters, marks and digits as one blank, none at the ends, soft hyphens and zero-width
 * characters dropped, apostrophes inside a word dropped. So typographic quotes, dashes, line breaks
 * and case make no difference; letters, digits and their order do. `text` must be valid UTF-8. */
void wd_text_append_normalized(struct wd_buffer *out, struct wd_slice text);

/* The same without any blank: "Dam-Failure", "dam_failure" and "DamFailure" are one slug. */
void wd_text_append_letters(struct wd_buffer *out, struct wd_slice text);

/* One word or number of the text. */
struct wd_token {
    size_t begin; /* byte offset into the text */
    size_t end;   /* one past the last byte */
};

/* Iterates words: runs of letters, marks and digits, with apostrophes, hyphens and dots inside
 * ("O'Brien", "Wilkes-Barre", "U.S."); Han, Hiragana, Katakana, Thai characters one by one. False
 * at the end. `position` starts at 0. */
bool wd_text_next_token(struct wd_slice text, size_t *position, struct wd_token *token);

/* An ASCII digit, whatever the locale. */
static inline bool wd_text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

#endif
