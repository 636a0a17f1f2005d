#include "times.h"

#include "calendar.h"
#include "text.h"
#include "time_words.h"

#include <stdio.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

/* What has been read of a time. */
struct fields {
    int year, month, day; /* year -1, month 0, day 0: not seen */
    int hour, minute, second, ms;
    bool has_clock, has_zone;
    int half;                       /* 0 none, 1 a.m., 2 p.m. */
    int slashed[2];                 /* of "3/4/2024", until it is known which is the day; 0: none */
    bool day_first;                 /* written in a language that does */
    const struct wd_zone *american; /* of "ET"; NULL: the text has none */
    int offset_minutes;
};

/* Reads exactly `count` digits. */
static bool take_digits(struct wd_slice *rest, size_t count, int *number)
{
    if (rest->len < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!wd_text_is_digit(rest->data[i]))
            return false;
        value = value * 10 + (rest->data[i] - '0');
    }
    *number = value;
    *rest = wd_slice_from_offset(*rest, count);
    return true;
}

static bool take_char(struct wd_slice *rest, char c)
{
    if (rest->len == 0 || rest->data[0] != c)
        return false;
    *rest = wd_slice_from_offset(*rest, 1);
    return true;
}

static size_t digits_ahead(struct wd_slice rest)
{
    size_t count = 0;
    while (count < rest.len && wd_text_is_digit(rest.data[count]))
        count++;
    return count;
}

/* +hh:mm, +hhmm, +hh */
static bool take_offset(struct wd_slice *rest, struct fields *fields)
{
    bool west = rest->len > 0 && rest->data[0] == '-';
    if (!take_char(rest, '+') && !take_char(rest, '-'))
        return false;
    int hours = 0;
    int minutes = 0;
    if (!take_digits(rest, 2, &hours))
        return false;
    (void)take_char(rest, ':');
    if (digits_ahead(*rest) > 0 && !take_digits(rest, 2, &minutes))
        return false;
    if (hours > 18 || minutes > 59)
        return false;
    fields->offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    fields->has_zone = true;
    return true;
}

static bool take_zone_name(struct wd_slice word, struct fields *fields)
{
    if (!wd_zone_word_find(word, &fields->offset_minutes))
        return false;
    fields->has_zone = true;
    return true;
}

static void take_fraction(struct wd_slice *rest, struct fields *fields)
{
    if (digits_ahead(wd_slice_from_offset(*rest, 1)) == 0 ||
        !(take_char(rest, '.') || take_char(rest, ',')))
        return;
    int scale = 100;
    for (size_t count = digits_ahead(*rest); count > 0; count--) {
        fields->ms += (rest->data[0] - '0') * scale;
        scale /= 10;
        *rest = wd_slice_from_offset(*rest, 1);
    }
}

/* hh:mm[:ss[.fff]] or hhmm[ss[.fff]] */
static bool take_clock(struct wd_slice *rest, struct fields *fields)
{
    size_t ahead = digits_ahead(*rest);
    bool basic = ahead == 4 || ahead == 6;
    if (!take_digits(rest, ahead == 1 ? 1 : 2, &fields->hour))
        return false;
    if (!basic && !take_char(rest, ':'))
        return false;
    if (!take_digits(rest, 2, &fields->minute))
        return false;
    fields->has_clock = true;
    bool seconds = basic ? ahead == 6 : take_char(rest, ':');
    if (seconds && !take_digits(rest, 2, &fields->second))
        return false;
    if (seconds)
        take_fraction(rest, fields);
    return true;
}

/* RFC 3339, and ISO 8601 in its basic form. */
static bool read_iso(struct wd_slice rest, struct fields *fields)
{
    if (!take_digits(&rest, 4, &fields->year))
        return false;
    bool extended = take_char(&rest, '-');
    if (!take_digits(&rest, 2, &fields->month) || (extended && !take_char(&rest, '-')) ||
        !take_digits(&rest, 2, &fields->day))
        return false;
    if (rest.len == 0)
        return true;
    if (!take_char(&rest, 'T') && !take_char(&rest, 't') && !take_char(&rest, ' '))
        return false;
    if (!take_clock(&rest, fields))
        return false;
    rest = wd_text_trim(rest);
    if (rest.len == 0 || take_zone_name(rest, fields))
        return true;
    return take_offset(&rest, fields) && rest.len == 0;
}

