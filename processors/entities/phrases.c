#include "phrases.h"

#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>
#include <xxhash.h>

/* ICU's macros mix signs and widths freely. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

enum { FIRST_SLOTS = 64, TOKEN_BYTES_MAX = 512, ABBREVIATION_BYTES_MAX = 4 };

void wd_words_init(struct wd_words *words)
{
    *words = (struct wd_words){0};
    wd_buffer_init(&words->folded);
}

void wd_words_finish(struct wd_words *words)
{
    free(words->items);
    wd_buffer_finish(&words->folded);
    wd_words_init(words);
}

void wd_words_clear(struct wd_words *words)
{
    words->count = 0;
    wd_buffer_clear(&words->folded);
}

static bool is_ascii(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    }
    return true;
}

/* Letters and digits stay, apostrophes go, everything else is one blank. */
static void fold_ascii(struct wd_buffer *out, struct wd_slice text, unsigned fold)
{
    if (!wd_buffer_reserve(out, text.len + 1))
        return;
    char *begin = out->data + out->len;
    char *to = begin;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (upper && (fold & WD_FOLD_CASE))
            c = (char)(c + ('a' - 'A'));
        if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            *to++ = c;
        else if (c != '\'' && to > begin && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > begin && to[-1] == ' ')
        to--;
    out->len = (size_t)(to - out->data);
}

/* Letters with strokes and ligatures, which have no decomposition. */
static UChar32 plain_letter(UChar32 point)
{
    switch (point) {
    case 0x0142:
        return 'l';
    case 0x0141:
        return 'L';
    case 0x00F8:
        return 'o';
    case 0x00D8:
        return 'O';
    case 0x0111:
    case 0x00F0:
        return 'd';
    case 0x0110:
    case 0x00D0:
        return 'D';
    case 0x0131:
        return 'i';
    case 0x0127:
        return 'h';
    default:
        return point;
    }
}

