/* What a NewsItem of NewsML 1.x says about itself and its components: see newsml1_item.h. */
#include "newsml1_item.h"
#include "telex.h"

#include <stdio.h>

static struct wd_slice formal_name(const struct wd_xml_node *element)
{
    return wd_text_trim(wd_xml_attribute(element, "FormalName"));
}

static struct wd_slice text_below(const struct wd_xml_story *reading,
                                  const struct wd_xml_node *element, const char *path)
{
    return wd_xml_story_text(reading, wd_xml_find(element, path));
}

/* "urn:newsml:provider:date:id": the public identifier without its revision. */
static enum wd_status read_identity(struct wd_xml_story *reading,
                                    const struct wd_xml_node *news_item)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *identifier = wd_xml_find(news_item, "Identification/NewsIdentifier");
    struct wd_slice provider = text_below(reading, identifier, "ProviderId");
    struct wd_slice date = text_below(reading, identifier, "DateId");
    struct wd_slice id = text_below(reading, identifier, "NewsItemId");
    if (provider.len + date.len + id.len > WD_GUID_BYTES_MAX - 16)
        return wd_xml_fault(reading->document, identifier, reading->error, WD_TOO_LARGE,
                            "NewsML 1.2: the identifier has more than %d bytes", WD_GUID_BYTES_MAX);
    if (id.len > 0)
        story->guid = wd_arena_printf(story->arena, "urn:newsml:%.*s:%.*s:%.*s",
                                      WD_SLICE_ARG(provider), WD_SLICE_ARG(date), WD_SLICE_ARG(id));
    story->transmission = text_below(reading, identifier, "PublicIdentifier");
    wd_xml_story_set(&story->guid, story->transmission);
    const struct wd_xml_node *revision = wd_xml_child(identifier, NULL, "RevisionId");
    struct wd_slice update = wd_xml_attribute(revision, "Update");
    story->version = wd_xml_story_text(reading, revision);
    story->version_order = story->version.len > 0 ? WD_VERSION_ORDER_NUMBER : WD_VERSION_ORDER_NONE;
    if (wd_slice_is(update, "U") || wd_slice_is(update, "A"))
        story->signals |= WD_SIGNAL_UPDATE;
    story->slug = text_below(reading, news_item, "Identification/NameLabel");
    if (wd_xml_child(news_item, NULL, "Update"))
        story->flags |=
            WD_FLAG_PARTIAL; /* inserts, deletes and replaces parts of another revision */
    return WD_OK;
}

/* What the status will become, and when: the end of an embargo, or of its use. */
static enum wd_status read_change(struct wd_xml_story *reading,
                                  const struct wd_xml_node *management)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *change = wd_xml_child(management, NULL, "StatusWillChange");
    const struct wd_xml_node *future = wd_xml_child(change, NULL, "FutureStatus");
    struct wd_time time = wd_xml_story_time(reading, text_below(reading, change, "DateAndTime"));
    enum wd_story_status becomes = WD_STORY_USABLE;
    if (formal_name(future).len == 0)
        return WD_OK;
    enum wd_status status = wd_xml_story_status(reading, future, formal_name(future), &becomes);
    if (becomes == WD_STORY_USABLE)
        story->embargoed_until = time;
    else
        story->expires = time;
    return status;
}

static enum wd_status read_status(struct wd_xml_story *reading,
                                  const struct wd_xml_node *management)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *element = wd_xml_child(management, NULL, "Status");
    enum wd_status status = WD_OK;
    if (formal_name(element).len > 0)
        status = wd_xml_story_status(reading, element, formal_name(element), &story->status);
    if (status == WD_OK)
        status = read_change(reading, management);
    return status;
}

/* Without the revision of "urn:newsml:provider:date:id:2N" (PublicIdentifier, NewsML 1.2 section 5.6): an item's guid here
 * has none. */
static struct wd_slice without_revision(struct wd_slice urn)
{
    enum { COLONS_BEFORE_REVISION = 5 };
    size_t colons = 0;
    size_t revision = 0; /* where the last part begins */
    for (size_t i = 0; i < urn.len; i++) {
        if (urn.data[i] == ':') {
            colons++;
            revision = i + 1;
        }
    }
    struct wd_slice number = wd_slice_from_offset(urn, revision);
    if (number.len > 0 && strchr("NUA", number.data[number.len - 1]))
        number.len--;
    bool has_one = colons == COLONS_BEFORE_REVISION && wd_telex_are_digits(number) &&
                   wd_text_starts_ascii_case(urn, WD_SLICE("urn:newsml:"));
    return has_one ? wd_slice_make(urn.data, revision - 1) : urn;
}

/* Mostly related copy; in a cancel or a hold, the item that it is about. */
static void read_association(struct wd_xml_story *reading, const struct wd_xml_node *element)
{
    struct wd_story *story = reading->story;
    struct wd_slice id = without_revision(wd_xml_attribute(element, "NewsItem"));
    bool acts = story->status == WD_STORY_CANCELED || story->status == WD_STORY_WITHHELD;
    if (!acts || id.len == 0 || story->acts_on.len > 0) {
        wd_xml_story_extra(reading, element);
        return;
    }
    story->acts_on = id;
    story->acts_on_status = story->status;
}

