#include "json.h"

#include "text.h"
#include "wd_limits.h"

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    SCAN_FIRST_BYTES = 1 << 20, /* larger texts are looked through before anything is allocated */
    PAIRWISE_MAX = 32,          /* keys of an object that are compared each with each */
};

static void *arena_malloc(void *context, size_t size)
{
    return wd_arena_alloc(context, size);
}

static void *arena_realloc(void *context, void *block, size_t old_size, size_t size)
{
    return wd_arena_realloc(context, block, old_size, size);
}

static void arena_free(void *context, void *block)
{
    (void)context; /* goes with the arena */
    (void)block;
}

/* A cheap look at the nesting, so that megabytes of brackets cost no memory. */
static bool is_too_deep(struct wd_slice text)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (in_string) {
            i += c == '\\';
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > WD_JSON_DEPTH_MAX)
                return true;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return false;
}

/* One pass over the values: nesting, keys that occur twice, escaped NULs. */
struct walk {
    struct wd_arena *arena;
    struct wd_error *error;
};

static struct wd_slice text_of(yyjson_val *value)
{
    return wd_slice_make(yyjson_get_str(value), yyjson_get_len(value));
}

static enum wd_status duplicate(struct walk *walk, struct wd_slice key)
{
    wd_error_at_path(walk->error, "%.*s", WD_SLICE_ARG(wd_utf8_cut(key, 64)));
    return wd_error_set(walk->error, WD_DUPLICATE_KEY, "key \"%.*s\" occurs twice in one object",
                        WD_SLICE_ARG(wd_utf8_cut(key, 64)));
}

static enum wd_status compare_pairwise(struct walk *walk, yyjson_val *object)
{
    struct wd_slice keys[PAIRWISE_MAX];
    uint64_t mask = 0; /* keys whose bit is new are not looked for */
    size_t count = 0;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(object, index, max, key, value)
    {
        struct wd_slice name = text_of(key);
        uint64_t bit = wd_json_key_bit(name.data, name.len);
        for (size_t i = 0; (mask & bit) && i < count; i++) {
            if (keys[i].len == name.len && memcmp(keys[i].data, name.data, name.len) == 0)
                return duplicate(walk, name);
        }
        keys[count++] = name;
        mask |= bit;
    }
    return WD_OK;
}

static enum wd_status compare_by_hash(struct walk *walk, yyjson_val *object)
{
    size_t slot_count = 32;
    while (slot_count < yyjson_obj_size(object) * 2)
        slot_count *= 2;
    struct wd_slice *slots = wd_arena_calloc(walk->arena, slot_count, sizeof(*slots));
    if (!slots)
        return wd_error_set(walk->error, WD_NO_MEMORY, "no memory to check an object's keys");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(object, index, max, key, value)
    {
        struct wd_slice name = text_of(key);
        size_t slot = XXH3_64bits(name.data, name.len) & (slot_count - 1);
        while (slots[slot].data && !wd_slice_equal(slots[slot], name))
            slot = (slot + 1) & (slot_count - 1);
        if (slots[slot].data)
            return duplicate(walk, name);
        slots[slot] = name;
    }
    return WD_OK;
}

static enum wd_status check_string(struct walk *walk, yyjson_val *value)
{
    if (!memchr(yyjson_get_str(value), 0, yyjson_get_len(value)))
        return WD_OK;
    return wd_error_set(walk->error, WD_NUL_BYTE, "a string contains \\u0000");
}

static enum wd_status check(struct walk *walk, yyjson_val *value, int depth);

/* NOLINTNEXTLINE(misc-no-recursion): at most WD_JSON_DEPTH_MAX deep */
static enum wd_status check_object(struct walk *walk, yyjson_val *object, int depth)
{
    enum wd_status status = yyjson_obj_size(object) <= PAIRWISE_MAX ? compare_pairwise(walk, object)
                                                                    : compare_by_hash(walk, object);
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(object, index, max, key, value)
    {
        if (status == WD_OK)
            status = check_string(walk, key);
        if (status == WD_OK)
            status = check(walk, value, depth);
        if (status != WD_OK)
            return status;
    }
    return status;
}

/* NOLINTNEXTLINE(misc-no-recursion): at most WD_JSON_DEPTH_MAX deep */
static enum wd_status check(struct walk *walk, yyjson_val *value, int depth)
{
    if (yyjson_is_str(value))
        return check_string(walk, value);
    if (!yyjson_is_ctn(value))
        return WD_OK;
    if (depth == WD_JSON_DEPTH_MAX)
        return wd_error_set(walk->error, WD_TOO_DEEP, "the JSON is nested deeper than %d levels",
                            WD_JSON_DEPTH_MAX);
    if (yyjson_is_obj(value))
        return check_object(walk, value, depth + 1);
    size_t index = 0;
    size_t max = 0;
    yyjson_val *element = NULL;
    yyjson_arr_foreach(value, index, max, element)
    {
        enum wd_status status = check(walk, element, depth + 1);
        if (status != WD_OK)
            return status;
    }
    return WD_OK;
}