static bool is_accent(UChar32 point)
{
    return (point >= 0x0300 && point <= 0x036F) || (point >= 0x064B && point <= 0x0652);
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macros */
static void append_units(struct wd_buffer *out, const UChar *units, int32_t len, unsigned fold)
{
    for (int32_t i = 0; i < len;) {
        UChar32 point = 0;
        U16_NEXT(units, i, len, point);
        if (fold & WD_FOLD_ACCENTS) {
            if (is_accent(point))
                continue;
            point = plain_letter(point);
        }
        char bytes[4];
        int32_t size = 0;
        U8_APPEND_UNSAFE(bytes, size, point);
        wd_buffer_append(out, bytes, (size_t)size);
    }
}

/* By ICU, without its accents, then through the filter that copy goes through for comparison, which
 * folds case in any case; so names whose case counts are told apart by their bytes. */
static void fold_unicode(struct wd_buffer *out, struct wd_slice text, unsigned fold)
{
    if (text.len > TOKEN_BYTES_MAX) {
        wd_text_append_normalized(out, text); /* no name: its accents do not matter */
        return;
    }
    UChar in[TOKEN_BYTES_MAX + 1];
    UChar decomposed[TOKEN_BYTES_MAX * 8]; /* NFD makes at most three units of one byte's share */
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = 0;
    u_strFromUTF8(in, TOKEN_BYTES_MAX + 1, &len, text.data, (int32_t)text.len, &code);
    const UNormalizer2 *form =
        fold & WD_FOLD_ACCENTS ? unorm2_getNFDInstance(&code) : unorm2_getNFCInstance(&code);
    len = unorm2_normalize(form, in, len, decomposed, TOKEN_BYTES_MAX * 8, &code);
    if (U_FAILURE(code)) {
        out->failed = true;
        return;
    }
    struct wd_buffer plain;
    wd_buffer_init(&plain);
    append_units(&plain, decomposed, len, fold);
    if (fold & WD_FOLD_CASE)
        wd_text_append_normalized(out, wd_buffer_slice(&plain));
    else
        wd_buffer_append_slice(out, wd_buffer_slice(&plain));
    out->failed = out->failed || plain.failed;
    wd_buffer_finish(&plain);
}

static void fold_token(struct wd_buffer *out, struct wd_slice token, unsigned fold)
{
    if (is_ascii(token))
        fold_ascii(out, token, fold);
    else
        fold_unicode(out, token, fold);
}

static bool is_small_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_upper(struct wd_slice token)
{
    bool capital = false;
    for (size_t i = 0; i < token.len; i++) {
        if (token.data[i] >= 'a' && token.data[i] <= 'z')
            return false;
        capital = capital || (token.data[i] >= 'A' && token.data[i] <= 'Z');
    }
    return capital;
}

/* Only blanks between two tokens; none at all between Chinese characters. */
static bool is_blank(struct wd_slice gap)
{
    for (size_t i = 0; i < gap.len; i++) {
        if (gap.data[i] == ' ' || gap.data[i] == '\t' || gap.data[i] == '\n')
            continue;
        if (i + 1 < gap.len && (unsigned char)gap.data[i] == 0xC2 &&
            (unsigned char)gap.data[i + 1] == 0xA0) {
            i++;
            continue;
        }
        return false;
    }
    return true;
}

/* "St. Louis", "George W. Bush", "Procter & Gamble": what may stand inside a name. */
static bool gap_joins(struct wd_slice gap, struct wd_slice before)
{
    struct wd_slice inner = wd_text_trim(gap);
    if (inner.len == 1 && inner.data[0] == '&')
        return true;
    if (inner.len != 1 || inner.data[0] != '.' || gap.data[0] != '.')
        return false;
    static const char *const abbreviations[] = {"St", "Ste", "Ft", "Mt", "Jr", "Sr", NULL};
    if (before.len == 1 && before.data[0] >= 'A' && before.data[0] <= 'Z')
        return true;
    for (const char *const *word = abbreviations; *word; word++) {
        if (wd_slice_is(before, *word))
            return true;
    }
    return false;
}

/* Bytes of a possessive's end: "Iran's", with either apostrophe. */
static size_t possessive_len(struct wd_slice token)
{
    if (token.len > 2 && token.data[token.len - 1] == 's' && token.data[token.len - 2] == '\'')
        return 2;
    if (token.len > 4 && memcmp(token.data + token.len - 4, "\xE2\x80\x99s", 4) == 0)
        return 4;
    return 0;
}

static struct wd_word *append_word(struct wd_words *words)
{
    if (words->count == words->capacity) {
        size_t capacity = words->capacity ? words->capacity * 2 : 256;
        struct wd_word *grown = realloc(words->items, capacity * sizeof(*grown));
        if (!grown)
            return NULL;
        words->items = grown;
        words->capacity = capacity;
    }
    return &words->items[words->count++];
}

/* The folded token's words, each with the token's place. */
static bool add_folded(struct wd_words *words, const struct wd_word *token)
{
    struct wd_slice rest = wd_buffer_slice(&words->folded);
    size_t first = words->count;
    while (rest.len > 0) {
        const char *blank = memchr(rest.data, ' ', rest.len);
        size_t len = blank ? (size_t)(blank - rest.data) : rest.len;
        struct wd_word *word = append_word(words);
        if (!word)
            return false;
        *word = *token;
        uint64_t hash = XXH3_64bits(rest.data, len);
        word->hash = hash ? hash : 1;
        if (words->count - 1 > first)
            word->flags |= WD_WORD_JOINED;
        rest = wd_slice_from_offset(rest, len + 1);
    }
    if (words->count > first) {
        words->items[first].flags |= WD_WORD_FIRST;
        words->items[words->count - 1].flags |= WD_WORD_LAST;
    }
    return wd_buffer_ok(&words->folded);
}

bool wd_words_add(struct wd_words *words, uint32_t number, struct wd_slice text)
{
    size_t position = 0;
    struct wd_token token;
    struct wd_token before = {0, 0};
    while (wd_text_next_token(text, &position, &token)) {
        struct wd_slice bytes = wd_slice_make(text.data + token.begin, token.end - token.begin);
        struct wd_word word = {.text = number, .begin = (uint32_t)token.begin};
        if (before.end > 0) {
            struct wd_slice gap = wd_slice_make(text.data + before.end, token.begin - before.end);
            struct wd_slice last =
                wd_slice_make(text.data + before.begin, before.end - before.begin);
            if (is_blank(gap))
                word.flags = WD_WORD_ADJACENT | WD_WORD_JOINED;
            else if (gap_joins(gap, last))
                word.flags = WD_WORD_JOINED;
        }
        size_t tail = possessive_len(bytes);
        bytes.len -= tail;
        word.end = (uint32_t)(token.begin + bytes.len);
        word.flags |= tail ? WD_WORD_POSSESSIVE : 0;
        word.flags |= is_small_or_digit(bytes.data[0]) ? 0 : WD_WORD_CAPITAL;
        word.flags |= is_upper(bytes) ? WD_WORD_UPPER : 0;
        wd_buffer_clear(&words->folded);
        fold_token(&words->folded, bytes, WD_FOLD_CASE | WD_FOLD_ACCENTS);
        if (!add_folded(words, &word))
            return false;
        before = token;
    }
    return true;
}

uint64_t wd_words_hash(struct wd_words *words, struct wd_slice text)
{
    wd_words_clear(words);
    if (!wd_words_add(words, 0, text) || words->count == 0 || words->count > WD_PHRASE_WORDS_MAX)
        return 0;
    uint64_t hash = words->items[0].hash;
    for (size_t i = 1; i < words->count; i++)
        hash = wd_phrase_hash_add(hash, words->items[i].hash);
    return hash;
}

void wd_text_append_folded(struct wd_buffer *out, struct wd_slice text, unsigned fold)
{
    size_t position = 0;
    struct wd_token token;
    size_t begin = out->len;
    while (wd_text_next_token(text, &position, &token)) {
        if (out->len > begin)
            wd_buffer_append_byte(out, ' ');
        fold_token(out, wd_slice_make(text.data + token.begin, token.end - token.begin), fold);
    }
}

uint64_t wd_text_hash(struct wd_buffer *scratch, struct wd_slice text, unsigned fold)
{
    wd_buffer_clear(scratch);
    wd_text_append_folded(scratch, text, fold);
    return XXH3_64bits(scratch->data, scratch->len);
}

bool wd_phrase_table_init(struct wd_phrase_table *table, uint32_t expected)
{
    uint32_t count = FIRST_SLOTS;
    if (expected > FIRST_SLOTS / 2)
        count = expected > UINT32_MAX / 2 ? UINT32_MAX : expected * 2;
    *table = (struct wd_phrase_table){calloc(count, sizeof(*table->slots)), count, 0};
    return table->slots != NULL;
}

void wd_phrase_table_finish(struct wd_phrase_table *table)
{
    free(table->slots);
    *table = (struct wd_phrase_table){0};
}

/* The slot of a hash, or the empty one where it would stand. */
static uint32_t slot_index(const struct wd_phrase_table *table, uint64_t hash)
{
    uint64_t spread = (hash * UINT64_C(0xD6E8FEB86659FD93)) >> 32;
    uint32_t i = (uint32_t)((spread * table->slot_count) >> 32);
    while (table->slots[i].hash != 0 && table->slots[i].hash != hash)
        i = i + 1 == table->slot_count ? 0 : i + 1;
    return i;
}

static bool resize(struct wd_phrase_table *table, uint32_t count)
{
    struct wd_phrase_table other = {calloc(count, sizeof(*other.slots)), count, table->used};
    if (!other.slots)
        return false;
    for (uint32_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i].hash != 0)
            other.slots[slot_index(&other, table->slots[i].hash)] = table->slots[i];
    }
    free(table->slots);
    *table = other;
    return true;
}

