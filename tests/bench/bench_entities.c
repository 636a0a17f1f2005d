/* From raw text to linked entities on one core: load, memory, words a second; a watch list of a million
 * entries. JSON on standard output.
 *   bench_entities [--quick] [FILE.iob2]   the words of a corpus (two columns) instead of our own copy */
#include "pipeline.h"
#include "wd_assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 5, STORY_PARAGRAPHS = 20, TEXT_BYTES_MAX = 64 << 20, ARENA_BYTES_MAX = 64 << 20 };

/* Invented, as everything here. */
static const char our_copy[] =
    "OSLO, Norway (Northfield Wire) - Prime Minister Ingrid Solheim said on Tuesday that Norway "
    "and "
    "Denmark had agreed to share the cost of the Skagerrak Bridge, which the European Commission "
    "called "
    "a model for cross-border projects.\n"
    "Solheim, who leads the Labour Party, told reporters in Oslo that the two governments would "
    "sign the "
    "treaty in Copenhagen next month, after the Danish parliament had voted.\n"
    "Shares in Harbour Foods Inc. (NYSE: HBF) rose 3.2 percent in New York after the company "
    "raised its "
    "outlook; Zenith Widgets fell for the third day, and the Nikkei 225 ended little changed.\n"
    "\"We did not expect this,\" said Amara Okafor, an analyst at Vistula Bank in Warsaw. \"The "
    "rains in "
    "Ghana and Ivory Coast were late, and the price of cocoa followed.\"\n"
    "In Santa Rosa, California, firefighters contained a blaze that had burned 1,200 acres since "
    "Friday, "
    "the state's forestry department said; no one was hurt and the roads were open again.\n"
    "Brazil beat Croatia 2-1 in the final of the Harvest Cup in front of 40,000 people, with both "
    "goals "
    "in the last ten minutes, and coach Rui Tavares said his players had earned their holiday.\n"
    "The council voted on the budget late on Monday, cutting the money for the museum, the library "
    "and "
    "the ferry, but not for the clinic, which treats about 300 people a day in the winter.\n";

struct copy {
    struct wd_buffer text; /* paragraphs, each with a line feed */
    struct wd_story **stories;
    size_t story_count;
    size_t words;
};

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Resident megabytes. */
static double resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    WD_ASSERT(file && fscanf(file, "%*s %ld", &pages) == 1);
    (void)fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void quiet(void *context, int level, const char *text)
{
    (void)context;
    (void)level;
    (void)text;
}

/* A two-column file as running text, a sentence a paragraph. */
static void read_corpus(struct wd_buffer *out, const char *path)
{
    char line[65536];
    FILE *file = fopen(path, "r");
    WD_ASSERT(file);
    bool inside = false;
    while (fgets(line, sizeof(line), file) && out->len < TEXT_BYTES_MAX) {
        char *tab = strchr(line, '\t');
        if (tab && strncmp(line, "-DOCSTART-", 10) != 0) {
            *tab = '\0';
            if (inside && !strchr(",.;:!?)'", line[0]))
                wd_buffer_append_byte(out, ' ');
            wd_buffer_append(out, line, strlen(line));
            inside = true;
        } else if (!tab && inside) {
            wd_buffer_append_byte(out, '\n');
            inside = false;
        }
    }
    (void)fclose(file);
}

static void make_stories(struct copy *copy)
{
    struct wd_slice rest = wd_buffer_slice(&copy->text);
    struct wd_slice line;
    struct wd_story *story = NULL;
    while (wd_text_next_line(&rest, &line)) {
        if (!story || story->paragraph_count == STORY_PARAGRAPHS) {
            story = wd_story_create(ARENA_BYTES_MAX);
            copy->stories =
                realloc(copy->stories, (copy->story_count + 1) * sizeof(*copy->stories));
            WD_ASSERT(story && copy->stories);
            copy->stories[copy->story_count++] = story;
            story->headline = line;
            story->language = WD_SLICE("en");
        } else {
            WD_ASSERT(wd_story_add_paragraph(story, line) == WD_OK);
        }
        bool word = false;
        for (size_t i = 0; i <= line.len; i++) {
            bool blank = i == line.len || line.data[i] == ' ';
            copy->words += word && blank;
            word = !blank;
        }
    }
}

/* A pipeline of one processor with these options, its load time and memory. */
struct load {
    struct wd_plan *plan;
    struct wd_state *state;
    struct wd_pipeline *pipeline;
    double check_and_load_ms;
    double load_ms;
    double resident_before_mb;
    double resident_mb;
};

static struct load load_with(const char *options)
{
    struct load load = {0};
    struct wd_faults faults;
    struct wd_error error;
    wd_faults_init(&faults);
    wd_error_init(&error);
    static const char *const outputs[] = {"stories", NULL};
    const struct wd_environment environment = {
        .directory = ".", .outputs = outputs, .log = quiet, .given = WD_PART_DEDUP};
    json_t *list = json_loads(options, 0, NULL);
    double memory = resident();
    double begin = seconds();
    struct wd_plan *checked = wd_plan_create(list, "p", &environment, false, &faults);
    double middle = seconds();
    load.plan = wd_plan_create(list, "p", &environment, true, &faults);
    if (!load.plan)
        (void)fprintf(stderr, "%s\n", faults.items[0].text);
    WD_ASSERT(checked && load.plan);
    load.check_and_load_ms = (seconds() - middle) * 1e3;
    load.load_ms = load.check_and_load_ms - (middle - begin) * 1e3;
    wd_plan_release(checked);
    load.state = wd_state_create();
    WD_ASSERT(load.state && wd_plan_add_tables(load.plan, load.state, &error) == WD_OK);
    WD_ASSERT(wd_pipeline_create(load.plan, load.state, &load.pipeline, &error) == WD_OK);
    load.resident_before_mb = memory;
    load.resident_mb = resident() - memory;
    json_decref(list);
    wd_faults_finish(&faults);
    return load;
}

