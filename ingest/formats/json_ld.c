#include "json_ld.h"

#include "json.h"
#include "wire_words.h"

enum { JSON_LD_DEPTH_MAX = 4 /* of @graph and lists */, NOTES_BYTES_MAX = 8192 };

bool wd_json_ld_is_article_type(struct wd_slice type)
{
    static const char *const types[] = {
        "NewsArticle",         "ReportageNewsArticle", "Article",
        "AnalysisNewsArticle", "OpinionNewsArticle",   "BackgroundNewsArticle",
        "LiveBlogPosting",     "BlogPosting",          "AdvertiserContentArticle"};
    const char *slash = type.len > 0 ? memrchr(type.data, '/', type.len) : NULL;
    if (slash)
        type = wd_slice_from_offset(type, (size_t)(slash - type.data) + 1);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (wd_slice_is(type, types[i]))
            return true;
    }
    return false;
}

struct wd_slice wd_json_ld_string(yyjson_val *value)
{
    return yyjson_is_str(value) ? wd_slice_make(yyjson_get_str(value), yyjson_get_len(value))
                                : WD_SLICE_NONE;
}

static bool is_article(yyjson_val *object)
{
    yyjson_val *type = yyjson_obj_get(object, "@type");
    if (yyjson_is_str(type))
        return wd_json_ld_is_article_type(wd_json_ld_string(type));
    size_t index = 0;
    size_t max = 0;
    yyjson_val *one = NULL;
    yyjson_arr_foreach(type, index, max, one)
    {
        if (wd_json_ld_is_article_type(wd_json_ld_string(one)))
            return true;
    }
    return false;
}

/* The article in an object, in a list, in "@graph". */
/* NOLINTNEXTLINE(misc-no-recursion): at most JSON_LD_DEPTH_MAX deep */
static yyjson_val *find_article(yyjson_val *value, int depth)
{
    if (depth > JSON_LD_DEPTH_MAX || is_article(value))
        return depth > JSON_LD_DEPTH_MAX ? NULL : value;
    yyjson_val *list = yyjson_is_arr(value) ? value : yyjson_obj_get(value, "@graph");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *one = NULL;
    yyjson_arr_foreach(list, index, max, one)
    {
        yyjson_val *found = find_article(one, depth + 1);
        if (found)
            return found;
    }
    return NULL;
}

yyjson_val *wd_json_ld_find_article(yyjson_val *root)
{
    return find_article(root, 0);
}

/* A text, or the name, URL or id of an object, or that of the first of a list. */
/* NOLINTNEXTLINE(misc-no-recursion): a list holds no lists here: one level */
static struct wd_slice name_of(yyjson_val *value, bool in_list)
{
    static const char *const keys[] = {"name", "text", "@id", "url"};
    if (yyjson_is_str(value))
        return wd_json_ld_string(value);
    if (yyjson_is_arr(value))
        return in_list ? WD_SLICE_NONE : name_of(yyjson_arr_get_first(value), true);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct wd_slice text = wd_json_text(value, keys[i], NULL);
        if (text.len > 0)
            return text;
    }
    return WD_SLICE_NONE;
}

struct wd_slice wd_json_ld_name(yyjson_val *value)
{
    return name_of(value, false);
}

/* A further note, on a line of its own; what has no room is flagged. */
static void add_note(struct wd_story *story, struct wd_slice text)
{
    struct wd_slice before = story->editors_note;
    text = wd_text_trim(text);
    if (text.len == 0)
        return;
    if (before.len > 0)
        text = before.len + text.len > NOTES_BYTES_MAX
                   ? WD_SLICE_NONE
                   : wd_arena_printf(story->arena, "%.*s\n%.*s", WD_SLICE_ARG(before),
                                     WD_SLICE_ARG(text));
    if (text.data)
        story->editors_note = text;
    else
        story->flags |= WD_FLAG_TRUNCATED;
}

void wd_json_ld_take_corrections(struct wd_story *story, yyjson_val *article)
{
    yyjson_val *corrections = yyjson_obj_get(article, "correction");
    struct wd_wire_words words = {0, 0};
    size_t index = 0;
    size_t max = 0;
    yyjson_val *one = NULL;
    if (corrections && !yyjson_is_arr(corrections))
        add_note(story, wd_json_ld_name(corrections));
    yyjson_arr_foreach(corrections, index, max, one) add_note(story, wd_json_ld_name(one));
    if (story->editors_note.len > 0)
        story->signals |= WD_SIGNAL_CORRECTION;
    if (wd_wire_words_parse(wd_json_ld_name(yyjson_obj_get(article, "creativeWorkStatus")), &words))
        wd_wire_words_apply(&words, story);
}

static bool ends_with(struct wd_slice text, const char *end)
{
    size_t len = strlen(end);
    return text.len >= len && memcmp(text.data + text.len - len, end, len) == 0;
}

/* The list for things of a type; NULL when it is none that newsrooms tag. */
static struct wd_concepts *list_of(struct wd_story *story, struct wd_slice type)
{
    const struct {
        const char *end;
        struct wd_concepts *list;
    } lists[] = {{"Person", &story->people},
                 {"Organization", &story->organisations},
                 {"Corporation", &story->organisations},
                 {"Team", &story->organisations},
                 {"Place", &story->places},
                 {"City", &story->places},
                 {"Country", &story->places},
                 {"State", &story->places},
                 {"AdministrativeArea", &story->places},
                 {"Event", &story->events}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (ends_with(type, lists[i].end))
            return lists[i].list;
    }
    return NULL;
}

static bool add_tag(struct wd_story *story, yyjson_val *value, const char *scheme)
{
    struct wd_slice name = wd_text_trim(wd_json_ld_name(value));
    struct wd_concepts *list = list_of(story, wd_json_ld_string(yyjson_obj_get(value, "@type")));
    if (name.len == 0 || (!list && strcmp(scheme, "about") != 0))
        return true; /* a thing that is mentioned is no subject */
    struct wd_concept *concept = wd_story_add_concept(story, list ? list : &story->subjects);
    if (!concept)
        return false;
    concept->name = name;
    if (wd_slice_starts(wd_json_text(value, "sameAs", NULL), WD_SLICE("http")))
    concept->uri = wd_json_text(value, "sameAs", NULL);
    if (!list) {
        concept->scheme = wd_slice_from(scheme);
        concept->literal = name;
    }
    return true;
}

bool wd_json_ld_take_tags(struct wd_story *story, yyjson_val *article)
{
    static const char *const members[] = {"about", "mentions"};
    bool fits = true;
    for (size_t i = 0; i < 2; i++) {
        yyjson_val *value = yyjson_obj_get(article, members[i]);
        size_t index = 0;
        size_t max = 0;
        yyjson_val *one = NULL;
        if (value && !yyjson_is_arr(value))
            fits = fits && add_tag(story, value, members[i]);
        yyjson_arr_foreach(value, index, max, one)
        {
            fits = fits && add_tag(story, one, members[i]);
        }
    }
    return fits;
}
