/* explain_text.h - a record and the advisories that it caused, for somebody who reads.
 *
 * Thread: any; no state. */
#ifndef WD_EXPLAIN_TEXT_H
#define WD_EXPLAIN_TEXT_H

#include "json.h"

#include <stdio.h>

/* `record`: an enriched record or one of the events. `advisories`: list of advisory events, or NULL. */
void wd_explain_text(FILE *out, yyjson_val *record, yyjson_val *advisories);
/* One line for a lineage's history: time, kind, version, id. */
void wd_explain_line(struct wd_buffer *out, yyjson_val *record);

/* Members that stand at different places in the different records; NULL when absent. */
yyjson_val *wd_explain_lineage(yyjson_val *record);
/* True when the id names the story: uri, guid, address, transmission, lineage. */
bool wd_explain_matches(yyjson_val *record, struct wd_slice id);

#endif
