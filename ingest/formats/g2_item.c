/* Identity, times, status and signals of a NewsML-G2 item: see g2_item.h. */
#include "g2_item.h"

#include "order_names.h"
#include "wire_words.h"

#include <ctype.h>
#include <stdio.h>

enum { ATTRIBUTE_SIZE = 48, ASSERTS_MAX = 256 };

static struct wd_slice last_part(struct wd_slice text)
{
    size_t begin = text.len;
    while (begin > 0 && !strchr(":/#", text.data[begin - 1]))
        begin--;
    return wd_slice_from_offset(text, begin);
}

struct wd_slice wd_g2_code(const struct wd_xml_node *element, const char *name)
{
    char uri[ATTRIBUTE_SIZE];
    struct wd_slice qcode = wd_xml_attribute(element, name);
    if (qcode.len > 0)
        return last_part(qcode);
    (void)snprintf(uri, sizeof(uri), "%suri", strcmp(name, "qcode") == 0 ? "" : name);
    return last_part(wd_xml_attribute(element, uri));
}

static struct wd_slice own_name(const struct wd_g2_item *item, const struct wd_xml_node *element)
{
    struct wd_slice language = item->reading->story->language;
    const struct wd_xml_node *first = wd_xml_child(element, NULL, "name");
    const struct wd_xml_node *name = first;
    while (name && !wd_slice_equal(wd_xml_inherited(name, "lang"), language))
        name = wd_xml_sibling(name, NULL, "name");
    return wd_xml_story_text(item->reading, name ? name : first);
}

/* Read once, not once for each concept: thousands of these with hundreds of asserts took 0.1 s. Without
 * memory there are none: what is read next says so. */
static void read_asserts(struct wd_g2_item *item)
{
    struct wd_xml_story *reading = item->reading;
    const struct wd_xml_node *known = wd_xml_child(item->item, NULL, "assert");
    size_t count = 0;
    for (; known && count < ASSERTS_MAX; count++)
        known = wd_xml_sibling(known, NULL, "assert");
    item->asserts_read = true;
    item->assert_count = 0;
    item->assert_language = reading->story->language;
    if (count > 0)
        item->asserts = wd_arena_calloc(reading->story->arena, count, sizeof(*item->asserts));
    known = wd_xml_child(item->item, NULL, "assert");
    for (size_t i = 0; item->asserts && i < count; i++) {
        struct wd_g2_assert *made = &item->asserts[item->assert_count];
        *made = (struct wd_g2_assert){
            .qcode = wd_xml_attribute(known, "qcode"),
            .uri = wd_xml_attribute(known, "uri"),
            .literal = wd_xml_attribute(known, "literal"),
            .name = own_name(item, known),
        };
        item->assert_count += made->name.len > 0;
        known = wd_xml_sibling(known, NULL, "assert");
    }
}

static struct wd_slice asserted_name(struct wd_g2_item *item, const struct wd_xml_node *element)
{
    struct wd_slice qcode = wd_xml_attribute(element, "qcode");
    struct wd_slice uri = wd_xml_attribute(element, "uri");
    struct wd_slice literal = wd_xml_attribute(element, "literal");
    if (!item->asserts_read ||
        !wd_slice_equal(item->assert_language, item->reading->story->language))
        read_asserts(item);
    for (size_t i = 0; i < item->assert_count; i++) {
        const struct wd_g2_assert *known = &item->asserts[i];
        if ((qcode.len > 0 && wd_slice_equal(qcode, known->qcode)) ||
            (uri.len > 0 && wd_slice_equal(uri, known->uri)) ||
            (literal.len > 0 && wd_slice_equal(literal, known->literal)))
            return known->name;
    }
    return literal;
}

struct wd_slice wd_g2_name(struct wd_g2_item *item, const struct wd_xml_node *element)
{
    struct wd_slice name = own_name(item, element);
    return name.len > 0 ? name : asserted_name(item, element);
}

static bool is_reuters(struct wd_slice guid)
{
    return wd_slice_starts(guid, WD_SLICE("tag:reuters.com")) ||
           wd_slice_starts(guid, WD_SLICE("tag_reuters.com"));
}

/* "tag:reuters.com,2024:newsml_L8N3AB12C": the USN is part of the guid, whose year and punctuation vary. */
static struct wd_slice usn_of(struct wd_slice guid)
{
    static const char mark[] = "newsml_";
    const char *found = memmem(guid.data, guid.len, mark, sizeof(mark) - 1);
    struct wd_slice rest = WD_SLICE_NONE;
    if (found)
        rest = wd_slice_from_offset(guid, (size_t)(found - guid.data) + sizeof(mark) - 1);
    size_t len = 0;
    while (len < rest.len && isalnum((unsigned char)rest.data[len]))
        len++;
    return wd_slice_make(rest.data, len);
}

