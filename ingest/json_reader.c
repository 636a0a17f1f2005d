/* Our own reader of JSON, in one pass: see json.h. It fills the values of yyjson, whose look-ups, numbers and
 * writer serve the rest; what it adds to yyjson's own reading is what a story needs to be trusted: depth, keys that
 * occur twice, NULs. Strings without escapes stay where they are in the text. (Measured against yyjson's reading and
 * a second pass for the checks: a third of the time. tests/fuzz/fuzz_json.c holds it against yyjson.) */
#include "json.h"

#include "json_keys.h"
#include "json_scan.h"
#include "text.h"
#include "wd_limits.h"

enum {
    PAIRWISE_MAX = 32, /* keys of an object that are compared each with each */
    NUMBER_BYTES_MAX = 1100,
    LINE_BYTES_MEAN = 64, /* a guess at how many line feeds there will be */
    FEEDS_MIN = 16
};

/* A bit of a string's tag that yyjson leaves to others: nothing in it but line feeds needs an escape. */
enum { PLAIN = 1 << 5 };

struct reader {
    struct wd_slice text;
    const char *at, *end;
    struct wd_arena *arena;
    struct wd_json_reading found;
    bool high; /* a string has bytes above 7F */
    yyjson_val *values;
    size_t count, capacity;
    char *unescaped; /* texts without their escapes; NULL before the first one */
    char *strings;   /* where the next of them goes */
    uint32_t *feeds;
    size_t feed_capacity;
    int depth;
    enum wd_status status; /* why reading stopped; WD_SYNTAX unless something says more */
    const char *message;
    struct wd_slice key; /* the one that occurs twice */
};

/* False always, so that it can be returned. */
static bool stop(struct reader *reader, enum wd_status status, const char *message)
{
    if (reader->status == WD_OK) {
        reader->status = status;
        reader->message = message;
    }
    return false;
}

/* Room for `more` values. Every value takes two bytes of text at least: more are never needed. */
static bool reserve(struct reader *reader, size_t more)
{
    if (reader->capacity - reader->count >= more)
        return true;
    size_t most = reader->count + more + (size_t)(reader->end - reader->at) / 2;
    size_t capacity = reader->capacity * 2;
    capacity = capacity > most ? most : capacity;
    capacity = capacity < reader->count + more ? reader->count + more : capacity;
    yyjson_val *grown =
        wd_arena_realloc(reader->arena, reader->values, reader->capacity * sizeof(*grown),
                         capacity * sizeof(*grown));
    if (!grown)
        return stop(reader, WD_NO_MEMORY, "the JSON needs more memory than a story may use");
    reader->values = grown;
    reader->capacity = capacity;
    return true;
}

static bool grow_feeds(struct reader *reader)
{
    size_t capacity = reader->feed_capacity * 2;
    if (capacity == 0)
        capacity = (size_t)(reader->end - reader->at) / LINE_BYTES_MEAN + FEEDS_MIN;
    uint32_t *grown =
        wd_arena_realloc(reader->arena, reader->feeds, reader->feed_capacity * sizeof(*grown),
                         capacity * sizeof(*grown));
    if (!grown)
        return stop(reader, WD_NO_MEMORY, "the JSON needs more memory than a story may use");
    reader->feeds = grown;
    reader->feed_capacity = capacity;
    return true;
}

/* A line feed at `out`: where it stands is remembered. */
static inline bool put_feed(struct reader *reader, char **out)
{
    struct wd_json_reading *found = &reader->found;
    if (found->feed_count == reader->feed_capacity && !grow_feeds(reader))
        return false;
    reader->feeds[found->feed_count++] = (uint32_t)(*out - reader->unescaped);
    *(*out)++ = '\n';
    return true;
}

