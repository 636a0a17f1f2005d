#include "language_tag.h"

#include <string.h>
#include <unicode/uloc.h>

enum { TAG_BYTES = 64 };

/* What ICU leaves as it is. "": no language. */
static const char other_codes[][2][WD_LANGUAGE_CODE_BYTES] = {
    {"alb", "sq"}, {"arm", "hy"}, {"baq", "eu"}, {"bur", "my"}, {"chi", "zh"}, {"cmn", "zh"},
    {"cze", "cs"}, {"dut", "nl"}, {"fil", "tl"}, {"fre", "fr"}, {"geo", "ka"}, {"ger", "de"},
    {"gre", "el"}, {"ice", "is"}, {"in", "id"},  {"iw", "he"},  {"ji", "yi"},  {"jw", "jv"},
    {"mac", "mk"}, {"mao", "mi"}, {"may", "ms"}, {"mis", ""},   {"mo", "ro"},  {"mul", ""},
    {"nb", "no"},  {"per", "fa"}, {"rum", "ro"}, {"slo", "sk"}, {"tib", "bo"}, {"und", ""},
    {"wel", "cy"}, {"zxx", ""},
};

static bool is_code(const char *code, size_t len)
{
    return (len == 2 || len == 3) && strspn(code, "abcdefghijklmnopqrstuvwxyz") == len;
}

struct wd_slice wd_language_code(struct wd_slice tag, char code[WD_LANGUAGE_CODE_BYTES])
{
    char whole[TAG_BYTES];
    char primary[TAG_BYTES];
    UErrorCode status = U_ZERO_ERROR;
    if (tag.len == 0 || tag.len >= sizeof(whole))
        return WD_SLICE_NONE;
    memcpy(whole, tag.data, tag.len);
    whole[tag.len] = '\0';
    int32_t len = uloc_getLanguage(whole, primary, sizeof(primary), &status);
    if (U_FAILURE(status) || len < 0 || !is_code(primary, (size_t)len))
        return WD_SLICE_NONE;
    memcpy(code, primary, (size_t)len + 1);
    for (size_t i = 0; i < sizeof(other_codes) / sizeof(other_codes[0]); i++) {
        if (strcmp(code, other_codes[i][0]) == 0)
            memcpy(code, other_codes[i][1], WD_LANGUAGE_CODE_BYTES);
    }
    return wd_slice_from(code);
}

struct wd_slice wd_language_of_story(const struct wd_story *story,
                                     char code[WD_LANGUAGE_CODE_BYTES])
{
    struct wd_slice said = wd_language_code(story->language, code);
    return said.len > 0 ? said : wd_language_code(story->tagging.language, code);
}
