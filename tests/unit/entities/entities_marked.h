/* entities_marked.h - joins and links mentions that are marked by hand: "[PER Ana Silva] left [LOC Oslo]".
 * What is tested does not depend on what a model has learnt. */
#ifndef WD_ENTITIES_MARKED_H
#define WD_ENTITIES_MARKED_H

#include "joined_ids.h"
#include "test.h"

#include "linker.h"

/* Lines for marked_begin. */
#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { MARKED_TEXTS_MAX = 8 };

struct marked {
    char bytes[MARKED_TEXTS_MAX][2048];
    struct wd_tagger_text texts[MARKED_TEXTS_MAX];
    struct wd_reading reading;
    struct wd_coref coref;
    struct wd_linker linker;
    struct wd_gazetteer *gazetteer;
    struct wd_story *story;
};

/* A mark without its brackets: the plain text's span, and its type. */
struct mark {
    uint32_t text, begin, end;
    enum wd_entity_type type;
};

static inline enum wd_entity_type mark_type(const char *name)
{
    static const char *const names[] = {"PER", "ORG", "LOC", "MIS"};
    for (int i = 0; i < 4; i++) {
        if (strncmp(name, names[i], 3) == 0)
            return (enum wd_entity_type)i;
    }
    fail_msg("%.4s is no type", name);
    return WD_ENTITY_MISC;
}

static inline size_t read_marks(struct marked *marked, const char *const *lines, struct mark *marks)
{
    size_t count = 0;
    uint32_t text = 0;
    for (; lines[text]; text++) {
        char *to = marked->bytes[text];
        for (const char *c = lines[text]; *c; c++) {
            if (*c == '[') {
                const char *blank = strchr(c, ' ');
                marks[count] =
                    (struct mark){text, (uint32_t)(to - marked->bytes[text]), 0, mark_type(c + 1)};
                c = blank;
            } else if (*c == ']') {
                marks[count++].end = (uint32_t)(to - marked->bytes[text]);
            } else {
                *to++ = *c;
            }
        }
        *to = '\0';
        marked->texts[text] =
            (struct wd_tagger_text){text == 0 ? WD_FIELD_HEADLINE : WD_FIELD_BODY,
                                    text == 0 ? 0 : text - 1, wd_slice_from(marked->bytes[text])};
    }
    assert_true(wd_reading_begin(&marked->reading, marked->texts, text));
    return count;
}

/* Lines end with NULL; the first is the headline. */
static inline void marked_begin(struct marked *marked, const char *const *lines)
{
    struct mark marks[256];
    struct wd_error error;
    memset(marked, 0, sizeof(*marked));
    wd_error_init(&error);
    wd_reading_init(&marked->reading);
    wd_linker_init(&marked->linker);
    assert_true(wd_coref_init(&marked->coref));
    assert_int_equal(wd_gazetteer_open(NULL, &marked->gazetteer, &error), WD_OK);
    marked->story = wd_story_create(1 << 20);
    assert_non_null(marked->story);
    size_t count = read_marks(marked, lines, marks);
    for (size_t i = 0; i < count; i++) {
        struct wd_found *found = wd_reading_add(&marked->reading);
        assert_non_null(found);
        found->text = marks[i].text;
        found->begin = marks[i].begin;
        found->end = marks[i].end;
        found->type = marks[i].type;
        found->source = "test";
        found->rank = WD_FOUND_MODEL;
    }
    wd_reading_settle(&marked->reading);
    wd_linker_note_regions(&marked->reading, marked->gazetteer);
    assert_true(wd_coref_join(&marked->coref, &marked->reading, marked->gazetteer));
    assert_true(wd_linker_link(&marked->linker, &marked->reading, &marked->coref, marked->gazetteer,
                               marked->story));
}

static inline void marked_end(struct marked *marked)
{
    wd_reading_finish(&marked->reading);
    wd_coref_finish(&marked->coref);
    wd_linker_finish(&marked->linker);
    wd_gazetteer_close(marked->gazetteer);
    wd_story_destroy(marked->story);
}

/* The group of the n-th mention of these words, from 0. */
static inline uint32_t group_of(const struct marked *marked, const char *text, size_t n)
{
    for (size_t i = 0; i < marked->reading.found_count; i++) {
        const struct wd_found *found = &marked->reading.found[i];
        if (wd_slice_is(wd_found_text(&marked->reading, found), text) && n-- == 0)
            return wd_group_root(&marked->reading, found->group);
    }
    fail_msg("\"%s\" is not marked", text);
    return 0;
}

static inline void marked_ids(struct marked *marked, const char *text, size_t n, const char *wanted)
{
    struct wd_named named = {0};
    char ids[1024];
    assert_true(wd_linker_write_ids(&marked->linker.links[group_of(marked, text, n)],
                                    marked->gazetteer, marked->story->arena, &named));
    if (strcmp(joined_ids(&named, ids, sizeof(ids)), wanted) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", text, ids, wanted);
}

/* Groups that stand for themselves. */
static inline size_t entity_count(const struct marked *marked)
{
    size_t count = 0;
    for (size_t i = 0; i < marked->reading.group_count; i++)
        count += marked->reading.groups[i].parent == WD_GROUP_NONE;
    return count;
}

#endif
