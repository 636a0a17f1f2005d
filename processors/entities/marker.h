/* marker.h - names of the gazetteer and of watch lists in a story's copy.
 *
 * Why:    lists know names that no model knows; where there is no model the gazetteer is all there is.
 * Method: the longest name from each word on; for the gazetteer rules of context (README.md): precision
 *         before recall.
 * Thread: its lane. */
#ifndef WD_MARKER_H
#define WD_MARKER_H

#include "gazetteer.h"
#include "reading.h"

enum { WD_FUNCTION_WORDS_MAX = 96 };

struct wd_marker {
    uint64_t function_words[WD_FUNCTION_WORDS_MAX]; /* capitals that belong to no name */
    uint32_t function_word_count;
    struct wd_buffer scratch;
    struct wd_phrase_table names; /* of the story, for its capitals */
};

void wd_marker_init(struct wd_marker *marker);
void wd_marker_finish(struct wd_marker *marker);
/* Adds what the lists find; where two lists find names that overlap the first list wins. False: no
 * memory. */
bool wd_marker_lists(struct wd_marker *marker, struct wd_reading *reading,
                     const struct wd_watch *const *lists, size_t count);
/* Adds, in texts all in capitals, the names that the model found in the rest of the story: without small
 * letters around them capitals say nothing, but "SOUTH KOREA" is what the copy calls South Korea. */
bool wd_marker_capitals(struct wd_marker *marker, struct wd_reading *reading);
/* Adds countries, well-known subdivisions, capitals and cities of at least `population_min` people. */
bool wd_marker_gazetteer(struct wd_marker *marker, struct wd_reading *reading,
                         const struct wd_gazetteer *gazetteer, uint32_t population_min);

#endif
