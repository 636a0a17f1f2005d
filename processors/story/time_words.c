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
    {"ledna", 1},
    {"janu\u00E1ra", 1},
    {"janu\u00E1r", 1},
    {"ianuarie", 1},
    {"\u0399\u03B1\u03BD\u03BF\u03C5\u03B1\u03C1\u03AF\u03BF\u03C5", 1},
    {"\u0441\u0456\u0447\u043D\u044F", 1},
    {"tammikuuta", 1},
    {"sije\u010Dnja", 1},
    {"\u064A\u0646\u0627\u064A\u0631", 1},
    {"\u091C\u0928\u0935\u0930\u0940", 1},
    {"\u044F\u043D\u0443\u0430\u0440\u0438", 1},
    {"\u00FAnora", 2},
    {"febru\u00E1r", 2},
    {"febru\u00E1ra", 2},
    {"februarie", 2},
    {"\u03A6\u03B5\u03B2\u03C1\u03BF\u03C5\u03B1\u03C1\u03AF\u03BF\u03C5", 2},
    {"\u043B\u044E\u0442\u043E\u0433\u043E", 2},
    {"helmikuuta", 2},
    {"velja\u010De", 2},
    {"\u0641\u0628\u0631\u0627\u064A\u0631", 2},
    {"\u092B\u0930\u0935\u0930\u0940", 2},
    {"\u0444\u0435\u0432", 2},
    {"marts", 3},
    {"b\u0159ezna", 3},
    {"m\u00E1rcius", 3},
    {"martie", 3},
    {"\u039C\u03B1\u03C1\u03C4\u03AF\u03BF\u03C5", 3},
    {"\u0431\u0435\u0440\u0435\u0437\u043D\u044F", 3},
    {"maret", 3},
    {"maaliskuuta", 3},
    {"o\u017Eujka", 3},
    {"\u0645\u0627\u0631\u0633", 3},
    {"\u092E\u093E\u0930\u094D\u091A", 3},
    {"\u043C\u0430\u0440\u0442", 3},
    {"dubna", 4},
    {"apr\u00EDla", 4},
    {"\u00E1prilis", 4},
    {"aprilie", 4},
    {"\u0391\u03C0\u03C1\u03B9\u03BB\u03AF\u03BF\u03C5", 4},
    {"\u043A\u0432\u0456\u0442\u043D\u044F", 4},
    {"huhtikuuta", 4},
    {"travnja", 4},
    {"\u0623\u0628\u0631\u064A\u0644", 4},
    {"\u0905\u092A\u094D\u0930\u0948\u0932", 4},
    {"kv\u011Btna", 5},
    {"m\u00E1ja", 5},
    {"m\u00E1jus", 5},
    {"\u039C\u03B1\u0390\u03BF\u03C5", 5},
    {"\u0442\u0440\u0430\u0432\u043D\u044F", 5},
    {"toukokuuta", 5},
    {"svibnja", 5},
    {"maj", 5},
    {"\u0645\u0627\u064A\u0648", 5},
    {"\u092E\u0908", 5},
    {"\u010Dervna", 6},
    {"j\u00FAna", 6},
    {"j\u00FAnius", 6},
    {"iunie", 6},
    {"\u0399\u03BF\u03C5\u03BD\u03AF\u03BF\u03C5", 6},
    {"\u0447\u0435\u0440\u0432\u043D\u044F", 6},
    {"kes\u00E4kuuta", 6},
    {"lipnja", 6},
    {"\u064A\u0648\u0646\u064A\u0648", 6},
    {"\u091C\u0942\u0928", 6},
    {"\u010Dervence", 7},
    {"j\u00FAla", 7},
    {"j\u00FAlius", 7},
    {"iulie", 7},
    {"\u0399\u03BF\u03C5\u03BB\u03AF\u03BF\u03C5", 7},
    {"\u043B\u0438\u043F\u043D\u044F", 7},
    {"hein\u00E4kuuta", 7},
    {"srpnja", 7},
    {"\u064A\u0648\u0644\u064A\u0648", 7},
    {"\u091C\u0941\u0932\u093E\u0908", 7},
    {"srpna", 8},
    {"augusta", 8},
    {"augusztus", 8},
    {"\u0391\u03C5\u03B3\u03BF\u03CD\u03C3\u03C4\u03BF\u03C5", 8},
    {"\u0441\u0435\u0440\u043F\u043D\u044F", 8},
    {"agustus", 8},
    {"elokuuta", 8},
    {"kolovoza", 8},
    {"\u0623\u063A\u0633\u0637\u0633", 8},
    {"\u0905\u0917\u0938\u094D\u0924", 8},
    {"z\u00E1\u0159\u00ED", 9},
    {"septembra", 9},
    {"szeptember", 9},
    {"septembrie", 9},
    {"\u03A3\u03B5\u03C0\u03C4\u03B5\u03BC\u03B2\u03C1\u03AF\u03BF\u03C5", 9},
    {"\u0432\u0435\u0440\u0435\u0441\u043D\u044F", 9},
    {"syyskuuta", 9},
    {"rujna", 9},
    {"\u0633\u0628\u062A\u0645\u0628\u0631", 9},
    {"\u0938\u093F\u0924\u0902\u092C\u0930", 9},
    {"\u0159\u00EDjna", 10},
    {"okt\u00F3bra", 10},
    {"okt\u00F3ber", 10},
    {"octombrie", 10},
    {"\u039F\u03BA\u03C4\u03C9\u03B2\u03C1\u03AF\u03BF\u03C5", 10},
    {"\u0436\u043E\u0432\u0442\u043D\u044F", 10},
    {"lokakuuta", 10},
    {"\u0623\u0643\u062A\u0648\u0628\u0631", 10},
    {"\u0905\u0915\u094D\u091F\u0942\u092C\u0930", 10},
    {"novembra", 11},
    {"noiembrie", 11},
    {"\u039D\u03BF\u03B5\u03BC\u03B2\u03C1\u03AF\u03BF\u03C5", 11},
    {"\u043B\u0438\u0441\u0442\u043E\u043F\u0430\u0434\u0430", 11},
    {"listopadu", 11},
    {"marraskuuta", 11},
    {"studenoga", 11},
    {"\u0646\u0648\u0641\u0645\u0628\u0631", 11},
    {"\u0928\u0935\u0902\u092C\u0930", 11},
    {"prosince", 12},
    {"decembra", 12},
    {"decembrie", 12},
    {"\u0394\u03B5\u03BA\u03B5\u03BC\u03B2\u03C1\u03AF\u03BF\u03C5", 12},
    {"\u0433\u0440\u0443\u0434\u043D\u044F", 12},
    {"desember", 12},
    {"joulukuuta", 12},
    {"prosinca", 12},
    {"\u062F\u064A\u0633\u0645\u0628\u0631", 12},
    {"\u0926\u093F\u0938\u0902\u092C\u0930", 12},
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
        {"HST", -600}, {"IST", 330},  {"PKT", 300},  {"WIB", 420},  {"ICT", 420},   {"HKT", 480},
        {"SGT", 480},  {"AWST", 480}, {"ACST", 570}, {"ACDT", 630}, {"SAST", 120},  {"BRT", -180},
        {"AST", -240}, {"ADT", -180}, {"NST", -210}, {"NDT", -150},
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
    static const char *const others[] = {"at", "on", "|",  "um", "uhr", "mo", "di", "mi",
                                         "do", "fr", "sa", "so", "-",   "kl", "klo"};
    /* Of papers only: in copy they are no facts. */
    static const char *const other_days[] = {
        "lundi",        "mardi",          "mercredi",      "jeudi",
        "vendredi",     "samedi",         "dimanche",      "lunes",
        "martes",       "mi\u00E9rcoles", "jueves",        "viernes",
        "s\u00E1bado",  "domingo",        "segunda-feira", "ter\u00E7a-feira",
        "quarta-feira", "quinta-feira",   "sexta-feira",   "luned\u00EC",
        "marted\u00EC", "mercoled\u00EC", "gioved\u00EC",  "venerd\u00EC",
        "sabato",       "domenica",       "maandag",       "dinsdag",
        "woensdag",     "donderdag",      "vrijdag",       "zaterdag",
        "zondag",       "mandag",         "tirsdag",       "onsdag",
        "torsdag",      "fredag",         "l\u00F8rdag",   "s\u00F8ndag",
        "m\u00E5ndag",  "tisdag",         "l\u00F6rdag",   "s\u00F6ndag"};
    word = without_dot(word);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (wd_text_equal_ascii_case(word, wd_slice_from(others[i])))
            return true;
    }
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        if (is_beginning(word, days[i]))
            return true;
    }
    for (size_t i = 0; i < sizeof(other_days) / sizeof(other_days[0]); i++) {
        if (is_beginning(word, wd_slice_from(other_days[i])))
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
