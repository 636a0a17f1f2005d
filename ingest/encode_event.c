/* encode_event.c - the events: what a story is to those before it, and who has to be told. */
#include "encode_parts.h"

/* Nothing when there are none. */
static void write_list(struct wd_buffer *out, const char *name, const struct wd_slice *texts,
                       size_t count)
{
    if (count == 0)
        return;
    open(out, name, '[');
    for (size_t i = 0; i < count; i++) {
        wd_json_write_key(out, NULL);
        wd_json_write_string(out, texts[i]);
    }
    wd_buffer_append_byte(out, ']');
}

void wd_encode_lineage(struct wd_buffer *out, const struct wd_update_verdict *update)
{
    if (update->lineage.len == 0)
        return;
    open(out, "lineage", '{');
    wd_json_write_member(out, "id", update->lineage);
    wd_json_write_member(out, "rule", update->rule);
    write_integer(out, "number", update->number);
    wd_json_write_member(out, "latest", update->latest);
    write_time(out, "first_published", update->first_published);
    wd_json_write_word(out, "state", wd_slice_from(wd_lineage_state_name(update->state)));
    write_integer(out, "members", update->members);
    if (update->members_forgotten > 0)
        write_integer(out, "members_forgotten", update->members_forgotten);
    if (update->opened)
        write_bool(out, "opened", true);
    if (update->id_reused)
        write_bool(out, "id_reused", true);
    write_list(out, "merged", update->merged, update->merged_count);
    wd_buffer_append_byte(out, '}');
}

void wd_encode_dedup_members(struct wd_buffer *out, const struct wd_dedup_verdict *dedup)
{
    wd_json_write_word(out, "relation", wd_slice_from(wd_relation_name(dedup->relation)));
    wd_json_write_member(out, "matched", dedup->matched);
    wd_json_write_member(out, "matched_provider", dedup->matched_provider);
    if (dedup->matched_event_ms != 0)
        write_time(out, "matched_time", wd_time_from_ms(dedup->matched_event_ms));
    wd_json_write_member(out, "group", dedup->group);
    if (dedup->also_group_count > 0) {
        wd_json_write_member(out, "also_group", dedup->also_groups[0]);
        write_list(out, "further_groups", dedup->also_groups + 1, dedup->also_group_count - 1);
    }
    write_bool(out, "joins", dedup->joins);
    write_share(out, "similarity", dedup->similarity);
    write_share(out, "contained", dedup->contained);
    write_share(out, "containing", dedup->containing);
    wd_json_write_member(out, "reason", dedup->reason);
}

