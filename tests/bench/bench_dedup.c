/* What dedup and updates cost a story, with many held: JSON on standard output.
 *
 *   bench_dedup [--quick] [stories held] [--both] [--full] [--dump FILE]
 *
 * Stories of 3 KB from a seeded generator: half of them new, the rest reprints under a paper's furniture, trims, new leads
 * and plain repeats of what came in the last few thousand. The state is filled first; what is measured comes after, in
 * batches: every second one with its commit for the rate, the others story by story for the percentiles, all in processor
 * time. Stories are made outside the clock. --both measures the two together only. --full: the window holds no more than these,
 * so the oldest leaves for each that comes, as in a daemon that has run for weeks. --dump writes the measured stories and
 * what each is a copy of, for peer_minhash.py. */
#include "config.h"
#include "wd_assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    WORDS = 30000,
    PARAGRAPHS = 9,
    WORDS_PER_PARAGRAPH = 48, /* together about 3 KB */
    FURNITURE = 60,           /* papers, each with lines of its own */
    BATCH = 1000,             /* stories of a transaction */
    IN_HAND =
        20, /* made at once, outside the clock: a lane decodes a story and passes it on at once */
    RECENT = 4000, /* copies are of what came so much before at most */
    MEASURED = 60000,
    TEXT_MAX = 8192,
};

static const char config_text[] =
    "{\"name\": \"bench\", \"kafka\": {\"bootstrap.servers\": \"127.0.0.1:9\"},"
    " \"pipelines\": [{\"name\": \"news\","
    " \"input\": {\"topics\": [\"raw\"]}, \"processors\": [%s],"
    " \"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}], \"dead_letter\": \"dead\"}]}";

