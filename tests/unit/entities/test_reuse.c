/* Tags taken over from an earlier copy: the same spans as anew, from the state, and nothing else. */
#include "entities_run.h"

#include "table.h"

#include <stdlib.h>

static const char headline[] = "Ferry line cuts crossings to Norvik";
static const char lead[] =
    "NORVIK (Coastal Press) - Haldis Ferries said on Tuesday it would cut two of five crossings.\n";
static const char body[] =
    "Chief executive Marit Sandvold told the Norvik Courier the winter had been \"empty\".\n"
    "Haldis, which carries mail for Norway, employs 310 people in Bergen and Norvik.\n"
    "Norvik's mayor, Ola Brekke, said the Norwegian government in Oslo should pay.\n"
    "Sandvold will meet Brekke and officials of the European Union next week.\n";
static const char fresh[] = "In Copenhagen, rival Belt Shipping said it would not step in.\n";

static struct run open_desk(const char *reuse)
{
    char text[128];
    (void)snprintf(text, sizeof(text),
                   "[{\"use\": \"dedup\"}, {\"use\": \"entities\", \"reuse\": %s}]", reuse);
    return run_processors(text);
}

/* The next story; its text is the caller's until the last look at it. */
static void take(struct run *desk, const char *guid, const char *text)
{
    struct wd_story *story = desk->story;
    wd_story_reset(story);
    story->guid = wd_slice_from(guid);
    story->provider = WD_SLICE("coastal");
    story->language = WD_SLICE("en");
    story->received = wd_time_from_ms(1700000000000);
    run_story(desk, headline, text);
}

/* Scores only where the whole story is the same: they depend on its other paragraphs. */
static void describe(const struct wd_story *story, bool scores, struct wd_buffer *out)
{
    wd_buffer_clear(out);
    for (size_t i = 0; i < story->entity_count; i++) {
        const struct wd_entity *entity = &story->entities[i];
        wd_buffer_printf(out, "%d %d %u %u %u %u %.4f %.*s %.*s\n", entity->type, entity->field,
                         entity->paragraph, entity->begin, entity->end, entity->named,
                         scores ? entity->score : 0.0, WD_SLICE_ARG(entity->name),
                         WD_SLICE_ARG(entity->id));
    }
}

static struct wd_table *tags_of(const struct run *desk)
{
    struct wd_table *table = wd_state_find_table(desk->state, WD_SLICE("entities.tags"));
    assert_non_null(table);
    return table;
}

/* Makes a place of the first mention that the record of the group has: what shows it was read. */
static void mark_record(struct run *desk, struct wd_slice group)
{
    enum { FIRST_TEXT = 1 + 8 + 4, MENTION = FIRST_TEXT + 8 + 2, TYPE = MENTION + 8 };
    struct wd_slice value;
    int64_t event_ms = 0;
    char copy[4096];
    assert_int_equal(wd_table_get(tags_of(desk), group, &value, &event_ms), WD_OK);
    assert_in_range(value.len, TYPE + 5, sizeof(copy));
    memcpy(copy, value.data, value.len);
    assert_true(copy[FIRST_TEXT + 8] > 0); /* the headline has a mention */
    copy[TYPE] = copy[TYPE] == WD_ENTITY_MISC ? WD_ENTITY_PLACE : WD_ENTITY_MISC;
    assert_int_equal(wd_table_put(tags_of(desk), group, wd_slice_make(copy, value.len)), WD_OK);
}

static char *joined(const char *const *parts)
{
    struct wd_buffer text;
    wd_buffer_init(&text);
    for (; *parts; parts++)
        wd_buffer_append(&text, *parts, strlen(*parts));
    wd_buffer_append_byte(&text, '\0');
    assert_true(wd_buffer_ok(&text));
    return text.data;
}

/* What both desks say of the copy after the same original, and the relation that the copy must have. */
static void same_spans(const char *copy_text, enum wd_relation relation)
{
    bool exact = relation == WD_RELATION_EXACT;
    struct run with = open_desk("true");
    struct run without = open_desk("false");
    char *original = joined((const char *const[]){lead, body, NULL});
    struct wd_buffer a;
    struct wd_buffer b;
    wd_buffer_init(&a);
    wd_buffer_init(&b);
    take(&with, "one", original);
    take(&without, "one", original);
    describe(with.story, exact, &a);
    describe(without.story, exact, &b);
    assert_true(with.story->entity_count > 8);
    assert_true(wd_slice_equal(wd_buffer_slice(&a), wd_buffer_slice(&b)));
    take(&with, "two", copy_text);
    take(&without, "two", copy_text);
    assert_int_equal(with.story->dedup.relation, relation);
    describe(with.story, exact, &a);
    describe(without.story, exact, &b);
    assert_true(with.story->entity_count > 8);
    assert_string_equal((wd_buffer_append_byte(&a, '\0'), a.data),
                        (wd_buffer_append_byte(&b, '\0'), b.data));
    wd_buffer_finish(&a);
    wd_buffer_finish(&b);
    free(original);
    run_end(&with);
    run_end(&without);
}

