/* json_copy.h - copy that came as a string of JSON, in paragraphs.
 *
 * Why:    the reader of JSON has passed over every byte of it, and knows where lines end and what needs an escape. Copy is
 *         most of a message: what is known is not looked for again, neither here nor when the record is written.
 * Owns:   nothing; paragraphs are borrowed from the string (from the arena where C1 controls are mended).
 * Thread: any. */
#ifndef WD_JSON_COPY_H
#define WD_JSON_COPY_H

#include "json.h"
#include "story.h"

/* wd_decode_add_lines for a string as it was read: no string has no lines. `reading` may be NULL. */
enum wd_status wd_decode_add_json_lines(struct wd_story *story,
                                        const struct wd_json_reading *reading,
                                        const yyjson_val *string) WD_MUST_CHECK;

#endif
