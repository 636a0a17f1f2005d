/* format_ninjs.h - the reader of ninjs, for formats that carry a ninjs object inside.
 *
 * Owns:   nothing; slices point into the document, which lives in the story's arena.
 * Thread: any. */
#ifndef WD_FORMAT_NINJS_H
#define WD_FORMAT_NINJS_H

#include "decoder.h"
#include "json.h"

/* Fills `story` from a ninjs object of any generation. The caller begins and ends the story. */
enum wd_status wd_ninjs_read_story(const struct wd_decode_input *input, struct wd_story *story,
                                   yyjson_val *root, struct wd_error *error) WD_MUST_CHECK;

/* Flags members that no version of ninjs knows (they are kept as extra where the input wants that), and those of another type
 * than ninjs gives them, at every depth: unknown ones as unknown_keys, nested times that are none as time_invalid; other
 * types, a status that is none, members that are missing or exclude each other as wrong_types. For messages that are
 * ninjs themselves. */
void wd_ninjs_check_members(const struct wd_decode_input *input, struct wd_story *story,
                            yyjson_val *root);

#endif