static void read_instruction(struct wd_xml_story *reading, const struct wd_xml_node *element)
{
    uint32_t signal = wd_xml_story_signal(formal_name(element));
    reading->story->signals |= signal;
    if (signal == 0)
        wd_xml_story_extra(reading, element);
}

static void read_relations(struct wd_xml_story *reading, const struct wd_xml_node *management)
{
    for (const struct wd_xml_node *child = wd_xml_child(management, NULL, NULL); child;
         child = wd_xml_sibling(child, NULL, NULL)) {
        if (strcmp(child->name, "Instruction") == 0)
            read_instruction(reading, child);
        else if (strcmp(child->name, "DerivedFrom") == 0)
            wd_xml_story_set(&reading->story->previous,
                             without_revision(wd_xml_attribute(child, "NewsItem")));
        else if (strcmp(child->name, "AssociatedWith") == 0)
            read_association(reading, child);
    }
}

enum wd_status wd_newsml1_management(struct wd_xml_story *reading,
                                     const struct wd_xml_node *news_item)
{
    static const char *const known[] = {
        "NewsItemType", "FirstCreated", "ThisRevisionCreated", "Status",      "StatusWillChange",
        "Urgency",      "DerivedFrom",  "AssociatedWith",      "Instruction", NULL};
    struct wd_story *story = reading->story;
    const struct wd_xml_node *management = wd_xml_child(news_item, NULL, "NewsManagement");
    if (!management)
        return wd_xml_fault(reading->document, news_item, reading->error, WD_MISSING,
                            "NewsML 1.2: the NewsItem has no NewsManagement");
    enum wd_status status = read_identity(reading, news_item);
    story->published = wd_xml_story_time(reading, text_below(reading, management, "FirstCreated"));
    story->updated =
        wd_xml_story_time(reading, text_below(reading, management, "ThisRevisionCreated"));
    story->urgency =
        wd_xml_story_urgency(reading, formal_name(wd_xml_child(management, NULL, "Urgency")));
    const struct wd_xml_node *root = reading->document->root;
    if (story->urgency == 0)
        story->urgency =
            wd_xml_story_urgency(reading, formal_name(wd_xml_find(root, "NewsEnvelope/Priority")));
    if (status == WD_OK)
        status = read_status(reading, management);
    read_relations(reading, management);
    wd_xml_story_extras(reading, management, known);
    return status;
}

static enum wd_status read_lines(struct wd_xml_story *reading, const struct wd_xml_node *lines)
{
    static const char *const known[] = {
        "HeadLine",      "ByLine",   "DateLine",    "CreditLine", "SlugLine",
        "CopyrightLine", "NewsLine", "KeywordLine", "SeriesLine", NULL};
    struct wd_story *story = reading->story;
    const struct {
        const char *name;
        struct wd_slice *field;
    } fields[] = {{"HeadLine", &story->headline},
                  {"ByLine", &story->byline},
                  {"CreditLine", &story->credit},
                  {"SeriesLine", &story->summary}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        wd_xml_story_set(fields[i].field,
                         wd_xml_story_words(reading, wd_xml_child(lines, NULL, fields[i].name)));
    struct wd_slice slug = text_below(reading, lines, "SlugLine");
    if (slug.len > 0)
        story->slug = slug; /* says more than the item's label */
    wd_xml_story_keyword(reading, text_below(reading, lines, "KeywordLine"));
    if (story->dateline.len == 0)
        wd_xml_story_dateline(reading, text_below(reading, lines, "DateLine"));
    enum wd_status status = wd_xml_story_member(reading, "copyrightNotice",
                                                text_below(reading, lines, "CopyrightLine"));
    for (const struct wd_xml_node *line = wd_xml_child(lines, NULL, "NewsLine"); line;
         line = wd_xml_sibling(line, NULL, "NewsLine")) {
        struct wd_slice type = formal_name(wd_xml_child(line, NULL, "NewsLineType"));
        if (wd_text_equal_ascii_case(type, WD_SLICE("AdvisoryLine")))
            wd_xml_story_note(reading, text_below(reading, line, "NewsLineText"));
        else
            wd_xml_story_extra(reading, line);
    }
    wd_xml_story_extras(reading, lines, known);
    return status;
}

static void read_administration(struct wd_xml_story *reading, const struct wd_xml_node *metadata)
{
    static const char *const known[] = {"Provider", "Creator", "Source", NULL};
    struct wd_story *story = reading->story;
    for (const struct wd_xml_node *creator = wd_xml_child(metadata, NULL, "Creator"); creator;
         creator = wd_xml_sibling(creator, NULL, "Creator"))
        wd_xml_story_set(&story->byline, formal_name(wd_xml_child(creator, NULL, "Party")));
    wd_xml_story_set(&story->credit, formal_name(wd_xml_find(metadata, "Provider/Party")));
    for (const struct wd_xml_node *source = wd_xml_child(metadata, NULL, "Source"); source;
         source = wd_xml_sibling(source, NULL, "Source")) {
        struct wd_slice name = formal_name(wd_xml_child(source, NULL, "Party"));
        if (name.len > 0 && !wd_xml_story_has(&story->infosources, name))
            (void)wd_xml_story_concept(reading, &story->infosources, name);
    }
    wd_xml_story_extras(reading, metadata, known);
}

/* <SubjectCode><SubjectDetail FormalName="02003001"/></SubjectCode>: the most exact level. */
static void read_subject(struct wd_xml_story *reading, const struct wd_xml_node *element)
{
    static const char *const levels[] = {"SubjectDetail", "SubjectMatter", "Subject"};
    struct wd_slice code = WD_SLICE_NONE;
    struct wd_concepts *list = &reading->story->subjects;
    for (size_t i = 0; i < 3; i++)
        wd_xml_story_set(&code, formal_name(wd_xml_child(element, NULL, levels[i])));
    for (size_t i = 0; i < list->count && i < 64; i++) {
        if (wd_slice_equal(list->items[i].code, code))
            return;
    }
    struct wd_concept *subject =
        code.len > 0 ? wd_xml_story_concept(reading, list, WD_SLICE_NONE) : NULL;
    if (!subject)
        return;
    subject->scheme = WD_SLICE("subj");
    subject->code = code;
    subject->literal = wd_arena_printf(reading->story->arena, "subj:%.*s", WD_SLICE_ARG(code));
}

/* <Location HowPresent="Origin"><Property FormalName="City" Value="..."/></Location> */
static void read_location(struct wd_xml_story *reading, const struct wd_xml_node *location)
{
    static const char *const levels[] = {"City", "CountryArea", "Country", "WorldRegion"};
    struct wd_slice how = wd_xml_attribute(location, "HowPresent");
    struct wd_slice name = WD_SLICE_NONE;
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        for (const struct wd_xml_node *property = wd_xml_child(location, NULL, "Property");
             property; property = wd_xml_sibling(property, NULL, "Property")) {
            if (wd_slice_is(formal_name(property), levels[i]))
                wd_xml_story_set(&name, wd_xml_attribute(property, "Value"));
        }
    }
    if (wd_text_equal_ascii_case(how, WD_SLICE("Origin")))
        reading->story->located = name.len > 0 ? name : reading->story->located;
    else if (name.len > 0 && !wd_xml_story_has(&reading->story->places, name))
        (void)wd_xml_story_concept(reading, &reading->story->places, name);
}

