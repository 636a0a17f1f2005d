#include "buffer.h"
#include "command.h"
#include "exit_code.h"
#include "json.h"
#include "tagger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tag {
    const char *model_path;
    double score_min;
    bool colour;
    struct wd_tagger *tagger;
    struct wd_tagger_scratch *scratch;
    struct wd_tagger_text *texts;
    size_t text_count;
    size_t text_capacity;
    struct wd_buffer out;
};

/* Colours of the types: people green, organisations blue, places yellow, the rest magenta. */
static const char *const colours[WD_ENTITY_TYPE_COUNT] = {"\x1B[32m", "\x1B[34m", "\x1B[33m",
                                                          "\x1B[35m"};

static bool add_text(struct tag *tag, struct wd_slice line)
{
    if (tag->text_count == tag->text_capacity) {
        size_t capacity = tag->text_capacity ? tag->text_capacity * 2 : 64;
        void *grown = realloc(tag->texts, capacity * sizeof(*tag->texts));
        if (!grown)
            return false;
        tag->texts = grown;
        tag->text_capacity = capacity;
    }
    tag->texts[tag->text_count++] =
        (struct wd_tagger_text){.field = WD_FIELD_BODY, .paragraph = 0, .text = line};
    return true;
}

/* The first line with words is the headline, every other a paragraph. */
static bool split_story(struct tag *tag, struct wd_slice bytes)
{
    struct wd_slice line;
    uint32_t paragraph = 0;
    tag->text_count = 0;
    while (wd_text_next_line(&bytes, &line)) {
        if (wd_text_trim(line).len == 0)
            continue;
        if (!add_text(tag, line))
            return false;
        struct wd_tagger_text *text = &tag->texts[tag->text_count - 1];
        if (tag->text_count == 1)
            text->field = WD_FIELD_HEADLINE;
        else
            text->paragraph = paragraph++;
    }
    return true;
}

static void write_coloured(struct tag *tag, const struct wd_mention *mentions, size_t count)
{
    size_t k = 0;
    for (size_t t = 0; t < tag->text_count; t++) {
        struct wd_slice text = tag->texts[t].text;
        size_t at = 0;
        for (; k < count && mentions[k].text == t; k++) {
            const struct wd_mention *mention = &mentions[k];
            if ((double)mention->score < tag->score_min)
                continue;
            wd_buffer_append(&tag->out, text.data + at, mention->begin - at);
            wd_buffer_printf(&tag->out, "%s%.*s\x1B[0m", colours[mention->type],
                             (int)(mention->end - mention->begin), text.data + mention->begin);
            at = mention->end;
        }
        wd_buffer_append(&tag->out, text.data + at, text.len - at);
        wd_buffer_append_byte(&tag->out, '\n');
    }
}

static void write_mention(struct tag *tag, const struct wd_mention *mention)
{
    const struct wd_tagger_text *text = &tag->texts[mention->text];
    struct wd_buffer *out = &tag->out;
    struct wd_slice before = wd_slice_make(text->text.data, mention->begin);
    struct wd_slice name =
        wd_slice_make(text->text.data + mention->begin, mention->end - mention->begin);
    size_t point = wd_utf8_count(before);
    wd_json_write_key(out, NULL);
    wd_buffer_append_byte(out, '{');
    wd_json_write_member(out, "type", wd_slice_from(wd_entity_type_name(mention->type)));
    wd_json_write_member(out, "field", wd_slice_from(wd_field_name(text->field)));
    if (text->field == WD_FIELD_BODY)
        wd_buffer_printf(out, ",\"paragraph\":%u", text->paragraph);
    wd_buffer_printf(out, ",\"begin\":%u,\"end\":%u,\"begin_point\":%zu,\"end_point\":%zu",
                     mention->begin, mention->end, point, point + wd_utf8_count(name));
    wd_json_write_member(out, "text", name);
    wd_json_write_key(out, "score");
    wd_json_write_number(out, (double)mention->score, 3);
    wd_buffer_append_byte(out, '}');
}

static void write_json(struct tag *tag, const char *path, const struct wd_mention *mentions,
                       size_t count)
{
    struct wd_buffer *out = &tag->out;
    wd_buffer_append_byte(out, '{');
    wd_json_write_member(out, "file", wd_slice_from(path));
    wd_json_write_key(out, "entities");
    wd_buffer_append_byte(out, '[');
    for (size_t k = 0; k < count; k++) {
        if ((double)mentions[k].score >= tag->score_min)
            write_mention(tag, &mentions[k]);
    }
    wd_buffer_append(out, "]}\n", 3);
}

static int tag_bytes(struct tag *tag, const char *path, struct wd_slice bytes)
{
    const struct wd_mention *mentions = NULL;
    size_t count = 0;
    size_t bad = 0;
    if (!wd_utf8_valid(bytes, &bad)) {
        (void)fprintf(stderr, "wiredesk tag: %s: byte %zu is not UTF-8: convert it (iconv)\n", path,
                      bad);
        return WD_EXIT_DATA;
    }
    if (!split_story(tag, bytes))
        return WD_EXIT_SOFTWARE;
    enum wd_status status =
        wd_tagger_tag(tag->tagger, tag->scratch, tag->texts, tag->text_count, &mentions, &count);
    if (status != WD_OK) {
        (void)fprintf(stderr, "wiredesk tag: %s: %s\n", path, wd_status_sentence(status));
        return WD_EXIT_DATA;
    }
    wd_buffer_clear(&tag->out);
    if (tag->colour)
        write_coloured(tag, mentions, count);
    else
        write_json(tag, path, mentions, count);
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

static int open_all(struct tag *tag)
{
    struct wd_error error;
    wd_error_init(&error);
    if (wd_tagger_open(tag->model_path, &tag->tagger, &error) != WD_OK) {
        (void)fprintf(stderr, "wiredesk tag: %s%s%s\n", error.path, *error.path ? ": " : "",
                      error.text);
        return error.status == WD_IO ? WD_EXIT_NO_INPUT : WD_EXIT_DATA;
    }
    tag->scratch = wd_tagger_scratch_create();
    return tag->scratch ? WD_EXIT_OK : WD_EXIT_SOFTWARE;
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
    wd_tagger_scratch_destroy(tag.scratch);
    wd_tagger_close(tag.tagger);
    wd_buffer_finish(&tag.out);
    free(tag.texts);
    return code;
}

const struct wd_command wd_command_tag = {
    .name = "tag",
    .arguments = "[OPTION..] [FILE..]",
    .summary = "names in plain text",
    .help =
        "Each FILE (standard input when there is none, also \"-\") is one story in UTF-8: its\n"
        "first line is the headline, every other line a paragraph. On a terminal the text with\n"
        "people green, organisations blue, places yellow, other names magenta; else one JSON\n"
        "object a line: file, and entities with type, field, paragraph, offsets in bytes and\n"
        "code points, text, and the probability that span and type are right.\n"
        "\n"
        "  --json, --colour  instead of what fits the output\n"
        "  --score-min P     only names that are at least so probable (0 to 1)\n"
        "  --model FILE      another model than the built-in one\n"
        "\n"
        "Exit codes: 0, 64 command line, 65 damaged data, 66 cannot be read, 74 cannot write.\n",
    .run = run,
};
