#include "lineage_finder.h"

#include "copy_recall.h"
#include "copy_scan.h"
#include "order_choice.h"
#include "record_bytes.h"
#include "story_uri.h"

enum {
    HOUR_MS = 3600 * 1000,
    ALERT_GAP_MS = 3 * HOUR_MS,
    ALERT_WORDS_MIN = 2,
    REUSE_GAP_MS = 20 * HOUR_MS, /* an id that comes back so much later may be another story's */
};

static struct wd_slice digest_slice(const struct wd_digest *digest)
{
    return (struct wd_slice){(const char *)digest->bytes, sizeof(digest->bytes)};
}

static void add_found(struct wd_lineage_search *search, const struct wd_handle *id,
                      struct wd_slice rule)
{
    for (size_t i = 0; i < search->found_count; i++) {
        if (wd_handle_equal(&search->found[i], id)) {
            return;
        }
    }
    if (search->found_count == WD_FOUND_MAX) {
        return;
    }
    if (search->found_count == 0) {
        search->rule = rule;
    }
    search->found[search->found_count++] = *id;
}

static bool make_link(struct wd_lineage_search *search, size_t which, char kind,
                      struct wd_slice name)
{
    struct wd_digest key;
    struct wd_lineage_name *link = &search->links[which];
    struct wd_slice provider = kind == 'g' ? search->story->provider : WD_SLICE_NONE;
    if (name.len == 0) {
        return true;
    }
    if (!wd_lineage_key(search->store, kind, provider, name, &key)) {
        return false;
    }
    link->given = true;
    link->key = wd_handle_of(&key);
    link->may_be_id = kind != 't';
    wd_lineage_prefetch(search->store, link);
    return true;
}

/* Names that say no more than that they are this story's. The group's comes last from dedup: what it leads to is
 * asked for from the beginning on. */
static enum wd_status make_links(struct wd_lineage_search *search)
{
    const struct wd_story *story = search->story;
    const struct wd_dedup_verdict *dedup = &story->dedup;
    bool names_another = story->previous.len > 0 && !wd_slice_equal(story->previous, story->guid);
    bool made = true;
    for (size_t i = 0; i < dedup->also_group_count; i++) {
        made = made && make_link(search, WD_LINK_ALSO_GROUPS + i, 't', dedup->also_groups[i]);
    }
    made =
        made && make_link(search, WD_LINK_GROUP, 't', dedup->group) &&
        make_link(search, WD_LINK_ACTS_ON, 'g', story->acts_on) &&
        make_link(search, WD_LINK_PREVIOUS, 'g', names_another ? story->previous : WD_SLICE_NONE) &&
        make_link(search, WD_LINK_URL, 'u', story->guid.len > 0 ? story->url : WD_SLICE_NONE);
    return made ? WD_OK : WD_NO_MEMORY;
}

/* Dedup has announced the group of an earlier story: then its lineage is nearly there. */
static void look_further(struct wd_lineage_search *search)
{
    const struct wd_lineage_name *group = &search->links[WD_LINK_GROUP];
    if (group->given) {
        wd_lineage_look_further(search->ahead, search->story, &group->key);
    }
}

static void follow(struct wd_lineage_search *search, enum wd_lineage_link which,
                   struct wd_slice rule)
{
    struct wd_lineage_name *link = &search->links[which];
    if (!link->given) {
        return;
    }
    wd_lineage_read_name(search->store, link);
    if (link->count > 0) {
        wd_lineage_ask_for(search->ahead, &link->ids[link->count - 1]);
    }
    wd_lineage_keep_alive(search->store, link);
    if (link->count > 0) { /* the one that was named last */
        add_found(search, &link->ids[link->count - 1], rule);
    }
}

/* The name led to one of the lineages that are this one now. */
static bool leads_here(const struct wd_lineage_search *search, const struct wd_lineage_name *name)
{
    for (size_t i = 0; i < name->count * search->found_count; i++) {
        if (wd_handle_equal(&name->ids[i % name->count], &search->found[i / name->count])) {
            return true;
        }
    }
    return false;
}

/* What uses an id again may use the address again, too: that is no more the earlier story's than the id is. Nor does the
 * address lead from that story to the later one. */
