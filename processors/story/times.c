#include "times.h"

#include "text.h"
#include "time_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { YEAR_MIN = 1800, YEAR_MAX = 2200, NAME_UNITS = 64 };
#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

struct transition {
    int64_t utc_ms;
    int32_t offset_ms; /* in force from then on */
};

struct wd_zone {
    char name[NAME_UNITS];
    int32_t first_offset_ms; /* before the first transition */
    struct transition *transitions;
    size_t count;
};

/* Days since 1970-01-01 of a proleptic Gregorian date. Howard Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms", days_from_civil. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* The inverse, civil_from_days. */
static void civil_from_days(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static int32_t calendar_offset(UCalendar *calendar, UErrorCode *code)
{
    return ucal_get(calendar, UCAL_ZONE_OFFSET, code) + ucal_get(calendar, UCAL_DST_OFFSET, code);
}

static bool read_transitions(struct wd_zone *zone, UCalendar *calendar)
{
    UErrorCode code = U_ZERO_ERROR;
    double end = (double)(days_from_civil(YEAR_MAX + 1, 1, 1) * DAY_MS);
    ucal_setMillis(calendar, (double)(days_from_civil(YEAR_MIN, 1, 1) * DAY_MS), &code);
    zone->first_offset_ms = calendar_offset(calendar, &code);
    size_t capacity = 0;
    UDate when = 0;
    while (ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &when, &code) &&
           when < end && U_SUCCESS(code)) {
        if (zone->count == capacity) {
            capacity = capacity ? capacity * 2 : 256;
            struct transition *grown =
                realloc(zone->transitions, capacity * sizeof(*zone->transitions));
            if (!grown)
                return false;
            zone->transitions = grown;
        }
        ucal_setMillis(calendar, when, &code);
        zone->transitions[zone->count++] =
            (struct transition){(int64_t)when, calendar_offset(calendar, &code)};
    }
    return U_SUCCESS(code);
}

/* ICU takes any unknown name for GMT; only names of the IANA data base are good. */
static bool is_known(const UChar *name)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar canonical[NAME_UNITS];
    UBool system = false;
    (void)ucal_getCanonicalTimeZoneID(name, -1, canonical, NAME_UNITS, &system, &code);
    return U_SUCCESS(code) && system;
}

enum wd_status wd_zone_open(const char *name, struct wd_zone **zone, struct wd_error *error)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[NAME_UNITS];
    *zone = NULL;
    u_strFromUTF8(units, NAME_UNITS, NULL, name, -1, &code);
    if (U_FAILURE(code) || code == U_STRING_NOT_TERMINATED_WARNING || !is_known(units))
        return wd_error_set(error, WD_NOT_FOUND,
                            "there is no time zone \"%s\": use an IANA name like America/Denver",
                            name);
    struct wd_zone *made = calloc(1, sizeof(*made));
    UCalendar *calendar = ucal_open(units, -1, "en_US", UCAL_GREGORIAN, &code);
    bool done = made && U_SUCCESS(code) && read_transitions(made, calendar);
    if (calendar)
        ucal_close(calendar);
    if (!done) {
        wd_zone_destroy(made);
        return wd_error_set(error, WD_NO_MEMORY, "no memory for time zone %s", name);
    }
    (void)snprintf(made->name, sizeof(made->name), "%s", name);
    *zone = made;
    return WD_OK;
}

void wd_zone_destroy(struct wd_zone *zone)
{
    if (!zone)
        return;
    free(zone->transitions);
    free(zone);
}

const char *wd_zone_name(const struct wd_zone *zone)
{
    return zone->name;
}

static int32_t offset_ms_at(const struct wd_zone *zone, int64_t utc_ms)
{
    size_t low = 0;
    size_t high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->transitions[middle].utc_ms <= utc_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? zone->first_offset_ms : zone->transitions[low - 1].offset_ms;
}

static int16_t minutes_of(int32_t offset_ms)
{
    return (int16_t)((offset_ms + (offset_ms < 0 ? -30000 : 30000)) / 60000);
}

int wd_zone_offset_at(const struct wd_zone *zone, int64_t utc_ms)
{
    return minutes_of(offset_ms_at(zone, utc_ms));
}

