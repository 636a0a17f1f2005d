/* linker_provider.c - the provider's own tags and ours, where they mean the same. */
#include "linker.h"

enum { URI_BYTES_MAX = 300 };

/* How public sources write their ids as addresses, and how we write them. */
static const struct {
    const char *address;
    const char *scheme;
} known_addresses[] = {
    {"www.wikidata.org/entity/", "wikidata:"}, {"www.wikidata.org/wiki/", "wikidata:"},
    {"wikidata.org/entity/", "wikidata:"},     {"en.wikipedia.org/wiki/", "enwiki:"},
    {"dbpedia.org/resource/", "enwiki:"},      {"sws.geonames.org/", "geonames:"},
    {"www.geonames.org/", "geonames:"},        {"geonames.org/", "geonames:"},
    {"cvx.iptc.org/iso3166-1a2/", "iso3166:"}, {"wikidata:", "wikidata:"},
};

/* A public source's address in our form, anything else as it came. */
static struct wd_slice id_of(struct wd_slice uri, struct wd_arena *arena)
{
    struct wd_slice rest = uri;
    if (wd_text_starts_ascii_case(rest, WD_SLICE("https://")))
        rest = wd_slice_from_offset(rest, 8);
    else if (wd_text_starts_ascii_case(rest, WD_SLICE("http://")))
        rest = wd_slice_from_offset(rest, 7);
    for (size_t i = 0; i < sizeof(known_addresses) / sizeof(known_addresses[0]); i++) {
        struct wd_slice address = wd_slice_from(known_addresses[i].address);
        if (!wd_text_starts_ascii_case(rest, address))
            continue;
        struct wd_slice id = wd_slice_from_offset(rest, address.len);
        const char *slash = id.len > 0 ? memchr(id.data, '/', id.len) : NULL;
        if (slash)
            id.len = (size_t)(slash - id.data);
        if (id.len > 0)
            return wd_arena_printf(arena, "%s%.*s", known_addresses[i].scheme, WD_SLICE_ARG(id));
    }
    return uri;
}

static bool take_concept(struct wd_link *link, const struct wd_concept *concept,
                         struct wd_arena *arena)
{
    link->is_provided = true;
    if (concept->uri.len == 0 || concept->uri.len > URI_BYTES_MAX ||
        link->provided_count == WD_LINK_IDS_MAX)
        return true;
    struct wd_slice id = id_of(concept->uri, arena);
    link->provided[link->provided_count++] = id;
    return id.data != NULL;
}

bool wd_linker_provided(struct wd_linker *linker, const struct wd_reading *reading,
                        const struct wd_coref *coref, struct wd_story *story)
{
    const struct {
        const struct wd_concepts *concepts;
        enum wd_entity_type type;
    } lists[] = {{&story->people, WD_ENTITY_PERSON},
                 {&story->organisations, WD_ENTITY_ORGANISATION},
                 {&story->places, WD_ENTITY_PLACE},
                 {&story->events, WD_ENTITY_MISC},
                 {&story->objects, WD_ENTITY_MISC}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (size_t j = 0; j < lists[i].concepts->count; j++) {
            const struct wd_concept *concept = &lists[i].concepts->items[j];
            uint64_t key = wd_words_hash(&linker->words, concept->name);
            uint32_t group = wd_coref_find(coref, reading, lists[i].type, key);
            if (group != WD_GROUP_NONE &&
                !take_concept(&linker->links[group], concept, story->arena))
                return false;
        }
    }
    return true;
}
