/* linker_tickers.c - what a company's shares are called where they are traded, as the copy says it.
 * Source: AP style "(NYSE: IBM)", "(NASDAQ:AAPL)"; Reuters style "<IBM.N>", "(0700.HK)" (RIC). */
#include "linker.h"

/* What stands behind the dot of a RIC, and the exchange by its usual name. */
static const struct {
    const char *ending;
    const char *exchange;
} ric_exchanges[] = {
    {"N", "NYSE"},   {"K", "NYSE"},     {"A", "NYSEAMERICAN"}, {"O", "NASDAQ"}, {"OQ", "NASDAQ"},
    {"L", "LSE"},    {"T", "TSE"},      {"HK", "HKEX"},        {"SS", "SSE"},   {"SZ", "SZSE"},
    {"DE", "XETRA"}, {"F", "FRA"},      {"PA", "EPA"},         {"AS", "AMS"},   {"BR", "EBR"},
    {"LS", "ELI"},   {"MI", "BIT"},     {"MC", "BME"},         {"S", "SIX"},    {"VX", "SIX"},
    {"ST", "STO"},   {"OL", "OSL"},     {"CO", "CPH"},         {"HE", "HEL"},   {"TO", "TSX"},
    {"V", "TSXV"},   {"AX", "ASX"},     {"NZ", "NZX"},         {"NS", "NSE"},   {"BO", "BSE"},
    {"KS", "KRX"},   {"KQ", "KOSDAQ"},  {"TW", "TWSE"},        {"SI", "SGX"},   {"KL", "MYX"},
    {"JK", "IDX"},   {"BK", "SET"},     {"SA", "B3"},          {"MX", "BMV"},   {"J", "JSE"},
    {"IS", "BIST"},  {"SE", "TADAWUL"}, {"TA", "TASE"},        {"WA", "WSE"},   {"VI", "WBAG"},
};

/* As copy writes them before a colon; others are no exchange that we know. */
static const char *const exchanges[] = {
    "NYSE",  "NASDAQ",   "AMEX",     "NYSEAMERICAN", "LSE",   "AIM", "TSE",  "TYO",  "HKEX",  "HKG",
    "SEHK",  "TSX",      "TSXV",     "ASX",          "NSE",   "BSE", "FRA",  "ETR",  "XETRA", "EPA",
    "AMS",   "BIT",      "BME",      "SIX",          "SWX",   "KRX", "SGX",  "JSE",  "STO",   "OSL",
    "CPH",   "HEL",      "OTC",      "OTCQX",        "OTCQB", "SSE", "SZSE", "TWSE", "NZX",   "BMV",
    "OTCBB", "NYSEARCA", "EURONEXT", "TADAWUL",      "IDX",   "SET", "B3",   "WSE",  "ISE",   NULL};

enum { SYMBOL_BYTES_MAX = 12, EXCHANGE_BYTES_MAX = 16 };

static bool is_symbol_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '/';
}

static struct wd_slice take_symbol(struct wd_slice *rest)
{
    size_t len = 0;
    while (len < rest->len && is_symbol_byte(rest->data[len]))
        len++;
    struct wd_slice symbol = wd_slice_make(rest->data, len);
    *rest = wd_slice_from_offset(*rest, len);
    return symbol;
}

static void skip_blanks(struct wd_slice *rest)
{
    while (rest->len > 0 && rest->data[0] == ' ')
        *rest = wd_slice_from_offset(*rest, 1);
}

static bool take_byte(struct wd_slice *rest, char byte)
{
    if (rest->len == 0 || rest->data[0] != byte)
        return false;
    *rest = wd_slice_from_offset(*rest, 1);
    return true;
}

/* "NYSE: IBM" up to the closing bracket; other symbols may follow ("NYSE: IBM; FRA: IBM"). */
static struct wd_slice read_exchange(struct wd_slice rest, struct wd_arena *arena)
{
    size_t len = 0;
    while (len < rest.len && len <= EXCHANGE_BYTES_MAX &&
           ((rest.data[len] >= 'A' && rest.data[len] <= 'Z') ||
            (rest.data[len] >= 'a' && rest.data[len] <= 'z') || rest.data[len] == '3'))
        len++;
    const char *known = NULL;
    for (const char *const *name = exchanges; *name && !known; name++) {
        if (wd_text_equal_ascii_case(wd_slice_make(rest.data, len), wd_slice_from(*name)))
            known = *name;
    }
    rest = wd_slice_from_offset(rest, len);
    skip_blanks(&rest);
    if (!known || !take_byte(&rest, ':'))
        return WD_SLICE_NONE;
    skip_blanks(&rest);
    struct wd_slice symbol = take_symbol(&rest);
    bool closed = rest.len > 0 && strchr(");, ", rest.data[0]);
    if (symbol.len == 0 || symbol.len > SYMBOL_BYTES_MAX || !closed)
        return WD_SLICE_NONE;
    return wd_arena_printf(arena, "%s:%.*s", known, WD_SLICE_ARG(symbol));
}

/* "IBM.N" up to `closing`. */
static struct wd_slice read_ric(struct wd_slice rest, char closing, struct wd_arena *arena)
{
    struct wd_slice ric = take_symbol(&rest);
    if (ric.len < 3 || ric.len > SYMBOL_BYTES_MAX || rest.len == 0 || rest.data[0] != closing)
        return WD_SLICE_NONE;
    size_t dot = ric.len;
    while (dot > 0 && ric.data[dot - 1] != '.')
        dot--;
    struct wd_slice ending = wd_slice_from_offset(ric, dot);
    for (size_t i = 0; dot > 1 && i < sizeof(ric_exchanges) / sizeof(ric_exchanges[0]); i++) {
        if (wd_slice_is(ending, ric_exchanges[i].ending))
            return wd_arena_printf(arena, "%s:%.*s", ric_exchanges[i].exchange, (int)(dot - 1),
                                   ric.data);
    }
    return WD_SLICE_NONE;
}

struct wd_slice wd_ticker_after(struct wd_slice text, size_t end, struct wd_arena *arena)
{
    struct wd_slice rest = wd_slice_from_offset(text, end);
    (void)take_byte(&rest, '.'); /* "Apple Inc. (NASDAQ: AAPL)" */
    (void)take_byte(&rest, ',');
    skip_blanks(&rest);
    if (take_byte(&rest, '<'))
        return read_ric(rest, '>', arena);
    if (!take_byte(&rest, '('))
        return WD_SLICE_NONE;
    struct wd_slice ticker = read_ric(rest, ')', arena);
    return ticker.len > 0 ? ticker : read_exchange(rest, arena);
}
