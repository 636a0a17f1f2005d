/* Decoding, encoding, the whole desk, and the state, without Kafka: JSON on standard output.
 *   bench_codec [--quick]
 * Each comparison alternates its sides within one process and takes each side's best round. */
#include "config.h"
#include "desk.h"
#include "snapshot.h"
#include "wd_assert.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ROUNDS = 7,
    STORIES = 512,
    STORY_BYTES_MAX = 32 * 1024,
    HELD = 200000,
    ARENA_BYTES_MAX = 64 << 20
};

static const char config_text[] =
    "{\"name\": \"bench\", \"kafka\": {\"bootstrap.servers\": \"127.0.0.1:1\"},"
    " \"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"raw\"]}, \"processors\": "
    "[%s],"
    " \"outputs\": [{\"name\": \"stories\", \"topic\": \"stories\"}], \"dead_letter\": \"dead\"}]}";
static const char all_processors[] =
    "{\"use\": \"dedup\"}, {\"use\": \"updates\"}, {\"use\": \"entities\"}";

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Always the same, and no two stories alike. */
static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static void append_sentence(struct wd_buffer *out, uint64_t *seed)
{
    static const char *const words[] = {
        "council",   "bridge",  "voted",    "harvest", "inspector", "tunnel", "orchard",
        "ferry",     "budget",  "pupils",   "storm",   "museum",    "clinic", "railway",
        "the",       "of",      "and",      "in",      "a",         "that",   "for",
        "officials", "said",    "million",  "Vienna",  "Norway",    "Chile",  "caf\xC3\xA9",
        "on",        "Tuesday", "engineer", "report"};
    unsigned count = 12 + next_random(seed) % 12;
    for (unsigned i = 0; i < count; i++)
        wd_buffer_printf(out, "%s%s", i ? " " : "The ", words[next_random(seed) % 32]);
    wd_buffer_printf(out, ", \\u201cshe\\u201d said. ");
}

/* A ninjs 1 story of about `bytes` bytes; its number stands at a fixed place in the URI. */
static void make_story(struct wd_buffer *out, size_t bytes, uint64_t number)
{
    uint64_t seed = number * 7919 + 17;
    wd_buffer_printf(out,
                     "{\"uri\":\"urn:example:bench:%012llu\",\"type\":\"text\",\"version\":\"1\","
                     "\"firstcreated\":\"2021-05-04T08:00:00Z\",\"versioncreated\":"
                     "\"2021-05-04T08:00:00Z\",\"pubstatus\":\"usable\",\"urgency\":4,"
                     "\"language\":\"en\",\"byline\":\"Odile Farrow\",\"headline\":\"",
                     (unsigned long long)number);
    append_sentence(out, &seed);
    wd_buffer_printf(out,
                     "\",\"subject\":[{\"name\":\"agriculture\",\"code\":\"medtop:20000210\"}],"
                     "\"place\":[{\"name\":\"Vienna\"}],\"body_text\":\"");
    while (out->len + 40 < bytes) {
        append_sentence(out, &seed);
        if (next_random(&seed) % 3 == 0)
            wd_buffer_printf(out, "\\n\\n");
    }
    wd_buffer_printf(out, "\",\"copyrightholder\":\"Northfield Wire\"}");
}

struct corpus {
    struct wd_slice stories[STORIES];
    struct wd_buffer bytes;
    double bytes_mean;
};

static void make_corpus(struct corpus *corpus, size_t bytes)
{
    size_t ends[STORIES];
    wd_buffer_init(&corpus->bytes);
    for (size_t i = 0; i < STORIES; i++) {
        struct wd_buffer one;
        wd_buffer_init(&one);
        make_story(&one, bytes, i);
        wd_buffer_append_slice(&corpus->bytes, wd_buffer_slice(&one));
        wd_buffer_finish(&one);
        ends[i] = corpus->bytes.len;
    }
    for (size_t i = 0; i < STORIES; i++) {
        size_t begin = i ? ends[i - 1] : 0;
        corpus->stories[i] = wd_slice_make(corpus->bytes.data + begin, ends[i] - begin);
    }
    corpus->bytes_mean = (double)corpus->bytes.len / STORIES;
}