/* What has been read of a time. */
struct fields {
    int year, month, day; /* year -1, month 0, day 0: not seen */
    int hour, minute, second, ms;
    bool has_clock, has_zone;
    int half; /* 0 none, 1 a.m., 2 p.m. */
    int offset_minutes;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads exactly `count` digits. */
static bool take_digits(struct wd_slice *rest, size_t count, int *number)
{
    if (rest->len < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(rest->data[i]))
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
    while (count < rest.len && is_digit(rest.data[count]))
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
    if (part.len > 0 && !is_digit(part.data[0])) {
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
static bool take_number(struct wd_slice word, struct fields *fields)
{
    size_t digits = digits_ahead(word);
    struct wd_slice tail = wd_slice_from_offset(word, digits);
    if (tail.len > 0 && tail.data[0] == ':') {
        if (fields->has_clock || !take_clock(&word, fields))
            return false;
        return word.len == 0 || take_half(word, fields);
    }
    if (digits == 4 && fields->year < 0 && tail.len == 0)
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

static bool take_word(struct wd_slice word, struct fields *fields)
{
    if (is_digit(word.data[0]))
        return take_number(word, fields);
    if (word.data[0] == '+' || word.data[0] == '-')
        return take_offset(&word, fields) && word.len == 0;
    if (word.data[0] == '(') /* an RFC 5322 comment: "+0000 (UTC)" */
        return fields->has_zone ||
               take_zone_name((struct wd_slice){word.data + 1, word.len - 2}, fields);
    int month = wd_month_find(word);
    if (month > 0 && fields->month == 0) {
        fields->month = month;
        return true;
    }
    return take_half(word, fields) || take_zone_name(word, fields) || wd_time_word_is_filler(word);
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
    return fields->year >= 0 && fields->month > 0 && fields->day > 0;
}

/* Checks ranges; turns a half day into 24 hours. */
static bool check_fields(struct fields *fields)
{
    if (fields->year < YEAR_MIN || fields->year > YEAR_MAX || fields->month < 1 ||
        fields->month > 12 || fields->day < 1 ||
        fields->day > days_in_month(fields->year, fields->month))
        return false;
    if (fields->half != 0) {
        if (!fields->has_clock || fields->hour < 1 || fields->hour > 12)
            return false;
        fields->hour = fields->hour % 12 + (fields->half == 2 ? 12 : 0);
    }
    return fields->hour <= 23 && fields->minute <= 59 && fields->second <= 60;
}

/* A local time in a zone: gaps take the offset before the change, folds the earlier point. */
static void place_in_zone(const struct wd_zone *zone, int64_t local_ms, struct wd_time *time)
{
    int32_t before = offset_ms_at(zone, local_ms - DAY_MS);
    int32_t after = offset_ms_at(zone, local_ms + DAY_MS);
    bool before_holds = offset_ms_at(zone, local_ms - before) == before;
    bool after_holds = offset_ms_at(zone, local_ms - after) == after;
    int32_t offset = before;
    if (before != after && before_holds && after_holds) {
        time->flags |= WD_TIME_FOLD;
        offset = before > after ? before : after; /* the larger offset is the earlier point */
    } else if (before_holds) {
        offset = before;
    } else if (after_holds) {
        offset = after;
    } else {
        time->flags |= WD_TIME_GAP;
    }
    time->ms = local_ms - offset;
    time->offset_minutes = minutes_of(offset_ms_at(zone, time->ms));
}

/* "2024-03-01T10:00:00Z" exactly: nearly every time that is sent. */
static bool read_utc(struct wd_slice text, struct fields *fields)
{
    static const char pattern[] = "0000-00-00T00:00:00Z";
    if (text.len != sizeof(pattern) - 1)
        return false;
    for (size_t i = 0; i < sizeof(pattern) - 1; i++) {
        if (pattern[i] == '0' ? !is_digit(text.data[i]) : text.data[i] != pattern[i])
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
        read_utc, read_iso, read_mail_date, read_anpa, read_iptc7901, read_words};
    struct fields fields = {.year = -1};
    bool read = false;
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]) && !read; i++) {
        fields = (struct fields){.year = -1};
        read = readers[i](text, &fields);
    }
    if (!read || !check_fields(&fields))
        return time;
    int64_t local_ms = days_from_civil(fields.year, fields.month, fields.day) * DAY_MS +
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
    time.flags |= WD_TIME_ZONE_ASSUMED;
    if (fallback)
        place_in_zone(fallback, local_ms, &time);
    else
        time.ms = local_ms;
    return time;
}

struct wd_time wd_time_from_ms(int64_t ms)
{
    return (struct wd_time){ms, 0, WD_TIME_KNOWN};
}

/* `number` with leading zeros; returns the place after it. */
static char *put_digits(char *at, int number, int count)
{
    for (int i = count - 1; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
    return at + count;
}

static char *put_offset(char *at, int minutes)
{
    if (minutes == 0) {
        *at++ = 'Z';
        return at;
    }
    *at++ = minutes < 0 ? '-' : '+';
    minutes = minutes < 0 ? -minutes : minutes;
    at = put_digits(at, minutes / 60, 2);
    *at++ = ':';
    return put_digits(at, minutes % 60, 2);
}

size_t wd_time_format(struct wd_time time, char text[WD_TIME_TEXT_SIZE])
{
    /* RFC 3339 has years of four digits; a Kafka record's time can be anything. */
    int64_t begin_ms = days_from_civil(0, 1, 1) * DAY_MS;
    int64_t end_ms = days_from_civil(10000, 1, 1) * DAY_MS - 1;
    int64_t ms = time.ms < begin_ms ? begin_ms : time.ms > end_ms ? end_ms : time.ms;
    int64_t local_ms = ms + time.offset_minutes * MINUTE_MS;
    if (local_ms < begin_ms || local_ms > end_ms)
        local_ms = ms;
    int64_t days = local_ms / DAY_MS - (local_ms % DAY_MS < 0);
    int in_day = (int)(local_ms - days * DAY_MS);
    int numbers[3];
    civil_from_days(days, &numbers[0], &numbers[1], &numbers[2]);
    char *at = put_digits(text, numbers[0], 4);
    *at++ = '-';
    at = put_digits(at, numbers[1], 2);
    *at++ = '-';
    at = put_digits(at, numbers[2], 2);
    *at++ = 'T';
    at = put_digits(at, in_day / 3600000, 2);
    *at++ = ':';
    at = put_digits(at, in_day / 60000 % 60, 2);
    *at++ = ':';
    at = put_digits(at, in_day / 1000 % 60, 2);
    if (in_day % 1000 != 0) {
        *at++ = '.';
        at = put_digits(at, in_day % 1000, 3);
    }
    at = put_offset(at, time.offset_minutes);
    *at = '\0';
    return (size_t)(at - text);
}