static void follow_address(struct wd_lineage_search *search)
{
    struct wd_lineage_name *link = &search->links[WD_LINK_URL];
    if (!link->given) {
        return;
    }
    wd_lineage_read_name(search->store, link);
    if (!search->id_reused && !leads_here(search, link)) {
        follow(search, WD_LINK_URL, WD_SLICE("url"));
        return;
    }
    wd_lineage_keep_alive(search->store, link);
}

/* A page without an id keeps its headline and its time of publication from version to version. */
static bool headline_key(struct wd_lineage_search *search, struct wd_digest *key, bool *named)
{
    const struct wd_story *story = search->story;
    struct wd_buffer heading;
    wd_buffer_init(&heading);
    *named = wd_story_append_heading(story, &heading);
    bool made = !*named ||
                wd_lineage_key(search->store, 'h', story->provider, wd_buffer_slice(&heading), key);
    made = made && wd_buffer_ok(&heading);
    wd_buffer_finish(&heading);
    return made;
}

/* What has no name but its copy is a story of its own in each provider's service and with each transmission: whoever took
 * one of them must hear of a kill. */
static enum wd_status name_by_copy(struct wd_lineage_search *search)
{
    const struct wd_story *story = search->story;
    struct wd_digest copy = wd_copy_digest(story);
    struct wd_digest sent;
    search->rule = WD_SLICE("copy");
    bool made =
        wd_lineage_key(search->store, 'c', WD_SLICE_NONE, digest_slice(&copy), &search->own) &&
        wd_lineage_key(search->store, 'm', story->provider, story->transmission, &sent) &&
        wd_lineage_key(search->store, 'c', digest_slice(&sent), digest_slice(&copy),
                       &search->member);
    return made ? WD_OK : WD_NO_MEMORY;
}

static enum wd_status own_name(struct wd_lineage_search *search)
{
    const struct wd_story *story = search->story;
    bool made = true;
    bool named = true;
    if (story->guid.len > 0) {
        search->rule = WD_SLICE("guid");
        made = wd_lineage_key(search->store, 'g', story->provider, story->guid, &search->own);
    } else if (story->url.len > 0) {
        /* Without the provider: an address is one and the same page whoever hands it on. */
        search->rule = WD_SLICE("url");
        made = wd_lineage_key(search->store, 'u', WD_SLICE_NONE, story->url, &search->own);
    } else {
        named = false;
        search->rule = WD_SLICE("headline");
        made = headline_key(search, &search->own, &named);
    }
    search->member = search->own;
    if (!made) {
        return WD_NO_MEMORY;
    }
    return named ? WD_OK : name_by_copy(search);
}

/* Some formats say of a version when it was made, and not when the story was. */
static bool has_begin(const struct wd_lineage_member *member)
{
    return (member->flags & (WD_MEMBER_PUBLISHED_KNOWN | WD_MEMBER_FIRST_KNOWN)) != 0;
}

/* How far apart the story and what the lineage knows of this id are in time; 0 when that cannot be said. */
static int64_t gap_to(const struct wd_lineage_search *search,
                      const struct wd_lineage_member *member)
{
    const struct wd_time *published = &search->story->published;
    if (!member || !has_begin(member) || !(wd_time_known(*published) || search->mark.time_known)) {
        return 0;
    }
    int64_t begin =
        member->flags & WD_MEMBER_PUBLISHED_KNOWN ? member->published_ms : member->first_ms;
    int64_t end =
        member->mark.time_known && member->mark.time_ms > begin ? member->mark.time_ms : begin;
    int64_t own_begin = wd_time_known(*published) ? published->ms : search->mark.time_ms;
    int64_t own_end = search->mark.time_known && search->mark.time_ms > own_begin
                          ? search->mark.time_ms
                          : own_begin;
    if (own_begin > end) {
        return own_begin - end;
    }
    return begin > own_end ? begin - own_end : 0;
}

/* The same id with other copy altogether, on another day: another story. Never an order to stop: that
 * must reach somebody. */
