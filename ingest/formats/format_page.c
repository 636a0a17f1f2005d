/* A news page: HTML with schema.org's NewsArticle as JSON-LD, else as microdata, else the page's meta elements;
 * the body's paragraphs from the article's own markup.
 *
 * Source: schema.org NewsArticle; HTML Living Standard, microdata; Open Graph protocol, article. */
#include "charset.h"
#include "decoder.h"
#include "json.h"
#include "json_ld.h"
#include "page_body.h"
#include "page_document.h"

struct reading {
    struct wd_decode_input input; /* ours: the provider may become another one */
    struct wd_story *story;
    struct wd_page page;
    struct wd_error *error;
};

static struct wd_slice first_of(struct wd_slice one, struct wd_slice other)
{
    return one.len > 0 ? one : other;
}

static void read_identity(struct reading *reading)
{
    static const char *const metas[] = {"og:url", NULL};
    struct wd_story *story = reading->story;
    story->url = first_of(reading->page.canonical, wd_page_meta(&reading->page, metas));
    if (story->url.len == 0)
        story->url = wd_page_statement(&reading->page, "url");
    if (story->url.len == 0)
        story->url = wd_page_statement(&reading->page, "mainEntityOfPage");
    if (story->url.len == 0 &&
        wd_slice_starts(wd_page_statement(&reading->page, "@id"), WD_SLICE("http")))
        story->url = wd_page_statement(&reading->page, "@id");
    if (story->url.len > WD_GUID_BYTES_MAX)
        story->url = WD_SLICE_NONE;
    yyjson_val *version = yyjson_obj_get(reading->page.article, "version");
    if (yyjson_is_int(version))
        story->version = wd_arena_printf(story->arena, "%lld", (long long)yyjson_get_sint(version));
    else
        story->version = wd_json_ld_string(version);
    story->version_order = story->version.len > 0 ? WD_VERSION_ORDER_HINT : WD_VERSION_ORDER_NONE;
}

static void read_times(struct reading *reading)
{
    static const char *const published[] = {"article:published_time",
                                            "og:published_time",
                                            "datePublished",
                                            "pubdate",
                                            "date",
                                            "dc.date.issued",
                                            "DC.date.issued",
                                            NULL};
    static const char *const updated[] = {"article:modified_time", "og:updated_time",
                                          "dateModified",          "lastmod",
                                          "DC.date.modified",      NULL};
    struct wd_story *story = reading->story;
    const struct wd_zone *zone = reading->input.provider->zone;
    struct wd_slice text = first_of(wd_page_statement(&reading->page, "datePublished"),
                                    wd_page_meta(&reading->page, published));
    story->published = wd_time_parse(text, zone);
    text = first_of(wd_page_statement(&reading->page, "dateModified"),
                    wd_page_meta(&reading->page, updated));
    story->updated = wd_time_parse(text, zone);
    text = wd_page_statement(&reading->page, "dateCreated");
    story->content_created = wd_time_parse(text, zone);
    story->expires = wd_time_parse(wd_page_statement(&reading->page, "expires"), zone);
}

/* All authors, in one line. */
static void read_byline(struct reading *reading)
{
    static const char *const metas[] = {"author", "article:author", "byl", NULL};
    struct wd_story *story = reading->story;
    struct wd_decode_names names = {.first = WD_SLICE_NONE};
    yyjson_val *author = yyjson_obj_get(reading->page.article, "author");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *one = NULL;
    yyjson_arr_foreach(author, index, max, one) wd_decode_add_author(&names, wd_json_ld_name(one));
    story->byline = wd_decode_take_names(&names, story->arena);
    if (story->byline.len == 0)
        story->byline = wd_page_statement(&reading->page, "author");
    struct wd_slice meta =
        story->byline.len == 0 ? wd_page_meta(&reading->page, metas) : WD_SLICE_NONE;
    if (meta.len > 0 && !wd_slice_starts(meta, WD_SLICE("http")))
        story->byline = meta;
}

