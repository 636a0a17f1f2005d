#include "explain_text.h"

/* What is found about the story: "wiredesk" of an enriched record, an event itself. */
static yyjson_val *found_of(yyjson_val *record)
{
    yyjson_val *found = yyjson_obj_get(record, "wiredesk");
    return found ? found : record;
}

static yyjson_val *update_of(yyjson_val *record)
{
    yyjson_val *found = found_of(record);
    yyjson_val *update = yyjson_obj_get(found, "update");
    bool event = !update && found == record && yyjson_obj_get(record, "unseen_original");
    return event ? record : update;
}

static yyjson_val *dedup_of(yyjson_val *record)
{
    yyjson_val *found = found_of(record);
    yyjson_val *dedup = yyjson_obj_get(found, "dedup");
    return !dedup && yyjson_obj_get(record, "relation") ? record : dedup;
}

yyjson_val *wd_explain_lineage(yyjson_val *record)
{
    return yyjson_obj_get(found_of(record), "lineage");
}

static struct wd_slice text(yyjson_val *object, const char *name)
{
    return wd_json_text(object, name, NULL);
}

static struct wd_slice uri_of(yyjson_val *record)
{
    yyjson_val *story = yyjson_obj_get(record, "story");
    return text(story ? story : record, "uri");
}

static struct wd_slice headline_of(yyjson_val *record)
{
    yyjson_val *headlines = yyjson_obj_get(yyjson_obj_get(record, "story"), "headlines");
    return headlines ? text(yyjson_arr_get_first(headlines), "value") : text(record, "headline");
}

static struct wd_slice version_of(yyjson_val *record)
{
    yyjson_val *story = yyjson_obj_get(record, "story");
    return text(story ? story : record, "version");
}

/* "urn:wiredesk:guid:PROVIDER:ID" for ids that are no URI. */
static bool ends_with(struct wd_slice whole, struct wd_slice end)
{
    return whole.len > end.len && whole.data[whole.len - end.len - 1] == ':' &&
           wd_slice_equal(wd_slice_from_offset(whole, whole.len - end.len), end);
}

bool wd_explain_matches(yyjson_val *record, struct wd_slice id)
{
    yyjson_val *found = found_of(record);
    struct wd_slice uri = uri_of(record);
    return id.len > 0 && (wd_slice_equal(uri, id) || ends_with(uri, id) ||
                          wd_slice_equal(text(found, "url"), id) ||
                          wd_slice_equal(text(found, "transmission"), id) ||
                          wd_slice_equal(text(wd_explain_lineage(record), "id"), id));
}

static double number(yyjson_val *object, const char *name)
{
    yyjson_val *value = yyjson_obj_get(object, name);
    return yyjson_is_num(value) ? yyjson_get_num(value) : 0;
}

static int count(yyjson_val *object, const char *name)
{
    return (int)number(object, name);
}

static bool is_true(yyjson_val *object, const char *name)
{
    return yyjson_is_true(yyjson_obj_get(object, name));
}

/* "  lineage     " in front of the first line of a part, blanks in front of the others. */
static void label(FILE *out, const char *name)
{
    (void)fprintf(out, "  %-11s ", name);
}

static void print_head(FILE *out, yyjson_val *record)
{
    yyjson_val *provenance = yyjson_obj_get(found_of(record), "provenance");
    struct wd_slice version = version_of(record);
    struct wd_slice uri = uri_of(record);
    struct wd_slice headline = headline_of(record);
    (void)fprintf(out, "%.*s%s%.*s\n", WD_SLICE_ARG(uri), version.len > 0 ? ", version " : "",
                  WD_SLICE_ARG(version));
    if (headline.len > 0) {
        label(out, "headline");
        (void)fprintf(out, "%.*s\n", WD_SLICE_ARG(headline));
    }
    label(out, "from");
    (void)fprintf(out, "%.*s, %.*s, message %d of %.*s\n",
                  WD_SLICE_ARG(text(provenance, "provider")),
                  WD_SLICE_ARG(text(provenance, "format")), count(provenance, "offset"),
                  WD_SLICE_ARG(text(provenance, "topic")));
}

