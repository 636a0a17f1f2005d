/* joined_ids.h - an entity's ids as one text. */
#ifndef WD_JOINED_IDS_H
#define WD_JOINED_IDS_H

#include "story.h"

#include <stdio.h>
#include <string.h>

/* With blanks between; returns `text`. */
static inline const char *joined_ids(const struct wd_named *named, char *text, size_t size)
{
    *text = '\0';
    for (size_t i = 0; i < named->id_count; i++)
        (void)snprintf(text + strlen(text), size - strlen(text), "%s%.*s", i ? " " : "",
                       WD_SLICE_ARG(named->ids[i]));
    return text;
}

#endif
