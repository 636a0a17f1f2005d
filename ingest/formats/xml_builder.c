#include "xml_builder.h"

#include "text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>

enum {
    NODE_BLOCK_BYTES = 4096,
    NAMES = 256,    /* places for names known already */
    ENTITIES = 128, /* the same for entities */
    ENTITY_BYTES_MAX = 1024,
    DECLARED_MAX = 64,
    DIFFERENT_NAMES_MAX = 4096, /* libxml2 gets slow with many; formats have some hundred */
    NAMESPACES_MAX = 256,       /* declarations in force; libxml2 looks through all of them */
};

/* A name or an entity as libxml2 interned it, and what we made of it. */
struct known_name {
    const xmlChar *theirs;
    const char *ours;
};
struct known_entity {
    const xmlChar *name;
    xmlEntity *entity;
};

/* The tree in the making: what the SAX2 events get. */
struct builder {
    xmlParserCtxt *context;
    struct wd_arena *arena;
    struct wd_xml_document *document;
    const struct wd_xml_options *options;
    struct wd_error *error;
    enum wd_status status;
    size_t used_max;                    /* of the arena */
    struct wd_xml_node *current, *last; /* open element; its last child */
    struct wd_xml_node *root;
    size_t depth;
    char *block; /* for nodes */
    size_t block_left;
    struct wd_slice text; /* gathered since the last tag */
    size_t text_capacity; /* 0: borrowed from the source */
    bool mismatched;      /* recovering: the end tag just read is not the one that was due */
    struct known_name names[NAMES];
    struct known_entity entities[ENTITIES];
    struct known_entity declared[DECLARED_MAX];
    size_t declared_count;
};

static const char *format_name(const struct builder *builder)
{
    return builder->options->format ? builder->options->format : "XML";
}

static size_t offset_now(const struct builder *builder)
{
    const xmlParserInput *input = builder->context->input;
    size_t offset = input ? input->consumed + (size_t)(input->cur - input->base) : 0;
    size_t len = builder->document->source.len;
    return offset < len ? offset : len;
}

/* "newsMessage/itemSet/newsItem": the deepest levels where it does not fit. */
void wd_xml_set_path(struct wd_error *error, const struct wd_xml_node *element)
{
    const struct wd_xml_node *levels[WD_XML_DEPTH_MAX + 1];
    size_t count = 0;
    char path[WD_ERROR_PATH_SIZE] = "";
    size_t len = 0;
    for (; element && count <= WD_XML_DEPTH_MAX; element = element->parent)
        levels[count++] = element;
    size_t total = 0;
    size_t shown = 0;
    while (shown < count && total + strlen(levels[shown]->name) + 1 < sizeof(path))
        total += strlen(levels[shown++]->name) + 1;
    for (size_t i = shown; i > 0 && len < sizeof(path); i--)
        len += (size_t)snprintf(path + len, sizeof(path) - len, "%s%s", levels[i - 1]->name,
                                i > 1 ? "/" : "");
    wd_error_at_path(error, "%s", path);
}

/* Remembers the first fault and stops the parser. */
static void fail(struct builder *builder, enum wd_status status, const char *what)
{
    if (builder->status != WD_OK)
        return;
    size_t offset = offset_now(builder);
    int line = builder->context->input ? builder->context->input->line : 0;
    builder->status = status;
    wd_xml_set_path(builder->error, builder->current);
    wd_error_at_offset(builder->error, offset);
    wd_error_at_line(builder->error, line);
    (void)wd_error_set(builder->error, status, "%s: %s (line %d, offset %zu, in <%s>)",
                       format_name(builder), what, line, offset,
                       builder->current ? builder->current->name : "");
    xmlStopParser(builder->context);
}

/* False when the tree has grown past what the message's size allows. */
static bool within_budget(struct builder *builder)
{
    if (wd_arena_used(builder->arena) <= builder->used_max)
        return true;
    fail(builder, WD_TOO_LARGE, "more markup than a story of this size can have");
    return false;
}

