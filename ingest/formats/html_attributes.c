#include "html_attributes.h"

#include <stdint.h>
#include <string.h>

struct wd_html_tag wd_html_tag_none(void)
{
    return (struct wd_html_tag){-1, -1, -1, -1, -1, false};
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* One byte further, in all places at once. */
static void scan(struct wd_html_tag *tag, char c, char next)
{
    struct wd_html_tag now = {-1, -1, -1, -1, -1, is_blank(c) || strchr("/\"'", c)};
    bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (tag->name >= 0 && c == '=')
        now.equals = tag->name;
    else if (tag->name >= 0 && c != '>')
        now.name = tag->name + (tag->apart && !now.apart);
    if (tag->equals >= 0 && is_blank(c))
        now.equals = larger(now.equals, tag->equals);
    else if (tag->equals >= 0 && c == '"')
        now.quoted = tag->equals;
    else if (tag->equals >= 0 && c == '\'')
        now.quoted_1 = tag->equals;
    else if (tag->equals >= 0 && c != '>')
        now.bare = tag->equals;
    if (tag->bare >= 0 && is_blank(c))
        now.name = larger(now.name, tag->bare);
    else if (tag->bare >= 0 && c != '>')
        now.bare = larger(now.bare, tag->bare);
    if (tag->quoted >= 0)
        *(c == '"' ? &now.name : &now.quoted) =
            larger(c == '"' ? now.name : now.quoted, tag->quoted);
    if (tag->quoted_1 >= 0)
        *(c == '\'' ? &now.name : &now.quoted_1) =
            larger(c == '\'' ? now.name : now.quoted_1, tag->quoted_1);
    if (c == '<' && letter)
        now.name = larger(now.name, 0);
    *tag = now;
}

static bool is_in_tag(const struct wd_html_tag *tag)
{
    return (tag->name & tag->equals & tag->bare & tag->quoted & tag->quoted_1) >= 0;
}

/* Where the next tag may begin, which nothing before it has to do with. */
static size_t find_tag(struct wd_slice html, size_t from)
{
    const char *open = memchr(html.data + from, '<', html.len - from);
    return open ? (size_t)(open - html.data) : html.len;
}

size_t wd_html_blank_attributes(struct wd_html_tag *tag, struct wd_slice html, char *out)
{
    size_t blanked = 0;
    for (size_t i = 0; i < html.len; i++) {
        if (!is_in_tag(tag))
            i = find_tag(html, i);
        if (i == html.len)
            break;
        size_t next = i + 1 < html.len ? i + 1 : i;
        scan(tag, html.data[i], html.data[next]);
        bool excess = larger(tag->name, tag->equals) > WD_HTML_ATTRIBUTES_MAX;
        blanked += excess;
        if (out && excess && html.data[i] != '<')
            out[i] = ' ';
    }
    return blanked;
}

struct wd_slice wd_html_without_excess(struct wd_arena *arena, struct wd_slice html)
{
    struct wd_html_tag tag = wd_html_tag_none();
    if (wd_html_blank_attributes(&tag, html, NULL) == 0)
        return html;
    struct wd_slice copy = wd_arena_copy(arena, html);
    tag = wd_html_tag_none();
    if (copy.data)
        (void)wd_html_blank_attributes(&tag, html, (char *)(uintptr_t)copy.data); /* our own */
    return copy;
}