/* What the page says was wrong: in JSON-LD, else in microdata. */
static void read_corrections(struct reading *reading)
{
    struct wd_story *story = reading->story;
    wd_json_ld_take_corrections(story, reading->page.article);
    if (story->editors_note.len == 0 && wd_page_statement(&reading->page, "correction").len > 0) {
        story->signals |= WD_SIGNAL_CORRECTION;
        story->editors_note = wd_page_statement(&reading->page, "correction");
    }
}

static void read_copy(struct reading *reading)
{
    static const char *const titles[] = {"og:title", "twitter:title", NULL};
    static const char *const summaries[] = {"og:description", "description", NULL};
    static const char *const sites[] = {"og:site_name", NULL};
    struct wd_story *story = reading->story;
    xmlNode *html = reading->page.root;
    story->headline = first_of(wd_page_statement(&reading->page, "headline"),
                               wd_page_meta(&reading->page, titles));
    if (story->headline.len == 0 && reading->page.heading)
        story->headline = wd_page_content(story->arena, reading->page.heading);
    story->summary = first_of(wd_page_statement(&reading->page, "description"),
                              wd_page_meta(&reading->page, summaries));
    story->language = first_of(wd_page_statement(&reading->page, "inLanguage"),
                               wd_page_attribute(story->arena, html, "lang"));
    story->credit = wd_page_statement(&reading->page, "sourceOrganization");
    story->credit = first_of(story->credit, wd_page_statement(&reading->page, "publisher"));
    story->credit = first_of(story->credit, wd_page_meta(&reading->page, sites));
    story->located = wd_page_statement(&reading->page, "contentLocation");
    story->dateline = wd_page_statement(&reading->page, "dateline");
    read_corrections(reading);
    read_byline(reading);
}

static bool add_subject(struct wd_story *story, struct wd_slice name, const char *scheme)
{
    name = wd_text_trim(name);
    if (name.len == 0)
        return true;
    struct wd_concept *concept = wd_story_add_concept(story, &story->subjects);
    if (!concept)
        return false;
    concept->name = name;
    concept->literal = name;
    concept->scheme = wd_slice_from(scheme);
    return true;
}

/* "a, b" or ["a", "b"]. */
static bool add_subjects(struct wd_story *story, yyjson_val *value, const char *scheme)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *one = NULL;
    bool fits = true;
    yyjson_arr_foreach(value, index, max, one)
    {
        fits = fits && add_subject(story, wd_json_ld_name(one), scheme);
    }
    struct wd_slice rest = wd_json_ld_string(value);
    while (rest.len > 0 && fits) {
        const char *comma = memchr(rest.data, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.data) : rest.len;
        fits = add_subject(story, wd_slice_make(rest.data, len), scheme);
        rest = wd_slice_from_offset(rest, len + 1);
    }
    return fits;
}

static void read_subjects(struct reading *reading)
{
    static const char *const sections[] = {"article:section", NULL};
    struct wd_story *story = reading->story;
    bool fits =
        add_subjects(story, yyjson_obj_get(reading->page.article, "articleSection"), "section");
    fits =
        fits && add_subjects(story, yyjson_obj_get(reading->page.article, "keywords"), "keyword");
    if (fits && story->subjects.count == 0)
        fits = add_subject(story, wd_page_meta(&reading->page, sections), "section");
    fits = fits && wd_json_ld_take_tags(story, reading->page.article);
    if (!fits)
        story->flags |= WD_FLAG_TRUNCATED;
}

static void read_picture(struct reading *reading)
{
    static const char *const metas[] = {"og:image", NULL};
    yyjson_val *image = yyjson_obj_get(reading->page.article, "image");
    if (yyjson_is_arr(image))
        image = yyjson_arr_get_first(image);
    struct wd_slice url = first_of(wd_json_text(image, "url", NULL), wd_json_ld_string(image));
    url = first_of(url, wd_page_meta(&reading->page, metas));
    struct wd_media *media = url.len > 0 ? wd_story_add_media(reading->story) : NULL;
    if (!media)
        return;
    media->type = WD_SLICE("picture");
    media->uri = url;
    media->href = url;
    media->caption = wd_json_text(image, "caption", NULL);
    media->credit = first_of(wd_json_text(image, "creditText", NULL),
                             wd_json_ld_name(yyjson_obj_get(image, "creator")));
}