static void *take(struct builder *builder, size_t size)
{
    size = (size + 7) & ~(size_t)7;
    if (size > builder->block_left) {
        builder->block_left = NODE_BLOCK_BYTES;
        builder->block = wd_arena_alloc(builder->arena, NODE_BLOCK_BYTES);
    }
    if (!builder->block) {
        builder->block_left = 0;
        fail(builder, WD_NO_MEMORY, "no memory");
        return NULL;
    }
    void *piece = builder->block;
    builder->block += size;
    builder->block_left -= size;
    return piece;
}

/* libxml2 interns names: the same name is the same pointer throughout a document. */
static const char *intern(struct builder *builder, const xmlChar *theirs)
{
    if (!theirs)
        return "";
    struct known_name *place = &builder->names[((uintptr_t)theirs >> 3) % NAMES];
    if (place->theirs != theirs) {
        struct wd_slice copy = wd_arena_copy(builder->arena, wd_slice_from((const char *)theirs));
        if (!copy.data)
            fail(builder, WD_NO_MEMORY, "no memory");
        *place = (struct known_name){theirs, copy.data ? copy.data : ""};
    }
    return place->ours;
}

/* The bytes in the source that these are, or data NULL. What libxml2 hands over lies in its input, or is a copy
 * of what it has just read. */
static struct wd_slice find_in_source(const struct builder *builder, const xmlChar *bytes,
                                      size_t len)
{
    const xmlParserInput *input = builder->context->input;
    struct wd_slice source = builder->document->source;
    size_t at = offset_now(builder);
    if (bytes >= input->base && bytes < input->end)
        at = input->consumed + (size_t)(bytes - input->base);
    else if (at >= len)
        at -= len;
    if (at > source.len || len > source.len - at || memcmp(source.data + at, bytes, len) != 0)
        return WD_SLICE_NONE;
    return wd_slice_make(source.data + at, len);
}

/* Twice what is needed, while the budget has room for that; 0 when it has none for what is needed. */
static size_t capacity_for(struct builder *builder, size_t needed)
{
    size_t used = wd_arena_used(builder->arena);
    size_t room = used < builder->used_max ? builder->used_max - used : 0;
    if (needed > room)
        fail(builder, WD_TOO_LARGE, "more text than a story of this size can have");
    else if (needed * 2 > room)
        return needed;
    return needed > room ? 0 : needed * 2;
}

static void append_owned(struct builder *builder, const xmlChar *bytes, size_t len)
{
    struct wd_slice *text = &builder->text;
    if (len > builder->text_capacity - (builder->text_capacity ? text->len : 0)) {
        size_t capacity = capacity_for(builder, text->len + len);
        if (capacity == 0)
            return;
        char *grown =
            wd_arena_realloc(builder->arena, builder->text_capacity ? (char *)text->data : NULL,
                             builder->text_capacity, capacity);
        if (!grown) {
            fail(builder, WD_NO_MEMORY, "no memory");
            return;
        }
        if (builder->text_capacity == 0 && text->len > 0)
            memcpy(grown, text->data, text->len);
        text->data = grown;
        builder->text_capacity = capacity;
    }
    memcpy((char *)text->data + text->len, bytes, len);
    text->len += len;
}

static void on_text(void *context, const xmlChar *bytes, int length)
{
    struct builder *builder = context;
    size_t len = (size_t)length;
    struct wd_slice *text = &builder->text;
    if (builder->options->recover)
        builder->context->wellFormed = 1; /* else libxml2 drops entities from the first fault on */
    if (len == 0 || builder->status != WD_OK)
        return;
    struct wd_slice found =
        builder->text_capacity == 0 ? find_in_source(builder, bytes, len) : WD_SLICE_NONE;
    if (found.data && text->len == 0) {
        *text = found;
    } else if (found.data && text->data + text->len == found.data) {
        text->len += len;
    } else {
        append_owned(builder, bytes, len);
        (void)within_budget(builder);
    }
}

