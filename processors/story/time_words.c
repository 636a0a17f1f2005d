#include "time_words.h"

#include "text.h"

static struct wd_slice without_dot(struct wd_slice word)
{
    if (word.len > 0 && word.data[word.len - 1] == '.')
        word.len--;
    return word;
}

/* The bytes that bring `text` to at least three letters: "M\xC3\xA4r" has four. */
static bool is_beginning(struct wd_slice word, struct wd_slice name)
{
    return word.len >= 3 && wd_text_starts_ascii_case(name, word);
}

static const struct month_name {
    const char *name;
    int month;
} month_names[] = {
    {"sept", 9},
    {"mrz", 3},
    {"mai", 5},
    {"febr", 2},
    {"mrt", 3},
    {"okt", 10},
    {"janvier", 1},
    {"enero", 1},
    {"janeiro", 1},
    {"gennaio", 1},
    {"januari", 1},
    {"stycznia", 1},
    {"\u044F\u043D\u0432\u0430\u0440\u044F", 1},
    {"ocak", 1},
    {"f\u00E9vrier", 2},
    {"fevrier", 2},
    {"febrero", 2},
    {"fevereiro", 2},
    {"febbraio", 2},
    {"februari", 2},
    {"lutego", 2},
    {"\u0444\u0435\u0432\u0440\u0430\u043B\u044F", 2},
    {"\u015Fubat", 2},
    {"mars", 3},
    {"marzo", 3},
    {"mar\u00E7o", 3},
    {"maart", 3},
    {"marca", 3},
    {"\u043C\u0430\u0440\u0442\u0430", 3},
    {"mart", 3},
    {"avril", 4},
    {"abril", 4},
    {"aprile", 4},
    {"kwietnia", 4},
    {"\u0430\u043F\u0440\u0435\u043B\u044F", 4},
    {"nisan", 4},
    {"mayo", 5},
    {"maio", 5},
    {"maggio", 5},
    {"mei", 5},
    {"maja", 5},
    {"\u043C\u0430\u044F", 5},
    {"may\u0131s", 5},
    {"juin", 6},
    {"junio", 6},
    {"junho", 6},
    {"giugno", 6},
    {"czerwca", 6},
    {"\u0438\u044E\u043D\u044F", 6},
    {"haziran", 6},
    {"juillet", 7},
    {"julio", 7},
    {"julho", 7},
    {"luglio", 7},
    {"lipca", 7},
    {"\u0438\u044E\u043B\u044F", 7},
    {"temmuz", 7},
    {"ao\u00FBt", 8},
    {"aout", 8},
    {"agosto", 8},
    {"augustus", 8},
    {"sierpnia", 8},
    {"\u0430\u0432\u0433\u0443\u0441\u0442\u0430", 8},
    {"a\u011Fustos", 8},
    {"septembre", 9},
    {"septiembre", 9},
    {"setembro", 9},
    {"settembre", 9},
    {"wrze\u015Bnia", 9},
    {"\u0441\u0435\u043D\u0442\u044F\u0431\u0440\u044F", 9},
    {"eyl\u00FCl", 9},
    {"octobre", 10},
    {"octubre", 10},
    {"outubro", 10},
    {"ottobre", 10},
    {"pa\u017Adziernika", 10},
    {"\u043E\u043A\u0442\u044F\u0431\u0440\u044F", 10},
    {"ekim", 10},
    {"novembre", 11},
    {"noviembre", 11},
    {"novembro", 11},
    {"listopada", 11},
    {"\u043D\u043E\u044F\u0431\u0440\u044F", 11},
    {"kas\u0131m", 11},
    {"d\u00E9cembre", 12},
    {"decembre", 12},
    {"diciembre", 12},
    {"dezembro", 12},
    {"dicembre", 12},
    {"grudnia", 12},
    {"\u0434\u0435\u043A\u0430\u0431\u0440\u044F", 12},
    {"aral\u0131k", 12},
};

