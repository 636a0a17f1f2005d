#include "buffer.h"
#include "command.h"
#include "encode_parts.h"
#include "exit_code.h"
#include "json.h"
#include "pipeline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Mentions of a story that is as long as one may be. */
enum { STORY_BYTES_MAX = 1 << 30 };

struct tag {
    const char *model_path;
    const char *list_path;
    const char *language;
    double score_min;
    bool colour;
    struct wd_plan *plan;
    struct wd_state *state;
    struct wd_pipeline *pipeline;
    struct wd_story *story;
    struct wd_buffer out;
};

/* Colours of the types: people green, organisations blue, places yellow, the rest magenta. */
static const char *const colours[WD_ENTITY_TYPE_COUNT] = {"\x1B[32m", "\x1B[34m", "\x1B[33m",
                                                          "\x1B[35m"};
static const char plain[] = "\x1B[0m";

/* The first line with words is the headline, every other a paragraph. */
static enum wd_status split_story(struct wd_story *story, struct wd_slice bytes)
{
    struct wd_slice line;
    enum wd_status status = WD_OK;
    wd_story_reset(story);
    while (status == WD_OK && wd_text_next_line(&bytes, &line)) {
        if (wd_text_trim(line).len == 0)
            continue;
        if (story->headline.len == 0)
            story->headline = line;
        else
            status = wd_story_add_paragraph(story, line);
    }
    return status;
}

/* ---- for people ---- */

/* A text with its names in colour. `next`: the first mention that was not written yet. */
static void write_text(struct tag *tag, enum wd_field field, uint32_t paragraph,
                       struct wd_slice text, size_t *next)
{
    const struct wd_story *story = tag->story;
    size_t at = 0;
    for (; *next < story->entity_count; ++*next) {
        const struct wd_entity *entity = &story->entities[*next];
        if (entity->field != field || entity->paragraph != paragraph)
            break;
        wd_buffer_append(&tag->out, text.data + at, entity->begin - at);
        wd_buffer_printf(&tag->out, "%s%.*s%s", colours[entity->type], WD_SLICE_ARG(entity->text),
                         plain);
        at = entity->end;
    }
    wd_buffer_append(&tag->out, text.data + at, text.len - at);
    wd_buffer_append_byte(&tag->out, '\n');
}

/* What the names are, in the order of the story: "Name  type  3x  0.78  ids". */
static void write_table(struct tag *tag)
{
    const struct wd_story *story = tag->story;
    struct wd_buffer *out = &tag->out;
    size_t width = 0;
    for (size_t i = 0; i < story->named_count; i++) {
        size_t points = wd_utf8_count(story->named[i].name);
        width = points > width ? points : width;
    }
    wd_buffer_append_byte(out, '\n');
    for (size_t i = 0; i < story->named_count; i++) {
        const struct wd_named *named = &story->named[i];
        int blanks = (int)(width - wd_utf8_count(named->name));
        wd_buffer_printf(out, "%s%.*s%s%*s  %-12s %3ux  %.2f ", colours[named->type],
                         WD_SLICE_ARG(named->name), plain, blanks, "",
                         wd_entity_type_name(named->type), named->count, named->salience);
        for (size_t j = 0; j < named->id_count; j++)
            wd_buffer_printf(out, " %.*s", WD_SLICE_ARG(named->ids[j]));
        wd_buffer_append_slice(out, named->id_count == 0 ? WD_SLICE(" -\n") : WD_SLICE("\n"));
    }
    if (story->tagging.note.len > 0)
        wd_buffer_printf(out, "%.*s\n", WD_SLICE_ARG(story->tagging.note));
}

static void write_coloured(struct tag *tag)
{
    const struct wd_story *story = tag->story;
    size_t next = 0;
    write_text(tag, WD_FIELD_HEADLINE, 0, story->headline, &next);
    for (size_t i = 0; i < story->paragraph_count; i++)
        write_text(tag, WD_FIELD_BODY, (uint32_t)i, story->paragraphs[i], &next);
    write_table(tag);
}