static bool is_other_story(struct wd_lineage_search *search, const struct wd_handle *id,
                           int64_t gap_ms)
{
    struct wd_slice value = WD_SLICE_NONE;
    struct wd_copy_memory memory;
    if (gap_ms < REUSE_GAP_MS || search->stops) {
        return false;
    }
    if (wd_table_get(search->copies, wd_handle_slice(id), &value, NULL) != WD_OK) {
        return false;
    }
    struct wd_slice copy = wd_arena_copy(search->story->arena, value);
    return copy.data && wd_copy_memory_decode(copy, &memory) &&
           wd_copy_is_other(&memory, search->before, search->story);
}

/* The lineage of the own name: of several under one id the nearest in time. */
static enum wd_status find_own(struct wd_lineage_search *search)
{
    struct wd_lineage_name *own = &search->own_name;
    wd_lineage_read_name(search->store, own);
    look_further(search);
    wd_lineage_keep_alive(search->store, own);
    int64_t nearest = INT64_MAX;
    size_t best = own->count;
    for (size_t i = 0; i < own->count; i++) {
        enum wd_status status =
            wd_lineage_load(search->store, search->story->arena, &own->ids[i], search->lineage);
        if (status == WD_NO_MEMORY) {
            return status;
        }
        search->loaded = status == WD_OK;
        search->which = own->ids[i];
        uint64_t key = wd_lineage_short_key(&search->member);
        int64_t gap = status == WD_OK ? gap_to(search, wd_lineage_find_member(search->lineage, key))
                                      : INT64_MAX;
        if (gap <= nearest && status == WD_OK && !is_other_story(search, &own->ids[i], gap)) {
            nearest = gap;
            best = i;
        }
    }
    if (best < own->count) {
        add_found(search, &own->ids[best], search->rule);
        /* An order or a correction under an id that is known is about that story, not about all that share its
         * slug. */
        if (wd_wire_has_id(search->story)) {
            search->cue.about_another = false;
            search->id_known = true;
        }
        return WD_OK;
    }
    search->id_reused = own->count > 0;
    return WD_OK;
}

static enum wd_status make_slug(struct wd_lineage_search *search, char kind, struct wd_slice name,
                                bool *given, struct wd_handle *slug)
{
    struct wd_buffer words;
    struct wd_digest key;
    if (name.len == 0) {
        return WD_OK;
    }
    wd_buffer_init(&words);
    wd_text_append_letters(&words, name);
    bool made = wd_buffer_ok(&words) && wd_lineage_key(search->store, kind, search->story->provider,
                                                       wd_buffer_slice(&words), &key);
    wd_buffer_finish(&words);
    if (!made) {
        return WD_NO_MEMORY;
    }
    *given = true;
    *slug = wd_handle_of(&key);
    wd_table_prefetch_key(search->store->keys, wd_handle_slice(slug));
    return WD_OK;
}

/* "BC-Kill", "BC-Advisory": what stands under it is about some other slug. */
static bool is_slug_of_orders(struct wd_slice name)
{
    static const char *const words[] = {
        "kill",         "kills",       "elimination", "advisory",       "mandatory",
        "bulletin",     "editors",     "eds",         "note",           "withhold",
        "hold",         "urgent",      "withdrawal",  "notice",         "story",
        "correction",   "corrections", "corrective",  "storno",         "annullierung",
        "berichtigung", "achtung",     "redaktion",   "redaktioneller", "redaktionelle",
        "hinweis",      "mitteilung",  NULL};
    struct wd_token token;
    size_t position = 0;
    bool all = true;
    while (all && wd_text_next_token(name, &position, &token)) {
        all = wd_text_equal_any(wd_slice_make(name.data + token.begin, token.end - token.begin),
                                words);
    }
    return all;
}

/* A telex goes by its number, too, and what has no slug by a headline of few long words: for orders that name nothing else. */
static enum wd_status make_number(struct wd_lineage_search *search)
{
    struct wd_slice number = wd_order_number_of(search->story);
    struct wd_slice headline = search->cue.short_headline;
    enum wd_status status = WD_OK;
    if (number.len == 0 && headline.len > 0) {
        search->by_number = search->cue.orders;
        search->by_headline = true;
        return make_slug(search, 'w', headline, &search->has_number, &search->number);
    }
    if (search->cue.orders && is_slug_of_orders(search->cue.name) &&
        search->story->named_headline.len == 0) {
        status = wd_order_one_number(search->story, &number);
        search->by_number = number.len > 0;
    }
    return status == WD_OK ? make_slug(search, 'n', number, &search->has_number, &search->number)
                           : status;
}

