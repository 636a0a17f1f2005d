#include "coref.h"

#include <stdlib.h>
#include <xxhash.h>

enum { INITIALS_MAX = 8, PERSON_SUFFIXES = 4, PARENTHESIS_MIN = 2, INITIALS_MIN = 3 };

static const char *const suffix_words[] = {"jr", "sr", "ii", "iii"};

/* Bodies' legal forms; what stands before them is a name of its own. */
static const char *const legal_forms[] = {
    "inc", "corp", "co",       "ltd",         "plc",     "llc",     "group",        "ag", "sa",
    "nv",  "se",   "holdings", "corporation", "company", "limited", "incorporated", NULL};

/* First words that too many bodies share. */
static const char *const generic_words[] = {
    "national", "united",  "international", "general",    "federal",    "royal",    "central",
    "state",    "bank",    "north",         "south",      "east",       "west",     "new",
    "first",    "supreme", "american",      "world",      "university", "ministry", "high",
    "house",    "party",   "city",          "saint",      "st",         "the",      "free",
    "great",    "people",  "peoples",       "democratic", "republican", "islamic",  "european",
    "african",  "asian",   "department",    "office",     "council",    NULL};

static uint64_t hash_of(const char *word)
{
    return XXH3_64bits(word, strlen(word));
}

static bool is_one_of(uint64_t hash, const char *const *words)
{
    for (; *words; words++) {
        if (hash == hash_of(*words))
            return true;
    }
    return false;
}

bool wd_coref_init(struct wd_coref *coref)
{
    *coref = (struct wd_coref){0};
    for (size_t i = 0; i < PERSON_SUFFIXES; i++)
        coref->suffixes[i] = hash_of(suffix_words[i]);
    if (wd_phrase_table_init(&coref->names, 0) && wd_phrase_table_init(&coref->shorts, 0))
        return true;
    wd_coref_finish(coref);
    return false;
}

void wd_coref_finish(struct wd_coref *coref)
{
    wd_phrase_table_finish(&coref->names);
    wd_phrase_table_finish(&coref->shorts);
}

/* Empty, and not larger than a usual story needs. */
static bool reset_table(struct wd_phrase_table *table)
{
    if (table->slot_count > 8192) {
        wd_phrase_table_finish(table);
        return wd_phrase_table_init(table, 0);
    }
    memset(table->slots, 0, table->slot_count * sizeof(*table->slots));
    table->used = 0;
    return true;
}

static uint64_t typed(enum wd_entity_type type, uint64_t key)
{
    return wd_phrase_hash_add(key, UINT64_C(0xA0761D6478BD642F) * ((uint64_t)type + 1));
}

/* A name in capitals is a name in a headline; the copy's own form is the better one. */
static bool is_better_form(const struct wd_reading *reading, const struct wd_found *a,
                           const struct wd_found *b)
{
    bool capitals_a = true;
    bool capitals_b = true;
    for (uint32_t i = 0; i < a->word_count; i++)
        capitals_a = capitals_a && (wd_found_words(reading, a)[i].flags & WD_WORD_UPPER);
    for (uint32_t i = 0; i < b->word_count; i++)
        capitals_b = capitals_b && (wd_found_words(reading, b)[i].flags & WD_WORD_UPPER);
    if (a->word_count != b->word_count)
        return a->word_count > b->word_count;
    return !capitals_a && capitals_b;
}

void wd_coref_merge(struct wd_reading *reading, uint32_t group, uint32_t into)
{
    group = wd_group_root(reading, group);
    into = wd_group_root(reading, into);
    if (group == into)
        return;
    struct wd_group *from = &reading->groups[group];
    struct wd_group *to = &reading->groups[into];
    from->parent = into;
    to->count += from->count;
    if (from->first < to->first)
        to->first = from->first;
    if (!to->entry) {
        to->entry = from->entry;
        to->watch = from->watch;
        to->ambiguous = from->ambiguous;
    }
    if (is_better_form(reading, &reading->found[from->fullest], &reading->found[to->fullest]))
        to->fullest = from->fullest;
}