static struct wd_config *load(const char *processors)
{
    char text[1024];
    struct wd_config *config = NULL;
    struct wd_faults faults;
    wd_faults_init(&faults);
    (void)snprintf(text, sizeof(text), config_text, processors);
    if (wd_config_load_text(text, ".", true, &config, &faults) != WD_OK) {
        (void)fprintf(stderr, "bench_codec: %s %s\n", faults.items[0].path, faults.items[0].text);
        exit(1);
    }
    wd_faults_finish(&faults);
    return config;
}

static void round_jansson(const struct corpus *corpus)
{
    for (size_t i = 0; i < STORIES; i++) {
        json_t *root = json_loadb(corpus->stories[i].data, corpus->stories[i].len, 0, NULL);
        char *text = json_dumps(root, JSON_COMPACT);
        WD_ASSERT(text);
        free(text);
        json_decref(root);
    }
}

static void round_wiredesk(const struct corpus *corpus, const struct wd_config *config,
                           struct wd_story_batch *batch, struct wd_buffer *out)
{
    struct wd_error error;
    wd_error_init(&error);
    for (size_t i = 0; i < STORIES; i++) {
        struct wd_decode_input input = {.raw = corpus->stories[i],
                                        .provider = &config->default_provider};
        input.provenance.topic = WD_SLICE("raw");
        input.provenance.digest = wd_digest_of(input.raw.data, input.raw.len);
        input.received = WD_TIME_NONE;
        wd_story_batch_clear(batch);
        wd_buffer_clear(out);
        WD_ASSERT(wd_decode_message(NULL, &input, batch, &error) == WD_OK);
        WD_ASSERT(wd_encode_record(WD_RECORD_ENRICHED, batch->stories[0], 0, out) == WD_OK);
    }
}

static double best(double one, double other)
{
    return one < other ? one : other;
}

static void bench_codec(size_t bytes, int rounds, const char *separator)
{
    struct corpus corpus;
    make_corpus(&corpus, bytes);
    struct wd_config *config = load("");
    struct wd_story_batch batch;
    struct wd_buffer out;
    wd_story_batch_init(&batch, ARENA_BYTES_MAX);
    wd_buffer_init(&out);
    double jansson = 1e9;
    double ours = 1e9;
    for (int i = 0; i < rounds; i++) {
        double begin = seconds();
        round_jansson(&corpus);
        double middle = seconds();
        round_wiredesk(&corpus, config, &batch, &out);
        jansson = best(jansson, middle - begin);
        ours = best(ours, seconds() - middle);
    }
    (void)printf(
        "  {\"bench\": \"codec\", \"story_bytes\": %.0f, \"jansson_us\": %.2f, \"wiredesk_us\": "
        "%.2f, \"ratio\": %.2f}%s\n",
        corpus.bytes_mean, jansson / STORIES * 1e6, ours / STORIES * 1e6, jansson / ours,
        separator);
    wd_story_batch_finish(&batch);
    wd_buffer_finish(&out);
    wd_buffer_finish(&corpus.bytes);
    wd_config_release(config);
}

struct shard {
    struct wd_config *config;
    struct wd_state *state;
    struct wd_desk *desk;
};

static struct shard open_shard(const char *processors)
{
    struct wd_error error;
    wd_error_init(&error);
    struct shard shard = {.config = load(processors), .state = wd_state_create()};
    WD_ASSERT(shard.state);
    WD_ASSERT(wd_plan_add_tables(shard.config->pipelines[0].plan, shard.state, &error) == WD_OK);
    WD_ASSERT(wd_desk_create(shard.config, 0, shard.state, &shard.desk, &error) == WD_OK);
    return shard;
}

static void close_shard(struct shard *shard)
{
    wd_desk_destroy(shard->desk);
    wd_state_destroy(shard->state);
    wd_config_release(shard->config);
}

static enum wd_status swallow(void *context, const struct wd_emission *emission)
{
    *(uint64_t *)context += emission->payload.len;
    return WD_OK;
}