/* Up to the next blank, which goes too, with those after it. */
static struct wd_slice take_part(struct wd_slice *rest)
{
    size_t len = 0;
    while (len < rest->len && rest->data[len] != ' ' && rest->data[len] != '\t')
        len++;
    struct wd_slice part = {rest->data, len};
    *rest = wd_text_trim(wd_slice_from_offset(*rest, len));
    return part;
}

/* Two digits of a year: 00 to 68 are of this century. */
static int century_of(int year)
{
    return year + (year <= 68 ? 2000 : 1900);
}

/* A year of two or four digits; RFC 5322 section 4.3 knows three as well: years since 1900. */
static bool take_year(struct wd_slice word, int *year)
{
    size_t digits = digits_ahead(word);
    if (digits != word.len || digits < 2 || digits > 4 || !take_digits(&word, digits, year))
        return false;
    if (digits == 2)
        *year = century_of(*year);
    else if (digits == 3)
        *year += 1900;
    return true;
}

/* What may follow a clock: a zone by number or name, a comment. True when nothing else is left. */
static bool read_zone_end(struct wd_slice rest, struct fields *fields)
{
    while (rest.len > 0) {
        struct wd_slice part = take_part(&rest);
        bool comment = part.data[0] == '(' && fields->has_zone;
        if (!comment && !take_zone_name(part, fields) &&
            !(take_offset(&part, fields) && part.len == 0))
            return false;
    }
    return true;
}

/* RFC 5322 section 3.3 with the years, zones and omissions of section 4.3 and of feeds: "Thu, 7 Mar 24
 * 10:00:00 EST", no day of the week, no seconds, no zone, no clock. */
static bool read_mail_date(struct wd_slice rest, struct fields *fields)
{
    struct wd_slice part = take_part(&rest);
    if (part.len > 0 && !wd_text_is_digit(part.data[0])) {
        if (part.data[part.len - 1] == ',')
            part.len--;
        if (!wd_time_word_is_filler(part))
            return false;
        part = take_part(&rest);
    }
    size_t digits = digits_ahead(part);
    if (digits < 1 || digits > 2 || digits != part.len || !take_digits(&part, digits, &fields->day))
        return false;
    fields->month = wd_month_find(take_part(&rest));
    if (fields->month == 0 || !take_year(take_part(&rest), &fields->year))
        return false;
    if (rest.len == 0)
        return true;
    part = take_part(&rest);
    return take_clock(&part, fields) && part.len == 0 && read_zone_end(rest, fields);
}

/* The trailer of ANPA-1312, "03-08-24 0112GMT": month, day, year, clock. */
static bool read_anpa(struct wd_slice rest, struct fields *fields)
{
    if (!take_digits(&rest, 2, &fields->month) || !take_char(&rest, '-') ||
        !take_digits(&rest, 2, &fields->day) || !take_char(&rest, '-') ||
        !take_digits(&rest, 2, &fields->year) || !take_char(&rest, ' '))
        return false;
    fields->year = century_of(fields->year);
    rest = wd_text_trim(rest);
    if (digits_ahead(rest) != 4 || !take_clock(&rest, fields))
        return false;
    return read_zone_end(wd_text_trim(rest), fields);
}

/* The trailer of IPTC 7901, "070112 GMT Maerz 24": day, hour, minute, zone or none, month, year. */
static bool read_iptc7901(struct wd_slice rest, struct fields *fields)
{
    struct wd_slice part = take_part(&rest);
    if (part.len != 6 || digits_ahead(part) != 6 || !take_digits(&part, 2, &fields->day) ||
        !take_clock(&part, fields))
        return false;
    part = take_part(&rest);
    if (take_zone_name(part, fields))
        part = take_part(&rest);
    fields->month = wd_month_find(part);
    return fields->month > 0 && take_year(take_part(&rest), &fields->year) && rest.len == 0;
}