/* When the story was sent under its slug: what it says itself, else when it came. */
static int64_t slug_time(const struct wd_lineage_search *search)
{
    const struct wd_time *received = &search->story->received;
    if (search->mark.time_known) {
        return search->mark.time_ms;
    }
    return wd_time_known(*received) ? received->ms : WD_SLUG_NO_TIME;
}

struct wd_slug_entry wd_lineage_slug_entry(const struct wd_lineage_search *search)
{
    const struct wd_wire_cue *cue = &search->cue;
    return (struct wd_slug_entry){
        .time_ms = slug_time(search),
        .ordinal = cue->ordinal < WD_SLUG_ORDINAL_MAX ? cue->ordinal : WD_SLUG_ORDINAL_MAX,
        .about_another = cue->about_another,
        .orders = search->orders,
        .order_key = search->orders ? wd_lineage_short_key(&search->member) : 0,
        .headline = cue->headline,
        .alert = cue->alert,
    };
}

/* An alert and the story that follows it within hours under one subject, and under headlines that have most of the alert's words:
 * formats that have a subject for a slug count no leads. */
static bool is_of_alert(const struct wd_slug_entry *alert, const struct wd_slug_entry *story)
{
    int64_t gap = wd_slug_gap(alert->time_ms, story->time_ms);
    if (!alert->alert || story->alert || story->orders || gap < 0 || gap > ALERT_GAP_MS) {
        return false;
    }
    struct wd_set_overlap words = wd_slug_headlines(alert, story);
    return words.both >= ALERT_WORDS_MIN && 2 * words.both > words.of_story;
}

/* A later transmission counts on from an earlier one: "2nd Ld" from "1st Ld" or from none, not the next
 * day's first. Asked of each pair alone, so that the order of arrival does not matter; where one of them
 * has no time at all, what came later is later. */
static bool is_next(const struct wd_lineage_search *search, const struct wd_slug_entry *own,
                    const struct wd_slug_entry *entry)
{
    int64_t gap = wd_slug_gap(entry->time_ms, own->time_ms);
    if (gap > WD_SLUG_GAP_MS || gap < -WD_SLUG_GAP_MS) {
        return false;
    }
    if (!wd_slug_one_headline(own, entry)) {
        return false;
    }
    if (is_of_alert(own, entry) || is_of_alert(entry, own)) {
        return true;
    }
    bool at_once = own->time_ms == entry->time_ms && own->time_ms != WD_SLUG_NO_TIME;
    bool own_is_next = gap >= 0 && (own->about_another || own->ordinal > entry->ordinal);
    bool other_is_next =
        (gap < 0 || at_once) && (entry->about_another || entry->ordinal > own->ordinal);
    return search->cue.strict || own_is_next || other_is_next;
}

/* An order under an id that is known is about that id, unless it is an order by slug that comes again. */
static bool orders_by_slug(const struct wd_lineage_search *search,
                           const struct wd_slug_entry *entries, size_t count)
{
    uint64_t key = wd_lineage_short_key(&search->member);
    bool again = !search->id_known;
    for (size_t i = 0; i < count; i++) {
        again |= entries[i].orders && entries[i].order_key == key;
    }
    return search->has_slug && search->cue.orders && again;
}

static void find_entries(struct wd_lineage_search *search, struct wd_slug_entry *entries,
                         size_t count)
{
    struct wd_slug_entry own = wd_lineage_slug_entry(search);
    bool timeless = own.time_ms == WD_SLUG_NO_TIME; /* then it is about the last one of this slug */
    for (size_t i = 0; i < count && !(timeless && search->found_count > 0); i++) {
        struct wd_slug_entry *entry = &entries[timeless ? count - 1 - i : i];
        if (entry->region == 0 && is_next(search, &own, entry) &&
            wd_lineage_alive(search->store, &entry->id)) {
            add_found(search, &entry->id, search->cue.rule);
        }
    }
}

/* The story that had the number last before the order came; of the order's number, and the only one that it can be about, is
 * the story that comes later. */