/* One message through the whole desk. */
static void take(struct shard *shard, struct wd_slice value, int64_t offset, uint64_t *bytes_out)
{
    struct wd_error error;
    wd_error_init(&error);
    struct wd_desk_message message = {.topic = WD_SLICE("raw"),
                                      .offset = offset,
                                      .value = value,
                                      .timestamp_ms = 1620115200000 + offset};
    WD_ASSERT(wd_desk_take(shard->desk, &message, swallow, bytes_out, &error) == WD_OK);
}

static void bench_desk(size_t bytes, int rounds)
{
    struct corpus corpus;
    make_corpus(&corpus, bytes);
    struct shard shard = open_shard(all_processors);
    uint64_t bytes_out = 0;
    double fastest = 1e9;
    for (int round = 0; round < rounds; round++) {
        double begin = seconds();
        for (size_t i = 0; i < STORIES; i++)
            take(&shard, corpus.stories[i], round * STORIES + (int64_t)i, &bytes_out);
        wd_state_commit(shard.state);
        fastest = best(fastest, seconds() - begin);
        /* What came is forgotten, so that each round does the same: new stories, none repeated. */
        close_shard(&shard);
        shard = open_shard(all_processors);
    }
    (void)printf("  {\"bench\": \"replay\", \"story_bytes\": %.0f, \"stories_per_s\": %.0f},\n",
                 corpus.bytes_mean, STORIES / fastest);
    close_shard(&shard);
    wd_buffer_finish(&corpus.bytes);
}

struct records {
    struct wd_buffer bytes; /* u32 key length, u32 value length, key, value */
    size_t count;
};

static enum wd_status keep(void *context, struct wd_slice key, struct wd_slice value)
{
    struct records *records = context;
    uint32_t lens[2] = {(uint32_t)key.len, (uint32_t)value.len};
    wd_buffer_append(&records->bytes, lens, sizeof(lens));
    wd_buffer_append_slice(&records->bytes, key);
    wd_buffer_append_slice(&records->bytes, value);
    records->count++;
    return WD_OK;
}

static double restore(const struct records *records)
{
    struct wd_error error;
    wd_error_init(&error);
    struct shard shard = open_shard(all_processors);
    double begin = seconds();
    const char *at = records->bytes.data;
    for (size_t i = 0; i < records->count; i++) {
        uint32_t lens[2];
        memcpy(lens, at, sizeof(lens));
        at += sizeof(lens);
        WD_ASSERT(wd_state_apply(shard.state, wd_slice_make(at, lens[0]),
                                 wd_slice_make(at + lens[0], lens[1]), &error) == WD_OK);
        at += lens[0] + lens[1];
    }
    double took = seconds() - begin;
    close_shard(&shard);
    return took;
}

static void bench_state(int64_t held)
{
    struct shard shard = open_shard(all_processors);
    struct records records = {.count = 0};
    wd_buffer_init(&records.bytes);
    uint64_t bytes_out = 0;
    for (int64_t i = 0; i < held; i++) {
        struct wd_buffer story;
        wd_buffer_init(&story);
        make_story(&story, 1000, (uint64_t)i);
        take(&shard, wd_buffer_slice(&story), i, &bytes_out);
        wd_buffer_finish(&story);
        if (i % 1000 == 999)
            wd_state_commit(shard.state);
    }
    wd_state_commit(shard.state);
    WD_ASSERT(wd_state_each(shard.state, keep, &records) == WD_OK);
    double took = best(restore(&records), restore(&records));
    (void)printf(
        "  {\"bench\": \"state\", \"stories\": %lld, \"records\": %zu, \"bytes_per_story\": %.0f, "
        "\"restore_records_per_s\": %.0f}\n",
        (long long)held, records.count, (double)wd_state_bytes(shard.state) / (double)held,
        (double)records.count / took);
    wd_buffer_finish(&records.bytes);
    close_shard(&shard);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    int rounds = quick ? 1 : ROUNDS;
    (void)printf("[\n");
    bench_codec(1000, rounds, ",");
    bench_codec(3000, rounds, ",");
    bench_codec(10000, rounds, ",");
    bench_desk(1000, rounds);
    bench_desk(3000, rounds);
    bench_desk(10000, rounds);
    bench_state(quick ? 1000 : HELD);
    (void)printf("]\n");
    return 0;
}