static enum wd_status read_identity(struct wd_g2_item *item)
{
    struct wd_xml_story *reading = item->reading;
    struct wd_story *story = reading->story;
    story->guid = wd_text_trim(wd_xml_attribute(item->item, "guid"));
    story->version = wd_text_trim(wd_xml_attribute(item->item, "version"));
    if (story->guid.len > WD_GUID_BYTES_MAX || story->version.len > WD_GUID_BYTES_MAX)
        return wd_xml_fault(reading->document, item->item, reading->error, WD_TOO_LARGE,
                            "NewsML-G2: guid or version has more than %d bytes", WD_GUID_BYTES_MAX);
    if (story->version.len == 0)
        story->version = WD_SLICE("1"); /* the schema's default */
    /* Reuters numbers its takes without order: a later one may have a smaller number. */
    story->version_order =
        is_reuters(story->guid) ? WD_VERSION_ORDER_NONE : WD_VERSION_ORDER_NUMBER;
    for (const struct wd_xml_node *id = wd_xml_child(item->content_meta, NULL, "altId"); id;
         id = wd_xml_sibling(id, NULL, "altId")) {
        if (wd_slice_is(wd_g2_code(id, "type"), "USN"))
            story->lineage_key = wd_xml_story_text(reading, id);
    }
    if (story->lineage_key.len == 0 && is_reuters(story->guid))
        story->lineage_key = usn_of(story->guid);
    if (story->lineage_key.len > 0)
        story->lineage_rule = WD_SLICE("usn");
    return WD_OK;
}

static void read_times(struct wd_g2_item *item)
{
    struct wd_xml_story *reading = item->reading;
    struct wd_story *story = reading->story;
    const struct wd_xml_node *embargo = wd_xml_child(item->item_meta, NULL, "embargoed");
    const struct {
        const char *name;
        struct wd_time *time;
    } times[] = {{"firstCreated", &story->published},
                 {"versionCreated", &story->updated},
                 {"embargoed", &story->embargoed_until},
                 {"expires", &story->expires}};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        *times[i].time = wd_xml_story_time(
            reading,
            wd_xml_story_text(reading, wd_xml_child(item->item_meta, NULL, times[i].name)));
    /* Present and empty: an embargo whose end is not known. */
    if (embargo && !wd_time_known(story->embargoed_until))
        story->status = WD_STORY_EMBARGOED;
    struct wd_slice made =
        wd_xml_story_text(reading, wd_xml_child(item->content_meta, NULL, "contentCreated"));
    if (made.len > 7) /* "2016" and "2016-10" are allowed and are no times */
        story->content_created = wd_xml_story_time(reading, made);
}

static enum wd_status read_status(struct wd_g2_item *item)
{
    const struct wd_xml_node *element = wd_xml_child(item->item_meta, NULL, "pubStatus");
    enum wd_story_status own = WD_STORY_USABLE;
    struct wd_slice word = wd_g2_code(element, "qcode");
    wd_xml_story_set(&word, last_part(wd_xml_attribute(element, "literal")));
    wd_xml_story_set(&word, wd_xml_story_text(item->reading, element));
    enum wd_status status =
        word.len > 0 ? wd_xml_story_status(item->reading, element, word, &own) : WD_OK;
    if (status == WD_OK && own != WD_STORY_USABLE)
        item->reading->story->status = own; /* otherwise what the embargo says stays */
    return status;
}

static void read_signals(struct wd_g2_item *item)
{
    struct wd_xml_story *reading = item->reading;
    struct wd_story *story = reading->story;
    for (const struct wd_xml_node *signal = wd_xml_child(item->item_meta, NULL, "signal"); signal;
         signal = wd_xml_sibling(signal, NULL, "signal")) {
        struct wd_slice code = wd_g2_code(signal, "qcode");
        uint32_t known = wd_xml_story_signal(
            code.len > 0 ? code : last_part(wd_xml_attribute(signal, "literal")));
        story->signals |= known;
        if (known == 0)
            wd_xml_story_extra(reading, signal);
    }
    /* itemClass@rtr:msgType */
    const struct wd_xml_attribute *type =
        wd_xml_attribute_in(wd_xml_child(item->item_meta, NULL, "itemClass"), NULL, "msgType");
    if (type)
        story->signals |= wd_xml_story_signal(last_part(type->value));
}

static struct wd_slice linked_id(const struct wd_xml_node *link)
{
    struct wd_slice id = wd_xml_attribute(link, "residref");
    wd_xml_story_set(&id, wd_xml_attribute(link, "guidref"));
    wd_xml_story_set(&id, wd_xml_attribute(link, "href"));
    return id;
}