/* The slot's group, made of the mention when there is none. WD_GROUP_NONE: no memory. */
static uint32_t need_group(struct wd_coref *coref, struct wd_reading *reading, uint32_t number,
                           uint64_t key)
{
    const struct wd_found *found = &reading->found[number];
    struct wd_phrase_slot *slot = wd_phrase_table_need(&coref->names, key);
    if (slot && slot->longer) /* two have this name: nobody knows which this one is */
        slot = wd_phrase_table_need(&coref->names, wd_phrase_hash_add(key, key));
    if (!slot)
        return WD_GROUP_NONE;
    if (slot->value == WD_PHRASE_NONE) {
        struct wd_group *made = wd_reading_add_group(reading);
        if (!made)
            return WD_GROUP_NONE;
        slot->value = (uint32_t)reading->group_count - 1;
        made->type = found->type;
        made->first = made->fullest = number;
        made->key = found->key;
        made->entry = found->entry;
        made->watch = found->watch;
    }
    return slot->value;
}

/* Other mentions and the provider's tags come by the bare words: an entry of a list under one of its
 * names, "Paris, Texas" without its region. `longer` says that two groups have this name. */
static bool add_bare_name(struct wd_coref *coref, const struct wd_found *found)
{
    struct wd_phrase_slot *slot =
        wd_phrase_table_need(&coref->names, typed(found->type, found->key));
    if (!slot)
        return false;
    if (slot->value == WD_PHRASE_NONE)
        slot->value = found->group;
    else if (slot->value != found->group)
        slot->longer = 1;
    return true;
}

/* What one list's entry names is one group, whatever its words; places with different regions behind
 * them are two. */
static uint64_t key_of(const struct wd_found *found, uint32_t number)
{
    if (found->entry)
        return wd_phrase_hash_add((uint64_t)(uintptr_t)found->entry, UINT64_C(0x8EBC6AF09C88C6E3));
    if (!found->key)
        return UINT64_MAX - number;
    uint64_t key = typed(found->type, found->key);
    return found->region ? wd_phrase_hash_add(key, found->region) : key;
}

/* Groups of equal words and type: first the mentions that say more than their words. */
static bool group_equal(struct wd_coref *coref, struct wd_reading *reading)
{
    for (int plain = 0; plain < 2; plain++) {
        for (uint32_t i = 0; i < reading->found_count; i++) {
            struct wd_found *found = &reading->found[i];
            bool special = found->entry || found->region;
            if (special == (plain == 1))
                continue;
            found->group = need_group(coref, reading, i, key_of(found, i));
            if (found->group == WD_GROUP_NONE ||
                (special && found->key && !found->paired && !add_bare_name(coref, found)))
                return false;
        }
    }
    for (uint32_t i = 0; i < reading->found_count; i++) {
        const struct wd_found *found = &reading->found[i];
        struct wd_group *group = &reading->groups[found->group];
        group->count++;
        group->first = i < group->first ? i : group->first;
        group->ambiguous = group->ambiguous || found->ambiguous;
        if (is_better_form(reading, found, &reading->found[group->fullest]))
            group->fullest = i;
    }
    return true;
}

/* One way to call a group; a second group with the same makes it no way at all. */
static bool add_short(struct wd_coref *coref, const struct wd_group *group, uint32_t number,
                      uint64_t key)
{
    struct wd_phrase_slot *slot = wd_phrase_table_need(&coref->shorts, typed(group->type, key));
    if (!slot)
        return false;
    if (slot->value == WD_PHRASE_NONE)
        slot->value = number;
    else if (slot->value != number)
        slot->longer = 1;
    return true;
}

static uint64_t run_hash(const struct wd_word *words, uint32_t count)
{
    uint64_t hash = words[0].hash;
    for (uint32_t i = 1; i < count; i++)
        hash = wd_phrase_hash_add(hash, words[i].hash);
    return hash;
}