static bool take_half(struct wd_slice word, struct fields *fields)
{
    if (wd_text_equal_ascii_case(word, WD_SLICE("am")) ||
        wd_text_equal_ascii_case(word, WD_SLICE("a.m.")))
        fields->half = 1;
    else if (wd_text_equal_ascii_case(word, WD_SLICE("pm")) ||
             wd_text_equal_ascii_case(word, WD_SLICE("p.m.")))
        fields->half = 2;
    else
        return false;
    return true;
}

/* "20", "20th", "2012", "7" (before "p.m."), "07:20PM" */
/* "20.10.2012" */
static bool take_dotted_date(struct wd_slice word, struct fields *fields)
{
    return fields->year < 0 && fields->month == 0 && fields->day == 0 &&
           take_digits(&word, digits_ahead(word), &fields->day) && take_char(&word, '.') &&
           digits_ahead(word) >= 1 && digits_ahead(word) <= 2 &&
           take_digits(&word, digits_ahead(word), &fields->month) && take_char(&word, '.') &&
           digits_ahead(word) == 4 && take_digits(&word, 4, &fields->year) && word.len == 0;
}

/* "3/4/2024" */
static bool take_slashed_date(struct wd_slice word, struct fields *fields)
{
    size_t first = digits_ahead(word);
    return fields->year < 0 && fields->month == 0 && fields->day == 0 && first <= 2 &&
           take_digits(&word, first, &fields->slashed[0]) && take_char(&word, '/') &&
           digits_ahead(word) >= 1 && digits_ahead(word) <= 2 &&
           take_digits(&word, digits_ahead(word), &fields->slashed[1]) && take_char(&word, '/') &&
           digits_ahead(word) == 4 && take_digits(&word, 4, &fields->year) && word.len == 0;
}

/* Which number of "13/4/2024" is the day: one above 12, or the words around say it. False when nothing does: papers of one
 * language write both ways. */
static bool order_slashed_date(struct fields *fields)
{
    bool day_first = fields->slashed[0] > 12 || fields->day_first;
    fields->day = day_first ? fields->slashed[0] : fields->slashed[1];
    fields->month = day_first ? fields->slashed[1] : fields->slashed[0];
    return day_first != (fields->slashed[1] > 12) || fields->slashed[0] == fields->slashed[1];
}

/* "07h30", "7h", and "15.10" beside a date that is read. */
static bool take_continental_clock(struct wd_slice word, struct fields *fields)
{
    size_t digits = digits_ahead(word);
    if (fields->has_clock || digits == 0 || digits > 2 ||
        !take_digits(&word, digits, &fields->hour))
        return false;
    bool hours = take_char(&word, 'h');
    if (!hours && !take_char(&word, '.'))
        return false;
    fields->has_clock = true;
    fields->day_first = true;
    if (hours && word.len == 0)
        return true;
    return digits_ahead(word) == 2 && take_digits(&word, 2, &fields->minute) && word.len == 0;
}

static bool take_number(struct wd_slice word, struct fields *fields)
{
    size_t digits = digits_ahead(word);
    bool dotted = digits <= 2 && word.len > digits + 1 && word.data[digits] == '.' &&
                  wd_text_is_digit(word.data[digits + 1]);
    struct wd_slice tail = wd_slice_from_offset(word, digits);
    if (dotted)
        return fields->year >= 0 ? take_continental_clock(word, fields)
                                 : take_dotted_date(word, fields);
    if (tail.len > 0 && tail.data[0] == '/')
        return take_slashed_date(word, fields);
    if (tail.len > 0 && tail.data[0] == 'h')
        return take_continental_clock(word, fields);
    if (tail.len > 0 && tail.data[0] == ':') {
        if (fields->has_clock || !take_clock(&word, fields))
            return false;
        return word.len == 0 || take_half(word, fields);
    }
    if (digits == 4 && fields->year < 0 && (tail.len == 0 || wd_slice_is(tail, ".")))
        return take_digits(&word, 4, &fields->year);
    if (digits > 2)
        return false;
    static const char *const ordinals[] = {"st", "nd", "rd", "th"};
    bool plain = tail.len == 0;
    plain = plain || wd_slice_is(tail, "."); /* "7. M\xC3\xA4rz" */
    for (size_t i = 0; i < 4; i++)
        plain = plain || wd_text_equal_ascii_case(tail, wd_slice_from(ordinals[i]));
    if (fields->day == 0 && plain)
        return take_digits(&word, digits, &fields->day);
    if (fields->has_clock || !take_digits(&word, digits, &fields->hour))
        return false;
    fields->has_clock = true; /* "7 p.m.", "7PM" */
    return tail.len == 0 || take_half(tail, fields);
}

