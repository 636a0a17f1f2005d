#include "json_copy.h"

#include "decoder.h"

enum wd_status wd_decode_add_json_lines(struct wd_story *story,
                                        const struct wd_json_reading *reading,
                                        const yyjson_val *string)
{
    struct wd_slice text = wd_json_member_text((yyjson_val *)(uintptr_t)string, NULL);
    if (!reading || reading->c1 || !reading->lines)
        return wd_decode_add_lines(story, text);
    if (wd_json_is_plain(string))
        story->plain_copy = text;
    struct wd_json_lines lines = wd_json_lines_of(reading, text);
    struct wd_slice line = WD_SLICE_NONE;
    enum wd_status status = WD_OK;
    while (status == WD_OK && wd_json_next_line(&lines, &line))
        status = wd_decode_add_line(story, line);
    return status;
}
