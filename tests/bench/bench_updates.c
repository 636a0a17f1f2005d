/* What `updates` costs: CPU time and state for a story, when the copy has been read already.
 *
 *   bench_updates [--quick] [stories held]
 *
 * Stories of about 3 KB, nine of ten new, one a further version of an earlier one. Prints one JSON object. */
#include "config.h"
#include "copy_scan.h"
#include "wd_assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORDS = 20000, PARAGRAPHS = 8, WORDS_PER_PARAGRAPH = 60, COMMIT_EVERY = 1000 };

static const char config_text[] =
    "{\"name\": \"bench\", \"kafka\": {\"bootstrap.servers\": \"127.0.0.1:9\"},"
    " \"default_provider\": {\"name\": \"wire\"}, \"pipelines\": [{\"name\": \"news\","
    " \"input\": {\"topics\": [\"raw\"]}, \"processors\": [{\"use\": \"updates\"}],"
    " \"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}], \"dead_letter\": \"dead\"}]}";

static char words[WORDS][12];

static uint64_t cpu_ns(void)
{
    struct timespec now;
    WD_ASSERT(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void make_words(void)
{
    unsigned seed = 7;
    for (size_t i = 0; i < WORDS; i++) {
        size_t len = 3 + (size_t)rand_r(&seed) % 7;
        for (size_t j = 0; j < len; j++)
            words[i][j] = (char)((j == 0 && i % 9 == 0 ? 'A' : 'a') + rand_r(&seed) % 26);
        words[i][len] = '\0';
    }
}

/* The same number gives the same copy; a further version has one sentence more. */
static void fill(struct wd_story *story, uint64_t number, unsigned version)
{
    char text[4096];
    unsigned seed = (unsigned)number;
    wd_story_reset(story);
    story->provider = WD_SLICE("wire");
    story->guid = wd_arena_printf(story->arena, "urn:example:wire:2024:%" PRIu64, number);
    story->version = wd_arena_printf(story->arena, "%u", version);
    story->version_order = WD_VERSION_ORDER_NUMBER;
    story->published = wd_time_from_ms(1700000000000 + (int64_t)number * 10);
    story->updated = wd_time_from_ms(story->published.ms + version * 60000);
    story->received = story->published;
    story->headline = wd_arena_printf(story->arena, "%s %s %s", words[number % WORDS],
                                      words[number * 7 % WORDS], words[number * 13 % WORDS]);
    for (unsigned i = 0; i < PARAGRAPHS - 1 + version; i++) {
        size_t len = 0;
        for (size_t j = 0; j < WORDS_PER_PARAGRAPH; j++)
            len +=
                (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
                                 words[(size_t)rand_r(&seed) % WORDS], j % 20 == 19 ? ". " : " ");
        struct wd_slice paragraph = wd_arena_copy(story->arena, wd_slice_make(text, len));
        WD_ASSERT(wd_story_add_paragraph(story, paragraph) == WD_OK);
    }
    WD_ASSERT(wd_copy_scan(story));
}

static uint64_t take(struct wd_pipeline *pipeline, struct wd_state *state, struct wd_story *story,
                     uint64_t number)
{
    struct wd_error error;
    wd_error_init(&error);
    uint64_t begin = cpu_ns();
    WD_ASSERT(wd_pipeline_process(pipeline, story, NULL, &error) == WD_PASS);
    if (number % COMMIT_EVERY == 0)
        wd_state_commit(state);
    return cpu_ns() - begin;
}

/* What asking for the time twice costs by itself. */
static double clock_cost_ns(void)
{
    enum { TIMES = 10000 };
    uint64_t sum = 0;
    for (int i = 0; i < TIMES; i++) {
        uint64_t begin = cpu_ns();
        sum += cpu_ns() - begin;
    }
    return (double)sum / TIMES;
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    uint64_t held = quick ? 2000 : argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    struct wd_config *config = NULL;
    struct wd_faults faults;
    struct wd_error error;
    struct wd_pipeline *pipeline = NULL;
    wd_faults_init(&faults);
    wd_error_init(&error);
    make_words();
    WD_ASSERT(wd_config_load_text(config_text, ".", true, &config, &faults) == WD_OK);
    struct wd_state *state = wd_state_create();
    WD_ASSERT(state && wd_plan_add_tables(config->pipelines[0].plan, state, &error) == WD_OK);
    WD_ASSERT(wd_pipeline_create(config->pipelines[0].plan, state, &pipeline, &error) == WD_OK);
    struct wd_story *story = wd_story_create(1 << 24);
    uint64_t new_ns = 0;
    uint64_t version_ns = 0;
    uint64_t new_count = 0;
    uint64_t versions = 0;
    unsigned seed = 3;
    for (uint64_t i = 1; i <= held; i++) {
        fill(story, i, 1);
        uint64_t ns = take(pipeline, state, story, i);
        WD_ASSERT(story->update.kind == WD_UPDATE_NEW);
        if (i * 10 < held * 9) /* the last tenth is measured */
            continue;
        new_ns += ns;
        new_count++;
        if (i % 9 == 0) {
            fill(story, i - (uint64_t)rand_r(&seed) % (held / 20), 2);
            version_ns += take(pipeline, state, story, i);
            versions++;
        }
    }
    wd_state_commit(state);
    static const char *const tables[] = {"lineages", "members", "keys", "copies"};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "updates.%s", tables[i]);
        struct wd_table *table = wd_state_find_table(state, wd_slice_from(name));
        (void)fprintf(stderr, "%s: %" PRIu64 " records, %" PRIu64 " bytes\n", name,
                      wd_table_count(table), wd_table_bytes(table));
    }
    printf("{\"held\":%" PRIu64 ",\"ns_new\":%.0f,\"ns_version\":%.0f,\"state_bytes\":%" PRIu64
           ",\"bytes_a_story\":%.0f}\n",
           held, (double)new_ns / (double)new_count - clock_cost_ns(),
           versions ? (double)version_ns / (double)versions - clock_cost_ns() : 0,
           wd_state_bytes(state), (double)wd_state_bytes(state) / (double)held);
    wd_story_destroy(story);
    wd_pipeline_destroy(pipeline);
    wd_state_destroy(state);
    wd_config_release(config);
    wd_faults_finish(&faults);
    return 0;
}