int wd_month_find(struct wd_slice word)
{
    static const struct {
        const char *name;
        int month;
    } months[] = {
        {"january", 1},       {"february", 2},  {"march", 3},  {"april", 4},     {"may", 5},
        {"june", 6},          {"july", 7},      {"august", 8}, {"september", 9}, {"october", 10},
        {"november", 11},     {"december", 12}, {"januar", 1}, {"februar", 2},   {"maerz", 3},
        {"m\xC3\xA4rz", 3},   {"juni", 6},      {"juli", 7},   {"oktober", 10},  {"dezember", 12},
        {"j\xC3\xA4nner", 1}, {"jaenner", 1},
    };
    word = without_dot(word);
    for (size_t i = 0; i < sizeof(month_names) / sizeof(month_names[0]); i++) {
        if (wd_text_equal_ascii_case(word, wd_slice_from(month_names[i].name)))
            return month_names[i].month;
    }
    for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++) {
        if (is_beginning(word, wd_slice_from(months[i].name)))
            return months[i].month;
    }
    return 0;
}

bool wd_zone_word_find(struct wd_slice word, int *offset_minutes)
{
    static const struct {
        const char *name;
        int minutes;
    } zones[] = {
        {"Z", 0},      {"UT", 0},     {"UTC", 0},    {"GMT", 0},    {"WET", 0},     {"BST", 60},
        {"WEST", 60},  {"CET", 60},   {"MEZ", 60},   {"CEST", 120}, {"MESZ", 120},  {"EET", 120},
        {"EEST", 180}, {"MSK", 180},  {"JST", 540},  {"KST", 540},  {"AEST", 600},  {"AEDT", 660},
        {"NZST", 720}, {"NZDT", 780}, {"EST", -300}, {"EDT", -240}, {"CST", -360},  {"CDT", -300},
        {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"AKST", -540}, {"AKDT", -480},
        {"HST", -600},
    };
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        if (wd_text_equal_ascii_case(word, wd_slice_from(zones[i].name))) {
            *offset_minutes = zones[i].minutes;
            return true;
        }
    }
    return false;
}

#define DAY(name)                                                                                  \
    {                                                                                              \
        name, sizeof(name) - 1                                                                     \
    }
static const struct wd_slice days[] = {
    DAY("monday"),     DAY("tuesday"), DAY("wednesday"), DAY("thursday"),  DAY("friday"),
    DAY("saturday"),   DAY("sunday"),  DAY("montag"),    DAY("dienstag"),  DAY("mittwoch"),
    DAY("donnerstag"), DAY("freitag"), DAY("samstag"),   DAY("sonnabend"), DAY("sonntag")};

/* The last two letters of all of them: asked of every name. */
static bool may_end_day(struct wd_slice word)
{
    static const char ends[][2] = {{'a', 'y'}, {'a', 'g'}, {'c', 'h'}, {'n', 'd'}};
    bool found = false;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && word.len >= 2; i++) {
        const char *last = word.data + word.len - 2;
        found = found || ((last[0] | 0x20) == ends[i][0] && (last[1] | 0x20) == ends[i][1]);
    }
    return found;
}

bool wd_time_word_is_day(struct wd_slice word)
{
    if (!may_end_day(word))
        return false;
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        if (wd_text_equal_ascii_case(word, days[i]))
            return true;
    }
    return false;
}

bool wd_time_word_is_filler(struct wd_slice word)
{
    static const char *const others[] = {"at", "on", "|",  "um", "uhr", "mo", "di",
                                         "mi", "do", "fr", "sa", "so",  "-"};
    word = without_dot(word);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (wd_text_equal_ascii_case(word, wd_slice_from(others[i])))
            return true;
    }
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        if (is_beginning(word, days[i]))
            return true;
    }
    return false;
}

bool wd_time_word_is_day_first(struct wd_slice word)
{
    static const char *const words[] = {
        "de",  "del", "le", "el", "il",   "em",   "op",     "om",      "a",      "las",   "alle",
        "ore", "h",   "hs", "o",  "godz", "saat", "\u00E0", "\u00E0s", "\u0432", "\u0433"};
    word = without_dot(word);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (wd_text_equal_ascii_case(word, wd_slice_from(words[i])))
            return true;
    }
    return false;
}