/* "ET", "CT", "MT", "PT": standard or summer time, as the date is. */
static bool take_american_zone(struct wd_slice word, struct fields *fields)
{
    if (fields->has_zone || fields->american || word.len != 2 || word.data[1] != 'T')
        return false;
    fields->american = wd_zone_american(word.data[0]);
    return fields->american != NULL;
}

static bool take_word(struct wd_slice word, struct fields *fields)
{
    if (wd_text_is_digit(word.data[0]))
        return take_number(word, fields);
    if (word.data[0] == '+' || (word.data[0] == '-' && (word.len > 1 || fields->year < 0)))
        return take_offset(&word, fields) && word.len == 0;
    if (word.data[0] == '(') /* an RFC 5322 comment: "+0000 (UTC)" */
        return fields->has_zone ||
               take_zone_name((struct wd_slice){word.data + 1, word.len - 2}, fields);
    int month = wd_month_find(word);
    if (month > 0 && fields->month == 0) {
        fields->month = month;
        return true;
    }
    if (wd_time_word_is_day_first(word)) {
        fields->day_first = true;
        return true;
    }
    return take_half(word, fields) || take_american_zone(word, fields) ||
           take_zone_name(word, fields) || wd_time_word_is_filler(word);
}

/* RFC 5322 dates and the spellings on newspapers' pages: words in whatever order. */
static bool read_words(struct wd_slice rest, struct fields *fields)
{
    while (rest.len > 0) {
        size_t len = 0;
        while (len < rest.len && rest.data[len] != ' ' && rest.data[len] != ',' &&
               rest.data[len] != '\t')
            len++;
        if (len > 0 && !take_word(wd_slice_make(rest.data, len), fields))
            return false;
        rest = wd_slice_from_offset(rest, len + 1);
    }
    if (fields->slashed[0] > 0 && !order_slashed_date(fields))
        return false;
    return fields->year >= 0 && fields->month > 0 && fields->day > 0;
}

/* Takes the first of the words that stands there, with blanks before and behind it; the words' number when none does. */
static size_t take_any(struct wd_slice *rest, const struct wd_slice *words, size_t count)
{
    *rest = wd_text_trim(*rest);
    for (size_t i = 0; i < count; i++) {
        if (wd_slice_starts(*rest, words[i])) {
            *rest = wd_text_trim(wd_slice_from_offset(*rest, words[i].len));
            return i;
        }
    }
    return count;
}

static bool take_one_or_two(struct wd_slice *rest, int *number)
{
    size_t digits = digits_ahead(*rest);
    return digits >= 1 && digits <= 2 && take_digits(rest, digits, number);
}

/* "7:10", "7\u664210\u5206", "7\uC2DC 10\uBD84", behind the word for the half of the day. */
static bool read_eastern_clock(struct wd_slice rest, struct fields *fields)
{
    static const struct wd_slice halves[] = {WD_SLICE("\u5348\u524D"), WD_SLICE("\u4E0A\u5348"),
                                             WD_SLICE("\uC624\uC804"), WD_SLICE("\u5348\u5F8C"),
                                             WD_SLICE("\u4E0B\u5348"), WD_SLICE("\uC624\uD6C4")};
    static const struct wd_slice hours[] = {WD_SLICE("\u6642"), WD_SLICE("\u65F6"),
                                            WD_SLICE("\u70B9"), WD_SLICE("\uC2DC"), WD_SLICE(":")};
    static const struct wd_slice minutes[] = {WD_SLICE("\u5206"), WD_SLICE("\uBD84"),
                                              WD_SLICE(":")};
    size_t half = take_any(&rest, halves, 6);
    fields->half = half < 3 ? 1 : half < 6 ? 2 : 0;
    if (half < 6 && fields->half == 2 && digits_ahead(rest) == 2 && rest.data[0] == '1' &&
        rest.data[1] > '2')
        fields->half = 0; /* "\u4E0B\u5348 14:05" */
    if (!take_one_or_two(&rest, &fields->hour) || take_any(&rest, hours, 5) == 5)
        return false;
    fields->has_clock = true;
    if (rest.len == 0)
        return true;
    if (!take_one_or_two(&rest, &fields->minute))
        return false;
    if (take_any(&rest, minutes, 3) == 2)
        return take_one_or_two(&rest, &fields->second) && rest.len == 0;
    return rest.len == 0;
}