static void write_change_sentences(struct wd_buffer *out, const struct wd_change *change)
{
    open(out, "changes", '[');
    for (size_t i = 0; i < change->sentence_count; i++) {
        const struct wd_changed_sentence *sentence = &change->sentence_list[i];
        open(out, NULL, '{');
        wd_json_write_word(out, "kind", wd_slice_from(wd_change_sentence_name(sentence->kind)));
        if (sentence->before > 0)
            write_integer(out, "before", sentence->before);
        if (sentence->now > 0)
            write_integer(out, "now", sentence->now);
        wd_json_write_member(out, "text", sentence->text);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

static void write_change_facts(struct wd_buffer *out, const struct wd_change *change)
{
    open(out, "facts", '[');
    for (size_t i = 0; i < change->fact_count; i++) {
        const struct wd_changed_fact *fact = &change->fact_list[i];
        open(out, NULL, '{');
        wd_json_write_word(out, "kind", wd_slice_from(wd_change_fact_name(fact->kind)));
        wd_json_write_member(out, "before", fact->before);
        wd_json_write_member(out, "now", fact->now);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

static void write_change(struct wd_buffer *out, const struct wd_change *change)
{
    static const char *const facts[] = {"numbers", "names", "quotations"};
    if (change->class_of_change == WD_CHANGE_UNKNOWN)
        return;
    open(out, "change", '{');
    wd_json_write_word(out, "class", wd_slice_from(wd_change_class_name(change->class_of_change)));
    wd_json_write_member(out, "against", change->against);
    if (change->against_newer)
        write_bool(out, "against_newer", true);
    write_bool(out, "headline_changed", change->headline_changed);
    wd_json_write_member(out, "headline_before", change->headline_before);
    write_integer(out, "sentences_before", change->sentences_before);
    write_integer(out, "sentences_now", change->sentences_now);
    write_integer(out, "words_before", change->words_before);
    write_integer(out, "words_now", change->words_now);
    for (int i = 0; i < WD_CHANGE_SENTENCE_COUNT; i++)
        write_integer(out, wd_change_sentence_name((enum wd_change_sentence)i),
                      change->sentences[i]);
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
        write_integer(out, facts[i], change->facts[i]);
    if (change->facts[WD_FACT_TIME] > 0)
        write_integer(out, "times", change->facts[WD_FACT_TIME]);
    if (change->cut)
        write_bool(out, "cut", true);
    write_change_sentences(out, change);
    write_change_facts(out, change);
    wd_buffer_append_byte(out, '}');
}

void wd_encode_update_members(struct wd_buffer *out, const struct wd_update_verdict *update)
{
    wd_json_write_word(out, "kind", wd_slice_from(wd_update_kind_name(update->kind)));
    write_bool(out, "late", update->late);
    write_bool(out, "unseen_original", update->unseen_original);
    if (update->partial)
        write_bool(out, "partial", true);
    if (update->reprint)
        write_bool(out, "reprint", true);
    write_change(out, &update->change);
    wd_json_write_member(out, "reason", update->reason);
}

/* What the events have in common. */
static void write_event_head(struct wd_buffer *out, const struct wd_story *story,
                             struct wd_slice schema)
{
    wd_buffer_append_byte(out, '{');
    wd_json_write_member(out, "schema", schema);
    wd_encode_uri(out, story);
    wd_json_write_member(out, "version", story->version);
    wd_json_write_member(out, "headline", story->headline);
    wd_json_write_word(out, "status", wd_slice_from(wd_story_status_name(story->status)));
    write_bits(out, "signals", story->signals, wd_signal_bit_name);
    wd_encode_times(out, story);
    wd_encode_provenance(out, story);
    wd_encode_lineage(out, &story->update);
}

enum wd_status wd_encode_update_event(struct wd_buffer *out, const struct wd_story *story)
{
    if (story->update.kind == WD_UPDATE_UNKNOWN)
        return WD_UNSUPPORTED;
    write_event_head(out, story, WD_SLICE("wiredesk/update-event/1"));
    wd_encode_update_members(out, &story->update);
    if (story->advisory_count > 0)
        write_integer(out, "advisories", (int64_t)story->advisory_count);
    wd_buffer_append_byte(out, '}');
    return WD_OK;
}

enum wd_status wd_encode_duplicate_event(struct wd_buffer *out, const struct wd_story *story)
{
    if (story->dedup.relation == WD_RELATION_UNKNOWN)
        return WD_UNSUPPORTED;
    write_event_head(out, story, WD_SLICE("wiredesk/duplicate-event/1"));
    wd_encode_dedup_members(out, &story->dedup);
    wd_buffer_append_byte(out, '}');
    return WD_OK;
}

void wd_encode_advisory_event(struct wd_buffer *out, const struct wd_story *story,
                              const struct wd_advisory *advisory)
{
    wd_buffer_append_byte(out, '{');
    wd_json_write_word(out, "schema", WD_SLICE("wiredesk/advisory-event/1"));
    wd_json_write_word(out, "kind", wd_slice_from(wd_advisory_kind_name(advisory->kind)));
    open(out, "concerns", '{');
    wd_json_write_member(out, "provider", advisory->provider);
    wd_json_write_member(out, "id", advisory->id);
    wd_json_write_member(out, "digest", advisory->digest);
    wd_buffer_append_byte(out, '}');
    open(out, "cause", '{');
    wd_json_write_member(out, "provider", advisory->cause_provider);
    wd_json_write_member(out, "id", advisory->cause_id);
    wd_json_write_member(out, "version", advisory->cause_version);
    write_time(out, "time", advisory->cause_time);
    wd_buffer_append_byte(out, '}');
    write_bool(out, "standing", advisory->standing);
    wd_encode_lineage(out, advisory->lineage ? advisory->lineage : &story->update);
    wd_encode_provenance(out, story);
    wd_json_write_member(out, "reason", advisory->reason);
    wd_buffer_append_byte(out, '}');
}
