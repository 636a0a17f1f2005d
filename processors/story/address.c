#include "address.h"

#include "text.h"

static bool take_start(struct wd_slice *text, const char *start)
{
    struct wd_slice word = wd_slice_from(start);
    bool there = wd_text_starts_ascii_case(*text, word);
    if (there)
        *text = wd_slice_from_offset(*text, word.len);
    return there;
}

static bool take_end(struct wd_slice *text, const char *end)
{
    size_t len = strlen(end);
    bool there = text->len >= len && memcmp(text->data + text->len - len, end, len) == 0;
    if (there)
        text->len -= len;
    return there;
}

/* Up to one of these bytes, or all; `text` goes on there. */
static struct wd_slice take_until(struct wd_slice *text, const char *ends)
{
    size_t len = 0;
    while (len < text->len && !strchr(ends, text->data[len]))
        len++;
    struct wd_slice taken = {text->data, len};
    *text = wd_slice_from_offset(*text, len);
    return taken;
}

static void append_host(struct wd_buffer *out, struct wd_slice host)
{
    static const char *const kinds[] = {"www.", "m.", "mobile.", "amp."};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct wd_slice rest = host;
        if (take_start(&rest, kinds[i]) && memchr(rest.data, '.', rest.len))
            host = rest;
    }
    (void)(take_end(&host, ":80") || take_end(&host, ":443"));
    size_t begin = out->len;
    wd_buffer_append_slice(out, host);
    for (size_t i = begin; i < out->len; i++) {
        if (out->data[i] >= 'A' && out->data[i] <= 'Z')
            out->data[i] = (char)(out->data[i] | 0x20);
    }
}

static void append_path(struct wd_buffer *out, struct wd_slice path)
{
    while (take_end(&path, "/"))
        ;
    if (take_end(&path, "/amp") || take_end(&path, "/amp.html") || take_end(&path, ".amp")) {
        while (take_end(&path, "/"))
            ;
    }
    wd_buffer_append_slice(out, path);
}

/* Whether a part of a query or a fragment says who reads, or on what, and not which page. */
static bool counts_readers(struct wd_slice part)
{
    static const char *const begins[] = {"utm_",          "fbclid=",      "gclid=",
                                         "dclid=",        "msclkid=",     "mc_cid=",
                                         "mc_eid=",       "igshid=",      "igsh=",
                                         "cmpid=",        "ocid=",        "ncid=",
                                         "smid=",         "xtor=",        "ftag=",
                                         "at_medium=",    "at_campaign=", "__twitter_impression=",
                                         "ref=rss",       "amp=1",        "output=amp",
                                         "outputType=amp"};
    bool counts = part.len == 0 || wd_slice_is(part, "amp");
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]) && !counts; i++)
        counts = wd_text_starts_ascii_case(part, wd_slice_from(begins[i]));
    return counts;
}

static void append_query(struct wd_buffer *out, struct wd_slice query)
{
    for (char mark = '?'; query.len > 0;) {
        query = wd_slice_from_offset(query, 1); /* "?" or "&" */
        struct wd_slice part = take_until(&query, "&");
        if (counts_readers(part))
            continue;
        wd_buffer_append_byte(out, mark);
        wd_buffer_append_slice(out, part);
        mark = '&';
    }
}

void wd_address_append_page(struct wd_buffer *out, struct wd_slice address)
{
    struct wd_slice rest = address;
    if (!take_start(&rest, "https://") && !take_start(&rest, "http://")) {
        wd_buffer_append_slice(out, address);
        return;
    }
    append_host(out, take_until(&rest, "/?#"));
    append_path(out, take_until(&rest, "?#"));
    append_query(out, take_until(&rest, "#"));
    if (rest.len > 1 && !counts_readers(wd_slice_from_offset(rest, 1)))
        wd_buffer_append_slice(out, rest);
}
