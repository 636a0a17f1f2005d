#include "json.h"

#include "json_scan.h"

#include <math.h>
#include <stdlib.h>

static struct wd_slice text_of(yyjson_val *value)
{
    return wd_slice_make(yyjson_get_str(value), yyjson_get_len(value));
}

struct wd_slice wd_json_member_text(yyjson_val *member, bool *wrong)
{
    if (yyjson_is_str(member))
        return text_of(member);
    if (wrong && member && !yyjson_is_null(member))
        *wrong = true;
    return WD_SLICE_NONE;
}

struct wd_slice wd_json_text(yyjson_val *object, const char *key, bool *wrong)
{
    return wd_json_member_text(yyjson_obj_get(object, key), wrong);
}

bool wd_json_head_has(struct wd_slice head, struct wd_slice quoted)
{
    if (head.len == 0)
        return false;
    const char *at = head.data;
    const char *end = head.data + head.len;
#ifdef __SSE2__
    /* Places where its first two bytes stand, sixteen at a time: memmem takes three times as long. */
    const __m128i first = _mm_set1_epi8(quoted.data[0]);
    const __m128i second = _mm_set1_epi8(quoted.data[1]);
    while (end - at > WD_JSON_BLOCK_BYTES) {
        __m128i one = _mm_and_si128(_mm_cmpeq_epi8(wd_json_load(at), first),
                                    _mm_cmpeq_epi8(wd_json_load(at + 1), second));
        for (unsigned found = (unsigned)_mm_movemask_epi8(one); found; found &= found - 1) {
            const char *place = at + __builtin_ctz(found);
            if (wd_slice_starts(wd_slice_make(place, (size_t)(end - place)), quoted))
                return true;
        }
        at += sizeof(one);
    }
#endif
    return memmem(at, (size_t)(end - at), quoted.data, quoted.len);
}

uint32_t wd_json_head_keys(struct wd_slice head, const struct wd_slice *names, size_t count)
{
    uint32_t found = 0;
    uint64_t lens = 0; /* bit n: a name has n bytes */
    bool high = false;
    if (head.len == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        lens |= UINT64_C(1) << (names[i].len & 63);
    const char *end = head.data + head.len;
    const char *at = head.data;
    while (at < end) {
        if (*at++ != '"')
            continue;
        const char *begin = at;
        at = wd_json_pass_plain(at, end, NULL, &high);
        while (at < end && *at != '"') /* an escape, or what no string may have */
            at = end - at > 2 ? wd_json_pass_plain(at + 1 + (*at == '\\'), end, NULL, &high) : end;
        struct wd_slice key = {begin, (size_t)(at - begin)};
        at += at < end;
        if (!(lens >> (key.len & 63) & 1))
            continue;
        while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
            at++;
        for (size_t i = 0; at < end && *at == ':' && i < count; i++)
            found |= (uint32_t)wd_slice_equal(names[i], key) << i;
    }
    return found;
}

struct wd_json_lines wd_json_lines_of(const struct wd_json_reading *reading, struct wd_slice text)
{
    /* Strings that had no escapes stand elsewhere: before what stands here, or behind all of it. */
    uintptr_t begin = (uintptr_t)text.data - (uintptr_t)reading->unescaped;
    size_t low = 0;
    size_t high = reading->feed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reading->feeds[middle] < begin)
            low = middle + 1;
        else
            high = middle;
    }
    return (struct wd_json_lines){reading, text, low};
}

static void write_escape(struct wd_buffer *out, char c)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *form = short_forms; *form; form += 2) {
        if (*form == c) {
            wd_buffer_append_byte(out, '\\');
            wd_buffer_append_byte(out, form[1]);
            return;
        }
    }
    wd_buffer_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* True when one of eight bytes is '"', '\\' or below 0x20: "Determine if a word has a byte less than
 * n", S. E. Anderson, Bit Twiddling Hacks. Bytes over 0x7F never count. */
static bool has_special(uint64_t word)
{
    uint64_t quote = word ^ EACH('"');
    uint64_t slash = word ^ EACH('\\');
    uint64_t below = (word - EACH(0x20)) & ~word;
    uint64_t quotes = (quote - EACH(1)) & ~quote;
    uint64_t slashes = (slash - EACH(1)) & ~slash;
    return ((below | quotes | slashes) & EACH(0x80)) != 0;
}

/* Most strings of a record are codes, names and times: up to 16 bytes are looked at and copied as two
 * words that may overlap. False where the text is longer or needs an escape. */
static inline bool copy_short(char *dst, struct wd_slice text)
{
    uint64_t words[2] = {0, 0};
    if (text.len < 4 || text.len > 16)
        return false;
    if (text.len >= 8) {
        memcpy(&words[0], text.data, 8);
        memcpy(&words[1], text.data + text.len - 8, 8);
        memcpy(dst, &words[0], 8);
        memcpy(dst + text.len - 8, &words[1], 8);
    } else {
        uint32_t halves[2];
        memcpy(&halves[0], text.data, 4);
        memcpy(&halves[1], text.data + text.len - 4, 4);
        memcpy(dst, &halves[0], 4);
        memcpy(dst + text.len - 4, &halves[1], 4);
        words[0] = words[1] = halves[0] | (uint64_t)halves[1] << 32;
    }
    return !has_special(words[0]) && !has_special(words[1]);
}

void wd_json_write_escaped(struct wd_buffer *out, struct wd_slice text)
{
    if (text.len == 0)
        return;
    const char *at = text.data;
    const char *end = text.data + text.len;
    bool high = false;
    while (at < end) {
        if (!wd_buffer_reserve(out, (size_t)(end - at) + WD_JSON_BLOCK_BYTES))
            return;
        char *written = out->data + out->len;
        at = wd_json_pass_plain(at, end, &written, &high);
        out->len = (size_t)(written - out->data);
        if (at < end)
            write_escape(out, *at++);
    }
}

void wd_json_write_string(struct wd_buffer *out, struct wd_slice text)
{
    if (!wd_buffer_reserve(out, text.len + 2 + WD_JSON_BLOCK_BYTES))
        return;
    char *begin = out->data + out->len;
    *begin++ = '"';
    if (copy_short(begin, text)) {
        begin[text.len] = '"';
        out->len += text.len + 2;
        return;
    }
    out->len++;
    wd_json_write_escaped(out, text);
    wd_buffer_append_byte(out, '"');
}

void wd_json_write_value(struct wd_buffer *out, yyjson_val *value)
{
    size_t len = 0;
    char *text = yyjson_val_write(value, 0, &len);
    if (!text) {
        out->failed = true;
        return;
    }
    wd_buffer_append(out, text, len);
    free(text);
}

void wd_json_write_number(struct wd_buffer *out, double number, int decimals)
{
    int64_t scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    if (!isfinite(number) || fabs(number) > 9e18 / (double)scale)
        number = 0;
    int64_t scaled = llround(number * (double)scale);
    int64_t fraction = scaled % scale;
    if (scaled < 0 && scaled > -scale)
        wd_buffer_append_byte(out, '-'); /* the whole part is 0 and carries no sign */
    wd_buffer_append_integer(out, scaled / scale);
    if (fraction == 0)
        return;
    wd_buffer_append_byte(out, '.');
    for (fraction = fraction < 0 ? -fraction : fraction; fraction > 0; fraction %= scale) {
        scale /= 10;
        wd_buffer_append_byte(out, (char)('0' + fraction / scale));
    }
}
