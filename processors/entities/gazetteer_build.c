/* gazetteer_build.c - names.tsv into an image: deterministic, so that a build gives the same bytes. */
#include "gazetteer.h"

#include <stdlib.h>
#include <xxhash.h>

enum { COLUMNS = 9, KIND = 0, ID, NAME, COUNTRY, ADMIN, WEIGHT, FLAGS, TITLE, NAMES };

/* A name's candidate before sorting by name. */
struct entry {
    uint64_t hash;
    struct wd_gazetteer_candidate candidate;
    uint32_t weight;
};

struct build {
    struct wd_buffer entities, entries, strings, image_candidates;
    struct wd_phrase_table table;
    struct wd_phrase_table admin_numbers;
    struct wd_words words;
    uint32_t entity_count, admin_count;
    struct wd_error *error;
    int line;
};

static enum wd_status fault(struct build *build, const char *text)
{
    wd_error_at_line(build->error, build->line);
    return wd_error_set(build->error, WD_SYNTAX, "line %d: %s", build->line, text);
}

static uint32_t add_string(struct build *build, struct wd_slice text)
{
    uint32_t at = (uint32_t)build->strings.len;
    wd_buffer_append_slice(&build->strings, text);
    wd_buffer_append_byte(&build->strings, '\0');
    return at;
}

/* The number of a subdivision, from 1 in the order of appearance. */
static uint16_t admin_number(struct build *build, struct wd_slice country, struct wd_slice admin)
{
    if (admin.len == 0)
        return 0;
    uint64_t hash =
        XXH3_64bits_withSeed(admin.data, admin.len, XXH3_64bits(country.data, country.len));
    struct wd_phrase_slot *slot = wd_phrase_table_need(&build->admin_numbers, hash ? hash : 1);
    if (!slot || build->admin_count >= UINT16_MAX)
        return 0;
    if (slot->value == WD_PHRASE_NONE)
        slot->value = ++build->admin_count;
    return (uint16_t)slot->value;
}

static enum wd_status add_name(struct build *build, struct wd_slice name, uint32_t flags,
                               const struct wd_gazetteer_entity *entity)
{
    for (bool more = true; more && name.len > 0;) {
        switch (name.data[0]) {
        case '!':
            flags |= WD_NAME_EXACT;
            break;
        case '~':
            flags |= WD_NAME_WORD;
            break;
        case '?':
            flags |= WD_NAME_SHORT;
            break;
        default:
            more = false;
        }
        if (more)
            name = wd_slice_from_offset(name, 1);
    }
    uint64_t hash = wd_words_hash(&build->words, name);
    if (hash == 0)
        return WD_OK; /* without letters, or too long to be looked for */
    struct wd_phrase_slot *slot = NULL;
    enum wd_status status = wd_phrase_table_add(&build->table, &build->words, &slot);
    if (status != WD_OK)
        return status;
    slot->value = 0; /* a name; its candidates come when all are known */
    struct entry entry = {.hash = hash, .weight = entity->weight};
    entry.candidate.entity = build->entity_count;
    entry.candidate.flags = flags;
    entry.candidate.spelling = flags & WD_NAME_OWN ? entity->name : add_string(build, name);
    wd_buffer_append(&build->entries, &entry, sizeof(entry));
    return WD_OK;
}

static bool has_flag(struct wd_slice flags, char flag)
{
    return flags.len > 0 && memchr(flags.data, flag, flags.len);
}

static uint8_t entity_flags(struct wd_slice flags)
{
    return (uint8_t)((has_flag(flags, 's') ? WD_GAZETTEER_MARKED : 0) |
                     (has_flag(flags, 'C') ? WD_GAZETTEER_CAPITAL : 0));
}

static uint32_t read_number(struct wd_slice text)
{
    uint64_t number = 0;
    for (size_t i = 0; i < text.len && number < UINT32_MAX / 10; i++)
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    return (uint32_t)number;
}

static enum wd_status add_names(struct build *build, const struct wd_slice *columns,
                                const struct wd_gazetteer_entity *entity)
{
    uint32_t flags = WD_NAME_OWN;
    if (has_flag(columns[FLAGS], '~'))
        flags |= WD_NAME_WORD;
    enum wd_status status = add_name(build, columns[NAME], flags, entity);
    struct wd_slice rest = columns[NAMES];
    while (status == WD_OK && rest.len > 0) {
        const char *bar = memchr(rest.data, '|', rest.len);
        size_t len = bar ? (size_t)(bar - rest.data) : rest.len;
        status = add_name(build, wd_slice_make(rest.data, len), 0, entity);
        rest = wd_slice_from_offset(rest, len + 1);
    }
    return status;
}

static enum wd_status add_row(struct build *build, const struct wd_slice *columns)
{
    if (columns[KIND].len != 1 || !has_flag(WD_SLICE("kacpolmud"), columns[KIND].data[0]))
        return fault(build, "the first column is none of the kinds k a c p o l m u d");
    if (columns[NAME].len == 0)
        return fault(build, "no name");
    struct wd_gazetteer_entity entity = {.kind = (uint8_t)columns[KIND].data[0]};
    entity.name = add_string(build, columns[NAME]);
    if (columns[ID].len > 0)
        entity.id = add_string(build, columns[ID]);
    if (wd_slice_is(columns[TITLE], "="))
        entity.title = entity.name;
    else if (columns[TITLE].len > 0)
        entity.title = add_string(build, columns[TITLE]);
    if (columns[COUNTRY].len == 2)
        entity.country = (uint16_t)((unsigned char)columns[COUNTRY].data[0] |
                                    (unsigned char)columns[COUNTRY].data[1] << 8);
    entity.admin = admin_number(build, columns[COUNTRY], columns[ADMIN]);
    entity.weight = read_number(columns[WEIGHT]);
    entity.flags = entity_flags(columns[FLAGS]);
    enum wd_status status = add_names(build, columns, &entity);
    wd_buffer_append(&build->entities, &entity, sizeof(entity));
    build->entity_count++;
    return status;
}

