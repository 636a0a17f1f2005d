/* times.h - points in time as wires write them.
 *
 * Why:    published, updated and received are three different things, zones are missing, clocks lie.
 *         A time keeps what was said and what is wrong with it; nothing is repaired silently.
 * Owns:   a zone owns its table of transitions, made once from ICU's data; it never changes after
 *         wd_zone_open, so lanes share it without a lock.
 * Source: RFC 3339, RFC 5322 sections 3.3 and 4.3, ISO 8601 basic format as in NITF 3.6, and the
 *         spellings on newspaper pages. */
#ifndef WD_TIMES_H
#define WD_TIMES_H

#include "slice.h"
#include "status.h"

#include <stdint.h>

enum wd_time_flags {
    WD_TIME_KNOWN = 1u << 0,        /* ms is meaningful */
    WD_TIME_ZONE_ASSUMED = 1u << 1, /* the text had no zone; the provider's was used */
    WD_TIME_DATE_ONLY = 1u << 2,    /* no time of day in the text; ms is local midnight */
    WD_TIME_INVALID = 1u << 3,      /* there was text, but no valid time in it; KNOWN is not set */
    WD_TIME_GAP = 1u << 4,          /* a local time that a clock change skipped */
    WD_TIME_FOLD = 1u << 5,         /* a local time that occurs twice; the earlier was taken */
};

struct wd_time {
    int64_t ms;             /* milliseconds since 1970-01-01T00:00:00Z; 0 unless KNOWN */
    int16_t offset_minutes; /* east of UTC, as written or as the zone says */
    uint16_t flags;         /* enum wd_time_flags */
};

#define WD_TIME_NONE ((struct wd_time){0, 0, 0})

static inline bool wd_time_known(struct wd_time time)
{
    return (time.flags & WD_TIME_KNOWN) != 0;
}

struct wd_zone;

/* Opens a zone by IANA name ("America/Denver", "UTC"). WD_NOT_FOUND for an unknown name (ICU's
 * silent fall-back to GMT is not taken over). The caller destroys it. */
enum wd_status wd_zone_open(const char *name, struct wd_zone **zone,
                            struct wd_error *error) WD_MUST_CHECK;
/* Takes NULL. */
void wd_zone_destroy(struct wd_zone *zone);
/* Of "ET", "CT", "MT", "PT" by the first letter; NULL for others, and without memory. Lasts as long as the process. */
const struct wd_zone *wd_zone_american(char letter);
/* The IANA name as given. */
const char *wd_zone_name(const struct wd_zone *zone);
/* Minutes east of UTC in force at a point in time. */
int wd_zone_offset_at(const struct wd_zone *zone, int64_t utc_ms);
/* Sets the ms, the offset and perhaps GAP or FOLD of a local time in a zone: gaps take the offset before the
 * change, folds the earlier point. */
void wd_zone_place(const struct wd_zone *zone, int64_t local_ms, struct wd_time *time);

/* Reads one time. Accepted: RFC 3339 / ISO 8601 (extended and basic, with 'T' or a blank,
 * fractions, Z, +hh:mm, +hhmm, +hh, no zone, date only), RFC 5322 dates with zone names, "October
 * 20, 2012 07:20PM", "Oct. 20, 2012 7:20 p.m. MDT", "20 October 2012 19:20", "20.10.2012, 19:20 Uhr", "2012-10-20 19:20", the
 * trailers of ANPA-1312 ("03-08-24 0112GMT") and IPTC 7901 ("070112 GMT Maerz 24"), months of ten languages
 * (time_words.h), "07h30", "15.10" behind a date, "ET" and its like by America's zones, "13/4/2024" where a number above 12 or the
 * words around say which is the day ("3/4/2024" is INVALID). Years of two digits: 00 to 68 are 20xx, 69 to 99 are 19xx.
 * Years 1800 to 2200 are times, all others are INVALID. `fallback` (may be NULL: UTC) gives the
 * zone where the text has none. Never fails: text without a valid time gives WD_TIME_INVALID; empty
 * text gives WD_TIME_NONE. */
struct wd_time wd_time_parse(struct wd_slice text, const struct wd_zone *fallback);

/* From milliseconds, in UTC. */
struct wd_time wd_time_from_ms(int64_t ms);

enum { WD_TIME_TEXT_SIZE = 40 };
/* Writes RFC 3339 with the time's own offset ("2012-10-20T19:20:00-06:00", "Z" for 0; ".123" only
 * when milliseconds are not 0) and a NUL; returns the length. The time must be KNOWN. */
size_t wd_time_format(struct wd_time time, char text[WD_TIME_TEXT_SIZE]);

#endif
