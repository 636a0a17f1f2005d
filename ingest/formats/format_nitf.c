/* NITF 3.x, the IPTC's News Industry Text Format: one story a document.
 *
 * A cancel is a document of its own that names another one (management-doc-idref) and gives that one's new
 * status: both are kept, the message's own status and `acts_on`. du-key is a key that the provider uses again after
 * a while: it is no guid. */
#include "nitf_story.h"

enum { VERSION_SIZE = 64 };

static int sniff(struct wd_slice head, size_t total_len)
{
    char name[WD_XML_NAME_SIZE];
    (void)total_len;
    wd_xml_sniff_root(head, name);
    return strcmp(name, "nitf") == 0 ? 95 : 0;
}

static struct wd_slice attribute_below(const struct wd_xml_node *element, const char *path,
                                       const char *name)
{
    return wd_xml_attribute(wd_xml_find(element, path), name);
}

static void read_identity(struct wd_xml_story *reading, const struct wd_xml_node *nitf,
                          const struct wd_xml_node *docdata)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *key = wd_xml_child(docdata, NULL, "du-key");
    struct wd_slice generation = wd_xml_attribute(key, "generation");
    struct wd_slice version = wd_xml_attribute(key, "version");
    story->guid = attribute_below(docdata, "doc-id", "id-string");
    wd_xml_story_set(&story->guid, wd_xml_attribute(nitf, "uno"));
    story->lineage_key = wd_xml_attribute(key, "key");
    if (story->lineage_key.len > 0)
        story->lineage_rule = WD_SLICE("du-key");
    story->version = version;
    if (generation.len > 0 && generation.len < VERSION_SIZE && version.len < VERSION_SIZE)
        story->version = version.len == 0
                             ? generation
                             : wd_arena_printf(story->arena, "%.*s.%.*s", WD_SLICE_ARG(generation),
                                               WD_SLICE_ARG(version));
    story->version_order = story->version.len > 0 ? WD_VERSION_ORDER_NUMBER : WD_VERSION_ORDER_NONE;
    story->slug = story->lineage_key;
    wd_xml_story_set(&story->slug, attribute_below(docdata, "key-list/keyword", "key"));
    wd_xml_story_set(&story->slug, attribute_below(docdata, "fixture", "fix-id"));
    struct wd_slice part = wd_xml_attribute(key, "part");
    if (part.len > 0) {
        wd_decode_extra(&reading->input, story, WD_SLICE("du-key.part"), part);
        story->flags |= WD_FLAG_PARTIAL;
    }
}

/* The message's own status, and that of the document which it names. */
static enum wd_status read_status(struct wd_xml_story *reading, const struct wd_xml_node *docdata)
{
    struct wd_story *story = reading->story;
    struct wd_slice own = wd_xml_attribute(docdata, "management-status");
    struct wd_slice other = wd_xml_attribute(docdata, "management-idref-status");
    struct wd_slice id = wd_xml_attribute(docdata, "management-doc-idref");
    enum wd_status status = WD_OK;
    if (own.len > 0)
        status = wd_xml_story_status(reading, docdata, own, &story->status);
    if (status != WD_OK || id.len == 0)
        return status;
    story->previous = id;
    if (other.len > 0)
        status = wd_xml_story_status(reading, docdata, other, &story->acts_on_status);
    else
        story->acts_on_status = story->status;
    if (other.len > 0 || story->status != WD_STORY_USABLE)
        story->acts_on = id;
    return status;
}

/* The newest revision that the document's history names; the date of issue otherwise. */
static struct wd_time find_updated(struct wd_xml_story *reading, const struct wd_xml_node *head,
                                   struct wd_time issued)
{
    struct wd_time newest = issued;
    for (const struct wd_xml_node *revision = wd_xml_child(head, NULL, "revision-history");
         revision; revision = wd_xml_sibling(revision, NULL, "revision-history")) {
        struct wd_time time = wd_xml_story_time(reading, wd_xml_attribute(revision, "norm"));
        if (wd_time_known(time) && (!wd_time_known(newest) || time.ms > newest.ms))
            newest = time;
    }
    return newest;
}

/* Only the first version's date of issue is when the story was published. */
static bool is_first_version(const struct wd_story *story)
{
    bool later = false;
    for (size_t i = 0; i < story->version.len; i++)
        later = later || (story->version.data[i] >= '2' && story->version.data[i] <= '9') ||
                (i > 0 && story->version.data[i] == '0' && story->version.data[i - 1] != '.');
    return !later && story->previous.len == 0;
}

