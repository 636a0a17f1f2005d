/* scenario.h - a sequence of stories, and the desk that it goes over.
 *
 * Form of a file: an object of scenarios by name. A scenario:
 *   "stories": list of {"name", "provider", "received" (optional), and "raw": the message, or members of which a ninjs 1.3 object is
 *       made: "guid", "version", "published", "updated", "status", "headline", "slug", "note", "embargoed",
 *       "language", "evolved_from", "body": list of paragraphs; "@bridge" stands for all paragraphs of that name in copy.json,
 *       "@bridge.2" for its second}
 *   "end": list of {"stories": names, "latest", "state"}: the lineages; left out, every order of arrival must come to
 *       what the given one comes to
 *   "advisories": list of "kind cause-id concerned-id", in any order, those that
 *       were taken back ("stands") left out; a story without an id goes by the name of
 *       the first that has its story.uri
 *   "kinds": the kinds in the given order of arrival; optional
 *   "groups": list of lists of names; optional
 *   "orders": "all" (default) or "given"
 * A message's further stories are named by the message's name and their number: "K.1". */
#ifndef WD_SCENARIO_H
#define WD_SCENARIO_H

#include "desk.h"

#include <jansson.h>

enum { WD_SCENARIO_STORIES_MAX = 16, WD_SCENARIO_TEXT_SIZE = 16384 };

struct wd_scenario {
    const char *name;
    json_t *source; /* borrowed */
    size_t count;
    const char *names[WD_SCENARIO_STORIES_MAX];
    const char *providers[WD_SCENARIO_STORIES_MAX];
    char *messages[WD_SCENARIO_STORIES_MAX];
    int64_t received_ms[WD_SCENARIO_STORIES_MAX];
};

/* What a run came to: text that is the same when two runs came to the same. */
struct wd_scenario_outcome {
    char lineages[WD_SCENARIO_TEXT_SIZE];   /* a line each: stories, latest, state, counts */
    char advisories[WD_SCENARIO_TEXT_SIZE]; /* sorted, each once, one a line */
    char groups[WD_SCENARIO_TEXT_SIZE];
    char kinds[WD_SCENARIO_TEXT_SIZE]; /* in order of arrival */
};

/* The configuration that scenarios run under; released by the caller. */
struct wd_config *wd_scenario_config(void);
/* Exits with a message when the file is not as described. */
void wd_scenario_load(struct wd_scenario *scenario, const char *name, json_t *source, json_t *copy);
void wd_scenario_finish(struct wd_scenario *scenario);
/* Takes the stories in this order, from an empty state. `dice` 0: each in a transaction of its own; else
 * the seed of aborts and restarts. */
void wd_scenario_run(const struct wd_scenario *scenario, struct wd_config *config,
                     const size_t *order, unsigned dice, struct wd_scenario_outcome *outcome);
/* What the file says that must come out; kinds and groups "" when it does not say. Lineages without
 * counts. */
void wd_scenario_expected(const struct wd_scenario *scenario, struct wd_scenario_outcome *expected);
/* The lineages of an outcome without the counts. */
void wd_scenario_without_counts(const struct wd_scenario_outcome *outcome,
                                char text[WD_SCENARIO_TEXT_SIZE]);

#endif