static void add_node(struct builder *builder, struct wd_xml_node *node)
{
    node->parent = builder->current;
    node->next = NULL;
    if (builder->last)
        builder->last->next = node;
    else if (builder->current)
        builder->current->first = node;
    builder->last = node;
}

static void flush_text(struct builder *builder)
{
    struct wd_slice text = builder->text;
    if (text.len == 0)
        return;
    builder->text = WD_SLICE_NONE;
    builder->text_capacity = 0;
    struct wd_xml_node *node =
        builder->current ? take(builder, offsetof(struct wd_xml_node, space)) : NULL;
    if (!node)
        return;
    node->name = NULL;
    node->text = text.data;
    node->text_len = (uint32_t)text.len;
    node->offset = (uint32_t)offset_now(builder);
    add_node(builder, node);
}

static const struct wd_xml_attribute *take_attributes(struct builder *builder, size_t count,
                                                      const xmlChar **theirs)
{
    struct wd_xml_attribute *list =
        count > 0 ? wd_arena_alloc(builder->arena, count * sizeof(*list)) : NULL;
    if (count > 0 && !list)
        fail(builder, WD_NO_MEMORY, "no memory");
    for (size_t i = 0; list && i < count; i++, theirs += 5) {
        size_t len = (size_t)(theirs[4] - theirs[3]);
        struct wd_slice value = find_in_source(builder, theirs[3], len);
        if (!value.data)
            value = wd_arena_copy(builder->arena, wd_slice_make((const char *)theirs[3], len));
        if (!value.data)
            fail(builder, WD_NO_MEMORY, "no memory");
        list[i] = (struct wd_xml_attribute){intern(builder, theirs[0]), intern(builder, theirs[2]),
                                            value};
    }
    return list;
}

static void check_names(struct builder *builder)
{
    if (xmlDictSize(builder->context->dict) > DIFFERENT_NAMES_MAX)
        fail(builder, WD_TOO_LARGE, "more different names than any format has");
}

/* As libxml2 counts them: what it pushed for this element and those around it. It keeps prefix and address one behind the other,
 * up to 2.11. */
static size_t namespaces_in_force(const struct builder *builder)
{
    return (size_t)builder->context->nsNr / (LIBXML_VERSION < 21200 ? 2 : 1);
}

/* The parameters are libxml2's startElementNsSAX2Func. NOLINTNEXTLINE(readability-function-size) */
static void on_start(void *context, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *space, int namespace_count, const xmlChar **namespaces,
                     int attribute_count, int defaulted, const xmlChar **attributes)
{
    struct builder *builder = context;
    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted;
    if (builder->options->recover)
        builder->context->wellFormed = 1;
    if (builder->status != WD_OK)
        return;
    flush_text(builder);
    if (!builder->current && builder->root)
        return; /* a second root of a broken document */
    struct wd_xml_node *node = take(builder, sizeof(*node));
    if (!node)
        return;
    node->name = intern(builder, name);
    node->space = intern(builder, space);
    node->first = NULL;
    node->offset = (uint32_t)offset_now(builder);
    node->attributes = take_attributes(builder, (size_t)attribute_count, attributes);
    node->attribute_count = node->attributes ? (uint32_t)attribute_count : 0;
    add_node(builder, node);
    builder->root = builder->root ? builder->root : node;
    builder->current = node;
    builder->last = NULL;
    builder->depth++;
    if (builder->depth > WD_XML_DEPTH_MAX)
        fail(builder, WD_TOO_DEEP, "the elements are nested too deep");
    check_names(builder);
    if (namespaces_in_force(builder) > NAMESPACES_MAX)
        fail(builder, WD_TOO_LARGE, "too many namespaces are declared");
    (void)within_budget(builder);
}