/* ---- for programs ---- */

static void write_json(struct tag *tag, const char *path)
{
    struct wd_buffer *out = &tag->out;
    wd_buffer_append_byte(out, '{');
    wd_json_write_member(out, "file", wd_slice_from(path));
    wd_encode_entities(out, tag->story);
    wd_buffer_append(out, "}\n", 2);
}

/* ---- one file ---- */

static int tag_bytes(struct tag *tag, const char *path, struct wd_slice bytes)
{
    struct wd_error error;
    size_t bad = 0;
    wd_error_init(&error);
    if (!wd_utf8_valid(bytes, &bad)) {
        (void)fprintf(stderr, "wiredesk tag: %s: byte %zu is not UTF-8: convert it (iconv)\n", path,
                      bad);
        return WD_EXIT_DATA;
    }
    enum wd_status status = split_story(tag->story, bytes);
    if (tag->language)
        tag->story->language = wd_slice_from(tag->language);
    if (status != WD_OK) {
        (void)fprintf(stderr, "wiredesk tag: %s: %s\n", path, wd_status_sentence(status));
        return WD_EXIT_DATA;
    }
    if (wd_pipeline_process(tag->pipeline, tag->story, NULL, &error) != WD_PASS) {
        (void)fprintf(stderr, "wiredesk tag: %s: %s\n", path, error.text);
        return WD_EXIT_SOFTWARE;
    }
    wd_buffer_clear(&tag->out);
    if (tag->colour)
        write_coloured(tag);
    else
        write_json(tag, path);
    if (!wd_buffer_ok(&tag->out) ||
        fwrite(tag->out.data, 1, tag->out.len, stdout) != tag->out.len || fflush(stdout) != 0)
        return WD_EXIT_IO;
    return WD_EXIT_OK;
}

static int tag_file(struct tag *tag, const char *path)
{
    struct wd_buffer bytes;
    int code = WD_EXIT_OK;
    wd_buffer_init(&bytes);
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!file || !wd_buffer_append_file(&bytes, file, WD_MESSAGE_BYTES_MAX)) {
        (void)fprintf(stderr, "wiredesk tag: %s: %s\n", path, strerror(errno));
        code = WD_EXIT_NO_INPUT;
    } else if (bytes.len > WD_MESSAGE_BYTES_MAX) {
        (void)fprintf(stderr, "wiredesk tag: %s: over %d bytes: split it\n", path,
                      WD_MESSAGE_BYTES_MAX);
        code = WD_EXIT_DATA;
    } else {
        code = tag_bytes(tag, path, wd_buffer_slice(&bytes));
    }
    if (file && file != stdin)
        (void)fclose(file);
    wd_buffer_finish(&bytes);
    return code;
}

/* Index of the first file; -1 for a wrong command line. */
static int read_options(struct tag *tag, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            tag->colour = false;
        } else if (strcmp(argv[i], "--colour") == 0) {
            tag->colour = true;
        } else if (strcmp(argv[i], "--model") == 0 && i + 1 < argc) {
            tag->model_path = argv[++i];
        } else if (strcmp(argv[i], "--list") == 0 && i + 1 < argc) {
            tag->list_path = argv[++i];
        } else if (strcmp(argv[i], "--language") == 0 && i + 1 < argc) {
            tag->language = argv[++i];
        } else if (strcmp(argv[i], "--score-min") == 0 && i + 1 < argc) {
            char *end = NULL;
            tag->score_min = strtod(argv[++i], &end);
            if (*end != '\0' || !(tag->score_min >= 0.0 && tag->score_min <= 1.0))
                return -1;
        } else {
            return -1;
        }
    }
    return i;
}

/* ---- the processor ---- */