static enum wd_status explain(struct wd_slice text, const yyjson_read_err *fault,
                              struct wd_error *error)
{
    size_t bad = 0;
    const char *nul = memchr(text.data, 0, text.len);
    if (nul) {
        wd_error_at_offset(error, (size_t)(nul - text.data));
        return wd_error_set(error, WD_NUL_BYTE, "NUL byte at offset %zu",
                            (size_t)(nul - text.data));
    }
    if (!wd_utf8_valid(text, &bad)) {
        wd_error_at_offset(error, bad);
        return wd_error_set(error, WD_NOT_UTF8, "invalid UTF-8 at offset %zu", bad);
    }
    if (fault->code == YYJSON_READ_ERROR_MEMORY_ALLOCATION)
        return wd_error_set(error, WD_NO_MEMORY, "the JSON needs more memory than a story may use");
    wd_error_at_offset(error, fault->pos);
    return wd_error_set(error, WD_SYNTAX, "not JSON: %s at offset %zu", fault->msg, fault->pos);
}

enum wd_status wd_json_read(struct wd_slice text, struct wd_arena *arena, yyjson_val **root,
                            struct wd_error *error)
{
    *root = NULL;
    if (text.len > SCAN_FIRST_BYTES && is_too_deep(text))
        return wd_error_set(error, WD_TOO_DEEP, "the JSON is nested deeper than %d levels",
                            WD_JSON_DEPTH_MAX);
    yyjson_alc allocator = {arena_malloc, arena_realloc, arena_free, arena};
    yyjson_read_err fault;
    yyjson_doc *document =
        yyjson_read_opts((char *)(uintptr_t)text.data, text.len, 0, &allocator, &fault);
    if (!document)
        return explain(text, &fault, error);
    struct walk walk = {arena, error};
    enum wd_status status = check(&walk, yyjson_doc_get_root(document), 0);
    if (status == WD_OK)
        *root = yyjson_doc_get_root(document);
    return status;
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

struct wd_json_object wd_json_object(yyjson_val *value)
{
    struct wd_json_object object = {yyjson_is_obj(value) ? value : NULL, 0};
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *member = NULL;
    yyjson_obj_foreach(object.value, index, max, key, member) object.keys |=
        wd_json_key_bit(yyjson_get_str(key), yyjson_get_len(key));
    return object;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* True when one of eight bytes is '"', '\\' or below 0x20: "Determine if a word has a byte less than
 * n", S. E. Anderson, Bit Twiddling Hacks. Bytes over 0x7F never count. */
static bool has_special(uint64_t word)
{
    uint64_t high = EACH(0x80);
    uint64_t quote = word ^ EACH('"');
    uint64_t slash = word ^ EACH('\\');
    uint64_t below = (word - EACH(0x20)) & ~word;
    uint64_t quotes = (quote - EACH(1)) & ~quote;
    uint64_t slashes = (slash - EACH(1)) & ~slash;
    return ((below | quotes | slashes) & high) != 0;
}

static bool is_special(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

static size_t plain_prefix(struct wd_slice text, size_t i)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i slash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1F);
    while (i + 16 <= text.len) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text.data + i));
        __m128i bad = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash));
        bad = _mm_or_si128(bad, _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
        unsigned found = (unsigned)_mm_movemask_epi8(bad);
        if (found)
            return i + (size_t)__builtin_ctz(found);
        i += 16;
    }
#endif
    while (i + 8 <= text.len) {
        uint64_t word;
        memcpy(&word, text.data + i, sizeof(word));
        if (has_special(word))
            break;
        i += 8;
    }
    while (i < text.len && !is_special(text.data[i]))
        i++;
    return i;
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

void wd_json_write_escaped(struct wd_buffer *out, struct wd_slice text)
{
    (void)wd_buffer_reserve(out, text.len);
    size_t i = 0;
    while (i < text.len) {
        size_t end = plain_prefix(text, i);
        wd_buffer_append(out, text.data + i, end - i);
        if (end < text.len)
            write_escape(out, text.data[end++]);
        i = end;
    }
}

void wd_json_write_string(struct wd_buffer *out, struct wd_slice text)
{
    if (!wd_buffer_reserve(out, text.len + 2))
        return;
    out->data[out->len++] = '"';
    wd_json_write_escaped(out, text);
    wd_buffer_append_byte(out, '"');
}

void wd_json_write_key_text(struct wd_buffer *out, struct wd_slice key)
{
    if (!wd_buffer_reserve(out, key.len + 4))
        return;
    char last = '{';
    if (out->len > 0)
        last = out->data[out->len - 1];
    if (last != '{' && last != '[' && last != ':')
        out->data[out->len++] = ',';
    if (!key.data)
        return;
    out->data[out->len++] = '"';
    memcpy(out->data + out->len, key.data, key.len);
    out->len += key.len;
    out->data[out->len++] = '"';
    out->data[out->len++] = ':';
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