/* Of Chinese, Japanese and Korean papers, the year first: "2024\u5E743\u67081\u65E5 7\u664210\u5206", "2024.03.01. \uC624\uC804 7:10",
 * "2024/03/01 07:10", "2024-03-01 \uC624\uD6C4 2:05". */
static bool read_eastern(struct wd_slice rest, struct fields *fields)
{
    static const struct wd_slice marks[3][5] = {
        {WD_SLICE("\u5E74"), WD_SLICE("\uB144"), WD_SLICE("/"), WD_SLICE("."), WD_SLICE("-")},
        {WD_SLICE("\u6708"), WD_SLICE("\uC6D4"), WD_SLICE("/"), WD_SLICE("."), WD_SLICE("-")},
        {WD_SLICE("\u65E5"), WD_SLICE("\uC77C"), WD_SLICE(" "), WD_SLICE(".")}};
    if (digits_ahead(rest) != 4 || !take_digits(&rest, 4, &fields->year))
        return false;
    size_t mark = take_any(&rest, marks[0], 5);
    if (mark == 5 || !take_one_or_two(&rest, &fields->month) ||
        take_any(&rest, marks[1], 5) != mark || !take_one_or_two(&rest, &fields->day))
        return false;
    (void)take_any(&rest, marks[2], 4);
    if (rest.len > 0 && rest.data[0] == '(') { /* the day of the week */
        const char *end = memchr(rest.data, ')', rest.len);
        rest = end ? wd_slice_from_offset(rest, (size_t)(end - rest.data) + 1) : rest;
    }
    return rest.len == 0 || read_eastern_clock(rest, fields);
}

/* Checks ranges; turns a half day into 24 hours. */
static bool check_fields(struct fields *fields)
{
    if (fields->year < WD_YEAR_MIN || fields->year > WD_YEAR_MAX || fields->month < 1 ||
        fields->month > 12 || fields->day < 1 ||
        fields->day > wd_days_in_month(fields->year, fields->month))
        return false;
    if (fields->half != 0) {
        if (!fields->has_clock || fields->hour < 1 || fields->hour > 12)
            return false;
        fields->hour = fields->hour % 12 + (fields->half == 2 ? 12 : 0);
    }
    return fields->hour <= 23 && fields->minute <= 59 && fields->second <= 60;
}

/* "2024-03-01T10:00:00Z" exactly: nearly every time that is sent. */
static bool read_utc(struct wd_slice text, struct fields *fields)
{
    static const char pattern[] = "0000-00-00T00:00:00Z";
    if (text.len != sizeof(pattern) - 1)
        return false;
    for (size_t i = 0; i < sizeof(pattern) - 1; i++) {
        if (pattern[i] == '0' ? !wd_text_is_digit(text.data[i]) : text.data[i] != pattern[i])
            return false;
    }
    const char *at = text.data;
    fields->year = (at[0] - '0') * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + at[3] - '0';
    fields->month = (at[5] - '0') * 10 + at[6] - '0';
    fields->day = (at[8] - '0') * 10 + at[9] - '0';
    fields->hour = (at[11] - '0') * 10 + at[12] - '0';
    fields->minute = (at[14] - '0') * 10 + at[15] - '0';
    fields->second = (at[17] - '0') * 10 + at[18] - '0';
    fields->has_clock = fields->has_zone = true;
    return true;
}