static char words[WORDS][16];
static uint8_t word_lens[WORDS];

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    WD_ASSERT(clock_gettime(clock, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static void make_words(void)
{
    uint64_t seed = 7;
    for (size_t i = 0; i < WORDS; i++) {
        size_t len = i < 200 ? 2 + next_random(&seed) % 3 : 3 + next_random(&seed) % 8;
        for (size_t j = 0; j < len; j++)
            words[i][j] =
                (char)((j == 0 && i % 11 == 10 ? 'A' : 'a') + (int)(next_random(&seed) % 26));
        words[i][len] = '\0';
        word_lens[i] = (uint8_t)len;
    }
}

/* Frequent words often, rare ones rarely: the square of an even chance, roughly as in print. */
static size_t choose_word(uint64_t *seed)
{
    double even = (double)next_random(seed) / 2147483648.0;
    return (size_t)(even * even * even * (WORDS - 1));
}

/* One paragraph of the story `number`; the same number and place give the same text. */
static size_t write_paragraph(char *out, uint64_t number, unsigned place)
{
    uint64_t seed = number * UINT64_C(0x9E3779B97F4A7C15) + place * UINT64_C(0xD1B54A32D192ED03);
    char *at = out;
    (void)next_random(&seed);
    for (unsigned i = 0; i < WORDS_PER_PARAGRAPH; i++) {
        size_t word = choose_word(&seed);
        memcpy(at, words[word], sizeof(words[word]));
        if (i % 18 == 0 && *at >= 'a')
            *at = (char)(*at - 'a' + 'A');
        at += word_lens[word];
        if (i % 18 == 7)
            at += sprintf(at, " %u", next_random(&seed) % 1000);
        memcpy(at, i % 18 == 17 ? ". " : "  ", 2);
        at += i % 18 == 17 ? 2 : 1;
    }
    return (size_t)(at - out);
}

enum kind { NEW, REPEAT, REPRINT, TRIM, LEAD, KINDS };
static const char *const kind_names[KINDS] = {"new", "repeat", "reprint", "trim", "lead"};

struct plan {
    enum kind kind;
    uint64_t number; /* of the story whose copy it has */
};

static struct plan plan_of(uint64_t index)
{
    uint64_t seed = index * UINT64_C(0xA0761D6478BD642F) + 11;
    (void)next_random(&seed);
    uint32_t roll = next_random(&seed) % 100;
    struct plan plan = {NEW, index};
    if (roll < 50 || index <= RECENT)
        return plan;
    plan.kind = roll < 60 ? REPEAT : roll < 75 ? REPRINT : roll < 85 ? TRIM : LEAD;
    plan.number = index - 1 - next_random(&seed) % RECENT;
    return plan;
}

/* Follows copies of copies to the first. */
static uint64_t origin_of(uint64_t index)
{
    struct plan plan = plan_of(index);
    while (plan.kind != NEW)
        plan = plan_of(plan.number);
    return plan.number;
}

static void add(struct wd_story *story, const char *text, size_t len)
{
    struct wd_slice paragraph = wd_arena_copy(story->arena, wd_slice_make(text, len));
    WD_ASSERT(paragraph.data && wd_story_add_paragraph(story, paragraph) == WD_OK);
}

static void fill_body(struct wd_story *story, enum kind kind, uint64_t number, uint64_t index)
{
    char text[TEXT_MAX];
    unsigned begin = kind == LEAD ? 2 : 0; /* a new lead in front of what is kept */
    unsigned end = kind == TRIM ? PARAGRAPHS / 2 : PARAGRAPHS;
    for (unsigned i = 0; i < begin; i++)
        add(story, text, write_paragraph(text, index, 100 + i));
    for (unsigned i = begin; i < end; i++)
        add(story, text, write_paragraph(text, number, i));
    if (kind == REPRINT || index % 3 == 0)
        add(story, text, write_paragraph(text, index % FURNITURE, 1000));
}

static void fill(struct wd_story *story, uint64_t index)
{
    struct plan plan = plan_of(index);
    uint64_t number = origin_of(index);
    uint64_t first = plan.kind == LEAD ? index : number;
    wd_story_reset(story);
    story->provider = wd_arena_printf(story->arena, "paper-%" PRIu64, index % FURNITURE);
    story->guid = wd_arena_printf(story->arena, "urn:example:wire:2024:%" PRIu64, index);
    story->version = WD_SLICE("1");
    story->published = wd_time_from_ms(INT64_C(1700000000000) + (int64_t)index * 10);
    story->received = story->published;
    story->headline = wd_arena_printf(story->arena, "%s %s %s %s", words[first * 7 % WORDS],
                                      words[first * 13 % WORDS], words[first * 17 % WORDS],
                                      words[first * 19 % WORDS]);
    fill_body(story, plan.kind, number, index);
}

struct bench {
    struct wd_config *config;
    struct wd_state *state;
    struct wd_pipeline *pipeline;
    struct wd_story *stories[IN_HAND];
    uint64_t next; /* index of the next story */
    uint64_t cpu_ns, bytes, rated;
    uint32_t *latencies_ns;
    size_t latency_count;
    uint64_t seen[KINDS], right[KINDS]; /* copies that joined, new ones that did not */
    FILE *dump;
};

static enum wd_status forget(void *context, struct wd_slice key, struct wd_slice value)
{
    uint64_t *bytes = context;
    *bytes += key.len + value.len;
    return WD_OK;
}

static void dump_story(struct bench *bench, const struct wd_story *story, uint64_t index)
{
    struct plan plan = plan_of(index);
    (void)fprintf(bench->dump, "%" PRIu64 "\t%" PRIu64 "\t%s\t%d\t", index, origin_of(index),
                  kind_names[plan.kind], story->dedup.joins);
    for (size_t i = 0; i < story->paragraph_count; i++)
        (void)fprintf(bench->dump, "%.*s ", WD_SLICE_ARG(story->paragraphs[i]));
    (void)fputc('\n', bench->dump);
}

static void note(struct bench *bench, const struct wd_story *story, uint64_t index)
{
    enum kind kind = plan_of(index).kind;
    bench->seen[kind]++;
    bench->right[kind] += story->dedup.joins == (kind != NEW);
    if (bench->dump)
        dump_story(bench, story, index);
}

enum look { LOOK_AWAY, LOOK_AT_RATE, LOOK_AT_STORIES };

static void process(struct bench *bench, size_t i, enum look look)
{
    struct wd_error error;
    wd_error_init(&error);
    uint64_t before = look == LOOK_AT_STORIES ? clock_ns(CLOCK_THREAD_CPUTIME_ID) : 0;
    WD_ASSERT(wd_pipeline_process(bench->pipeline, bench->stories[i], NULL, &error) == WD_PASS);
    if (look == LOOK_AT_STORIES)
        bench->latencies_ns[bench->latency_count++] =
            (uint32_t)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - before);
}

/* Takes a handful of stories; returns the processor time it took. */
static uint64_t take_handful(struct bench *bench, enum look look)
{
    for (size_t i = 0; i < IN_HAND; i++)
        fill(bench->stories[i], bench->next + i);
    uint64_t begun = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < IN_HAND; i++)
        process(bench, i, look);
    uint64_t spent = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begun;
    for (size_t i = 0; i < IN_HAND && look != LOOK_AWAY; i++)
        note(bench, bench->stories[i], bench->next + i);
    for (size_t i = 0; i < IN_HAND && look == LOOK_AT_RATE; i++) {
        for (size_t j = 0; j < bench->stories[i]->paragraph_count; j++)
            bench->bytes += bench->stories[i]->paragraphs[j].len;
    }
    bench->next += IN_HAND;
    return spent;
}