static void read_times(struct wd_xml_story *reading, const struct wd_xml_node *head,
                       const struct wd_xml_node *docdata)
{
    struct wd_story *story = reading->story;
    struct wd_time issued =
        wd_xml_story_time(reading, attribute_below(docdata, "date.issue", "norm"));
    story->updated = find_updated(reading, head, issued);
    if (is_first_version(story) || (wd_time_known(issued) && story->updated.ms != issued.ms))
        story->published = issued;
    story->embargoed_until =
        wd_xml_story_time(reading, attribute_below(docdata, "date.release", "norm"));
    story->expires = wd_xml_story_time(reading, attribute_below(docdata, "date.expire", "norm"));
}

static void read_notes(struct wd_xml_story *reading, const struct wd_xml_node *docdata)
{
    struct wd_story *story = reading->story;
    for (const struct wd_xml_node *child = wd_xml_child(docdata, NULL, NULL); child;
         child = wd_xml_sibling(child, NULL, NULL)) {
        bool correction = strcmp(child->name, "correction") == 0;
        if (!correction && strcmp(child->name, "ed-msg") != 0)
            continue;
        wd_xml_story_note(reading, wd_text_trim(wd_xml_attribute(child, "info")));
        story->signals |= wd_xml_story_signal(wd_text_trim(wd_xml_attribute(child, "msg-type")));
        if (!correction)
            continue;
        story->signals |= WD_SIGNAL_CORRECTION;
        wd_xml_story_set(&story->previous, wd_xml_attribute(child, "id-string"));
    }
}

static void read_subjects(struct wd_xml_story *reading, const struct wd_xml_node *tobject)
{
    static const char *const names[] = {"tobject.subject.detail", "tobject.subject.matter",
                                        "tobject.subject.type"};
    struct wd_story *story = reading->story;
    for (const struct wd_xml_node *child = wd_xml_child(tobject, NULL, NULL); child;
         child = wd_xml_sibling(child, NULL, NULL)) {
        if (strcmp(child->name, "tobject.property") == 0) {
            struct wd_slice type = wd_xml_attribute(child, "tobject.property.type");
            if (type.len > 0)
                (void)wd_xml_story_concept(reading, &story->genres, type);
        }
        struct wd_slice code = wd_xml_attribute(child, "tobject.subject.refnum");
        struct wd_slice name = WD_SLICE_NONE;
        for (size_t i = 0; i < 3; i++)
            wd_xml_story_set(&name, wd_xml_attribute(child, names[i]));
        struct wd_concept *subject =
            strcmp(child->name, "tobject.subject") == 0 && (code.len > 0 || name.len > 0)
                ? wd_xml_story_concept(reading, &story->subjects, name)
                : NULL;
        if (!subject || code.len == 0)
            continue;
        subject->scheme = WD_SLICE("subj");
        subject->code = code;
        subject->literal = wd_arena_printf(story->arena, "subj:%.*s", WD_SLICE_ARG(code));
    }
}

/* <evloc iso-cc="NO" state-prov="Oslo" city="Oslo"/>: the place of the event, not of the writing. */
static void read_places(struct wd_xml_story *reading, const struct wd_xml_node *docdata)
{
    static const char *const levels[] = {"city", "county-dist", "state-prov", "iso-cc"};
    for (const struct wd_xml_node *place = wd_xml_child(docdata, NULL, "evloc"); place;
         place = wd_xml_sibling(place, NULL, "evloc")) {
        struct wd_slice name = wd_xml_story_words(reading, place);
        for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
            wd_xml_story_set(&name, wd_xml_attribute(place, levels[i]));
        struct wd_slice country = wd_xml_attribute(place, "iso-cc");
        struct wd_concept *concept =
            name.len > 0 ? wd_xml_story_concept(reading, &reading->story->places, name) : NULL;
        if (concept && country.len > 0)
        concept->literal =
            wd_arena_printf(reading->story->arena, "iso-cc:%.*s", WD_SLICE_ARG(country));
        if (concept)
        concept->rel = WD_SLICE("event");
    }
}

