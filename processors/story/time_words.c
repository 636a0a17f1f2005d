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
    static const struct {
        const char *name;
        int month;
    } exact[] = {{"sept", 9}, {"mrz", 3}, {"mai", 5}, {"febr", 2}};
    word = without_dot(word);
    for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++) {
        if (wd_text_equal_ascii_case(word, wd_slice_from(exact[i].name)))
            return exact[i].month;
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
    static const char *const others[] = {"at", "on", "|",  "um", "uhr", "mo",
                                         "di", "mi", "do", "fr", "sa",  "so"};
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