/* Closes the nearest open element of this name, with what is open inside it: in a broken document tags
 * are missing. Nothing when none is open. */
static void close_element(struct builder *builder, const char *name)
{
    struct wd_xml_node *element = builder->current;
    while (element && strcmp(element->name, name) != 0)
        element = element->parent;
    if (!element)
        return;
    for (; builder->current != element; builder->current = builder->current->parent)
        builder->depth--;
    builder->last = element;
    builder->current = element->parent;
    builder->depth--;
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    struct builder *builder = context;
    (void)prefix;
    (void)space;
    if (builder->options->recover)
        builder->context->wellFormed = 1;
    if (builder->status != WD_OK || !builder->current)
        return;
    flush_text(builder);
    if (!builder->mismatched) /* otherwise the fault has closed what the tag names */
        close_element(builder, (const char *)name);
    builder->mismatched = false;
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    (void)data;
    check_names(context);
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    struct builder *builder = context;
    (void)name;
    builder->document->public_id =
        wd_arena_copy(builder->arena, wd_slice_from((const char *)public_id));
    builder->document->system_id =
        wd_arena_copy(builder->arena, wd_slice_from((const char *)system_id));
}

static xmlEntity *make_entity(struct builder *builder, const xmlChar *name, struct wd_slice text)
{
    xmlEntity *entity = wd_arena_calloc(builder->arena, 1, sizeof(*entity));
    struct wd_slice copy = wd_arena_copy(builder->arena, text);
    if (!entity || !copy.data)
        return NULL;
    entity->type = XML_ENTITY_DECL;
    entity->name = name;
    entity->content = entity->orig = (xmlChar *)copy.data;
    entity->length = (int)copy.len;
    return entity;
}

/* Only plain text is kept: nothing can expand into more of itself. Others fail where they are used. The
 * parameters are libxml2's entityDeclSAXFunc. NOLINTNEXTLINE(readability-function-size) */
static void on_entity_declared(void *context, const xmlChar *name, int type,
                               const xmlChar *public_id, const xmlChar *system_id, xmlChar *content)
{
    struct builder *builder = context;
    struct wd_slice text = wd_slice_from((const char *)content);
    (void)public_id;
    (void)system_id;
    bool plain = type == XML_INTERNAL_GENERAL_ENTITY && text.data && text.len <= ENTITY_BYTES_MAX &&
                 !memchr(text.data, '&', text.len) && !memchr(text.data, '<', text.len);
    xmlEntity *entity =
        plain && builder->declared_count < DECLARED_MAX ? make_entity(builder, name, text) : NULL;
    if (entity)
        builder->declared[builder->declared_count++] = (struct known_entity){name, entity};
}

static xmlEntity *find_entity(struct builder *builder, const xmlChar *name)
{
    for (size_t i = 0; i < builder->declared_count; i++) {
        if (xmlStrEqual(builder->declared[i].name, name))
            return builder->declared[i].entity;
    }
    const htmlEntityDesc *known = htmlEntityLookup(name);
    if (!known)
        return NULL;
    xmlChar text[8] = {0};
    int len = xmlCopyCharMultiByte(text, (int)known->value);
    return make_entity(builder, name, wd_slice_make((const char *)text, (size_t)len));
}

static xmlEntity *on_entity(void *context, const xmlChar *name)
{
    struct builder *builder = context;
    if (builder->context->inSubset != 0)
        return NULL; /* being declared, not used */
    struct known_entity *place = &builder->entities[((uintptr_t)name >> 3) % ENTITIES];
    if (place->name != name)
        *place = (struct known_entity){name, find_entity(builder, name)};
    if (!place->entity) {
        char what[192];
        (void)snprintf(what, sizeof(what),
                       "the entity &%.64s; is not known here (entities are never fetched; a "
                       "document's own ones must be plain text)",
                       (const char *)name);
        fail(builder, WD_UNSUPPORTED, what);
        return NULL;
    }
    /* In content libxml2 hands on the text of a predefined entity as it is; in attributes it would take its
     * first byte only, but resolves general ones. */
    place->entity->etype = builder->context->instate == XML_PARSER_ATTRIBUTE_VALUE
                               ? XML_INTERNAL_GENERAL_ENTITY
                               : XML_INTERNAL_PREDEFINED_ENTITY;
    return place->entity;
}