static void find_number(struct wd_lineage_search *search)
{
    struct wd_slug_entry entries[WD_SLUG_ENTRIES_MAX];
    struct wd_slug_entry *best = NULL;
    size_t count = search->has_number ? wd_slug_read(search->store, &search->number, entries) : 0;
    int64_t own_ms = slug_time(search);
    bool stories = false;
    for (size_t i = 0; i < count; i++) {
        struct wd_slug_entry *entry = &entries[i];
        int64_t gap = search->by_number ? wd_slug_gap(entry->time_ms, own_ms)
                                        : wd_slug_gap(own_ms, entry->time_ms);
        stories |= !entry->orders;
        if (entry->orders != search->by_number && gap >= 0 && gap <= WD_SLUG_GAP_MS &&
            (!best || entry->time_ms > best->time_ms) &&
            wd_lineage_alive(search->store, &entry->id)) {
            best = entry;
        }
    }
    if (best && (search->by_number || !stories)) {
        add_found(search, &best->id,
                  search->by_headline ? WD_SLICE("headline") : WD_SLICE("number"));
    }
}

static void find_slug(struct wd_lineage_search *search)
{
    struct wd_slug_entry entries[WD_SLUG_ENTRIES_MAX];
    size_t count = search->has_slug ? wd_slug_read(search->store, &search->slug, entries) : 0;
    search->orders = orders_by_slug(search, entries, count);
    find_entries(search, entries, count);
}

enum wd_status wd_lineage_find_own(struct wd_lineage_search *search)
{
    enum wd_status status = make_links(search);
    look_further(search);
    wd_wire_cue_of(search->story, &search->cue);
    if (status == WD_OK) {
        status = own_name(search);
    }
    if (status == WD_OK) {
        status = make_slug(search, 's', search->cue.name, &search->has_slug, &search->slug);
    }
    if (status == WD_OK) {
        status = make_slug(search, 's', search->cue.bare, &search->has_region, &search->bare_slug);
    }
    if (status == WD_OK) {
        status = make_number(search);
    }
    if (status != WD_OK) {
        return status;
    }
    search->own_name.key = wd_handle_of(&search->own);
    search->own_name.may_be_id = true;
    status = find_own(search);
    look_further(search);
    return status;
}

void wd_lineage_find_others(struct wd_lineage_search *search)
{
    follow_address(search);
    follow(search, WD_LINK_PREVIOUS, WD_SLICE("previous"));
    follow(search, WD_LINK_ACTS_ON, WD_SLICE("acts_on"));
    find_slug(search);
    find_number(search);
    /* A group is one story's, or the verifier's way to say that two groups are. Of a roundup that holds the
     * story dedup makes a group of its own. */
    follow(search, WD_LINK_GROUP, WD_SLICE("text"));
    for (size_t i = 0; i < search->story->dedup.also_group_count; i++) {
        follow(search, (enum wd_lineage_link)(WD_LINK_ALSO_GROUPS + i), WD_SLICE("text"));
    }
}

enum wd_status wd_lineage_register(struct wd_lineage_search *search, const struct wd_digest *id)
{
    enum wd_status status = WD_OK;
    struct wd_handle handle = wd_handle_of(id);
    if (!wd_digest_equal(&search->own, id) && !leads_here(search, &search->own_name)) {
        status = wd_lineage_give_name(search->store, &search->own_name, &handle);
    }
    for (size_t i = 0; i < WD_LINKS && status == WD_OK; i++) {
        struct wd_lineage_name *link = &search->links[i];
        if (link->given && !leads_here(search, link)) {
            status = wd_lineage_give_name(search->store, link, &handle);
        }
    }
    if (status == WD_OK && search->has_slug) {
        struct wd_slug_entry entry = wd_lineage_slug_entry(search);
        entry.id = handle;
        status = wd_slug_add(search->store, &search->slug, &entry);
        if (status == WD_OK && search->has_region) {
            entry.region = search->cue.region;
            status = wd_slug_add(search->store, &search->bare_slug, &entry);
        }
    }
    if (status == WD_OK && search->has_number) {
        struct wd_slug_entry entry = wd_lineage_slug_entry(search);
        entry.id = handle;
        entry.orders = search->by_number;
        status = wd_slug_add(search->store, &search->number, &entry);
    }
    return status;
}
