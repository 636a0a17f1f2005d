/* time_words.h - the words in dates: months, days, zones.
 *
 * Thread: any; no state.
 * Source: RFC 5322 section 4.3 for zones, and those European wires write; months in English and German as
 *         agencies shorten them, in eight more languages in full, as papers' pages have them. */
#ifndef WD_TIME_WORDS_H
#define WD_TIME_WORDS_H

#include "slice.h"

/* 1 to 12; 0 when the word is no month. English or German, in full or cut to at least three letters, with
 * or without a dot, or French, Spanish, Portuguese, Italian, Dutch, Polish, Russian or Turkish in full:
 * "Sept.", "Mrz", "Maerz", "M\xE4rz" in UTF-8. */
int wd_month_find(struct wd_slice word);
/* Minutes east of UTC of a zone's name; false when there is none of this name. Names that mean
 * different zones in different countries (IST, BST in Asia) are read as Europeans and Americans do, or not
 * at all. */
bool wd_zone_word_find(struct wd_slice word, int *offset_minutes);
/* A day of the week in full, English or German. */
bool wd_time_word_is_day(struct wd_slice word);
/* Words that carry no part of the time: days of the week, "at", "on", "um", "Uhr". */
bool wd_time_word_is_filler(struct wd_slice word);
/* Such words of languages that write the day before the month: "de", "\u00E0", "alle", "om". */
bool wd_time_word_is_day_first(struct wd_slice word);

#endif