static enum wd_status read_head(struct wd_xml_story *reading, const struct wd_xml_node *head,
                                const struct wd_xml_node *docdata)
{
    static const char *const docdata_known[] = {
        "correction", "evloc",         "doc-id",       "del-list",           "urgency",
        "fixture",    "date.issue",    "date.release", "date.expire",        "ed-msg",
        "du-key",     "doc.copyright", "key-list",     "identified-content", NULL};
    static const char *const head_known[] = {"title", "tobject", "docdata", "revision-history",
                                             NULL};
    struct wd_story *story = reading->story;
    story->urgency = wd_xml_story_urgency(reading, attribute_below(docdata, "urgency", "ed-urg"));
    for (const struct wd_xml_node *keyword = wd_xml_find(docdata, "key-list/keyword"); keyword;
         keyword = wd_xml_sibling(keyword, NULL, "keyword"))
        wd_xml_story_keyword(reading, wd_xml_attribute(keyword, "key"));
    for (const struct wd_xml_node *source = wd_xml_find(docdata, "del-list/from-src"); source;
         source = wd_xml_sibling(source, NULL, "from-src")) {
        struct wd_slice name = wd_xml_attribute(source, "src-name");
        if (name.len > 0)
            (void)wd_xml_story_concept(reading, &story->infosources, name);
    }
    read_subjects(reading, wd_xml_child(head, NULL, "tobject"));
    read_places(reading, docdata);
    wd_nitf_names(reading, wd_xml_child(docdata, NULL, "identified-content"));
    wd_xml_story_extras(reading, docdata, docdata_known);
    wd_xml_story_extras(reading, head, head_known);
    return wd_xml_story_member(reading, "copyrightHolder",
                               attribute_below(docdata, "doc.copyright", "holder"));
}

enum wd_status wd_nitf_document(struct wd_xml_story *reading, const struct wd_xml_node *nitf)
{
    const struct wd_xml_node *head = wd_xml_child(nitf, NULL, "head");
    const struct wd_xml_node *docdata = wd_xml_child(head, NULL, "docdata");
    const struct wd_xml_node *distributor = wd_xml_find(nitf, "body/body.head/distributor");
    struct wd_slice source = attribute_below(docdata, "doc-id", "regsrc");
    wd_xml_story_set(&source, wd_xml_story_words(reading, distributor));
    wd_xml_story_source(reading, source);
    read_identity(reading, nitf, docdata);
    enum wd_status status = read_status(reading, docdata);
    if (status != WD_OK)
        return status;
    read_notes(reading, docdata);
    read_times(reading, head, docdata);
    reading->story->language = wd_xml_attribute(nitf, "baselang");
    status = read_head(reading, head, docdata);
    if (status == WD_OK)
        status = wd_nitf_copy(reading, nitf);
    wd_xml_story_set(&reading->story->headline,
                     wd_xml_story_text(reading, wd_xml_child(head, NULL, "title")));
    return status;
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_xml_document *document = NULL;
    enum wd_status status = wd_xml_story_document(input, batch, "NITF", &document, error);
    if (status != WD_OK)
        return status;
    struct wd_xml_story reading = {.input = *input, .document = document, .error = error};
    if (!wd_xml_is(document->root, NULL, "nitf"))
        return wd_xml_fault(document, document->root, error, WD_UNKNOWN_FORMAT,
                            "NITF: the document is <%.64s>, not <nitf>", document->root->name);
    if (!wd_xml_child(document->root, NULL, "body") && !wd_xml_find(document->root, "head/docdata"))
        return wd_xml_fault(document, document->root, error, WD_MISSING,
                            "NITF: the document has neither body nor docdata");
    status = wd_xml_story_begin(&reading, batch, "nitf");
    if (status == WD_OK)
        status = wd_nitf_document(&reading, document->root);
    if (status == WD_OK)
        wd_xml_story_end(&reading);
    return status;
}

const struct wd_decoder wd_decoder_nitf = {
    .name = "nitf",
    .label = "NITF",
    .summary = "IPTC NITF 3.x (News Industry Text Format)",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_LINEAGE | WD_CARRIES_VERSION |
               WD_CARRIES_PUBLISHED | WD_CARRIES_UPDATED | WD_CARRIES_EMBARGO | WD_CARRIES_EXPIRES |
               WD_CARRIES_STATUS | WD_CARRIES_SIGNALS | WD_CARRIES_URGENCY | WD_CARRIES_SUBJECTS |
               WD_CARRIES_ENTITIES | WD_CARRIES_SLUG | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE |
               WD_CARRIES_DATELINE | WD_CARRIES_NOTE | WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE |
               WD_CARRIES_SUMMARY | WD_CARRIES_BODY | WD_CARRIES_MEDIA,
    .sniff = sniff,
    .decode = decode,
};
