/* The members of every object of ninjs: see ninjs_shapes.h. */
#include "ninjs_shapes.h"

#include <pthread.h>

/* Short in the tables below. */
enum {
    TEXT = WD_NINJS_TEXT,
    NUMBER = WD_NINJS_NUMBER,
    LIST = WD_NINJS_LIST,
    OBJECT = WD_NINJS_OBJECT,
    TIME = WD_NINJS_TIME,
    STATUS = WD_NINJS_STATUS,
    NESTED = WD_NINJS_NESTED
};
#define S(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct wd_ninjs_member text_members[] = {
    {S("value"), TEXT, NULL, false},       {S("role"), TEXT, NULL, false},
    {S("contentType"), TEXT, NULL, false}, {S("contenttype"), TEXT, NULL, false},
    {S("charCount"), NUMBER, NULL, false}, {S("charcount"), NUMBER, NULL, false},
    {S("wordCount"), NUMBER, NULL, false}, {S("wordcount"), NUMBER, NULL, false},
};
static const struct wd_ninjs_shape text = {.members = text_members, .count = COUNT(text_members)};

static const struct wd_ninjs_member address_members[] = {
    {S("lines"), LIST, NULL, false},      {S("locality"), TEXT, NULL, false},
    {S("area"), TEXT, NULL, false},       {S("postalCode"), TEXT, NULL, false},
    {S("postalcode"), TEXT, NULL, false}, {S("country"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape address = {.members = address_members,
                                              .count = COUNT(address_members)};

static const struct wd_ninjs_member contact_members[] = {
    {S("type"), TEXT, NULL, false},  {S("role"), TEXT, NULL, false},
    {S("lang"), TEXT, NULL, false},  {S("name"), TEXT, NULL, false},
    {S("value"), TEXT, NULL, false}, {S("address"), OBJECT, &address, false},
};
static const struct wd_ninjs_shape contact = {.members = contact_members,
                                              .count = COUNT(contact_members)};

static const struct wd_ninjs_member symbol_members[] = {
    {S("ticker"), TEXT, NULL, false},     {S("exchange"), TEXT, NULL, false},
    {S("symboltype"), TEXT, NULL, false}, {S("symbolType"), TEXT, NULL, false},
    {S("symbol"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape symbol = {.members = symbol_members,
                                             .count = COUNT(symbol_members)};

static const struct wd_ninjs_member geometry_members[] = {
    {S("type"), TEXT, NULL, false},        {S("coordinates"), LIST, NULL, false},
    {S("geometry"), OBJECT, NULL, false},  {S("properties"), OBJECT, NULL, false},
    {S("features"), LIST, NULL, false},    {S("geometries"), LIST, NULL, false},
    {S("bbox"), LIST, NULL, false},        {S("crs"), OBJECT, NULL, false},
    {S("id"), TEXT | NUMBER, NULL, false},
};
static const struct wd_ninjs_shape geometry = {
    .members = geometry_members, .count = COUNT(geometry_members), .required = {"type", NULL}};

static const struct wd_ninjs_member geometries[] = {{S("geometry_"), OBJECT, &geometry, false},
                                                    {S(""), 0, NULL, false}};

static const struct wd_ninjs_member concept_members[] = {
    {S("name"), TEXT, NULL, false},
    {S("rel"), TEXT, NULL, false},
    {S("uri"), TEXT, NULL, false},
    {S("literal"), TEXT, NULL, false},
    {S("scheme"), TEXT, NULL, false},
    {S("code"), TEXT, NULL, false},
    {S("creator"), TEXT, NULL, false},
    {S("relevance"), NUMBER, NULL, false},
    {S("confidence"), NUMBER, NULL, false},
    {S("role"), TEXT, NULL, false},
    {S("symbols"), LIST, &symbol, false},
    {S("contactInfo"), LIST, &contact, false},
    {S("contactinfo"), LIST, &contact, false},
    {S("geoJSON"), OBJECT, &geometry, false},
    {S("geojson"), OBJECT, &geometry, false},
    {S("id"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape concept = {
    .members = concept_members, .count = COUNT(concept_members), .families = geometries};

static const struct wd_ninjs_member trust_members[] = {
    {S("role"), TEXT, NULL, false}, {S("scheme"), TEXT, NULL, false},
    {S("code"), TEXT, NULL, false}, {S("title"), TEXT, NULL, false},
    {S("href"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape trust = {.members = trust_members,
                                            .count = COUNT(trust_members)};

static const struct wd_ninjs_member point_members[] = {
    {S("x"), NUMBER, NULL, false},
    {S("y"), NUMBER, NULL, false},
};
static const struct wd_ninjs_shape point = {.members = point_members,
                                            .count = COUNT(point_members)};

static const struct wd_ninjs_member rendition_members[] = {
    {S("name"), TEXT, NULL, false},
    {S("href"), TEXT, NULL, false},
    {S("mimetype"), TEXT, NULL, false},
    {S("contentType"), TEXT, NULL, false},
    {S("contenttype"), TEXT, NULL, false},
    {S("title"), TEXT, NULL, false},
    {S("height"), NUMBER, NULL, false},
    {S("width"), NUMBER, NULL, false},
    {S("sizeInBytes"), NUMBER, NULL, false},
    {S("sizeinbytes"), NUMBER, NULL, false},
    {S("duration"), NUMBER, NULL, false},
    {S("format"), TEXT, NULL, false},
    {S("aspectRatio"), TEXT, NULL, false},
    {S("videoCodec"), TEXT, NULL, false},
    {S("frameRate"), NUMBER, NULL, false},
    {S("poi"), OBJECT, &point, false},
    {S("transportProtocol"), TEXT, NULL, false},
    {S("scanType"), TEXT, NULL, false},
    {S("bitrate"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape rendition = {.members = rendition_members,
                                                .count = COUNT(rendition_members)};

static const struct wd_ninjs_member alt_id_members[] = {
    {S("role"), TEXT, NULL, false},
    {S("value"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape alt_id = {.members = alt_id_members,
                                             .count = COUNT(alt_id_members)};

static const struct wd_ninjs_member coded_members[] = {
    {S("code"), TEXT, NULL, false},
    {S("scheme"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape coded = {.members = coded_members,
                                            .count = COUNT(coded_members)};

static const struct wd_ninjs_member advice_members[] = {
    {S("role"), TEXT, NULL, false},
    {S("environments"), LIST, NULL, false},
    {S("importance"), OBJECT, &coded, false},
    {S("lifetime"), OBJECT, &coded, false},
};
static const struct wd_ninjs_shape advice = {.members = advice_members,
                                             .count = COUNT(advice_members)};

static const struct wd_ninjs_member standard_members[] = {
    {S("name"), TEXT, NULL, false},
    {S("version"), TEXT, NULL, false},
    {S("schema"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape standard = {.members = standard_members,
                                               .count = COUNT(standard_members)};

static const struct wd_ninjs_member rights_members[] = {
    {S("langId"), TEXT, NULL, false},        {S("langid"), TEXT, NULL, false},
    {S("linkedRights"), TEXT, NULL, false},  {S("linkedrights"), TEXT, NULL, false},
    {S("encodedRights"), TEXT, NULL, false}, {S("encodedrights"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape rights = {
    .members = rights_members,
    .count = COUNT(rights_members),
    .either = {"linkedRights", "encodedRights", "linkedrights", "encodedrights"}};

static const struct wd_ninjs_member rule_members[] = {
    {S("frequency"), TEXT, NULL, false},
    {S("interval"), NUMBER, NULL, false},
    {S("until"), TIME, NULL, false},
    {S("count"), NUMBER, NULL, false},
};
static const struct wd_ninjs_shape rule = {.members = rule_members, .count = COUNT(rule_members)};

static const struct wd_ninjs_member recurrence_members[] = {
    {S("recurrenceDates"), LIST, NULL, false},
    {S("recurrenceRules"), LIST, &rule, false},
};
static const struct wd_ninjs_shape recurrence = {.members = recurrence_members,
                                                 .count = COUNT(recurrence_members)};

static const struct wd_ninjs_member dates_members[] = {
    {S("startDate"), TIME, NULL, false},         {S("endDate"), TIME, NULL, false},
    {S("expectedStartDate"), TIME, NULL, false}, {S("expectedEndDate"), TIME, NULL, false},
    {S("expectedDuration"), TEXT, NULL, false},  {S("recurrence"), OBJECT, &recurrence, false},
};
static const struct wd_ninjs_shape dates = {
    .members = dates_members,
    .count = COUNT(dates_members),
    .either = {"startDate", "expectedStartDate", "endDate", "expectedEndDate"}};

static const struct wd_ninjs_member event_details_members[] = {
    {S("eventStatus"), TEXT, NULL, false},
    {S("plannedCoverageStatus"), TEXT, NULL, false},
    {S("dates"), OBJECT, &dates, false},
    {S("organiser"), OBJECT, &concept, false},
};
static const struct wd_ninjs_shape event_details = {.members = event_details_members,
                                                    .count = COUNT(event_details_members)};

static const struct wd_ninjs_member audience_members[] = {
    {S("audience"), TEXT, NULL, false},
    {S("significance"), NUMBER, NULL, false},
};
static const struct wd_ninjs_shape audience = {.members = audience_members,
                                               .count = COUNT(audience_members)};

static const struct wd_ninjs_member reference_members[] = {
    {S("name"), TEXT, NULL, false},
    {S("value"), TEXT, NULL, false},
};
static const struct wd_ninjs_shape reference = {.members = reference_members,
                                                .count = COUNT(reference_members)};

static const struct wd_ninjs_member commission_members[] = {
    {S("by"), TEXT, NULL, false},
    {S("on"), TIME, NULL, false},
    {S("references"), LIST, &reference, false},
};
static const struct wd_ninjs_shape commission = {.members = commission_members,
                                                 .count = COUNT(commission_members)};

static const struct wd_ninjs_member range_members[] = {
    {S("rangeFrom"), NUMBER, NULL, false},
    {S("rangeTo"), NUMBER, NULL, false},
};
static const struct wd_ninjs_shape range = {.members = range_members,
                                            .count = COUNT(range_members)};

static const struct wd_ninjs_member coverage_members[] = {
    {S("uri"), TEXT, NULL, false},
    {S("title"), TEXT, NULL, false},
    {S("pubStatus"), STATUS, NULL, false},
    {S("type"), TEXT, NULL, false},
    {S("commissioned"), OBJECT, &commission, false},
    {S("dates"), OBJECT, &dates, false},
    {S("audiences"), LIST, &audience, false},
    {S("exclAudience"), LIST, &audience, false},
    {S("edNote"), TEXT, NULL, false},
    {S("urgency"), NUMBER, NULL, false},
    {S("language"), TEXT, NULL, false},
    {S("itemCount"), OBJECT, &range, false},
    {S("wordCount"), NUMBER, NULL, false},
    {S("renditions"), LIST, &rendition, false},
};
static const struct wd_ninjs_shape coverage = {.members = coverage_members,
                                               .count = COUNT(coverage_members)};

static const struct wd_ninjs_member item_families[] = {
    {S("body_"), TEXT, NULL, false},
    {S("description_"), TEXT, NULL, false},
    {S("headline_"), TEXT, NULL, false},
    {S(""), 0, NULL, false},
};

static const struct wd_ninjs_shape association;

/* What the story itself is made of. */
#define ITEM_ROW(code, name, types, inner, map) {S(name), types, inner, map},
static const struct wd_ninjs_member item_members[] = {WD_NINJS_ITEM_MAP(ITEM_ROW)};

/* Members by what their names come to: a number and one, 0 for none; and the next one that comes to the same. */
enum { SLOTS = 256 };
static unsigned char item_firsts[SLOTS];
static unsigned char item_nexts[COUNT(item_members)];
static pthread_once_t item_index_once = PTHREAD_ONCE_INIT;

/* Of a name that is not empty. The factors part most names that there are. */
static size_t slot_of(struct wd_slice name)
{
    const unsigned char *bytes = (const unsigned char *)name.data;
    return (name.len * 2 + bytes[0] * (size_t)39 + bytes[name.len - 1] * (size_t)7 +
            bytes[name.len / 2]) %
           SLOTS;
}

static void make_item_index(void)
{
    for (size_t i = 0; i < COUNT(item_members); i++) {
        size_t slot = slot_of(item_members[i].name);
        item_nexts[i] = item_firsts[slot];
        item_firsts[slot] = (unsigned char)(i + 1);
    }
}

const struct wd_ninjs_shape wd_ninjs_item = {.members = item_members,
                                             .count = COUNT(item_members),
                                             .indexed = true,
                                             .families = item_families};
static const struct wd_ninjs_shape association = {.members = item_members,
                                                  .count = COUNT(item_members),
                                                  .indexed = true,
                                                  .families = item_families,
                                                  .nested = true,
                                                  .required = {"uri", "name"}};

/* What may follow the text of a family: letters, digits, "_" (all the schemas' own pattern). */
static bool is_of_family(struct wd_slice name, struct wd_slice family)
{
    if (!wd_slice_starts(name, family) || name.len == family.len)
        return false;
    for (size_t i = family.len; i < name.len; i++) {
        unsigned char c = (unsigned char)name.data[i];
        bool digit = c >= '0' && c <= '9';
        if (!digit && c != '_' && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
            return false;
    }
    return true;
}

static const struct wd_ninjs_member *search_item(struct wd_slice name)
{
    if (name.len == 0)
        return NULL;
    (void)pthread_once(&item_index_once, make_item_index);
    for (size_t next = item_firsts[slot_of(name)]; next > 0; next = item_nexts[next - 1]) {
        if (wd_slice_equal(item_members[next - 1].name, name))
            return &item_members[next - 1];
    }
    return NULL;
}

static const struct wd_ninjs_member *search(const struct wd_ninjs_shape *shape,
                                            struct wd_slice name, size_t *next)
{
    if (shape->indexed)
        return search_item(name);
    /* Objects of a list have their members in one order, nearly always. */
    for (size_t i = 0, at = *next; i < shape->count; i++, at++) {
        at = at < shape->count ? at : 0;
        if (!wd_slice_equal(shape->members[at].name, name))
            continue;
        *next = at + 1;
        return &shape->members[at];
    }
    return NULL;
}

const struct wd_ninjs_member *wd_ninjs_find(const struct wd_ninjs_shape *shape,
                                            struct wd_slice name, size_t *next)
{
    const struct wd_ninjs_member *found = search(shape, name, next);
    if (found)
        return (found->types & NESTED) && !shape->nested ? NULL : found;
    for (found = shape->families; found && found->name.len > 0; found++) {
        if (is_of_family(name, found->name))
            return found;
    }
    return NULL;
}
