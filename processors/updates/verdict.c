#include "verdict.h"

#include "orders.h"

bool wd_story_stop_order(const struct wd_story *story, enum wd_advisory_kind *kind)
{
    bool acts = story->acts_on.len > 0;
    if (story->status == WD_STORY_CANCELED || (story->signals & WD_SIGNAL_KILL) ||
        (acts && story->acts_on_status == WD_STORY_CANCELED)) {
        *kind = WD_ADVISORY_KILL;
        return true;
    }
    *kind = WD_ADVISORY_WITHHOLD;
    return wd_story_stops(story) || (acts && story->acts_on_status == WD_STORY_WITHHELD);
}

/* The copy itself is word for word the same; the headline may be another. */
static bool same_sentences(const struct wd_change *change)
{
    return change->class_of_change != WD_CHANGE_UNKNOWN && change->sentences_now > 0 &&
           change->sentences[WD_SENTENCE_KEPT] == change->sentences_now &&
           change->sentences[WD_SENTENCE_REMOVED] == 0;
}

/* Word for word some version's copy: the newest one's, or an earlier one's that dedup remembers. */
static bool is_print(const struct wd_story *story)
{
    return same_sentences(&story->update.change) ||
           (story->dedup.relation == WD_RELATION_EXACT && story->dedup.joins);
}

/* Of a version with copy that came into a lineage that was there. */
static enum wd_update_kind kind_by_change(const struct wd_story *story,
                                          const struct wd_evidence *evidence)
{
    if (!evidence->own_provider && is_print(story)) {
        return WD_UPDATE_REPEAT; /* papers write headlines of their own: that is no news */
    }
    switch (story->update.change.class_of_change) {
    case WD_CHANGE_IDENTICAL:
        return evidence->own_id && wd_wire_has_id(story) ? WD_UPDATE_METADATA_ONLY
                                                         : WD_UPDATE_REPEAT;
    case WD_CHANGE_COSMETIC:
        return evidence->own_provider ? WD_UPDATE_UPDATE : WD_UPDATE_REPEAT;
    case WD_CHANGE_TRIM:
        return evidence->newer ? WD_UPDATE_UPDATE : WD_UPDATE_TRIM;
    case WD_CHANGE_EXPANSION:
        return evidence->newer ? WD_UPDATE_UPDATE : WD_UPDATE_EXPANSION;
    default:
        return WD_UPDATE_UPDATE;
    }
}

static bool nothing_new(const struct wd_story *story)
{
    enum wd_change_class class_of_change = story->update.change.class_of_change;
    return class_of_change == WD_CHANGE_IDENTICAL || class_of_change == WD_CHANGE_COSMETIC;
}

static enum wd_update_kind kind_of(const struct wd_story *story, const struct wd_evidence *evidence)
{
    enum wd_advisory_kind order = WD_ADVISORY_KILL;
    /* Also repeated: a kill heard twice does no harm. */
    if (wd_story_stop_order(story, &order) && wd_story_stops(story)) {
        return order == WD_ADVISORY_KILL ? WD_UPDATE_KILL : WD_UPDATE_WITHHOLD;
    }
    if (evidence->seen_exactly) {
        return WD_UPDATE_REPEAT;
    }
    if (story->status == WD_STORY_EMBARGOED) {
        return WD_UPDATE_EMBARGO;
    }
    if (evidence->corrects) {
        return WD_UPDATE_CORRECTION;
    }
    if (!evidence->seen) {
        return WD_UPDATE_NEW;
    }
    if (evidence->lifts_embargo && !evidence->newer) {
        return WD_UPDATE_EMBARGO_LIFTED;
    }
    if (story->signals & WD_SIGNAL_REFILE) {
        return WD_UPDATE_REFILE;
    }
    if ((story->signals & WD_SIGNAL_REPEAT) && nothing_new(story)) {
        return WD_UPDATE_REPEAT;
    }
    return kind_by_change(story, evidence);
}

/* True when the story itself says that there was a version before it. */
static bool follows_another(const struct wd_story *story, const struct wd_wire_cue *cue)
{
    uint32_t followers = WD_SIGNAL_UPDATE | WD_SIGNAL_CORRECTION | WD_SIGNAL_KILL;
    bool updated = wd_time_known(story->updated) && wd_time_known(story->published) &&
                   story->updated.ms > story->published.ms;
    return updated || (story->signals & followers) || story->update.kind == WD_UPDATE_KILL ||
           wd_wire_cue_follows(cue);
}

void wd_verdict_decide(struct wd_story *story, const struct wd_evidence *evidence)
{
    struct wd_update_verdict *verdict = &story->update;
    if (evidence->corrects && !wd_story_stops(story) &&
        verdict->change.class_of_change != WD_CHANGE_UNKNOWN) {
        verdict->change.class_of_change = WD_CHANGE_CORRECTION;
    }
    verdict->kind = kind_of(story, evidence);
    verdict->late = evidence->seen && evidence->newer;
    verdict->partial = (story->flags & WD_FLAG_PARTIAL) != 0;
    verdict->unseen_original = !evidence->seen && follows_another(story, &evidence->cue);
    verdict->change.against_newer = verdict->late;
}

static const char *stop_reason(const struct wd_story *story, const struct wd_evidence *evidence)
{
    bool kill = story->update.kind == WD_UPDATE_KILL;
    if (story->acts_on.len > 0) {
        return kill ? "the provider kills the story that this names"
                    : "the provider withholds the story that this names";
    }
    if (evidence->seen_exactly) {
        return kill ? "the provider kills this story, again"
                    : "the provider withholds this story, again";
    }
    return kill ? "the provider kills this story" : "the provider withholds this story";
}

