/* charset.h - bytes in any character set, as UTF-8.
 *
 * Why:    feeds declare one character set and send another. Everything behind a decoder is UTF-8.
 * Owns:   nothing; what had to be converted lies in the arena, what was UTF-8 already is borrowed.
 * Thread: any; no state.
 * Source: WHATWG Encoding Standard for the labels (ISO 8859-1 and US-ASCII mean windows-1252); ICU
 *         for everything else. */
#ifndef WD_CHARSET_H
#define WD_CHARSET_H

#include "buffer.h"
#include "story.h"

struct wd_charset_text {
    struct wd_slice text; /* valid UTF-8, without a byte order mark */
    uint32_t flags;       /* enum wd_flag: charset_differs, characters_replaced */
    size_t bad_offset;    /* of the first byte that is not what was declared, where a flag is set */
};

/* Converts. `label` is what was declared ("" or unknown: UTF-8). A byte order mark goes before the
 * label. Text that was declared as UTF-8 keeps every valid sequence; bytes that are none are read
 * as windows-1252. Text that was declared in a single-byte set and is valid UTF-8 with at least one
 * sequence of several bytes is UTF-8. Only WD_NO_MEMORY. */
enum wd_status wd_charset_to_utf8(struct wd_slice bytes, struct wd_slice label,
                                  struct wd_arena *arena, struct wd_charset_text *text,
                                  struct wd_error *error) WD_MUST_CHECK;

/* Appends the character U+0080 to U+00BF whose second byte in UTF-8 is `byte`; what would be a C1 control
 * (U+0080 to U+009F) as the windows-1252 character that was meant. Returns the flag that this deserves: charset_differs,
 * characters_replaced where windows-1252 has none, or 0. */
uint32_t wd_charset_append_c1(struct wd_buffer *out, unsigned char byte);

/* Valid UTF-8 with C1 controls as the windows-1252 characters that were meant: nobody sends such controls, many send
 * windows-1252 as ISO 8859-1. Borrowed where there is none; data NULL without memory. Adds to `flags` as above. */
struct wd_slice wd_charset_mend_c1(struct wd_arena *arena, struct wd_slice text, uint32_t *flags);

/* Whether a byte is above 7F: only then does the character set matter. */
bool wd_charset_has_high_byte(struct wd_slice bytes);

/* The set that an XML document declares: from its byte order mark or its first bytes, else from
 * encoding="..." in the XML declaration; "" when it says nothing. */
struct wd_slice wd_charset_of_xml(struct wd_slice bytes);

/* Whether there is a character set of this name. */
bool wd_charset_is_known(const char *label);

/* The set that an HTML page declares in a <meta> element near its beginning; "" when none. */
struct wd_slice wd_charset_of_html(struct wd_slice bytes);

/* The charset parameter of a media type ("application/rss+xml; charset=\"utf-8\""); "" when it has none. */
struct wd_slice wd_charset_of_content_type(struct wd_slice content_type);

#endif