static void take_batch(struct bench *bench, enum look look)
{
    uint64_t changelog = 0;
    uint64_t spent = 0;
    for (size_t i = 0; i < BATCH; i += IN_HAND)
        spent += take_handful(bench, look);
    uint64_t begun = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    WD_ASSERT(wd_state_seal(bench->state, forget, &changelog) == WD_OK);
    wd_state_commit(bench->state);
    spent += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begun;
    if (look == LOOK_AT_RATE) {
        bench->cpu_ns += spent;
        bench->rated += BATCH;
    }
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t *x = a;
    const uint32_t *y = b;
    return (*x > *y) - (*x < *y);
}

static uint64_t resident_bytes(void)
{
    unsigned long size = 0;
    unsigned long resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    WD_ASSERT(file && fscanf(file, "%lu %lu", &size, &resident) == 2);
    (void)fclose(file);
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void open_bench(struct bench *bench, const char *processors)
{
    char text[1024];
    struct wd_faults faults;
    struct wd_error error;
    wd_faults_init(&faults);
    wd_error_init(&error);
    (void)snprintf(text, sizeof(text), config_text, processors);
    WD_ASSERT(wd_config_load_text(text, ".", true, &bench->config, &faults) == WD_OK);
    struct wd_plan *plan = bench->config->pipelines[0].plan;
    bench->state = wd_state_create();
    WD_ASSERT(bench->state && wd_plan_add_tables(plan, bench->state, &error) == WD_OK);
    WD_ASSERT(wd_pipeline_create(plan, bench->state, &bench->pipeline, &error) == WD_OK);
    for (size_t i = 0; i < IN_HAND; i++) {
        bench->stories[i] = wd_story_create(1 << 24);
        WD_ASSERT(bench->stories[i]);
    }
    bench->next = 1;
}

static void close_bench(struct bench *bench)
{
    for (size_t i = 0; i < IN_HAND; i++)
        wd_story_destroy(bench->stories[i]);
    wd_pipeline_destroy(bench->pipeline);
    wd_state_destroy(bench->state);
    wd_config_release(bench->config);
    free(bench->latencies_ns);
}

static void measure(const char *name, const char *processors, uint64_t held, struct bench *bench)
{
    uint64_t measured = held < MEASURED ? held / BATCH * BATCH : MEASURED;
    open_bench(bench, processors);
    bench->latencies_ns = malloc((size_t)measured * sizeof(uint32_t));
    WD_ASSERT(bench->latencies_ns);
    take_batch(bench, LOOK_AWAY); /* the stories' own memory is there before we look */
    uint64_t empty = resident_bytes();
    while (bench->next < held)
        take_batch(bench, LOOK_AWAY);
    uint64_t full = resident_bytes();
    struct wd_table *stories = wd_state_find_table(bench->state, WD_SLICE("dedup.stories"));
    uint64_t table_bytes = wd_state_bytes(bench->state);
    uint64_t count = wd_table_count(stories);
    for (uint64_t i = 0; i < measured; i += BATCH)
        take_batch(bench, i / BATCH % 2 == 0 ? LOOK_AT_RATE : LOOK_AT_STORIES);
    qsort(bench->latencies_ns, bench->latency_count, sizeof(uint32_t), compare_numbers);
    double rate = (double)bench->rated * 1e9 / (double)bench->cpu_ns;
    (void)printf(
        "\"%s\": {\"held\": %" PRIu64
        ", \"stories_per_cpu_second\": %.0f, \"mb_per_second\": %.0f, "
        "\"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f, "
        "\"resident_bytes_per_story\": %.0f, \"state_bytes_per_story\": %.0f, \"right\": {",
        name, count, rate, (double)bench->bytes * 1e3 / (double)bench->cpu_ns,
        bench->latencies_ns[bench->latency_count / 2] / 1e3,
        bench->latencies_ns[bench->latency_count * 99 / 100] / 1e3,
        bench->latencies_ns[bench->latency_count - 1] / 1e3, (double)(full - empty) / (double)count,
        (double)table_bytes / (double)count);
    for (int i = 0; i < KINDS; i++)
        (void)printf("%s\"%s\": %.4f", i ? ", " : "", kind_names[i],
                     bench->seen[i] ? (double)bench->right[i] / (double)bench->seen[i] : 1.0);
    (void)printf("}}");
    (void)fflush(stdout);
    close_bench(bench);
}

/* In a process of its own, so that no memory is left from another one. */
static void measure_apart(const char *name, const char *processors, uint64_t held, const char *dump)
{
    int status = 0;
    (void)fflush(stdout);
    pid_t child = fork();
    WD_ASSERT(child >= 0);
    if (child == 0) {
        struct bench bench = {.dump = dump ? fopen(dump, "we") : NULL};
        measure(name, processors, held, &bench);
        if (bench.dump)
            (void)fclose(bench.dump);
        (void)fflush(stdout);
        _exit(0);
    }
    WD_ASSERT(waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv)
{
    uint64_t held = 1000000;
    const char *dump = NULL;
    bool with_alone = true;
    bool full = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            held = 3000;
        else if (strcmp(argv[i], "--both") == 0)
            with_alone = false;
        else if (strcmp(argv[i], "--full") == 0)
            full = true;
        else if (strcmp(argv[i], "--dump") == 0 && i + 1 < argc)
            dump = argv[++i];
        else
            held = strtoull(argv[i], NULL, 10);
    }
    char both[512];
    char alone[256];
    char limits[128];
    (void)snprintf(limits, sizeof(limits),
                   "\"entries_max\": %" PRIu64 ", \"bytes_max\": 1000000000000",
                   full ? held : held + held / 10 + MEASURED);
    (void)snprintf(alone, sizeof(alone), "{\"use\": \"dedup\", %s}", limits);
    (void)snprintf(both, sizeof(both), "%s, {\"use\": \"updates\", %s}", alone, limits);
    make_words();
    (void)printf("{");
    if (with_alone) {
        measure_apart("dedup", alone, held, dump);
        (void)printf(",\n ");
    }
    measure_apart("dedup_and_updates", both, held, NULL);
    (void)printf("}\n");
    return 0;
}