static void unload(struct load *load)
{
    wd_pipeline_destroy(load->pipeline);
    wd_state_destroy(load->state);
    wd_plan_release(load->plan);
}

static size_t process_all(const struct load *load, const struct copy *copy)
{
    size_t mentions = 0;
    struct wd_error error;
    for (size_t i = 0; i < copy->story_count; i++) {
        struct wd_story *story = copy->stories[i];
        size_t processor = 0;
        story->entities = NULL; /* the arena goes on growing: nothing is counted twice */
        story->entity_count = story->entity_capacity = 0;
        story->named = NULL;
        story->named_count = story->named_capacity = 0;
        WD_ASSERT(wd_pipeline_process(load->pipeline, story, &processor, &error) == WD_PASS);
        mentions += story->entity_count;
    }
    return mentions;
}

static void measure(const char *name, const char *options, const struct copy *copy, int rounds)
{
    struct load load = load_with(options);
    double best = 1e9;
    size_t mentions = 0;
    for (int i = 0; i < rounds; i++) {
        double begin = seconds();
        mentions = process_all(&load, copy);
        double took = seconds() - begin;
        best = took < best ? took : best;
    }
    (void)printf("\"%s\": {\"words_per_second\": %.0f, \"mentions\": %zu, \"load_ms\": %.1f, "
                 "\"check_and_load_ms\": %.1f, \"resident_mb\": %.1f, "
                 "\"resident_after_mb\": %.1f, \"state_bytes_per_story\": %.0f}",
                 name, (double)copy->words / best, mentions, load.load_ms, load.check_and_load_ms,
                 load.resident_mb, resident() - load.resident_before_mb,
                 (double)wd_state_bytes(load.state) / (double)copy->story_count);
    unload(&load);
}

/* What dedup would have said, of copies of themselves or of stories without another copy. */
static void say_relation(const struct copy *copy, enum wd_relation relation)
{
    for (size_t i = 0; i < copy->story_count; i++) {
        struct wd_story *story = copy->stories[i];
        story->dedup.relation = relation;
        story->dedup.group = wd_arena_printf(story->arena, "%032zx", i);
    }
}

static void say_language(const struct copy *copy, struct wd_slice language)
{
    for (size_t i = 0; i < copy->story_count; i++)
        copy->stories[i]->language = language;
}

/* A million names of two words with an alias of one; as a desk's customer list might look. */
static void write_list(const char *path, size_t entries)
{
    static const char *const first[] = {"North",  "Harbour", "Vistula", "Golden", "Amber",
                                        "Nordic", "Summit",  "Prairie", "Cedar",  "Falcon"};
    static const char *const last[] = {"Foods",  "Bank",   "Widgets", "Mining", "Textiles",
                                       "Motors", "Energy", "Lines",   "Press",  "Optics"};
    FILE *file = fopen(path, "w");
    WD_ASSERT(file);
    (void)fprintf(file, "name,id,type,names\n");
    for (size_t i = 0; i < entries; i++)
        (void)fprintf(file, "%s%zu %s,client:%zu,organisation,%s%zu\n", first[i % 10], i / 100,
                      last[i / 10 % 10], i, first[i % 10], i);
    (void)fclose(file);
}

int main(int argc, char **argv)
{
    struct copy copy = {0};
    wd_buffer_init(&copy.text);
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    const char *corpus = argc > 1 + quick ? argv[1 + quick] : NULL;
    if (corpus)
        read_corpus(&copy.text, corpus);
    for (int i = 0; !corpus && i < (quick ? 20 : 600); i++)
        wd_buffer_append(&copy.text, our_copy, sizeof(our_copy) - 1);
    make_stories(&copy);
    int rounds = quick ? 1 : ROUNDS;
    char path[] = "/tmp/wiredesk-bench-list-XXXXXX.csv";
    int list = mkstemps(path, 4);
    WD_ASSERT(list >= 0);
    (void)close(list);
    write_list(path, quick ? 1000 : 1000000);
    char with_list[512];
    (void)snprintf(with_list, sizeof(with_list),
                   "[{\"use\": \"entities\", \"lists\": [{\"name\": \"big\", \"file\": \"%s\"}]}]",
                   path);
    (void)printf("{\"words\": %zu, \"stories\": %zu, ", copy.words, copy.story_count);
    measure("all", "[{\"use\": \"entities\"}]", &copy, rounds);
    (void)printf(", ");
    measure("without_model", "[{\"use\": \"entities\", \"model\": false}]", &copy, rounds);
    (void)printf(", ");
    say_language(&copy, WD_SLICE_NONE);
    measure("language_detected", "[{\"use\": \"entities\"}]", &copy, rounds);
    say_language(&copy, WD_SLICE("en"));
    (void)printf(", ");
    say_relation(&copy, WD_RELATION_NONE);
    measure("reuse_remembering", "[{\"use\": \"entities\", \"reuse\": true}]", &copy, rounds);
    (void)printf(", ");
    say_relation(&copy, WD_RELATION_EXACT);
    measure("reuse_taking_over", "[{\"use\": \"entities\", \"reuse\": true}]", &copy, rounds);
    (void)printf(", ");
    measure("watch_list", with_list, &copy, rounds);
    (void)printf("}\n");
    (void)unlink(path);
    for (size_t i = 0; i < copy.story_count; i++)
        wd_story_destroy(copy.stories[i]);
    free(copy.stories);
    wd_buffer_finish(&copy.text);
    return 0;
}
