#include "story_uri.h"

#include "text.h"

/* What a character may stand in. Every address goes through here. */
enum {
    OF_URI = 1, /* RFC 3986 section 2, but '[' and ']', which only stand around an IPv6 address */
    OF_SCHEME = 2, /* section 3.1 */
    OF_URN = 4,    /* stands for itself in a part of a URN of ours */
    OF_LETTERS = OF_URI | OF_SCHEME | OF_URN
};
static const unsigned char uses[256] = {
    ['!'] = OF_URI | OF_URN,
    ['#'] = OF_URI,
    ['$'] = OF_URI | OF_URN,
    ['%'] = OF_URI,
    ['&' ... '*'] = OF_URI | OF_URN,
    ['+'] = OF_LETTERS,
    [','] = OF_URI | OF_URN,
    ['-'] = OF_LETTERS,
    ['.'] = OF_LETTERS,
    ['/'] = OF_URI,
    ['0' ... '9'] = OF_LETTERS,
    [':'] = OF_URI,
    [';'] = OF_URI | OF_URN,
    ['='] = OF_URI | OF_URN,
    ['?'] = OF_URI,
    ['@'] = OF_URI | OF_URN,
    ['A' ... 'Z'] = OF_LETTERS,
    ['_'] = OF_URI | OF_URN,
    ['a' ... 'z'] = OF_LETTERS,
    ['~'] = OF_URI | OF_URN,
};

static bool may_be(char c, unsigned use)
{
    return (uses[(unsigned char)c] & use) != 0;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A percent sign stands before two hexadecimal digits. */
static bool are_whole(struct wd_slice text)
{
    const char *end = text.data + text.len;
    const char *sign = memchr(text.data, '%', text.len);
    while (sign && end - sign > 2 && is_hex(sign[1]) && is_hex(sign[2]))
        sign = memchr(sign + 3, '%', (size_t)(end - sign) - 3);
    return sign == NULL;
}

bool wd_uri_is(struct wd_slice text)
{
    size_t i = 0;
    unsigned all = OF_URI;
    while (i < text.len && may_be(text.data[i], OF_SCHEME))
        i++;
    if (i == 0 || i + 1 >= text.len || text.data[i] != ':')
        return false;
    if ((text.data[0] | 0x20) < 'a') /* a digit or a mark; letters are all that is left */
        return false;
    for (; i < text.len; i++)
        all &= uses[(unsigned char)text.data[i]];
    return all != 0 && are_whole(text);
}

static void append_percent(struct wd_buffer *out, struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (may_be(c, OF_URN))
            wd_buffer_append_byte(out, c);
        else
            wd_buffer_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

/* Whether the URI that is made of the transmission, at worst three bytes for one, is as short as a
 * guid must be: our decoder takes it for one. */
static bool transmission_names(const struct wd_story *story)
{
    size_t len =
        sizeof("urn:wiredesk:transmission::") + 3 * (story->provider.len + story->transmission.len);
    return story->transmission.len > 0 && len <= WD_GUID_BYTES_MAX;
}

bool wd_story_append_heading(const struct wd_story *story, struct wd_buffer *out)
{
    if (!wd_time_known(story->published)) {
        return false;
    }
    for (unsigned i = 0; i < 64; i += 8) {
        wd_buffer_append_byte(out, (char)((uint64_t)story->published.ms >> i));
    }
    size_t before = out->len;
    wd_text_append_normalized(out, story->headline);
    return out->len > before;
}

/* Appends the URI of a page, or nothing. */
static bool append_page(const struct wd_story *story, struct wd_buffer *out)
{
    struct wd_buffer heading;
    wd_buffer_init(&heading);
    wd_buffer_append_slice(&heading, story->provider);
    wd_buffer_append_byte(&heading, '\0');
    bool named =
        story->url.len == 0 && wd_story_append_heading(story, &heading) && wd_buffer_ok(&heading);
    if (named) {
        char hex[WD_DIGEST_HEX_SIZE];
        wd_digest_hex(wd_digest_of(heading.data, heading.len), hex);
        wd_buffer_append_slice(out, WD_SLICE("urn:wiredesk:page:"));
        wd_buffer_append(out, hex, sizeof(hex) - 1);
    }
    wd_buffer_finish(&heading);
    return named;
}

void wd_story_made_uri(const struct wd_story *story, struct wd_buffer *out)
{
    char hex[WD_DIGEST_HEX_SIZE];
    if (transmission_names(story)) {
        wd_buffer_append_slice(out, WD_SLICE("urn:wiredesk:transmission:"));
        append_percent(out, story->provider);
        wd_buffer_append_byte(out, ':');
        append_percent(out, story->transmission);
        return;
    }
    if (append_page(story, out))
        return;
    wd_digest_hex(story->provenance.digest, hex);
    wd_buffer_append_slice(out, WD_SLICE("urn:wiredesk:digest:"));
    wd_buffer_append(out, hex, sizeof(hex) - 1);
    if (story->provenance.index > 0) /* not the only story of its message */
        wd_buffer_printf(out, ":story:%u", (unsigned)story->provenance.index);
}

void wd_story_uri(const struct wd_story *story, struct wd_buffer *out)
{
    if (story->guid.len == 0) {
        wd_story_made_uri(story, out);
    } else if (wd_uri_is(story->guid)) {
        wd_buffer_append_slice(out, story->guid);
    } else {
        wd_buffer_append_slice(out, WD_SLICE("urn:wiredesk:guid:"));
        append_percent(out, story->provider);
        wd_buffer_append_byte(out, ':');
        append_percent(out, story->guid);
    }
}
