#include "language.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

/* CLD2 has no C interface. These two take and return plain values only, so C may call them, under the
 * names that the C++ ABI of all our machines (Itanium's) gives them; a library without them fails to
 * link. namespace CLD2:
 *   Language DetectLanguage(const char *buffer, int len, bool is_plain_text, bool *is_reliable);
 *   const char *LanguageCode(Language lang); */
extern int detect_language(const char *text, int len, bool is_plain,
                           bool *is_reliable) __asm__("_ZN4CLD214DetectLanguageEPKcibPb");
extern const char *language_code(int language) __asm__("_ZN4CLD212LanguageCodeENS_8LanguageE");

/* ICU's macros mix signs. */
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"

enum letter { LETTER_NONE, LETTER_CASED, LETTER_CAPITAL, LETTER_OTHER };

static enum letter letter_of(UChar32 point)
{
    if (point < 0x80) {
        if (point >= 'a' && point <= 'z')
            return LETTER_CASED;
        return point >= 'A' && point <= 'Z' ? LETTER_CAPITAL : LETTER_NONE;
    }
    if (u_isupper(point) || u_istitle(point))
        return LETTER_CAPITAL;
    if (u_islower(point))
        return LETTER_CASED;
    return u_isalpha(point) ? LETTER_OTHER : LETTER_NONE;
}

/* A run of bytes between blanks, of letters with case or of others (Japanese has names in Latin letters
 * within its own). */
struct piece {
    struct wd_slice text;
    bool telling; /* has letters, and none of them is a capital */
};

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static struct piece next_piece(struct wd_slice text)
{
    int32_t len = (int32_t)(text.len < WD_LANGUAGE_BYTES ? text.len : WD_LANGUAGE_BYTES);
    bool capital = false;
    enum letter kind = LETTER_NONE;
    int32_t i = 0;
    while (i < len) {
        int32_t before = i;
        UChar32 point = 0;
        U8_NEXT(text.data, i, (int32_t)text.len, point);
        enum letter letter = letter_of(point);
        bool other = letter == LETTER_OTHER;
        bool turns =
            letter != LETTER_NONE && kind != LETTER_NONE && other != (kind == LETTER_OTHER);
        if (point == ' ' || turns) {
            i = before;
            break;
        }
        capital = capital || letter == LETTER_CAPITAL;
        kind = letter == LETTER_NONE ? kind : letter;
    }
    return (struct piece){wd_slice_make(text.data, (size_t)i), kind != LETTER_NONE && !capital};
}

/* As much of it as there is room for, in whole characters. */
static void append_piece(struct wd_buffer *scratch, struct wd_slice piece)
{
    size_t room = WD_LANGUAGE_BYTES - scratch->len;
    if (piece.len > room) {
        piece.len = room;
        while (piece.len > 0 && ((unsigned char)piece.data[piece.len] & 0xC0) == 0x80)
            piece.len--;
    }
    wd_buffer_append_slice(scratch, piece);
    if (scratch->len < WD_LANGUAGE_BYTES)
        wd_buffer_append_byte(scratch, ' ');
}

/* Of the copy's beginning. */
#define LOOKED_AT_MAX (20 * (size_t)WD_LANGUAGE_BYTES)

/* The copy's telling words, until there are enough: a table of names may stand before them, but a
 * megabyte of it is not searched. */
static void collect(const struct wd_tagger_text *texts, size_t count, struct wd_buffer *scratch)
{
    size_t looked_at = 0;
    for (size_t i = 0; i < count; i++) {
        struct wd_slice rest = texts[i].text;
        while (rest.len > 0) {
            if (scratch->len >= WD_LANGUAGE_BYTES || looked_at > LOOKED_AT_MAX)
                return;
            struct piece piece = next_piece(rest);
            if (piece.telling)
                append_piece(scratch, piece.text);
            size_t used = piece.text.len > 0 ? piece.text.len : 1; /* the blank */
            looked_at += used;
            rest = wd_slice_from_offset(rest, used);
        }
    }
}

struct wd_slice wd_language_find(const struct wd_tagger_text *texts, size_t count,
                                 struct wd_buffer *scratch, char found[WD_LANGUAGE_CODE_BYTES])
{
    bool reliable = false;
    wd_buffer_clear(scratch);
    collect(texts, count, scratch);
    if (!wd_buffer_ok(scratch) || scratch->len < WD_LANGUAGE_BYTES_MIN)
        return WD_SLICE_NONE;
    int language = detect_language(scratch->data, (int)scratch->len, true, &reliable);
    const char *code = language_code(language);
    if (!reliable || strcmp(code, "un") == 0 || strncmp(code, "xx", 2) == 0)
        return WD_SLICE_NONE;
    return wd_language_code(wd_slice_from(code), found);
}