static enum wd_status read_page(struct reading *reading)
{
    struct wd_story *story = reading->story;
    if (!wd_page_is_article(&reading->page))
        return wd_error_set(reading->error, WD_UNKNOWN_FORMAT,
                            "page: HTML, but no article: neither JSON-LD, microdata nor meta "
                            "elements say that it is one");
    struct wd_slice site = wd_json_ld_name(yyjson_obj_get(reading->page.article, "publisher"));
    reading->input.provider = wd_decode_provider(&reading->input, site);
    read_identity(reading);
    read_times(reading);
    read_copy(reading);
    read_subjects(reading);
    read_picture(reading);
    enum wd_status status = wd_page_read_body(&reading->page, reading->error);
    if (status == WD_OK && story->headline.len == 0 && story->paragraph_count == 0)
        return wd_error_set(reading->error, WD_MISSING,
                            "page: an article without headline and body");
    return status;
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_story *story = wd_decode_begin_story(input, batch, "page", error);
    struct wd_charset_text text;
    if (!story)
        return error->status;
    struct wd_slice label = wd_charset_of_content_type(input->content_type);
    if (label.len == 0)
        label = wd_charset_of_html(input->raw);
    enum wd_status status = wd_charset_to_utf8(input->raw, label, story->arena, &text, error);
    if (status != WD_OK)
        return status;
    bool controls = false;
    text.text = wd_text_blank_controls(story->arena, text.text, &controls);
    if (!text.text.data)
        return wd_error_set(error, WD_NO_MEMORY, "page: no memory");
    if (label.len == 0 && (text.flags & WD_FLAG_CHARSET_DIFFERS)) /* nothing was declared */
        text.flags ^= WD_FLAG_CHARSET_DIFFERS | WD_FLAG_CHARSET_ASSUMED;
    story->flags |= text.flags | (controls ? WD_FLAG_CONTROL_BYTES : 0u);
    struct reading reading = {
        .input = *input, .story = story, .page = {.story = story}, .error = error};
    status = wd_page_read(&reading.page, text.text, error);
    if (status == WD_OK)
        status = read_page(&reading);
    wd_page_finish(&reading.page);
    if (status == WD_OK)
        wd_decode_end_story(&reading.input, story);
    return status != WD_OK && error->status == WD_OK
               ? wd_error_set(error, status, "page: %s", wd_status_sentence(status))
               : status;
}

static int sniff(struct wd_slice head, size_t total_len)
{
    (void)total_len;
    struct wd_slice text = wd_text_trim(head);
    while (wd_slice_starts(text, WD_SLICE("<!--"))) {
        const char *end = memmem(text.data, text.len, "-->", 3);
        text = end ? wd_text_trim(wd_slice_from_offset(text, (size_t)(end - text.data) + 3))
                   : WD_SLICE_NONE;
    }
    bool page = wd_text_starts_ascii_case(text, WD_SLICE("<!doctype html")) ||
                wd_text_starts_ascii_case(text, WD_SLICE("<html")) ||
                wd_text_starts_ascii_case(text, WD_SLICE("<head"));
    return page ? 80 : 0;
}

const struct wd_decoder wd_decoder_page = {
    .name = "page",
    .summary = "a news page: HTML with schema.org or meta data",
    .carries = WD_CARRIES_VERSION | WD_CARRIES_PUBLISHED | WD_CARRIES_UPDATED | WD_CARRIES_EXPIRES |
               WD_CARRIES_STATUS | WD_CARRIES_SIGNALS | WD_CARRIES_SUBJECTS | WD_CARRIES_ENTITIES |
               WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE | WD_CARRIES_NOTE |
               WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE | WD_CARRIES_SUMMARY | WD_CARRIES_BODY |
               WD_CARRIES_MEDIA | WD_CARRIES_URL,
    .sniff = sniff,
    .decode = decode,
};