static const char *repeat_reason(const struct wd_story *story, const struct wd_evidence *evidence)
{
    if (evidence->seen_exactly) {
        return "this version came before, word for word";
    }
    if (story->signals & WD_SIGNAL_REPEAT) {
        return "the provider sends it again, and there is nothing new in it";
    }
    if (evidence->own_provider) {
        return "the newest version's headline and words again";
    }
    if (!same_sentences(&story->update.change)) {
        return "the copy of an earlier version, from somebody else";
    }
    return story->update.change.headline_changed
               ? "the copy of the newest version, from somebody else under another headline"
               : "the copy of the newest version, from somebody else";
}

static const char *update_reason(const struct wd_story *story, const struct wd_evidence *evidence)
{
    if (story->update.partial) {
        return "a part of the copy only: the full text stays as it is";
    }
    switch (story->update.change.class_of_change) {
    case WD_CHANGE_FACTUAL:
        return "a further version: numbers, names or quotations are others";
    case WD_CHANGE_COSMETIC:
        return "a further version: reworded, with the same facts";
    default:
        return evidence->same_mark
                   ? "version and time are the newest one's, but the words or the status changed"
                   : "a further version";
    }
}

static const char *kind_reason(const struct wd_story *story, const struct wd_evidence *evidence)
{
    switch (story->update.kind) {
    case WD_UPDATE_KILL:
    case WD_UPDATE_WITHHOLD:
        return stop_reason(story, evidence);
    case WD_UPDATE_REPEAT:
        return repeat_reason(story, evidence);
    case WD_UPDATE_EMBARGO:
        return "not to be published yet";
    case WD_UPDATE_EMBARGO_LIFTED:
        return "the version before was embargoed, this one may be published";
    case WD_UPDATE_CORRECTION:
        return evidence->seen ? "marked as a correction"
                              : "marked as a correction of a version that was not seen";
    case WD_UPDATE_REFILE:
        return "marked as sent again with a technical mend";
    case WD_UPDATE_METADATA_ONLY:
        return "headline and words are the same: only what stands around them changed";
    case WD_UPDATE_TRIM:
        return "a shorter version: sentences are gone, none is new";
    case WD_UPDATE_EXPANSION:
        return "a longer version: sentences are new, the old ones stand";
    case WD_UPDATE_NEW:
        return story->update.unseen_original ? "the first version seen, but not the first one made"
                                             : "the first version";
    default:
        return update_reason(story, evidence);
    }
}

static const char *note_reason(const struct wd_story *story, const struct wd_evidence *evidence)
{
    bool stands = (story->signals & WD_SIGNAL_CORRECTION) && !evidence->corrects &&
                  !evidence->seen_exactly && !wd_story_stops(story);
    return stands ? "; what its note corrects was corrected in a version before" : "";
}

static const char *order_reason(const struct wd_story *story, const struct wd_evidence *evidence)
{
    bool stopped = evidence->state_before == WD_LINEAGE_KILLED ||
                   evidence->state_before == WD_LINEAGE_WITHHELD;
    if (story->update.late && stopped && evidence->basis == WD_BASIS_NONE) {
        return "; the story was stopped and nothing shows that this is newer";
    }
    if (story->update.late) {
        return evidence->basis == WD_BASIS_VERSION ? "; late: by version older than the newest one"
                                                   : "; late: by time older than the newest one";
    }
    bool to_stop = story->update.kind == WD_UPDATE_KILL || story->update.kind == WD_UPDATE_WITHHOLD;
    if (evidence->seen && stopped && !to_stop) {
        return story->update.state == WD_LINEAGE_USABLE
                   ? "; the story was stopped before, this is newer"
                   : "; the story is stopped";
    }
    return "";
}

/* It has the words of an order, and orders nothing of the story. */
static const char *spared_reason(const struct wd_story *story)
{
    return story->flags & WD_FLAG_STORY_SPARED ? "; its order is about a box, a picture or the "
                                                 "like, and it says that the story stands: "
                                                 "it stops nothing"
                                               : "";
}

bool wd_verdict_reached_nobody(const struct wd_story *story)
{
    bool told = story->advisory_count > 0 && story->advisories[0].kind != WD_ADVISORY_UNREACHED;
    return story->update.unseen_original && !told && wd_story_is_order(story) &&
           !wd_story_lifts(story);
}

/* A kill that finds nothing is not to be lost among the verdicts. */
static const char *reach_reason(const struct wd_story *story)
{
    return wd_verdict_reached_nobody(story)
               ? "; it reached nobody: what it is about was not seen, or it does not say"
               : "";
}

enum wd_status wd_verdict_explain(struct wd_story *story, const struct wd_evidence *evidence)
{
    struct wd_update_verdict *verdict = &story->update;
    const struct wd_slice parts[] = {
        wd_slice_from(kind_reason(story, evidence)),
        WD_SLICE(" (lineage by "),
        verdict->rule,
        WD_SLICE(")"),
        wd_slice_from(note_reason(story, evidence)),
        wd_slice_from(order_reason(story, evidence)),
        wd_slice_from(reach_reason(story)),
        wd_slice_from(spared_reason(story)),
        verdict->id_reused ? WD_SLICE("; the id was another story's before") : WD_SLICE_NONE,
        verdict->merged_count > 0 ? WD_SLICE("; it shows that several lineages are one")
                                  : WD_SLICE_NONE,
    };
    verdict->reason = wd_arena_join_all(story->arena, parts, sizeof(parts) / sizeof(parts[0]));
    return verdict->reason.data ? WD_OK : WD_NO_MEMORY;
}
