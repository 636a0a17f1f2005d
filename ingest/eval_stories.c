#include "eval_stories.h"

#include "json.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    ARENA_BYTES_MAX = 1 << 28,
    FOLDER_DEPTH_MAX = 32,
    PLAIN_KEYS = 6,
    HEADLINE_BYTES_MAX = 120,
    COLUMN_BYTES_MAX = 100
};

void wd_eval_stories_init(struct wd_eval_stories *stories, struct wd_config *config)
{
    *stories = (struct wd_eval_stories){.config = config, .provider = "default"};
    wd_story_batch_init(&stories->batch, ARENA_BYTES_MAX);
}

void wd_eval_stories_finish(struct wd_eval_stories *stories)
{
    for (size_t i = 0; i < stories->count; i++)
        free(stories->items[i].id);
    for (size_t i = 0; i < stories->block_count; i++)
        free(stories->blocks[i]);
    free(stories->items);
    free(stories->by_id);
    free(stories->blocks);
    wd_story_batch_finish(&stories->batch);
}

/* Names under which research tables and wire JSON have the same thing, best first. */
static const char *const id_keys[PLAIN_KEYS + 1] = {"id", "guid", "uri", "doc_id", "url", NULL};
static const char *const title_keys[PLAIN_KEYS + 1] = {"title", "headline", NULL};
static const char *const body_keys[PLAIN_KEYS + 1] = {"body", "text", "content", NULL};
static const char *const time_keys[PLAIN_KEYS + 1] = {"published", "sent",         "date",
                                                      "timestamp", "published_at", NULL};
static const char *const site_keys[PLAIN_KEYS + 1] = {"site",      "provider", "source",
                                                      "publisher", "domain",   NULL};

static struct wd_slice first_of(yyjson_val *object, const char *const *keys,
                                struct wd_buffer *number)
{
    for (; *keys; keys++) {
        struct wd_slice text = wd_json_text(object, *keys, NULL);
        if (text.len > 0)
            return text;
        yyjson_val *value = yyjson_obj_get(object, *keys);
        if (number && value && yyjson_is_int(value)) {
            wd_buffer_clear(number);
            wd_buffer_append_integer(number, yyjson_get_sint(value));
            return wd_buffer_slice(number);
        }
    }
    return WD_SLICE_NONE;
}

/* Telex copy was set in columns: no line is long. */
static bool is_in_columns(struct wd_slice text)
{
    struct wd_slice rest = text;
    struct wd_slice line;
    while (wd_text_next_line(&rest, &line)) {
        if (line.len > COLUMN_BYTES_MAX)
            return false;
    }
    return true;
}