/* Whether the link says that this item ends the other one. */
static bool is_end(const struct wd_xml_node *link)
{
    static const char *const ends[] = {"cancels", "kills",   "withdraws", "retracts",
                                       "cancel",  "deletes", "withdraw",  "kill"};
    struct wd_slice rel = wd_g2_code(link, "rel");
    bool found = false;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && !found; i++)
        found = wd_slice_is(rel, ends[i]);
    return found && linked_id(link).len > 0;
}

/* Relations that say that this item takes the place of another one, or ends it. */
static void read_links(struct wd_g2_item *item)
{
    static const char *const follows[] = {"previousVersion", "replaces",    "supersedes",
                                          "isReplacementOf", "revisionOf",  "updateOf",
                                          "correctionOf",    "isVersionOf", "evolvedFrom"};
    struct wd_xml_story *reading = item->reading;
    struct wd_story *story = reading->story;
    for (const struct wd_xml_node *link = wd_xml_child(item->item_meta, NULL, "link"); link;
         link = wd_xml_sibling(link, NULL, "link")) {
        struct wd_slice rel = wd_g2_code(link, "rel");
        struct wd_slice id = linked_id(link);
        bool used = false;
        for (size_t i = 0; i < sizeof(follows) / sizeof(follows[0]); i++)
            used = used || wd_slice_is(rel, follows[i]);
        /* Derived from a version of itself: that is the version before. */
        used = used || (wd_slice_is(rel, "derivedFrom") && wd_slice_equal(id, story->guid));
        if (used)
            wd_xml_story_set(&story->previous, id);
        if (!used && is_end(link)) {
            used = true;
            wd_xml_story_set(&story->acts_on, id); /* further ones: wd_g2_add_canceled */
            story->acts_on_status = WD_STORY_CANCELED;
        }
        if (!used)
            wd_xml_story_extra(reading, link);
    }
}

/* Notes between desks go on to nobody (`extra` keeps them); what they order counts all the same. */
static void read_notes(struct wd_g2_item *item)
{
    struct wd_story *story = item->reading->story;
    for (const struct wd_xml_node *note = wd_xml_child(item->item_meta, NULL, "edNote"); note;
         note = wd_xml_sibling(note, NULL, "edNote")) {
        struct wd_slice role = wd_g2_code(note, "role");
        struct wd_slice text = wd_xml_story_text(item->reading, note);
        if (!wd_text_contains_ascii_case(role, WD_SLICE("private")) &&
            !wd_text_contains_ascii_case(role, WD_SLICE("internal")) &&
            wd_xml_attribute(note, "pubconstraint").len == 0 &&
            wd_xml_attribute(note, "pubconstrainturi").len == 0) {
            wd_xml_story_note(item->reading, text);
            continue;
        }
        struct wd_wire_words words = {0, 0};
        wd_wire_words_scan_note(text, &words);
        story->signals |= wd_wire_words_signals(&words);
        wd_wire_words_apply_orders(words.set, story);
        wd_xml_story_extra(item->reading, note);
    }
}

static enum wd_status read_rights(struct wd_g2_item *item)
{
    static const char *const known[] = {"copyrightHolder", "copyrightNotice", "usageTerms", NULL};
    const struct wd_xml_node *rights = wd_xml_child(item->item, NULL, "rightsInfo");
    const struct wd_xml_node *holder = wd_xml_child(rights, NULL, "copyrightHolder");
    struct wd_xml_story *reading = item->reading;
    wd_xml_story_extras(reading, rights, known);
    if (wd_xml_sibling(rights, NULL, "rightsInfo"))
        wd_xml_story_extra(reading, wd_xml_sibling(rights, NULL, "rightsInfo"));
    enum wd_status status = wd_xml_story_member(reading, "copyrightHolder",
                                                holder ? wd_g2_name(item, holder) : WD_SLICE_NONE);
    for (size_t i = 1; known[i] && status == WD_OK; i++)
        status = wd_xml_story_member(
            reading, known[i], wd_xml_story_text(reading, wd_xml_child(rights, NULL, known[i])));
    return status;
}

/* What kind of item it is, as ninjs says it. Only news items are copy. */
static void read_kind(struct wd_g2_item *item)
{
    static const char *const types[] = {"picture",   "graphic", "audio",    "video",
                                        "composite", "event",   "planning", NULL};
    struct wd_story *story = item->reading->story;
    const char *name = item->item->name;
    struct wd_slice code = wd_g2_code(wd_xml_child(item->item_meta, NULL, "itemClass"), "qcode");
    for (size_t i = 0; types[i]; i++) {
        if (wd_text_equal_ascii_case(code, wd_slice_from(types[i])))
            story->item_type = wd_slice_from(types[i]);
    }
    if (strcmp(name, "newsItem") == 0)
        return;
    story->flags |= WD_FLAG_NOT_A_STORY;
    story->signals |= WD_SIGNAL_ADVISORY;
    if (strcmp(name, "packageItem") == 0)
        story->item_type = WD_SLICE("composite");
    else if (strcmp(name, "planningItem") == 0)
        story->item_type = WD_SLICE("planning");
    else if (wd_xml_find(item->item, "concept/eventDetails"))
        story->item_type = WD_SLICE("event");
    else
        story->item_type = WD_SLICE("component");
}

