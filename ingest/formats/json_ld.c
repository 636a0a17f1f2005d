#include "json_ld.h"

#include "json.h"

enum { JSON_LD_DEPTH_MAX = 4 /* of @graph and lists */ };

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
    static const char *const keys[] = {"name", "@id", "url", "text"};
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