/* Options of the processor entities, as a configuration would give them. NULL: no memory. */
static json_t *make_options(const struct tag *tag)
{
    const char *language = tag->language ? tag->language : "en";
    json_t *entities = json_pack("{s:s, s:f}", "use", "entities", "score_min", tag->score_min);
    if (entities && tag->model_path)
        (void)json_object_set_new(entities, "languages",
                                  json_pack("{s:{s:s}}", language, "model", tag->model_path));
    if (entities && tag->list_path)
        (void)json_object_set_new(
            entities, "lists", json_pack("[{s:s, s:s}]", "name", "list", "file", tag->list_path));
    return json_pack("[o]", entities);
}

/* What is told on the way; only warnings and worse. */
static void tell(void *context, int level, const char *text)
{
    (void)context;
    if (level <= WD_LEVEL_WARN)
        (void)fprintf(stderr, "wiredesk tag: %s\n", text);
}

static int open_plan(struct tag *tag)
{
    static const char *const outputs[] = {NULL};
    const struct wd_environment environment = {.directory = ".", .outputs = outputs, .log = tell};
    struct wd_faults faults;
    wd_faults_init(&faults);
    json_t *options = make_options(tag);
    tag->plan = options ? wd_plan_create(options, "", &environment, true, &faults) : NULL;
    for (size_t i = 0; i < faults.count; i++)
        (void)fprintf(stderr, "wiredesk tag: %s\n", faults.items[i].text);
    wd_faults_finish(&faults);
    json_decref(options);
    return tag->plan ? WD_EXIT_OK : options ? WD_EXIT_DATA : WD_EXIT_SOFTWARE;
}

static int open_all(struct tag *tag)
{
    struct wd_error error;
    wd_error_init(&error);
    if (tag->model_path && access(tag->model_path, R_OK) != 0) {
        (void)fprintf(stderr, "wiredesk tag: %s: %s\n", tag->model_path, strerror(errno));
        return WD_EXIT_NO_INPUT;
    }
    int code = open_plan(tag);
    if (code != WD_EXIT_OK)
        return code;
    tag->state = wd_state_create();
    tag->story = wd_story_create(STORY_BYTES_MAX);
    if (!tag->state || !tag->story ||
        wd_pipeline_create(tag->plan, tag->state, &tag->pipeline, &error) != WD_OK)
        return WD_EXIT_SOFTWARE;
    return WD_EXIT_OK;
}

static int run(int argc, char **argv)
{
    struct tag tag = {.colour = isatty(STDOUT_FILENO) != 0};
    wd_buffer_init(&tag.out);
    int at = read_options(&tag, argc, argv);
    if (at < 0)
        return wd_command_usage(&wd_command_tag, "unknown option, or its value is missing");
    int code = open_all(&tag);
    for (int i = at; code == WD_EXIT_OK && i < argc; i++)
        code = tag_file(&tag, argv[i]);
    if (code == WD_EXIT_OK && at == argc)
        code = tag_file(&tag, "-");
    wd_story_destroy(tag.story);
    wd_pipeline_destroy(tag.pipeline);
    wd_state_destroy(tag.state);
    wd_plan_release(tag.plan);
    wd_buffer_finish(&tag.out);
    return code;
}

const struct wd_command wd_command_tag = {
    .name = "tag",
    .arguments = "[OPTION..] [FILE..]",
    .summary = "names in plain text, joined and linked",
    .help =
        "Each FILE (standard input when there is none, also \"-\") is one story in UTF-8: its\n"
        "first line is the headline, every other line a paragraph. On a terminal the text with\n"
        "people green, organisations blue, places yellow, other names magenta, and below it\n"
        "each entity once: name, type, mentions, salience, ids. Else one JSON object a line:\n"
        "file, entities, distinct_entities, tagging (schemas/tag.schema.json).\n"
        "\n"
        "  --json, --colour  instead of what fits the output\n"
        "  --score-min P     only names that are at least so probable (0 to 1)\n"
        "  --language CODE   of the text; else what it looks like, or English\n"
        "  --model FILE      another model for it (English without --language) than the built-in "
        "one\n"
        "  --list FILE       a watch list (JSON, CSV) besides\n"
        "\n"
        "Exit codes: 0, 64 command line, 65 damaged data, 66 cannot be read, 74 cannot write.\n",
    .run = run,
};