static void print_lineage(FILE *out, yyjson_val *lineage)
{
    struct wd_slice latest = text(lineage, "latest");
    if (!lineage)
        return;
    label(out, "lineage");
    (void)fprintf(out, "%.*s, found by %.*s; version number %d of those seen%s%.*s; %.*s\n",
                  WD_SLICE_ARG(text(lineage, "id")), WD_SLICE_ARG(text(lineage, "rule")),
                  count(lineage, "number"), latest.len > 0 ? ", the newest is " : "",
                  WD_SLICE_ARG(latest), WD_SLICE_ARG(text(lineage, "state")));
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(yyjson_obj_get(lineage, "merged"), index, max, item)
    {
        label(out, "");
        (void)fprintf(out, "made one with %.*s\n", WD_SLICE_ARG(wd_json_member_text(item, NULL)));
    }
    if (is_true(lineage, "id_reused")) {
        label(out, "");
        (void)fprintf(out, "its id was another story's before\n");
    }
    if (count(lineage, "members_forgotten") > 0) {
        label(out, "");
        (void)fprintf(out, "%d of its stories are no longer remembered\n",
                      count(lineage, "members_forgotten"));
    }
}

static void print_dedup(FILE *out, yyjson_val *dedup)
{
    struct wd_slice matched = text(dedup, "matched");
    if (!dedup)
        return;
    label(out, "copy");
    (void)fprintf(out, "%.*s%s%.*s%s\n", WD_SLICE_ARG(text(dedup, "relation")),
                  matched.len > 0 ? " of " : "", WD_SLICE_ARG(matched),
                  is_true(dedup, "joins") ? ", joins its group" : "");
    if (matched.len > 0) {
        label(out, "");
        (void)fprintf(
            out, "similarity %.2f; %.2f of this in the other, %.2f of the other in this\n",
            number(dedup, "similarity"), number(dedup, "contained"), number(dedup, "containing"));
    }
    label(out, "");
    (void)fprintf(out, "%.*s\n", WD_SLICE_ARG(text(dedup, "reason")));
}

static void print_sentence(FILE *out, yyjson_val *sentence)
{
    static const struct {
        const char *kind;
        char mark;
    } marks[] = {{"added", '+'}, {"removed", '-'}, {"edited", '~'}, {"moved", '>'}};
    char mark = ' ';
    char place[32] = "";
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (wd_slice_is(text(sentence, "kind"), marks[i].kind))
            mark = marks[i].mark;
    }
    int before = count(sentence, "before");
    int now = count(sentence, "now");
    if (before > 0 && now > 0)
        (void)snprintf(place, sizeof(place), "%d>%d", before, now);
    else
        (void)snprintf(place, sizeof(place), "%d", before > 0 ? before : now);
    label(out, "");
    (void)fprintf(out, "%c %-6s %.*s\n", mark, place, WD_SLICE_ARG(text(sentence, "text")));
}

static void print_fact(FILE *out, yyjson_val *fact)
{
    struct wd_slice before = text(fact, "before");
    struct wd_slice now = text(fact, "now");
    label(out, "");
    (void)fprintf(out, "%.*s: ", WD_SLICE_ARG(text(fact, "kind")));
    if (before.len > 0 && now.len > 0)
        (void)fprintf(out, "%.*s is now %.*s\n", WD_SLICE_ARG(before), WD_SLICE_ARG(now));
    else if (now.len > 0)
        (void)fprintf(out, "%.*s is new\n", WD_SLICE_ARG(now));
    else
        (void)fprintf(out, "%.*s is gone\n", WD_SLICE_ARG(before));
}