/* True when a line break at `i` of copy in columns ends a paragraph: lines end in the middle of sentences. */
static bool ends_paragraph(struct wd_slice text, size_t i)
{
    size_t before = i;
    while (before > 0 && (text.data[before - 1] == ' ' || text.data[before - 1] == '\r'))
        before--;
    int last = before > 0 ? text.data[before - 1] : '\n';
    int next = i + 1 < text.len ? text.data[i + 1] : '\n';
    bool inside = (last >= 'a' && last <= 'z') || (last >= '0' && last <= '9') || last == ',';
    bool goes_on = (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9');
    bool indented = next == ' ' || next == '\t' || next == '\n' || next == '\r';
    return indented || !(inside || goes_on);
}

/* The body as paragraphs. In columns some line breaks are within them, and become blanks; elsewhere each line is one, as it is to
 * the decoders. */
static enum wd_status add_body(struct wd_story *story, struct wd_slice body)
{
    struct wd_slice copy = wd_arena_copy(story->arena, body);
    char *bytes = (char *)(uintptr_t)copy.data; /* ours: just copied */
    bool in_columns = is_in_columns(copy);
    size_t begin = 0;
    if (!bytes)
        return WD_NO_MEMORY;
    for (size_t i = 0; i <= copy.len; i++) {
        if (i < copy.len && bytes[i] != '\n')
            continue;
        if (i < copy.len && in_columns && !ends_paragraph(copy, i)) {
            bytes[i] = ' ';
            continue;
        }
        struct wd_slice paragraph = wd_text_trim(wd_slice_make(bytes + begin, i - begin));
        begin = i + 1;
        if (paragraph.len == 0)
            continue;
        enum wd_status status = wd_story_add_paragraph(story, paragraph);
        if (status != WD_OK)
            return status;
    }
    return WD_OK;
}

static yyjson_val *read_object(struct wd_slice raw, struct wd_arena *arena)
{
    struct wd_error error;
    yyjson_val *root = NULL;
    wd_error_init(&error);
    if (wd_json_read(raw, arena, &root, &error) != WD_OK || !yyjson_is_obj(root))
        return NULL;
    return root;
}

static bool has_one_of(yyjson_val *object, const char *const *keys)
{
    while (*keys && !yyjson_is_str(yyjson_obj_get(object, *keys)))
        keys++;
    return *keys != NULL;
}

/* A line of a table, not a story as a wire sends it. */
static bool is_plain(yyjson_val *root)
{
    return root && has_one_of(root, body_keys) && !yyjson_obj_get(root, "versioncreated") &&
           !yyjson_obj_get(root, "body_text") &&
           !wd_slice_is(wd_json_text(root, "type", NULL), "text");
}

static enum wd_status fill_plain(struct wd_story *story, yyjson_val *root)
{
    struct wd_buffer number;
    wd_buffer_init(&number);
    story->guid = wd_arena_copy(story->arena, first_of(root, id_keys, &number));
    wd_buffer_finish(&number);
    story->headline = first_of(root, title_keys, NULL);
    story->url = wd_json_text(root, "url", NULL);
    story->version = wd_json_text(root, "version", NULL);
    story->dateline = wd_json_text(root, "dateline", NULL);
    story->language = wd_json_text(root, "language", NULL);
    story->updated = wd_time_parse(wd_json_text(root, "updated", NULL), NULL);
    for (const char *const *key = time_keys; *key && !wd_time_known(story->published); key++)
        story->published = wd_time_parse(wd_json_text(root, *key, NULL), NULL);
    struct wd_slice site = first_of(root, site_keys, NULL);
    if (site.len > 0)
        story->provider = site;
    enum wd_status status = add_body(story, first_of(root, body_keys, NULL));
    /* Without a headline the first line stands for it: telex copy has it there. */
    if (story->headline.len == 0 && story->paragraph_count > 0 &&
        story->paragraphs[0].len <= HEADLINE_BYTES_MAX)
        story->headline = story->paragraphs[0];
    wd_decode_signals(story);
    return status;
}

static struct wd_story *decode_plain(struct wd_eval_stories *stories, struct wd_slice raw)
{
    struct wd_story *story = wd_story_batch_add(&stories->batch);
    if (!story)
        return NULL;
    yyjson_val *root = read_object(raw, story->arena);
    if (!root)
        return NULL;
    story->provider = wd_slice_from(stories->provider);
    story->raw = raw;
    return fill_plain(story, root) == WD_OK ? story : NULL;
}

static bool decode_message(struct wd_eval_stories *stories, struct wd_slice raw,
                           struct wd_error *error)
{
    struct wd_decode_input input = {
        .raw = raw,
        .provenance = {.topic = WD_SLICE("eval"),
                       .partition = -1,
                       .digest = wd_digest_of(raw.data, raw.len)},
        .provider = wd_config_provider(stories->config, WD_SLICE("eval"), NULL, 0)};
    return wd_decode_message(NULL, &input, &stories->batch, error) == WD_OK;
}

struct wd_story *wd_eval_stories_decode(struct wd_eval_stories *stories, size_t item)
{
    const struct wd_eval_item *it = &stories->items[item];
    struct wd_error error;
    struct wd_story *story = NULL;
    wd_error_init(&error);
    wd_story_batch_clear(&stories->batch);
    if (it->plain)
        story = decode_plain(stories, it->raw);
    else if (decode_message(stories, it->raw, &error) && it->index < stories->batch.count)
        story = stories->batch.stories[it->index];
    if (story)
        story->received = wd_time_from_ms(it->time_ms);
    return story;
}

static bool add_item(struct wd_eval_stories *stories, const struct wd_story *story,
                     const struct wd_eval_item *like)
{
    if (stories->count == stories->capacity) {
        size_t capacity = stories->capacity ? stories->capacity * 2 : 1024;
        struct wd_eval_item *grown = realloc(stories->items, capacity * sizeof(*grown));
        if (!grown)
            return false;
        stories->items = grown;
        stories->capacity = capacity;
    }
    struct wd_eval_item *item = &stories->items[stories->count];
    *item = *like;
    item->order = stories->count;
    struct wd_slice id = story->guid.len > 0 ? story->guid : story->url;
    item->id = strndup(id.data ? id.data : "", id.len);
    if (wd_time_known(story->published))
        item->time_ms = story->published.ms;
    else if (stories->count > 0)
        item->time_ms = item[-1].time_ms;
    stories->count += item->id != NULL;
    return item->id != NULL;
}

static void add_message(struct wd_eval_stories *stories, struct wd_slice raw, const char *name)
{
    struct wd_eval_item item = {.raw = raw};
    struct wd_error error;
    wd_error_init(&error);
    wd_story_batch_clear(&stories->batch);
    struct wd_story *story = wd_story_batch_add(&stories->batch);
    item.plain = story && is_plain(read_object(raw, story->arena));
    wd_story_batch_clear(&stories->batch);
    bool good =
        item.plain ? decode_plain(stories, raw) != NULL : decode_message(stories, raw, &error);
    for (uint32_t i = 0; good && i < stories->batch.count; i++) {
        item.index = i;
        good = add_item(stories, stories->batch.stories[i], &item);
    }
    if (good)
        return;
    stories->unread++;
    (void)fprintf(stderr, "wiredesk: a message of %s cannot be read: %s\n", name,
                  error.text[0] ? error.text : "neither a story nor a JSON line with id and body");
}

/* Keeps the bytes: items point into them. */
static bool keep_block(struct wd_eval_stories *stories, char *bytes)
{
    char **grown = realloc(stories->blocks, (stories->block_count + 1) * sizeof(char *));
    if (!grown) {
        free(bytes);
        return false;
    }
    stories->blocks = grown;
    stories->blocks[stories->block_count++] = bytes;
    return true;
}

static bool is_lines(const char *name)
{
    const char *dot = strrchr(name, '.');
    return strcmp(name, "-") == 0 ||
           (dot && (strcmp(dot, ".jsonl") == 0 || strcmp(dot, ".ndjson") == 0));
}

static bool cannot_read(const char *name)
{
    (void)fprintf(stderr, "wiredesk: cannot read %s: %s\n", name, strerror(errno));
    return false;
}

static bool read_file(struct wd_eval_stories *stories, const char *path)
{
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    bool whole = file && wd_buffer_append_file(&bytes, file, SIZE_MAX) && wd_buffer_ok(&bytes);
    if (file && file != stdin)
        (void)fclose(file);
    if (!whole) {
        wd_buffer_finish(&bytes);
        return cannot_read(path);
    }
    struct wd_slice rest = wd_buffer_slice(&bytes);
    if (bytes.data && !keep_block(stories, bytes.data))
        return cannot_read(path);
    if (!is_lines(path)) {
        add_message(stories, rest, path);
        return true;
    }
    struct wd_slice line;
    while (wd_text_next_line(&rest, &line)) {
        if (wd_text_trim(line).len > 0)
            add_message(stories, line, path);
    }
    return true;
}

static int keep_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* NOLINTNEXTLINE(misc-no-recursion): at most FOLDER_DEPTH_MAX deep */
static bool read_path(struct wd_eval_stories *stories, const char *path, int depth)
{
    struct stat info;
    struct dirent **entries = NULL;
    if (strcmp(path, "-") == 0 || (stat(path, &info) == 0 && !S_ISDIR(info.st_mode)))
        return read_file(stories, path);
    int count = depth < FOLDER_DEPTH_MAX ? scandir(path, &entries, keep_visible, alphasort) : -1;
    if (count < 0)
        return cannot_read(path);
    bool good = true;
    for (int i = 0; i < count; i++) {
        char below[4096];
        int len = snprintf(below, sizeof(below), "%s/%s", path, entries[i]->d_name);
        good =
            good && len >= 0 && (size_t)len < sizeof(below) && read_path(stories, below, depth + 1);
        free(entries[i]);
    }
    free(entries);
    return good;
}

bool wd_eval_stories_read(struct wd_eval_stories *stories, const char *path)
{
    return read_path(stories, path, 0);
}

static int compare_times(const void *a, const void *b)
{
    const struct wd_eval_item *x = a;
    const struct wd_eval_item *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static int compare_ids(const void *a, const void *b, void *context)
{
    const struct wd_eval_item *items = context;
    const size_t *x = a;
    const size_t *y = b;
    int order = strcmp(items[*x].id, items[*y].id);
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

bool wd_eval_stories_sort(struct wd_eval_stories *stories)
{
    if (stories->count == 0)
        return true;
    qsort(stories->items, stories->count, sizeof(stories->items[0]), compare_times);
    stories->by_id = malloc(stories->count * sizeof(*stories->by_id));
    if (!stories->by_id)
        return false;
    for (size_t i = 0; i < stories->count; i++)
        stories->by_id[i] = i;
    qsort_r(stories->by_id, stories->count, sizeof(*stories->by_id), compare_ids, stories->items);
    return true;
}

size_t wd_eval_stories_find(const struct wd_eval_stories *stories, struct wd_slice id)
{
    size_t low = 0;
    size_t high = stories->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *at = stories->items[stories->by_id[middle]].id;
        size_t len = strlen(at);
        int order = memcmp(at, id.data ? id.data : "", len < id.len ? len : id.len);
        if (order < 0 || (order == 0 && len < id.len))
            low = middle + 1;
        else
            high = middle; /* also where it is equal: the first of equal ids is meant */
    }
    if (low == stories->count || !wd_slice_is(id, stories->items[stories->by_id[low]].id))
        return SIZE_MAX;
    return stories->by_id[low];
}