static enum wd_status read_item_meta(struct wd_g2_item *item)
{
    static const char *const known[] = {"itemClass", "provider",  "versionCreated", "firstCreated",
                                        "embargoed", "pubStatus", "signal",         "edNote",
                                        "title",     "expires",   "link",           NULL};
    static const char *const item_known[] = {"catalogRef", "catalog",     "rightsInfo",
                                             "itemMeta",   "contentMeta", "contentSet",
                                             "assert",     "concept",     NULL};
    struct wd_xml_story *reading = item->reading;
    const struct wd_xml_node *provider = wd_xml_child(item->item_meta, NULL, "provider");
    struct wd_slice source = wd_g2_code(provider, "qcode");
    wd_xml_story_set(&source, wd_xml_attribute(provider, "literal"));
    wd_xml_story_set(&source, wd_g2_name(item, provider));
    wd_xml_story_source(reading, source);
    read_kind(item);
    read_times(item);
    enum wd_status status = read_status(item);
    read_signals(item);
    read_links(item);
    read_notes(item);
    wd_xml_story_extras(reading, item->item_meta, known);
    wd_xml_story_extras(reading, item->item, item_known);
    return status == WD_OK ? read_rights(item) : status;
}

/* What a concept item or a planning item is about. */
static void read_concept(struct wd_g2_item *item)
{
    struct wd_story *story = item->reading->story;
    const struct wd_xml_node *concept = wd_xml_child(item->item, NULL, "concept");
    if (!concept)
        return;
    wd_xml_story_set(&story->headline, own_name(item, concept));
    wd_xml_story_set(&story->summary,
                     wd_xml_story_text(item->reading, wd_xml_child(concept, NULL, "definition")));
    wd_xml_story_extra(item->reading, concept);
}

/* Whose copy it is, where no creditline says so. */
static void credit_source(struct wd_g2_item *item, const struct wd_xml_node *provider)
{
    struct wd_story *story = item->reading->story;
    if (story->infosources.count > 0)
        wd_xml_story_set(&story->credit, story->infosources.items[0].name);
    if (provider)
        wd_xml_story_set(&story->credit, wd_g2_name(item, provider));
}

bool wd_g2_is_item(const struct wd_xml_node *element)
{
    static const char *const names[] = {"newsItem",      "packageItem",  "conceptItem",
                                        "knowledgeItem", "planningItem", "catalogItem"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (wd_xml_is(element, NULL, names[i]))
            return true;
    }
    return false;
}

enum wd_status wd_g2_item(struct wd_xml_story *reading, const struct wd_xml_node *element)
{
    struct wd_g2_item item = {
        .reading = reading,
        .item = element,
        .item_meta = wd_xml_child(element, NULL, "itemMeta"),
        .content_meta = wd_xml_child(element, NULL, "contentMeta"),
    };
    struct wd_story *story = reading->story;
    enum wd_status status = read_identity(&item);
    if (status != WD_OK)
        return status;
    if (!item.item_meta)
        return wd_xml_fault(reading->document, element, reading->error, WD_MISSING,
                            "NewsML-G2: the %s has no itemMeta", element->name);
    story->language = wd_xml_attribute(wd_xml_child(item.content_meta, NULL, "language"), "tag");
    wd_xml_story_set(&story->language, wd_xml_inherited(element, "lang"));
    status = read_item_meta(&item);
    if (status == WD_OK)
        status = wd_g2_content_meta(&item);
    if (status == WD_OK)
        status = wd_g2_content_set(&item);
    wd_xml_story_set(&story->headline,
                     wd_xml_story_text(reading, wd_xml_child(item.item_meta, NULL, "title")));
    read_concept(&item);
    credit_source(&item, wd_xml_child(item.item_meta, NULL, "provider"));
    return status;
}

enum wd_status wd_g2_add_canceled(struct wd_story *story, struct wd_story_batch *batch,
                                  const struct wd_xml_node *element)
{
    const struct wd_xml_node *link =
        wd_xml_child(wd_xml_child(element, NULL, "itemMeta"), NULL, "link");
    enum wd_status status = WD_OK;
    for (; link && status == WD_OK; link = wd_xml_sibling(link, NULL, "link")) {
        if (is_end(link) && !wd_slice_equal(linked_id(link), story->acts_on))
            status = wd_order_add_item(batch, story, linked_id(link));
    }
    return status;
}