static void on_fault(void *context, xmlErrorPtr fault)
{
    struct builder *builder = context;
    char what[256];
    if (fault->level != XML_ERR_FATAL || builder->status != WD_OK)
        return;
    if (builder->options->recover && fault->code == XML_ERR_TAG_NAME_MISMATCH && fault->str2) {
        const char *colon = strchr(fault->str2, ':');
        flush_text(builder);
        close_element(builder, colon ? colon + 1 : fault->str2);
        builder->mismatched = true;
    }
    struct wd_slice message = wd_text_trim(wd_slice_from(fault->message ? fault->message : ""));
    (void)snprintf(what, sizeof(what), "not well-formed: %.*s",
                   WD_SLICE_ARG(wd_utf8_cut(message, 200)));
    if (fault->code == XML_ERR_DOCUMENT_END)
        (void)snprintf(what, sizeof(what), "something follows the end of the document");
    if (fault->code == XML_ERR_DOCUMENT_EMPTY)
        (void)snprintf(what, sizeof(what), "there is no element");
    bool memory = fault->code == XML_ERR_NO_MEMORY;
    bool recover = builder->options->recover;
    enum wd_status status = memory ? WD_NO_MEMORY : WD_SYNTAX;
    if (!recover || memory)
        fail(builder, status, what);
}

static const xmlSAXHandler events = {
    .initialized = XML_SAX2_MAGIC,
    .internalSubset = on_doctype,
    .entityDecl = on_entity_declared,
    .getEntity = on_entity,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .processingInstruction = on_instruction,
    .serror = on_fault,
};

static void free_context(xmlParserCtxt *context)
{
    if (!context)
        return;
    xmlFreeDoc(context->myDoc); /* what libxml2 makes of declarations by itself */
    context->myDoc = NULL;
    xmlFreeParserCtxt(context);
}

static enum wd_status run(struct builder *builder)
{
    struct wd_slice source = builder->document->source;
    xmlParserCtxt *context =
        source.len > 0 ? xmlCreateMemoryParserCtxt(source.data, (int)source.len) : NULL;
    if (!context)
        return wd_error_set(builder->error, source.len > 0 ? WD_NO_MEMORY : WD_EMPTY,
                            source.len > 0 ? "no memory" : "the message has no content");
    *context->sax = events;
    context->userData = builder;
    builder->context = context;
    /* HUGE: elements that are never closed count for libxml2's depth. Ours is checked all the same. */
    int recovery = builder->options->recover ? XML_PARSE_RECOVER | XML_PARSE_HUGE : 0;
    (void)xmlCtxtUseOptions(context,
                            XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_IGNORE_ENC | recovery);
    (void)xmlParseDocument(context);
    if (builder->status == WD_OK && !builder->root)
        fail(builder, WD_SYNTAX, "there is no element");
    if (builder->status == WD_OK && !builder->options->recover && !context->wellFormed)
        fail(builder, WD_SYNTAX, "not well-formed");
    free_context(context);
    builder->document->root = builder->root;
    return builder->status;
}

enum wd_status wd_xml_build(struct wd_xml_document *document, const struct wd_xml_options *options,
                            struct wd_arena *arena, size_t used_max, struct wd_error *error)
{
    struct builder *builder = wd_arena_calloc(arena, 1, sizeof(*builder));
    if (!builder)
        return wd_error_set(error, WD_NO_MEMORY, "no memory");
    builder->arena = arena;
    builder->document = document;
    builder->options = options;
    builder->error = error;
    builder->used_max = used_max;
    return run(builder);
}