static void exact_copy(void **state)
{
    (void)state;
    char *copy = joined((const char *const[]){lead, body, NULL});
    same_spans(copy, WD_RELATION_EXACT);
    free(copy);
}

static void reprint_with_a_new_paragraph(void **state)
{
    (void)state;
    char *copy = joined((const char *const[]){lead, body, fresh, NULL});
    same_spans(copy, WD_RELATION_REPRINT);
    free(copy);
}

/* The record is really read: a changed one shows in an exact copy, not in a story of other words. */
static void the_record_is_read(void **state)
{
    (void)state;
    struct run desk = open_desk("true");
    char *original = joined((const char *const[]){lead, body, NULL});
    take(&desk, "one", original);
    assert_int_equal(wd_table_count(tags_of(&desk)), 1);
    enum wd_entity_type type = desk.story->entities[0].type;
    assert_int_equal(desk.story->entities[0].field, WD_FIELD_HEADLINE);
    mark_record(&desk, desk.story->dedup.group);
    take(&desk, "two", original);
    assert_int_equal(desk.story->dedup.relation, WD_RELATION_EXACT);
    assert_int_not_equal(desk.story->entities[0].type, type);
    assert_int_equal(wd_table_count(tags_of(&desk)), 1); /* nothing more to remember */
    take(&desk, "three",
         "The harbour board of Lindesnes met in Oslo to discuss a new quay for coal.\n");
    assert_int_equal(desk.story->dedup.relation, WD_RELATION_NONE);
    assert_int_equal(wd_table_count(tags_of(&desk)), 2);
    free(original);
    run_end(&desk);
}

static enum wd_status apply(void *context, struct wd_slice key, struct wd_slice value)
{
    struct wd_error error;
    wd_error_init(&error);
    return wd_state_apply(context, key, value, &error);
}

/* Another process, with the records that the changelog has. */
static void restored(void **state)
{
    (void)state;
    struct run before = open_desk("true");
    struct run after = open_desk("true");
    char *original = joined((const char *const[]){lead, body, NULL});
    take(&before, "one", original);
    enum wd_entity_type type = before.story->entities[0].type;
    mark_record(&before, before.story->dedup.group);
    wd_state_commit(before.state);
    assert_int_equal(wd_state_each(before.state, apply, after.state), WD_OK);
    take(&after, "two", original);
    assert_int_equal(after.story->dedup.relation, WD_RELATION_EXACT);
    assert_int_not_equal(after.story->entities[0].type, type);
    free(original);
    run_end(&before);
    run_end(&after);
}

/* Records cut at every byte, and of another model: tagged anew, never a crash, never a wrong span. */
static void damaged_records(void **state)
{
    (void)state;
    struct run desk = open_desk("true");
    char *original = joined((const char *const[]){lead, body, NULL});
    struct wd_slice value;
    int64_t event_ms = 0;
    char record[4096];
    char key[64];
    take(&desk, "one", original);
    struct wd_slice group = wd_slice_make(key, desk.story->dedup.group.len);
    memcpy(key, desk.story->dedup.group.data, group.len);
    assert_int_equal(wd_table_get(tags_of(&desk), group, &value, &event_ms), WD_OK);
    struct wd_buffer wanted;
    struct wd_buffer got;
    wd_buffer_init(&wanted);
    wd_buffer_init(&got);
    describe(desk.story, false, &wanted);
    size_t len = value.len;
    assert_true(len < sizeof(record));
    memcpy(record, value.data, len);
    for (size_t cut = 0; cut <= len; cut += cut < 40 ? 1 : 7) {
        assert_int_equal(wd_table_put(tags_of(&desk), group, wd_slice_make(record, cut)), WD_OK);
        take(&desk, "two", original);
        describe(desk.story, false, &got);
        assert_true(wd_slice_equal(wd_buffer_slice(&wanted), wd_buffer_slice(&got)));
    }
    for (size_t at = 9; at < len;
         at += 5) { /* any byte another: whatever it says, spans are spans */
        record[at] ^= 0x5A;
        assert_int_equal(wd_table_put(tags_of(&desk), group, wd_slice_make(record, len)), WD_OK);
        take(&desk, "two", original);
        for (size_t i = 0; i < desk.story->entity_count; i++) {
            const struct wd_entity *entity = &desk.story->entities[i];
            assert_true(wd_utf8_valid(entity->text, NULL) && entity->begin < entity->end);
        }
        record[at] ^= 0x5A;
    }
    wd_buffer_finish(&wanted);
    wd_buffer_finish(&got);
    free(original);
    run_end(&desk);
}

/* Reuse needs what dedup says: before it, it is refused. */
static void needs_dedup(void **state)
{
    (void)state;
    run_refused("\"reuse\": true", "p[0]", "duplicate verdict");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_copy),         cmocka_unit_test(reprint_with_a_new_paragraph),
        cmocka_unit_test(the_record_is_read), cmocka_unit_test(restored),
        cmocka_unit_test(damaged_records),    cmocka_unit_test(needs_dedup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
