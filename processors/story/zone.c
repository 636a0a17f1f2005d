#include "times.h"

#include "calendar.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { NAME_UNITS = 64 };
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

static int32_t calendar_offset(UCalendar *calendar, UErrorCode *code)
{
    return ucal_get(calendar, UCAL_ZONE_OFFSET, code) + ucal_get(calendar, UCAL_DST_OFFSET, code);
}

static bool read_transitions(struct wd_zone *zone, UCalendar *calendar)
{
    UErrorCode code = U_ZERO_ERROR;
    double end = (double)(wd_days_from_civil(WD_YEAR_MAX + 1, 1, 1) * DAY_MS);
    ucal_setMillis(calendar, (double)(wd_days_from_civil(WD_YEAR_MIN, 1, 1) * DAY_MS), &code);
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

static struct wd_zone *american_zones[4];

static void open_american_zones(void)
{
    static const char *const zone_names[] = {"America/New_York", "America/Chicago",
                                             "America/Denver", "America/Los_Angeles"};
    for (size_t i = 0; i < 4; i++) {
        struct wd_error error;
        wd_error_init(&error);
        if (wd_zone_open(zone_names[i], &american_zones[i], &error) != WD_OK)
            american_zones[i] = NULL;
    }
}

const struct wd_zone *wd_zone_american(char letter)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static const char letters[] = "ECMP";
    const char *at = letter ? strchr(letters, letter) : NULL;
    if (!at)
        return NULL;
    (void)pthread_once(&once, open_american_zones);
    return american_zones[at - letters];
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

void wd_zone_place(const struct wd_zone *zone, int64_t local_ms, struct wd_time *time)
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
