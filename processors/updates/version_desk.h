/* version_desk.h - one story's way through its lineage: found, compared, judged, told and remembered.
 *
 * Why:    the order of these steps is what makes the end the same in whatever order the stories came.
 * Owns:   store.scratch and `before`; tables are borrowed.
 * Thread: its lane. */
#ifndef WD_VERSION_DESK_H
#define WD_VERSION_DESK_H

#include "lineage_finder.h"

struct wd_version_desk {
    struct wd_lineage_store store;
    struct wd_table *copies; /* lineage id -> the newest version's copy */
    struct wd_story *before; /* that copy, when it is compared */
    size_t copy_bytes_max;
    struct wd_lineage_ahead ahead;
};

/* Fills story->update and its advisories, and remembers the version. */
enum wd_status wd_version_desk_judge(struct wd_version_desk *desk,
                                     struct wd_story *story) WD_MUST_CHECK;

#endif
