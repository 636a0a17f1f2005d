/* copy_desk.h - dedup at work in a test: a state, a pipeline, invented copy. */
#ifndef WD_COPY_DESK_H
#define WD_COPY_DESK_H

#include "test.h"

#include "pipeline.h"
#include "text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct desk {
    struct wd_plan *plan;
    struct wd_state *state;
    struct wd_pipeline *pipeline;
};

static void desk_log(void *context, int level, const char *text)
{
    (void)context;
    (void)level;
    (void)text;
}

/* A pipeline with dedup alone and these options (members of a JSON object, or ""). */
static inline struct wd_plan *desk_plan(const char *options)
{
    char text[512];
    static const char *const outputs[] = {"out", NULL};
    (void)snprintf(text, sizeof(text), "[{\"use\": \"dedup\"%s%s}]", options[0] ? ", " : "",
                   options);
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    struct wd_faults faults;
    wd_faults_init(&faults);
    const struct wd_environment environment = {
        .instance = "", .directory = ".", .outputs = outputs, .log = desk_log};
    struct wd_plan *plan = wd_plan_create(json, "test", &environment, true, &faults);
    if (!plan)
        fail_msg("%s", faults.count ? faults.items[0].text : "no plan");
    wd_faults_finish(&faults);
    json_decref(json);
    return plan;
}

static inline void desk_open(struct desk *desk)
{
    struct wd_error error;
    wd_error_init(&error);
    desk->state = wd_state_create();
    assert_int_equal(wd_plan_add_tables(desk->plan, desk->state, &error), WD_OK);
    assert_int_equal(wd_pipeline_create(desk->plan, desk->state, &desk->pipeline, &error), WD_OK);
}

static inline void desk_close(struct desk *desk)
{
    wd_pipeline_destroy(desk->pipeline);
    wd_state_destroy(desk->state);
}

static inline void desk_take(struct desk *desk, struct wd_story *story)
{
    struct wd_error error;
    wd_error_init(&error);
    enum wd_outcome outcome = wd_pipeline_process(desk->pipeline, story, NULL, &error);
    if (outcome != WD_PASS)
        fail_msg("%s", error.text);
}

struct desk_copy {
    const char *headline, *body;
    int64_t published_ms; /* 0: it has no time */
};

/* Each line is a paragraph. */
static inline enum wd_status desk_add_lines(struct wd_story *story, const char *body)
{
    struct wd_slice rest = wd_slice_from(body);
    struct wd_slice line;
    enum wd_status status = WD_OK;
    while (status == WD_OK && wd_text_next_line(&rest, &line))
        status = wd_story_add_paragraph(story, line);
    return status;
}

/* Whether the second joins the first, at a desk that has seen no other. */
static inline bool desk_joins_between(const char *first_provider, const struct desk_copy *first,
                                      const char *second_provider, const struct desk_copy *second)
{
    const char *const providers[] = {first_provider, second_provider};
    const struct desk_copy *const copies[] = {first, second};
    struct desk desk = {.plan = desk_plan("")};
    struct wd_story *story = wd_story_create(1 << 20);
    bool joins = false;
    assert_non_null(story);
    desk_open(&desk);
    for (int i = 0; i < 2; i++) {
        wd_story_reset(story);
        story->provider = wd_slice_from(providers[i]);
        story->guid = wd_arena_printf(story->arena, "urn:%d", i);
        story->headline = wd_slice_from(copies[i]->headline);
        if (copies[i]->published_ms != 0)
            story->published = story->received = wd_time_from_ms(copies[i]->published_ms);
        assert_int_equal(desk_add_lines(story, copies[i]->body), WD_OK);
        desk_take(&desk, story);
        joins = story->dedup.joins;
    }
    wd_story_destroy(story);
    desk_close(&desk);
    wd_plan_release(desk.plan);
    return joins;
}

/* The same of one provider's. */
static inline bool desk_joins(const struct desk_copy *first, const struct desk_copy *second)
{
    return desk_joins_between("agency", first, "agency", second);
}

static inline uint32_t desk_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* An invented word; number 0 to 9999, the low ones are frequent. */
static inline size_t desk_word(char *out, uint32_t number)
{
    static const char *const begin[] = {"ba",  "ter", "lo", "mi",  "sun",
                                        "har", "ke",  "vo", "pri", "den"};
    static const char *const end[] = {"n",   "ra", "st",  "lem", "gu",
                                      "ton", "cy", "ped", "x",   "wick"};
    return (size_t)sprintf(out, "%s%s%s%s", begin[number % 10], end[number / 10 % 10],
                           number >= 100 ? begin[number / 100 % 10] : "",
                           number >= 1000 ? end[number / 1000 % 10] : "");
}

/* Writes a sentence of 10 to 22 words with a name and, mostly, a number; returns its length. */
static inline size_t desk_sentence(char *out, uint64_t seed)
{
    char *at = out;
    (void)desk_random(&seed);
    uint32_t count = 10 + desk_random(&seed) % 12;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t even = desk_random(&seed) % 10000;
        char *word = at;
        at += desk_word(at, (uint32_t)((uint64_t)even * even / 10000));
        if (i == 0 || i == count / 2)
            *word = (char)(*word - 'a' + 'A');
        if (i == 5 && seed % 4 != 0)
            at += sprintf(at, " %u", desk_random(&seed) % 900 + 3);
        at += sprintf(at, i + 1 < count ? " " : ".");
    }
    return (size_t)(at - out);
}

#endif