struct wd_phrase_slot *wd_phrase_table_need(struct wd_phrase_table *table, uint64_t hash)
{
    if (table->used >= table->slot_count / 4 * 3 &&
        (table->slot_count > UINT32_MAX / 2 || !resize(table, table->slot_count * 2)))
        return NULL;
    struct wd_phrase_slot *slot = &table->slots[slot_index(table, hash)];
    if (slot->hash == 0) {
        *slot = (struct wd_phrase_slot){hash, WD_PHRASE_NONE, 0};
        table->used++;
    }
    return slot;
}

enum wd_status wd_phrase_words_fit(const struct wd_words *words)
{
    if (words->count == 0)
        return WD_EMPTY;
    return words->count > WD_PHRASE_WORDS_MAX ? WD_TOO_LARGE : WD_OK;
}

enum wd_status wd_phrase_table_add(struct wd_phrase_table *table, const struct wd_words *words,
                                   struct wd_phrase_slot **slot)
{
    enum wd_status status = wd_phrase_words_fit(words);
    if (status != WD_OK)
        return status;
    uint64_t hash = words->items[0].hash;
    for (size_t i = 0;; i++) {
        if (i > 0)
            hash = wd_phrase_hash_add(hash, words->items[i].hash);
        *slot = wd_phrase_table_need(table, hash);
        if (!*slot)
            return WD_NO_MEMORY;
        if (i + 1 == words->count)
            return WD_OK;
        (*slot)->longer = 1;
    }
}

bool wd_phrase_table_shrink(struct wd_phrase_table *table)
{
    uint32_t count = table->used + table->used / 3 + 8;
    return count >= table->slot_count || resize(table, count);
}

const struct wd_phrase_slot *wd_phrase_find(const struct wd_phrase_table *table, uint64_t hash)
{
    if (table->slot_count == 0)
        return NULL;
    const struct wd_phrase_slot *slot = &table->slots[slot_index(table, hash)];
    return slot->hash != 0 ? slot : NULL;
}