static void print_change(FILE *out, yyjson_val *change)
{
    struct wd_slice against = text(change, "against");
    if (!change)
        return;
    label(out, "changed");
    (void)fprintf(out,
                  "%.*s, against the %s version%s%.*s: %d sentences of %d words, before %d of %d\n",
                  WD_SLICE_ARG(text(change, "class")),
                  is_true(change, "against_newer") ? "newer" : "newest", against.len > 0 ? " " : "",
                  WD_SLICE_ARG(against), count(change, "sentences_now"), count(change, "words_now"),
                  count(change, "sentences_before"), count(change, "words_before"));
    label(out, "");
    (void)fprintf(out, "%d kept, %d added, %d removed, %d edited, %d moved%s\n",
                  count(change, "kept"), count(change, "added"), count(change, "removed"),
                  count(change, "edited"), count(change, "moved"),
                  is_true(change, "cut") ? "; of the beginning, as far as it is remembered" : "");
    if (is_true(change, "headline_changed")) {
        label(out, "");
        (void)fprintf(out, "headline before: %.*s\n",
                      WD_SLICE_ARG(text(change, "headline_before")));
    }
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(yyjson_obj_get(change, "facts"), index, max, item) print_fact(out, item);
    yyjson_arr_foreach(yyjson_obj_get(change, "changes"), index, max, item)
        print_sentence(out, item);
}

static void print_update(FILE *out, yyjson_val *update)
{
    if (!update)
        return;
    label(out, "kind");
    (void)fprintf(out, "%.*s%s%s%s\n", WD_SLICE_ARG(text(update, "kind")),
                  is_true(update, "reprint") ? ", a reprint: the lineage is another provider's"
                                             : "",
                  is_true(update, "late") ? ", late" : "",
                  is_true(update, "unseen_original") ? ", the original was not seen" : "");
    label(out, "");
    (void)fprintf(out, "%.*s\n", WD_SLICE_ARG(text(update, "reason")));
    print_change(out, yyjson_obj_get(update, "change"));
}

void wd_explain_text(FILE *out, yyjson_val *record, yyjson_val *advisories)
{
    print_head(out, record);
    print_lineage(out, wd_explain_lineage(record));
    print_dedup(out, dedup_of(record));
    print_update(out, update_of(record));
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(advisories, index, max, item)
    {
        yyjson_val *concerns = yyjson_obj_get(item, "concerns");
        label(out, index == 0 ? "advisories" : "");
        (void)fprintf(out, "%.*s to %.*s %.*s: %.*s\n", WD_SLICE_ARG(text(item, "kind")),
                      WD_SLICE_ARG(text(concerns, "provider")), WD_SLICE_ARG(text(concerns, "id")),
                      WD_SLICE_ARG(text(item, "reason")));
    }
    (void)fputc('\n', out);
}

static void print_told(struct wd_buffer *out, yyjson_val *advisory)
{
    yyjson_val *cause = yyjson_obj_get(advisory, "cause");
    yyjson_val *concerns = yyjson_obj_get(advisory, "concerns");
    wd_buffer_printf(out, "%-25.*s %-14.*s told to %.*s %.*s, by %.*s %.*s",
                     WD_SLICE_ARG(text(cause, "time")), WD_SLICE_ARG(text(advisory, "kind")),
                     WD_SLICE_ARG(text(concerns, "provider")), WD_SLICE_ARG(text(concerns, "id")),
                     WD_SLICE_ARG(text(cause, "provider")), WD_SLICE_ARG(text(cause, "id")));
}

void wd_explain_line(struct wd_buffer *out, yyjson_val *record)
{
    if (yyjson_obj_get(record, "concerns")) {
        print_told(out, record);
        return;
    }
    yyjson_val *times = yyjson_obj_get(found_of(record), "times");
    yyjson_val *update = update_of(record);
    struct wd_slice updated = text(yyjson_obj_get(times, "updated"), "time");
    struct wd_slice published = text(yyjson_obj_get(times, "published"), "time");
    struct wd_slice time = updated.len > 0 ? updated : published;
    struct wd_slice provider = text(yyjson_obj_get(found_of(record), "provenance"), "provider");
    struct wd_slice version = version_of(record);
    struct wd_slice kind = text(update, "kind");
    wd_buffer_printf(out, "%-25.*s %-14.*s %s%s%.*s %.*s%s%.*s", WD_SLICE_ARG(time),
                     WD_SLICE_ARG(kind), is_true(update, "reprint") ? "reprint, " : "",
                     is_true(update, "late") ? "late, " : "", WD_SLICE_ARG(provider),
                     WD_SLICE_ARG(uri_of(record)), version.len > 0 ? ", version " : "",
                     WD_SLICE_ARG(version));
}
