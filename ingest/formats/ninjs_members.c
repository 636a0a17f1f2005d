/* Which members ninjs knows, in all its versions, and what type each has: see format_ninjs.h.
 * Source: the IPTC's schemas 1.0 to 1.6, 2.0 to 2.2, 3.0, 3.1 and the development ones. */
#include "format_ninjs.h"

#include <stdlib.h>

enum type { TEXT = 1, NUMBER = 2, LIST = 4, OBJECT = 8 };

static const struct member {
    const char *name;
    unsigned types; /* enum type */
} members[] = {
    /* sorted by bytes */
    {"$standard", OBJECT},
    {"advices", LIST},
    {"altIds", LIST},
    {"altids", LIST | OBJECT},
    {"associations", LIST | OBJECT},
    {"audiences", LIST},
    {"bodies", LIST},
    {"by", TEXT},
    {"byline", TEXT},
    {"charcount", NUMBER},
    {"commissioned", OBJECT},
    {"contentCreated", TEXT},
    {"contentcreated", TEXT},
    {"copyrightHolder", TEXT},
    {"copyrightNotice", TEXT},
    {"copyrightholder", TEXT},
    {"copyrightnotice", TEXT},
    {"dates", OBJECT},
    {"descriptions", LIST},
    {"digitalSourceType", OBJECT},
    {"digitalsourcetype", OBJECT},
    {"edNote", TEXT},
    {"ednote", TEXT},
    {"embargoed", TEXT},
    {"embargoedUntil", TEXT},
    {"event", LIST},
    {"eventDetails", OBJECT},
    {"events", LIST},
    {"exclAudience", LIST},
    {"expires", TEXT},
    {"firstCreated", TEXT},
    {"firstcreated", TEXT},
    {"genre", LIST},
    {"genres", LIST},
    {"headline", TEXT},
    {"headlines", LIST},
    {"infoSources", LIST},
    {"infosource", LIST},
    {"infosources", LIST},
    {"itemCount", OBJECT},
    {"language", TEXT},
    {"located", TEXT},
    {"mimetype", TEXT},
    {"object", LIST},
    {"objects", LIST},
    {"organisation", LIST},
    {"organisations", LIST},
    {"people", LIST},
    {"person", LIST},
    {"place", LIST},
    {"places", LIST},
    {"plannedCoverage", LIST},
    {"profile", TEXT},
    {"pubStatus", TEXT},
    {"pubstatus", TEXT},
    {"renditions", LIST | OBJECT},
    {"representationType", TEXT},
    {"representationtype", TEXT},
    {"rightsInfo", OBJECT},
    {"rightsinfo", OBJECT},
    {"slugline", TEXT},
    {"standard", OBJECT},
    {"subject", LIST},
    {"subjects", LIST},
    {"title", TEXT},
    {"trustIndicators", LIST},
    {"trustindicator", LIST},
    {"trustindicators", LIST},
    {"type", TEXT},
    {"urgency", NUMBER},
    {"uri", TEXT},
    {"usageTerms", TEXT},
    {"usageterms", TEXT},
    {"version", TEXT},
    {"versionCreated", TEXT},
    {"versioncreated", TEXT},
    {"wordCount", NUMBER},
    {"wordcount", NUMBER},
};

static int compare(const void *key, const void *item)
{
    return strcmp(key, ((const struct member *)item)->name);
}

static unsigned type_of(yyjson_val *value)
{
    if (yyjson_is_str(value))
        return TEXT;
    if (yyjson_is_num(value))
        return NUMBER;
    return yyjson_is_arr(value) ? LIST : (yyjson_is_obj(value) ? OBJECT : 0);
}

/* The types that a member may have; 0: ninjs does not know it. */
static unsigned types_of(struct wd_slice name)
{
    static const struct wd_slice families[] = {WD_SLICE("body_"), WD_SLICE("description_"),
                                               WD_SLICE("headline_")};
    const struct member *found = bsearch(name.data, members, sizeof(members) / sizeof(members[0]),
                                         sizeof(members[0]), compare);
    if (found)
        return found->types;
    for (size_t i = 0; i < 3; i++) {
        if (wd_slice_starts(name, families[i]) && name.len > families[i].len)
            return TEXT;
    }
    return 0;
}

static void keep_unknown(const struct wd_decode_input *input, struct wd_story *story,
                         struct wd_slice name, yyjson_val *value)
{
    struct wd_buffer json;
    if (!input->extra)
        return;
    wd_buffer_init(&json);
    wd_json_write_value(&json, value);
    struct wd_slice copy =
        wd_buffer_ok(&json) ? wd_arena_copy(story->arena, wd_buffer_slice(&json)) : WD_SLICE_NONE;
    wd_buffer_finish(&json);
    wd_decode_extra(input, story, name, copy);
}

void wd_ninjs_check_members(const struct wd_decode_input *input, struct wd_story *story,
                            yyjson_val *root)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(root, index, max, key, value)
    {
        struct wd_slice name = wd_slice_make(yyjson_get_str(key), yyjson_get_len(key));
        unsigned types = types_of(name);
        if (types == 0) {
            story->flags |= WD_FLAG_UNKNOWN_KEYS;
            keep_unknown(input, story, name, value);
        } else if (!(types & type_of(value)) && !yyjson_is_null(value)) {
            story->flags |= WD_FLAG_WRONG_TYPES;
        }
    }
}