struct wd_time wd_time_parse(struct wd_slice text, const struct wd_zone *fallback)
{
    text = wd_text_trim(text);
    if (text.len == 0)
        return WD_TIME_NONE;
    struct wd_time time = {0, 0, WD_TIME_INVALID};
    bool (*const readers[])(struct wd_slice, struct fields *) = {
        read_utc, read_iso, read_mail_date, read_anpa, read_iptc7901, read_words, read_eastern};
    struct fields fields = {.year = -1};
    bool read = false;
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]) && !read; i++) {
        fields = (struct fields){.year = -1};
        read = readers[i](text, &fields);
    }
    if (!read || !check_fields(&fields))
        return time;
    int64_t local_ms = wd_days_from_civil(fields.year, fields.month, fields.day) * DAY_MS +
                       ((fields.hour * 60 + fields.minute) * 60 + fields.second) * INT64_C(1000) +
                       fields.ms;
    time.flags = WD_TIME_KNOWN;
    if (!fields.has_clock)
        time.flags |= WD_TIME_DATE_ONLY;
    if (fields.has_zone) {
        time.offset_minutes = (int16_t)fields.offset_minutes;
        time.ms = local_ms - fields.offset_minutes * MINUTE_MS;
        return time;
    }
    time.flags |= fields.american ? 0 : WD_TIME_ZONE_ASSUMED;
    const struct wd_zone *zone = fields.american ? fields.american : fallback;
    if (zone)
        wd_zone_place(zone, local_ms, &time);
    else
        time.ms = local_ms;
    return time;
}

struct wd_time wd_time_from_ms(int64_t ms)
{
    return (struct wd_time){ms, 0, WD_TIME_KNOWN};
}

/* A number below 100 with a leading zero; returns the place after it. */
static char *put_two(char *at, unsigned number)
{
    static const char pairs[] = "0001020304050607080910111213141516171819"
                                "2021222324252627282930313233343536373839"
                                "4041424344454647484950515253545556575859"
                                "6061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    memcpy(at, pairs + (size_t)number * 2, 2);
    return at + 2;
}

static char *put_offset(char *at, int minutes)
{
    if (minutes == 0) {
        *at++ = 'Z';
        return at;
    }
    *at++ = minutes < 0 ? '-' : '+';
    minutes = minutes < 0 ? -minutes : minutes;
    at = put_two(at, (unsigned)minutes / 60);
    *at++ = ':';
    return put_two(at, (unsigned)minutes % 60);
}

size_t wd_time_format(struct wd_time time, char text[WD_TIME_TEXT_SIZE])
{
    /* RFC 3339 has years of four digits; a Kafka record's time can be anything. */
    int64_t begin_ms = wd_days_from_civil(0, 1, 1) * DAY_MS;
    int64_t end_ms = wd_days_from_civil(10000, 1, 1) * DAY_MS - 1;
    int64_t ms = time.ms < begin_ms ? begin_ms : time.ms > end_ms ? end_ms : time.ms;
    int64_t local_ms = ms + time.offset_minutes * MINUTE_MS;
    if (local_ms < begin_ms || local_ms > end_ms)
        local_ms = ms;
    int64_t days = local_ms / DAY_MS - (local_ms % DAY_MS < 0);
    int in_day = (int)(local_ms - days * DAY_MS);
    int numbers[3];
    wd_civil_from_days(days, &numbers[0], &numbers[1], &numbers[2]);
    unsigned year = (unsigned)numbers[0];
    unsigned seconds = (unsigned)in_day / 1000;
    unsigned thousandths = (unsigned)in_day % 1000;
    char *at = put_two(put_two(text, year / 100), year % 100);
    *at++ = '-';
    at = put_two(at, (unsigned)numbers[1]);
    *at++ = '-';
    at = put_two(at, (unsigned)numbers[2]);
    *at++ = 'T';
    at = put_two(at, seconds / 3600);
    *at++ = ':';
    at = put_two(at, seconds / 60 % 60);
    *at++ = ':';
    at = put_two(at, seconds % 60);
    if (thousandths != 0) {
        *at++ = '.';
        at = put_two(at, thousandths / 10);
        *at++ = (char)('0' + thousandths % 10);
    }
    at = put_offset(at, time.offset_minutes);
    *at = '\0';
    return (size_t)(at - text);
}