static void read_property(struct wd_xml_story *reading, const struct wd_xml_node *property)
{
    struct wd_slice value = wd_text_trim(wd_xml_attribute(property, "Value"));
    struct wd_slice role = wd_xml_attribute(property, "Role");
    struct wd_concepts *people = &reading->story->people;
    if (!wd_text_equal_ascii_case(formal_name(property), WD_SLICE("Keyword")) || value.len == 0)
        wd_xml_story_extra(reading, property);
    else if (!wd_slice_is(role, "PersonInImage"))
        wd_xml_story_keyword(reading, value);
    else if (!wd_xml_story_has(people, value))
        (void)wd_xml_story_concept(reading, people, value);
}

static void read_description(struct wd_xml_story *reading, const struct wd_xml_node *metadata)
{
    static const char *const known[] = {"Language", "Genre",    "SubjectCode",
                                        "Location", "Property", NULL};
    struct wd_story *story = reading->story;
    wd_xml_story_set(&story->language, formal_name(wd_xml_child(metadata, NULL, "Language")));
    for (const struct wd_xml_node *child = wd_xml_child(metadata, NULL, NULL); child;
         child = wd_xml_sibling(child, NULL, NULL)) {
        if (strcmp(child->name, "SubjectCode") == 0) {
            read_subject(reading, child);
        } else if (strcmp(child->name, "Location") == 0) {
            read_location(reading, child);
        } else if (strcmp(child->name, "Property") == 0) {
            read_property(reading, child);
        } else if (strcmp(child->name, "Genre") == 0 && formal_name(child).len > 0) {
            if (!wd_xml_story_has(&story->genres, formal_name(child)))
                (void)wd_xml_story_concept(reading, &story->genres, formal_name(child));
            story->signals |= wd_xml_story_signal(formal_name(child));
        }
    }
    wd_xml_story_extras(reading, metadata, known);
}

enum wd_status wd_newsml1_metadata(struct wd_xml_story *reading,
                                   const struct wd_xml_node *component)
{
    enum wd_status status = WD_OK;
    while (wd_xml_is(component, NULL, "NewsComponent") && status == WD_OK) {
        status = read_lines(reading, wd_xml_child(component, NULL, "NewsLines"));
        read_administration(reading, wd_xml_child(component, NULL, "AdministrativeMetadata"));
        read_description(reading, wd_xml_child(component, NULL, "DescriptiveMetadata"));
        for (const struct wd_xml_node *other = wd_xml_child(component, NULL, "Metadata"); other;
             other = wd_xml_sibling(other, NULL, "Metadata"))
            wd_xml_story_extra(reading, other);
        component = component->parent;
    }
    return status;
}