static bool add_person_forms(struct wd_coref *coref, const struct wd_group *group, uint32_t number,
                             const struct wd_word *words, uint32_t count)
{
    for (size_t i = 0; i < PERSON_SUFFIXES && count > 2; i++) {
        if (words[count - 1].hash == coref->suffixes[i]) {
            count--;
            if (!add_short(coref, group, number, run_hash(words, count)))
                return false;
        }
    }
    bool good = add_short(coref, group, number, words[0].hash);
    for (uint32_t tail = 1; good && tail < count; tail++)
        good = add_short(coref, group, number, run_hash(words + count - tail, tail));
    if (good && count > 2) { /* "George W. Bush": also "George Bush" */
        struct wd_word ends[2] = {words[0], words[count - 1]};
        good = add_short(coref, group, number, run_hash(ends, 2));
    }
    return good;
}

/* Letters that the body's words begin with: without "of", "the", and with them. */
static uint32_t initials(const struct wd_reading *reading, const struct wd_found *found,
                         bool small_words, char letters[INITIALS_MAX + 1])
{
    const struct wd_word *words = wd_found_words(reading, found);
    uint32_t count = 0;
    for (uint32_t i = 0; i < found->word_count; i++) {
        char c = reading->texts[found->text].text.data[words[i].begin];
        if (!(words[i].flags & WD_WORD_FIRST) ||
            (!small_words && !(words[i].flags & WD_WORD_CAPITAL)))
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        if (c < 'a' || c > 'z' || count == INITIALS_MAX)
            return 0;
        letters[count++] = c;
    }
    letters[count] = '\0';
    return count;
}

/* "ECB" is one word, "E.C.B." are three. */
static bool add_initials(struct wd_coref *coref, const struct wd_group *group, uint32_t number,
                         const char *letters, uint32_t count)
{
    if (count < INITIALS_MIN)
        return true;
    uint64_t spaced = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t letter = XXH3_64bits(letters + i, 1);
        spaced = i == 0 ? letter : wd_phrase_hash_add(spaced, letter);
    }
    return add_short(coref, group, number, XXH3_64bits(letters, count)) &&
           add_short(coref, group, number, spaced);
}

/* "Iraqi Army" is not called "Iraqi", nor "Chicago Tribune" "Chicago". */
static bool names_place(const struct wd_gazetteer *gazetteer, uint64_t key)
{
    bool longer = false;
    if (!gazetteer)
        return false;
    const struct wd_gazetteer_candidate *candidate = wd_gazetteer_find(gazetteer, key, &longer);
    for (; candidate; candidate = wd_gazetteer_next(candidate)) {
        if (strchr("kacd", wd_gazetteer_entity(gazetteer, candidate->entity)->kind))
            return true;
    }
    return false;
}

static bool add_body_forms(struct wd_coref *coref, const struct wd_reading *reading,
                           uint32_t number, const struct wd_gazetteer *gazetteer)
{
    const struct wd_group *group = &reading->groups[number];
    const struct wd_found *found = &reading->found[group->first];
    const struct wd_word *words = wd_found_words(reading, found);
    uint32_t count = found->word_count;
    bool good = true;
    for (uint32_t head = 1; good && head < count; head++) {
        uint64_t key = run_hash(words, head);
        bool legal = is_one_of(words[head].hash, legal_forms);
        if (!legal &&
            (names_place(gazetteer, key) || (head == 1 && is_one_of(key, generic_words)) ||
             !(words[head - 1].flags & WD_WORD_CAPITAL)))
            continue;
        good = add_short(coref, group, number, key);
    }
    char with[INITIALS_MAX + 1];
    char without[INITIALS_MAX + 1];
    uint32_t with_count = initials(reading, found, true, with);
    uint32_t without_count = initials(reading, found, false, without);
    return good && add_initials(coref, group, number, without, without_count) &&
           (with_count == without_count || add_initials(coref, group, number, with, with_count));
}