static inline void skip_blanks(struct reader *reader)
{
    const char *at = reader->at;
    while (at < reader->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    reader->at = at;
}

/* The next byte that is no white space, 0 at the end; stays before it. */
static inline char peek(struct reader *reader)
{
    if (reader->at < reader->end && (unsigned char)*reader->at > ' ')
        return *reader->at;
    if (reader->end - reader->at > 1 && reader->at[0] == ' ' && (unsigned char)reader->at[1] > ' ')
        return *++reader->at; /* as several writers of JSON part members */
    skip_blanks(reader);
    if (reader->at == reader->end)
        return '\0';
    return *reader->at;
}

/* What a hexadecimal digit counts; negative for all other bytes. */
static const signed char hex_digits[256] = {[0 ... '0' - 1] = -1,
                                            [':' ... 'A' - 1] = -1,
                                            ['G' ... 'a' - 1] = -1,
                                            ['g' ... 255] = -1,
                                            ['1'] = 1,
                                            ['2'] = 2,
                                            ['3'] = 3,
                                            ['4'] = 4,
                                            ['5'] = 5,
                                            ['6'] = 6,
                                            ['7'] = 7,
                                            ['8'] = 8,
                                            ['9'] = 9,
                                            ['a'] = 10,
                                            ['b'] = 11,
                                            ['c'] = 12,
                                            ['d'] = 13,
                                            ['e'] = 14,
                                            ['f'] = 15,
                                            ['A'] = 10,
                                            ['B'] = 11,
                                            ['C'] = 12,
                                            ['D'] = 13,
                                            ['E'] = 14,
                                            ['F'] = 15};

/* The four digits behind "\u"; negative when they are none. */
static inline int32_t hex_unit(struct reader *reader)
{
    if (reader->end - reader->at < 4)
        return -1;
    const unsigned char *digits = (const unsigned char *)reader->at;
    int32_t unit = hex_digits[digits[0]] * 4096 | hex_digits[digits[1]] * 256 |
                   hex_digits[digits[2]] * 16 | hex_digits[digits[3]];
    reader->at += unit < 0 ? 0 : 4; /* one that is negative makes it so */
    return unit;
}

/* What is to be known of a character that was written as an escape. */
static inline void note_character(struct reader *reader, uint32_t point, bool *plain)
{
    if (point > 0x9F)
        return;
    if (point > 0x7F)
        reader->found.c1 = true;
    if (point == '\r')
        reader->found.lines = false;
    if (wd_json_is_special((char)point))
        *plain = false;
}

/* Behind "\u". A surrogate needs its other half. */
static bool read_unicode(struct reader *reader, char **out, bool *plain)
{
    int32_t unit = hex_unit(reader);
    if (unit < 0)
        return stop(reader, WD_SYNTAX, "\\u without four hexadecimal digits");
    if (unit == 0)
        return stop(reader, WD_NUL_BYTE, "a string contains \\u0000");
    uint32_t point = (uint32_t)unit;
    if (point >= 0xD800 && point <= 0xDFFF) {
        bool more = reader->end - reader->at >= 2 && memcmp(reader->at, "\\u", 2) == 0;
        reader->at += more ? 2 : 0;
        int32_t low = more && point < 0xDC00 ? hex_unit(reader) : -1;
        if (low < 0xDC00 || low > 0xDFFF)
            return stop(reader, WD_SYNTAX, "half of a surrogate pair");
        point = 0x10000 + ((point - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
    }
    if (point == '\n')
        return put_feed(reader, out);
    note_character(reader, point, plain);
    *out = wd_utf8_put(*out, point);
    return true;
}

/* At a backslash. */
static inline bool read_escape(struct reader *reader, char **out, bool *plain)
{
    static const char meant[256] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/', ['b'] = '\b',
                                    ['f'] = '\f', ['r'] = '\r',  ['t'] = '\t'};
    char letter = '\0';
    if (reader->end - reader->at > 1)
        letter = reader->at[1];
    if (letter == 'n') {
        reader->at += 2;
        return put_feed(reader, out);
    }
    if (letter == 'u') {
        reader->at += 2;
        return read_unicode(reader, out, plain);
    }
    if (!meant[(unsigned char)letter])
        return stop(reader, WD_SYNTAX, "no such escape");
    note_character(reader, (unsigned char)meant[(unsigned char)letter], plain);
    *(*out)++ = meant[(unsigned char)letter];
    reader->at += 2;
    return true;
}

static bool check_utf8(struct reader *reader, const char *begin)
{
    size_t bad = 0;
    if (wd_utf8_valid(wd_slice_make(begin, (size_t)(reader->at - begin)), &bad))
        return true;
    reader->at = begin + bad;
    return stop(reader, WD_NOT_UTF8, "invalid UTF-8");
}

static bool end_string(struct reader *reader, const char *begin, bool high)
{
    if (reader->at == reader->end)
        return stop(reader, WD_SYNTAX, "a string without an end");
    if (*reader->at != '"')
        return stop(reader, WD_SYNTAX, "a control byte in a string");
    reader->high |= high;
    if (high && !check_utf8(reader, begin))
        return false;
    reader->at++;
    return true;
}

static inline void set_string(yyjson_val *value, const char *data, size_t len, bool plain)
{
    value->tag = (uint64_t)len << YYJSON_TAG_BIT | YYJSON_TYPE_STR | (plain ? PLAIN : 0);
    value->uni.str = data;
}

/* The rest of a string, from its first escape on: copied without escapes. */
static bool read_escaped(struct reader *reader, const char *begin, bool high, size_t index)
{
    size_t before = (size_t)(reader->at - begin);
    bool plain = true;
    if (!reader->unescaped) /* what is left is as much as can follow */
        reader->unescaped = reader->strings =
            wd_arena_alloc(reader->arena, (size_t)(reader->end - begin) + WD_JSON_BLOCK_BYTES);
    if (!reader->unescaped)
        return stop(reader, WD_NO_MEMORY, "the JSON needs more memory than a story may use");
    char *out = reader->strings;
    memcpy(out, begin, before);
    out += before;
    while (reader->at < reader->end && *reader->at == '\\') {
        if (!read_escape(reader, &out, &plain))
            return false;
        if (reader->at < reader->end && *reader->at != '\\') /* two line feeds, mostly */
            reader->at = wd_json_pass_plain(reader->at, reader->end, &out, &high);
    }
    set_string(&reader->values[index], reader->strings, (size_t)(out - reader->strings), plain);
    reader->strings = out;
    return end_string(reader, begin, high);
}

/* At the quote. The value at `index` becomes the text. */
static inline bool read_string(struct reader *reader, size_t index)
{
    bool high = false;
    const char *begin = reader->at + 1;
    reader->at = wd_json_pass_plain(begin, reader->end, NULL, &high);
    if (reader->at < reader->end && *reader->at == '\\')
        return read_escaped(reader, begin, high, index);
    set_string(&reader->values[index], begin, (size_t)(reader->at - begin), true);
    return end_string(reader, begin, high);
}

static bool is_of_number(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

/* Fractions, exponents and large numbers: yyjson's conversion is exact. */
static bool read_long_number(struct reader *reader, size_t index)
{
    char digits[NUMBER_BYTES_MAX + 1];
    size_t len = 0;
    while (reader->at + len < reader->end && len < NUMBER_BYTES_MAX &&
           is_of_number(reader->at[len]))
        len++;
    memcpy(digits, reader->at, len);
    digits[len] = '\0';
    yyjson_read_err fault;
    const char *end = yyjson_read_number(digits, &reader->values[index], 0, NULL, &fault);
    if (len == NUMBER_BYTES_MAX || !end || *end != '\0')
        return stop(reader, WD_SYNTAX,
                    len == NUMBER_BYTES_MAX ? "a number too long to be one" : "not a number");
    reader->at += len;
    return true;
}

static bool read_number(struct reader *reader, size_t index)
{
    enum { DIGITS_MAX = 18 };
    const char *at = reader->at;
    uint64_t number = 0;
    const char *most = reader->end - at > DIGITS_MAX ? at + DIGITS_MAX : reader->end;
    while (at < most && *at >= '0' && *at <= '9')
        number = number * 10 + (uint64_t)(*at++ - '0');
    bool plain = at > reader->at && at < reader->end && at < reader->at + DIGITS_MAX &&
                 (*reader->at != '0' || at == reader->at + 1) && *at != '.' && (*at | 0x20) != 'e';
    if (!plain)
        return read_long_number(reader, index);
    reader->values[index].tag = YYJSON_TYPE_NUM | YYJSON_SUBTYPE_UINT;
    reader->values[index].uni.u64 = number;
    reader->at = at;
    return true;
}

static bool read_literal(struct reader *reader, size_t index)
{
    static const struct {
        struct wd_slice word;
        uint64_t tag;
    } literals[] = {{WD_SLICE("true"), YYJSON_TYPE_BOOL | YYJSON_SUBTYPE_TRUE},
                    {WD_SLICE("false"), YYJSON_TYPE_BOOL | YYJSON_SUBTYPE_FALSE},
                    {WD_SLICE("null"), YYJSON_TYPE_NULL}};
    struct wd_slice rest = {reader->at, (size_t)(reader->end - reader->at)};
    for (size_t i = 0; i < 3; i++) {
        if (!wd_slice_starts(rest, literals[i].word))
            continue;
        reader->values[index].tag = literals[i].tag;
        reader->at += literals[i].word.len;
        return true;
    }
    return stop(reader, WD_SYNTAX,
                rest.len == 0 ? "unexpected end" : "a value was expected, another byte came");
}

static struct wd_slice text_of(const yyjson_val *value)
{
    return wd_slice_make(value->uni.str, (size_t)(value->tag >> YYJSON_TAG_BIT));
}

/* A key that the object has already. `outer`: the object is itself a member. */
static bool take_repeated(struct reader *reader, size_t object, bool outer, struct wd_slice key)
{
    const char *const *maps = reader->found.maps;
    for (size_t i = 0; outer && maps && maps[i]; i++) {
        if (!wd_slice_is(text_of(&reader->values[object - 1]), maps[i]))
            continue;
        reader->found.repeated = true;
        return true;
    }
    reader->key = key;
    return stop(reader, WD_DUPLICATE_KEY, "");
}

/* Values that follow each other in an object or list; containers know where they end. */
static yyjson_val *next_of(yyjson_val *value)
{
    return unsafe_yyjson_is_ctn(value) ? (yyjson_val *)(void *)((char *)value + value->uni.ofs)
                                       : value + 1;
}

/* The last key of the object's first `count` ones against the others. */
static bool is_new(struct reader *reader, size_t object, size_t count)
{
    struct wd_slice key = text_of(&reader->values[reader->count - 1]);
    yyjson_val *other = &reader->values[object + 1];
    for (size_t i = 1; i < count; i++) {
        if (wd_slice_equal(text_of(other), key))
            return false;
        other = next_of(other + 1);
    }
    return true;
}

/* Objects of many keys, when they are whole. */
static bool check_keys(struct reader *reader, size_t object, size_t count, bool outer)
{
    struct wd_json_keys keys = {&reader->values[object + 1], count, reader->arena};
    struct wd_slice repeated;
    if (!wd_json_keys_find_repeated(&keys, &repeated, NULL))
        return stop(reader, WD_NO_MEMORY, "no memory to check an object's keys");
    return !repeated.data || take_repeated(reader, object, outer, repeated);
}

static void close_container(struct reader *reader, size_t index, size_t count, uint64_t type)
{
    reader->values[index].tag = (uint64_t)count << YYJSON_TAG_BIT | type;
    reader->values[index].uni.ofs = (reader->count - index) * sizeof(yyjson_val);
    reader->depth--;
}

static bool open_container(struct reader *reader)
{
    if (reader->depth == WD_JSON_DEPTH_MAX)
        return stop(reader, WD_TOO_DEEP, "");
    reader->depth++;
    reader->at++;
    return true;
}

/* Behind a member: true when another one follows. At the closing bracket `*more` becomes false. */
static inline bool read_separator(struct reader *reader, char close, bool *more)
{
    char c = peek(reader);
    *more = c == ',';
    if (c != ',' && c != close)
        return stop(reader, WD_SYNTAX,
                    reader->at == reader->end ? "unexpected end"
                                              : "a comma or the end of an "
                                                "object or list was expected");
    reader->at++;
    return true;
}

static bool read_value(struct reader *reader, bool member);

/* The key, its colon, and whether it is new. */
static inline bool read_key(struct reader *reader, size_t object, size_t count, uint64_t *mask,
                            bool outer)
{
    if (peek(reader) != '"')
        return stop(reader, WD_SYNTAX,
                    reader->at == reader->end ? "unexpected end" : "a key was expected");
    size_t index = reader->count;
    if (!reserve(reader, 2) || !read_string(reader, index))
        return false;
    reader->count++;
    struct wd_slice key = text_of(&reader->values[index]);
    uint64_t bit = wd_json_key_bit(key.data, key.len);
    /* A key whose bit is new is not looked for. */
    bool look = (*mask & bit) != 0 && count <= PAIRWISE_MAX;
    if (look && !is_new(reader, object, count) && !take_repeated(reader, object, outer, key))
        return false;
    *mask |= bit;
    if (peek(reader) != ':')
        return stop(reader, WD_SYNTAX, "a colon was expected behind a key");
    reader->at++;
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): at most WD_JSON_DEPTH_MAX deep */
static bool read_object(struct reader *reader, size_t index, bool outer)
{
    size_t count = 0;
    uint64_t mask = 0;
    if (!open_container(reader))
        return false;
    bool more = peek(reader) != '}';
    if (!more)
        reader->at++;
    while (more) {
        if (!read_key(reader, index, count + 1, &mask, outer) || !read_value(reader, true) ||
            !read_separator(reader, '}', &more))
            return false;
        count++;
    }
    close_container(reader, index, count, YYJSON_TYPE_OBJ);
    return count <= PAIRWISE_MAX || check_keys(reader, index, count, outer);
}

/* NOLINTNEXTLINE(misc-no-recursion): at most WD_JSON_DEPTH_MAX deep */
static bool read_list(struct reader *reader, size_t index)
{
    size_t count = 0;
    if (!open_container(reader))
        return false;
    bool more = peek(reader) != ']';
    if (!more)
        reader->at++;
    while (more) {
        if (!read_value(reader, false) || !read_separator(reader, ']', &more))
            return false;
        count++;
    }
    close_container(reader, index, count, YYJSON_TYPE_ARR);
    return true;
}

/* `member`: the value before this one is its key. */
/* NOLINTNEXTLINE(misc-no-recursion): at most WD_JSON_DEPTH_MAX deep */
static bool read_value(struct reader *reader, bool member)
{
    char first = peek(reader);
    size_t index = reader->count;
    if (!reserve(reader, 1))
        return false;
    reader->count++;
    if (first == '"')
        return read_string(reader, index);
    if (first == '{')
        return read_object(reader, index, member);
    if (first == '[')
        return read_list(reader, index);
    if (first == '-')
        return read_long_number(reader, index);
    return first >= '0' && first <= '9' ? read_number(reader, index) : read_literal(reader, index);
}

/* What is worse than bad syntax comes first: bytes that no text has. */
static enum wd_status explain(const struct reader *reader, struct wd_error *error)
{
    struct wd_slice text = reader->text;
    size_t bad = 0;
    const char *nul = text.len > 0 ? memchr(text.data, 0, text.len) : NULL;
    if (nul) {
        wd_error_at_offset(error, (size_t)(nul - text.data));
        return wd_error_set(error, WD_NUL_BYTE, "NUL byte at offset %zu",
                            (size_t)(nul - text.data));
    }
    if (!wd_utf8_valid(text, &bad)) {
        wd_error_at_offset(error, bad);
        return wd_error_set(error, WD_NOT_UTF8, "invalid UTF-8 at offset %zu", bad);
    }
    struct wd_slice key = wd_utf8_cut(reader->key, 64);
    size_t offset = (size_t)(reader->at - text.data);
    switch (reader->status) {
    case WD_TOO_DEEP:
        return wd_error_set(error, WD_TOO_DEEP, "the JSON is nested deeper than %d levels",
                            WD_JSON_DEPTH_MAX);
    case WD_DUPLICATE_KEY:
        wd_error_at_path(error, "%.*s", WD_SLICE_ARG(key));
        return wd_error_set(error, WD_DUPLICATE_KEY, "key \"%.*s\" occurs twice in one object",
                            WD_SLICE_ARG(key));
    case WD_SYNTAX:
        wd_error_at_offset(error, offset);
        return wd_error_set(error, WD_SYNTAX, "not JSON: %s at offset %zu", reader->message,
                            offset);
    default:
        return wd_error_set(error, reader->status, "%s", reader->message);
    }
}

/* A C1 control among the bytes themselves. */
static bool has_c1(struct wd_slice text)
{
    const char *end = text.data + text.len;
    const char *lead = memchr(text.data, '\xC2', text.len);
    while (lead && end - lead > 1 && (unsigned char)lead[1] > 0x9F)
        lead = memchr(lead + 1, '\xC2', (size_t)(end - lead) - 1);
    return lead && end - lead > 1;
}

static void tell(const struct reader *reader, struct wd_json_reading *reading)
{
    *reading = reader->found;
    reading->c1 = reading->c1 || (reader->high && has_c1(reader->text));
    reading->unescaped = reader->unescaped;
    reading->feeds = reader->feeds;
}

enum wd_status wd_json_read_all(struct wd_slice text, struct wd_arena *arena,
                                struct wd_json_reading *reading, yyjson_val **root,
                                struct wd_error *error)
{
    struct reader reader = {
        .text = text,
        .at = text.data,
        .end = text.data + text.len,
        .arena = arena,
        .found = {.maps = reading ? reading->maps : NULL, .lines = text.len <= UINT32_MAX}};
    *root = NULL;
    reader.capacity = text.len / 64 + 8;
    reader.values = wd_arena_alloc(arena, reader.capacity * sizeof(*reader.values));
    if (!reader.values)
        return wd_error_set(error, WD_NO_MEMORY, "the JSON needs more memory than a story may use");
    bool whole = read_value(&reader, false);
    if (whole && peek(&reader) != '\0')
        whole = stop(&reader, WD_SYNTAX, "more follows behind the end");
    if (!whole || reader.at < reader.end)
        return explain(&reader, error);
    if (reading)
        tell(&reader, reading);
    *root = reader.values;
    return WD_OK;
}

enum wd_status wd_json_read(struct wd_slice text, struct wd_arena *arena, yyjson_val **root,
                            struct wd_error *error)
{
    return wd_json_read_all(text, arena, NULL, root, error);
}

bool wd_json_is_plain(const yyjson_val *string)
{
    return string && (string->tag & PLAIN) != 0;
}