static enum wd_status read_table(struct build *build, struct wd_slice rest)
{
    struct wd_slice line;
    while (wd_text_next_line(&rest, &line)) {
        build->line++;
        struct wd_slice columns[COLUMNS] = {{NULL, 0}};
        size_t count = 0;
        while (line.len > 0 && count < COLUMNS) {
            const char *tab = memchr(line.data, '\t', line.len);
            size_t len = tab ? (size_t)(tab - line.data) : line.len;
            columns[count++] = wd_slice_make(line.data, len);
            line = wd_slice_from_offset(line, len + 1);
        }
        if (count == 0)
            continue;
        enum wd_status status = add_row(build, columns);
        if (status != WD_OK)
            return status;
    }
    return WD_OK;
}

/* By name, the heaviest first; ties in the order of the table. */
static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->candidate.entity != b->candidate.entity)
        return a->candidate.entity < b->candidate.entity ? -1 : 1;
    return a->candidate.flags > b->candidate.flags ? -1 : a->candidate.flags < b->candidate.flags;
}

/* The candidate placed last is its name's last. */
static void end_name(struct build *build, uint32_t placed)
{
    struct wd_gazetteer_candidate *candidates = (void *)build->image_candidates.data;
    if (placed > 0 && wd_buffer_ok(&build->image_candidates))
        candidates[placed - 1].flags |= WD_GAZETTEER_LAST;
}

/* Each name's candidates in a row, its slot pointing at the first. */
static uint32_t place_candidates(struct build *build)
{
    struct entry *entries = (struct entry *)(void *)build->entries.data;
    size_t count = build->entries.len / sizeof(*entries);
    if (count > 0)
        qsort(entries, count, sizeof(*entries), compare_entries);
    uint32_t placed = 0;
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || entries[i - 1].hash != entries[i].hash;
        if (!first && entries[i - 1].candidate.entity == entries[i].candidate.entity &&
            !(entries[i].candidate.flags & WD_NAME_EXACT))
            continue; /* an alias that folds to the name itself */
        struct wd_phrase_slot *slot =
            first ? wd_phrase_table_need(&build->table, entries[i].hash) : NULL;
        if (first)
            end_name(build, placed);
        if (slot)
            slot->value = placed;
        wd_buffer_append(&build->image_candidates, &entries[i].candidate,
                         sizeof(entries[i].candidate));
        placed++;
    }
    end_name(build, placed);
    return placed;
}

static void append_section(struct wd_buffer *image, const void *bytes, size_t len)
{
    wd_buffer_append(image, bytes, len);
    while (image->len % 8 != 0)
        wd_buffer_append_byte(image, '\0');
}

static enum wd_status write_image(struct build *build, struct wd_buffer *image)
{
    struct wd_gazetteer_head head = {
        .magic = WD_GAZETTEER_MAGIC, .version = WD_GAZETTEER_VERSION, .head_size = sizeof(head)};
    head.candidate_count = place_candidates(build);
    head.entity_count = build->entity_count;
    head.string_bytes = (uint32_t)build->strings.len;
    if (!wd_phrase_table_shrink(&build->table))
        return WD_NO_MEMORY;
    head.slot_count = build->table.slot_count;
    head.used = build->table.used;
    wd_buffer_append(image, &head, sizeof(head));
    append_section(image, build->table.slots, head.slot_count * sizeof(*build->table.slots));
    append_section(image, build->image_candidates.data, build->image_candidates.len);
    append_section(image, build->entities.data, build->entities.len);
    append_section(image, build->strings.data, build->strings.len);
    if (!wd_buffer_ok(image) || !wd_buffer_ok(&build->image_candidates) ||
        !wd_buffer_ok(&build->entities) || !wd_buffer_ok(&build->strings) ||
        !wd_buffer_ok(&build->entries))
        return WD_NO_MEMORY;
    head.size = image->len;
    memcpy(image->data, &head, sizeof(head));
    head.checksum = XXH3_64bits(image->data + WD_GAZETTEER_CHECKED_FROM,
                                image->len - WD_GAZETTEER_CHECKED_FROM);
    memcpy(image->data, &head, sizeof(head));
    return WD_OK;
}

enum wd_status wd_gazetteer_build(struct wd_slice table, struct wd_buffer *image,
                                  struct wd_error *error)
{
    struct build build = {.error = error};
    struct wd_buffer *buffers[] = {&build.entities, &build.entries, &build.strings,
                                   &build.image_candidates};
    for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
        wd_buffer_init(buffers[i]);
    wd_words_init(&build.words);
    wd_buffer_append_byte(&build.strings, '\0'); /* offset 0: no string */
    enum wd_status status = WD_NO_MEMORY;
    if (wd_phrase_table_init(&build.table, 0) && wd_phrase_table_init(&build.admin_numbers, 0))
        status = read_table(&build, table);
    if (status == WD_OK)
        status = write_image(&build, image);
    if (status == WD_NO_MEMORY)
        (void)wd_error_set(error, status, "no memory for the gazetteer");
    for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
        wd_buffer_finish(buffers[i]);
    wd_phrase_table_finish(&build.table);
    wd_phrase_table_finish(&build.admin_numbers);
    wd_words_finish(&build.words);
    return status;
}