/* True when the group's words are a short form of exactly one fuller name; it is joined to that. */
static bool join_short(const struct wd_coref *coref, struct wd_reading *reading, uint32_t number)
{
    const struct wd_group *group = &reading->groups[number];
    if (!group->key || group->entry || group->parent != WD_GROUP_NONE)
        return false;
    const struct wd_phrase_slot *slot =
        wd_phrase_find(&coref->shorts, typed(group->type, group->key));
    if (!slot || slot->longer)
        return false;
    uint32_t into = wd_group_root(reading, slot->value);
    if (into != number)
        wd_coref_merge(reading, number, into);
    return into != number;
}

static bool add_forms(struct wd_coref *coref, struct wd_reading *reading, uint32_t number,
                      const struct wd_gazetteer *gazetteer)
{
    const struct wd_group *group = &reading->groups[number];
    const struct wd_found *found = &reading->found[group->first];
    if (group->type == WD_ENTITY_PERSON)
        return add_person_forms(coref, group, number, wd_found_words(reading, found),
                                found->word_count);
    return group->type != WD_ENTITY_ORGANISATION ||
           add_body_forms(coref, reading, number, gazetteer);
}

static uint32_t words_of(const struct wd_reading *reading, uint32_t group)
{
    return reading->found[reading->groups[group].first].word_count;
}

/* From the fullest names down: what is short for a fuller name is no name of its own that others could
 * be short for ("George Bush" beside "George W. Bush"). */
static bool join_shorts(struct wd_coref *coref, struct wd_reading *reading,
                        const struct wd_gazetteer *gazetteer)
{
    for (uint32_t words = WD_PHRASE_WORDS_MAX; words > 0; words--) {
        for (uint32_t i = 0; i < reading->group_count; i++) {
            if (words_of(reading, i) == words)
                (void)join_short(coref, reading, i);
        }
        for (uint32_t i = 0; words > 1 && i < reading->group_count; i++) {
            if (words_of(reading, i) == words && reading->groups[i].parent == WD_GROUP_NONE &&
                !add_forms(coref, reading, i, gazetteer))
                return false;
        }
    }
    return true;
}

/* "European Central Bank (ECB)": the text between is " (", the letters are the words' own. */
static bool stands_for(const struct wd_reading *reading, const struct wd_found *name,
                       const struct wd_found *letters)
{
    if (name->text != letters->text || letters->begin < name->end || name->word_count < 2)
        return false;
    struct wd_slice text = reading->texts[name->text].text;
    struct wd_slice gap = wd_slice_make(text.data + name->end, letters->begin - name->end);
    if (!wd_slice_is(gap, " (") || letters->end >= text.len || text.data[letters->end] != ')')
        return false;
    struct wd_slice short_form = wd_found_text(reading, letters);
    for (int small_words = 0; small_words < 2; small_words++) {
        char initial[INITIALS_MAX + 1];
        uint32_t count = initials(reading, name, small_words, initial);
        if (count >= PARENTHESIS_MIN &&
            wd_text_equal_ascii_case(short_form, wd_slice_make(initial, count)))
            return true;
    }
    return false;
}

static void join_parentheses(struct wd_reading *reading)
{
    for (size_t i = 0; i + 1 < reading->found_count; i++) {
        struct wd_found *name = &reading->found[i];
        struct wd_found *letters = &reading->found[i + 1];
        if (stands_for(reading, name, letters))
            wd_coref_merge(reading, letters->group, name->group);
    }
}

bool wd_coref_join(struct wd_coref *coref, struct wd_reading *reading,
                   const struct wd_gazetteer *gazetteer)
{
    if (!reset_table(&coref->names) || !reset_table(&coref->shorts) || !group_equal(coref, reading))
        return false;
    join_parentheses(reading);
    return join_shorts(coref, reading, gazetteer);
}

uint32_t wd_coref_find(const struct wd_coref *coref, const struct wd_reading *reading,
                       enum wd_entity_type type, uint64_t key)
{
    if (!key)
        return WD_GROUP_NONE;
    const struct wd_phrase_slot *slot = wd_phrase_find(&coref->names, typed(type, key));
    if (!slot)
        slot = wd_phrase_find(&coref->shorts, typed(type, key));
    return slot && !slot->longer ? wd_group_root(reading, slot->value) : WD_GROUP_NONE;
}
