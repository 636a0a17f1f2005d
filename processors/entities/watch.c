#include "watch_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { SPELLINGS_MAX = 16, WARNINGS_MAX = 5 };

/* One name; names of the same words hang together. */
struct name {
    uint64_t strict; /* hash folded only as far as its rules say */
    uint32_t entry;
    uint32_t next; /* UINT32_MAX: none */
    uint32_t flags;
};

struct wd_watch {
    char *list;
    enum wd_watch_mode mode;
    struct wd_phrase_table table;
    struct name *names;
    size_t name_count, name_capacity;
    struct wd_watch_entry *entries;
    size_t entry_count, entry_capacity;
    struct wd_buffer strings;
    bool any_case;
};

void wd_watch_fault(struct wd_watch_reader *reader, enum wd_status status, int line,
                    const char *format, ...)
{
    if (reader->fault_count++ == 0)
        reader->status = status;
    if (reader->fault_count > WD_WATCH_FAULTS_MAX)
        return;
    char text[WD_ERROR_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    const char *file = reader->source->path ? reader->source->path : reader->source->name;
    if (line > 0)
        wd_faults_add(reader->faults, reader->source->fault_path, "%s:%d: %s", file, line, text);
    else
        wd_faults_add(reader->faults, reader->source->fault_path, "%s: %s", file, text);
}

static void warn_conflict(struct wd_watch_reader *reader, const struct wd_watch_row *row,
                          struct wd_slice name, const struct wd_watch_entry *other)
{
    if (reader->conflict_count++ >= WARNINGS_MAX || !reader->source->warn)
        return;
    char text[WD_ERROR_TEXT_SIZE];
    (void)snprintf(text, sizeof(text), "list %s: line %d: \"%.*s\" is a name of \"%s\", too",
                   reader->source->name, row->line, (int)(name.len < 80 ? name.len : 80), name.data,
                   wd_watch_string(reader->watch, other->name));
    reader->source->warn(reader->source->warn_context, text);
}

static uint32_t add_string(struct wd_watch *watch, struct wd_slice text)
{
    if (text.len == 0)
        return 0;
    uint32_t at = (uint32_t)watch->strings.len;
    wd_buffer_append_slice(&watch->strings, text);
    wd_buffer_append_byte(&watch->strings, '\0');
    return at;
}

uint32_t wd_watch_add_entry(struct wd_watch_reader *reader, const struct wd_watch_row *row)
{
    struct wd_watch *watch = reader->watch;
    if (watch->entry_count == WD_WATCH_ENTRIES_MAX ||
        watch->strings.len > UINT32_MAX - 4 * (size_t)WD_WATCH_NAME_BYTES_MAX) {
        wd_watch_fault(reader, WD_TOO_LARGE, row->line, "more than %d entries",
                       WD_WATCH_ENTRIES_MAX);
        return UINT32_MAX;
    }
    if (watch->entry_count == watch->entry_capacity && !reader->source->check_only) {
        size_t capacity = watch->entry_capacity ? watch->entry_capacity * 2 : 64;
        struct wd_watch_entry *grown = realloc(watch->entries, capacity * sizeof(*grown));
        if (!grown) {
            wd_watch_fault(reader, WD_NO_MEMORY, row->line, "no memory");
            return UINT32_MAX;
        }
        watch->entries = grown;
        watch->entry_capacity = capacity;
    }
    if (reader->source->check_only)
        return (uint32_t)watch->entry_count++;
    struct wd_watch_entry *entry = &watch->entries[watch->entry_count];
    *entry = (struct wd_watch_entry){.type = (uint8_t)row->type};
    entry->name = add_string(watch, row->name);
    entry->id = add_string(watch, row->id);
    return (uint32_t)watch->entry_count++;
}

static struct name *append_name(struct wd_watch *watch)
{
    if (watch->name_count == WD_WATCH_NAMES_MAX)
        return NULL;
    if (watch->name_count == watch->name_capacity) {
        size_t capacity = watch->name_capacity ? watch->name_capacity * 2 : 64;
        struct name *grown = realloc(watch->names, capacity * sizeof(*grown));
        if (!grown)
            return NULL;
        watch->names = grown;
        watch->name_capacity = capacity;
    }
    return &watch->names[watch->name_count++];
}

static bool same_meaning(const struct wd_watch *watch, uint32_t a, uint32_t b)
{
    const struct wd_watch_entry *left = &watch->entries[a];
    const struct wd_watch_entry *right = &watch->entries[b];
    return a == b || (left->type == right->type && left->id != 0 && right->id != 0 &&
                      strcmp(watch->strings.data + left->id, watch->strings.data + right->id) == 0);
}

/* Two entries with one name. An entry's own name goes before another's alias (so that cyclic aliases
 * do no harm); otherwise nobody can say which is meant. */
static void resolve(struct wd_watch_reader *reader, struct name *held, const struct name *added,
                    const struct wd_watch_row *row, struct wd_slice name)
{
    struct wd_watch *watch = reader->watch;
    if (same_meaning(watch, held->entry, added->entry))
        return;
    warn_conflict(reader, row, name, &watch->entries[held->entry]);
    bool held_own = held->flags & WD_WATCH_OWN;
    bool added_own = added->flags & WD_WATCH_OWN;
    if (held_own == added_own) {
        held->flags |= WD_WATCH_AMBIGUOUS;
    } else if (added_own) {
        held->entry = added->entry;
        held->flags = added->flags;
    }
}

/* The rules of one name: those of its entry and what its own spelling asks for. */
static uint32_t rules_of(struct wd_slice name, uint32_t rules)
{
    if (name.len > 0 && name.data[0] >= 'a' && name.data[0] <= 'z')
        rules |= WD_WATCH_SMALL; /* "eBay", "al-Qaida" */
    bool possessive = (name.len > 2 && memcmp(name.data + name.len - 2, "'s", 2) == 0) ||
                      (name.len > 4 && memcmp(name.data + name.len - 4, "\xE2\x80\x99s", 4) == 0);
    return possessive ? rules | WD_WATCH_POSSESSIVE : rules;
}

static unsigned fold_of(uint32_t flags)
{
    return (flags & WD_WATCH_CASE ? 0 : (unsigned)WD_FOLD_CASE) |
           (flags & WD_WATCH_ACCENTS ? 0 : (unsigned)WD_FOLD_ACCENTS);
}

static bool is_strict(uint32_t flags)
{
    return flags & (WD_WATCH_CASE | WD_WATCH_ACCENTS);
}

/* Hangs the name on its words' slot, or finds that it is there already. */
static bool place_name(struct wd_watch_reader *reader, struct wd_phrase_slot *slot,
                       const struct name *added, const struct wd_watch_row *row,
                       struct wd_slice name)
{
    struct wd_watch *watch = reader->watch;
    uint32_t spellings = 0;
    for (uint32_t i = slot->value; i != WD_PHRASE_NONE; i = watch->names[i].next) {
        struct name *held = &watch->names[i];
        if (held->strict == added->strict &&
            (held->flags & WD_WATCH_RULES) == (added->flags & WD_WATCH_RULES)) {
            resolve(reader, held, added, row, name);
            return true;
        }
        if (++spellings == SPELLINGS_MAX) {
            wd_watch_fault(reader, WD_TOO_LARGE, row->line,
                           "more than %d exact spellings of \"%.*s\"", SPELLINGS_MAX,
                           (int)(name.len < 80 ? name.len : 80), name.data);
            return true;
        }
    }
    struct name *made = append_name(watch);
    if (!made) {
        wd_watch_fault(reader, WD_NO_MEMORY, row->line, "no memory, or more than %d names",
                       WD_WATCH_NAMES_MAX);
        return false;
    }
    *made = *added;
    made->next = slot->value;
    slot->value = (uint32_t)watch->name_count - 1;
    watch->any_case = watch->any_case || (added->flags & WD_WATCH_SMALL);
    return true;
}

bool wd_watch_add_name(struct wd_watch_reader *reader, uint32_t entry,
                       const struct wd_watch_row *row, struct wd_slice name, uint32_t flags)
{
    if (name.len > WD_WATCH_NAME_BYTES_MAX) {
        wd_watch_fault(reader, WD_TOO_LARGE, row->line, "a name of %zu bytes; at most %d", name.len,
                       WD_WATCH_NAME_BYTES_MAX);
        return true;
    }
    flags |= rules_of(name, row->rules);
    wd_words_clear(&reader->words);
    struct wd_phrase_slot *slot = NULL;
    enum wd_status status = WD_NO_MEMORY;
    if (wd_words_add(&reader->words, 0, name))
        status = reader->source->check_only
                     ? wd_phrase_words_fit(&reader->words)
                     : wd_phrase_table_add(&reader->watch->table, &reader->words, &slot);
    if (status == WD_NO_MEMORY) {
        wd_watch_fault(reader, status, row->line, "no memory");
        return false;
    }
    if (status == WD_EMPTY)
        wd_watch_fault(reader, status, row->line, "a name without letters and digits");
    if (status == WD_TOO_LARGE)
        wd_watch_fault(reader, status, row->line, "a name of more than %d words: \"%.80s...\"",
                       WD_PHRASE_WORDS_MAX, name.data);
    if (status != WD_OK || reader->source->check_only)
        return true;
    struct name added = {.entry = entry, .flags = flags, .next = WD_PHRASE_NONE};
    if (is_strict(flags))
        added.strict = wd_text_hash(&reader->scratch, name, fold_of(flags));
    return place_name(reader, slot, &added, row, name);
}

static void warn_total(const struct wd_watch_reader *reader)
{
    if (reader->conflict_count <= WARNINGS_MAX || !reader->source->warn)
        return;
    char text[WD_ERROR_TEXT_SIZE];
    (void)snprintf(text, sizeof(text), "list %s: %llu names are of several entries",
                   reader->source->name, (unsigned long long)reader->conflict_count);
    reader->source->warn(reader->source->warn_context, text);
}

/* Memory that growing by doubling left over goes back. */
static bool tighten(struct wd_watch *watch)
{
    struct name *names = realloc(watch->names, (watch->name_count + 1) * sizeof(*names));
    watch->names = names ? names : watch->names;
    struct wd_watch_entry *entries =
        realloc(watch->entries, (watch->entry_count + 1) * sizeof(*entries));
    watch->entries = entries ? entries : watch->entries;
    return wd_phrase_table_shrink(&watch->table);
}

enum wd_status wd_watch_load(const struct wd_watch_source *source, struct wd_watch **watch,
                             struct wd_faults *faults)
{
    struct wd_watch_reader reader = {.source = source, .faults = faults};
    reader.watch = calloc(1, sizeof(*reader.watch));
    char *list = strdup(source->name);
    if (!reader.watch || !list || !wd_phrase_table_init(&reader.watch->table, 0)) {
        free(reader.watch);
        free(list);
        wd_watch_fault(&reader, WD_NO_MEMORY, 0, "no memory");
        return WD_NO_MEMORY;
    }
    reader.watch->list = list;
    reader.watch->mode = source->mode;
    wd_buffer_init(&reader.watch->strings);
    wd_buffer_append_byte(&reader.watch->strings, '\0'); /* offset 0: no string */
    wd_words_init(&reader.words);
    wd_buffer_init(&reader.scratch);
    wd_watch_read(&reader);
    if (reader.status == WD_OK && !source->check_only &&
        (!tighten(reader.watch) || !wd_buffer_ok(&reader.watch->strings)))
        wd_watch_fault(&reader, WD_NO_MEMORY, 0, "no memory");
    if (reader.fault_count > WD_WATCH_FAULTS_MAX)
        wd_faults_add(faults, source->fault_path, "%s: %llu more faults",
                      source->path ? source->path : source->name,
                      (unsigned long long)(reader.fault_count - WD_WATCH_FAULTS_MAX));
    warn_total(&reader);
    wd_words_finish(&reader.words);
    wd_buffer_finish(&reader.scratch);
    if (reader.status == WD_OK && !source->check_only) {
        *watch = reader.watch;
        return WD_OK;
    }
    wd_watch_destroy(reader.watch);
    return reader.status;
}

void wd_watch_destroy(struct wd_watch *watch)
{
    if (!watch)
        return;
    wd_phrase_table_finish(&watch->table);
    wd_buffer_finish(&watch->strings);
    free(watch->names);
    free(watch->entries);
    free(watch->list);
    free(watch);
}

const char *wd_watch_name(const struct wd_watch *watch)
{
    return watch->list;
}

enum wd_watch_mode wd_watch_mode(const struct wd_watch *watch)
{
    return watch->mode;
}

size_t wd_watch_entry_count(const struct wd_watch *watch)
{
    return watch->entry_count;
}

size_t wd_watch_name_count(const struct wd_watch *watch)
{
    return watch->name_count;
}

size_t wd_watch_bytes(const struct wd_watch *watch)
{
    return sizeof(*watch) + watch->table.slot_count * sizeof(*watch->table.slots) +
           watch->name_count * sizeof(*watch->names) +
           watch->entry_count * sizeof(*watch->entries) + watch->strings.capacity;
}

bool wd_watch_any_case(const struct wd_watch *watch)
{
    return watch->any_case;
}

const char *wd_watch_string(const struct wd_watch *watch, uint32_t offset)
{
    return watch->strings.data + offset;
}

/* The words' name, if their spelling in the text is one that its rules allow. */
static bool rules_allow(const struct name *name, const struct wd_word *first,
                        const struct wd_word *last, struct wd_slice text, struct wd_buffer *scratch)
{
    if (!(first->flags & WD_WORD_CAPITAL) && !(name->flags & WD_WATCH_SMALL))
        return false;
    bool possessive = last->flags & WD_WORD_POSSESSIVE;
    if ((name->flags & WD_WATCH_POSSESSIVE) && !possessive)
        return false;
    if (!is_strict(name->flags))
        return true;
    struct wd_slice span = wd_slice_make(text.data + first->begin, last->end - first->begin);
    if (name->flags & WD_WATCH_POSSESSIVE)
        span.len += text.data[last->end] == '\'' ? 2 : 4;
    return wd_text_hash(scratch, span, fold_of(name->flags)) == name->strict;
}

/* The name of this slot, if any, that the text's words [first, last] spell. */
static const struct name *spelled_name(const struct wd_watch *watch,
                                       const struct wd_watch_search *search,
                                       const struct wd_phrase_slot *slot,
                                       const struct wd_word *first, const struct wd_word *last)
{
    uint32_t next = last->flags & WD_WORD_LAST ? slot->value : WD_PHRASE_NONE;
    for (; next != WD_PHRASE_NONE; next = watch->names[next].next) {
        if (rules_allow(&watch->names[next], first, last, search->text, search->scratch))
            return &watch->names[next];
    }
    return NULL;
}

bool wd_watch_find(const struct wd_watch *watch, const struct wd_watch_search *search, size_t first,
                   struct wd_watch_match *match)
{
    bool found = false;
    const struct wd_words *words = search->words;
    const struct wd_word *begin = &words->items[first];
    uint64_t run = begin->hash;
    for (size_t i = first; i < first + WD_PHRASE_WORDS_MAX; i++) {
        const struct wd_word *word = &words->items[i];
        const struct wd_phrase_slot *slot = wd_phrase_find(&watch->table, run);
        const struct name *name = slot ? spelled_name(watch, search, slot, begin, word) : NULL;
        if (name) {
            *match = (struct wd_watch_match){&watch->entries[name->entry], i + 1, word->end,
                                             name->flags & WD_WATCH_AMBIGUOUS};
            if (name->flags & WD_WATCH_POSSESSIVE)
                match->end += search->text.data[word->end] == '\'' ? 2 : 4;
            found = true;
        }
        if (!slot || !slot->longer || i + 1 >= words->count ||
            words->items[i + 1].text != begin->text ||
            !(words->items[i + 1].flags & WD_WORD_JOINED))
            break;
        run = wd_phrase_hash_add(run, words->items[i + 1].hash);
    }
    return found;
}
