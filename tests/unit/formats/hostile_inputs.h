/* hostile_inputs.h - what costs most to read, for every format: a piece that is repeated up to a size.
 *
 * Why:    one table for the test that bounds memory (test_hostile_formats.c) and the bench that measures time
 *         (bench_formats.c): an input that turns out to be dear is added once. */
#ifndef WD_HOSTILE_INPUTS_H
#define WD_HOSTILE_INPUTS_H

#include "buffer.h"
#include "decoder.h"

#include <string.h>

/* In a repeated piece: how often it was repeated before, so that no two are the same. */
#define HOSTILE_NUMBER '\x1A'

struct hostile_input {
    const char *name; /* begins with the format */
    const char *begin, *repeat, *end;
};

/* Appends the input made `len` bytes long at most. */
static inline void hostile_write(struct wd_buffer *out, const struct hostile_input *input,
                                 size_t len)
{
    size_t rest = strlen(input->repeat) + strlen(input->end) + 3 * 10; /* digits of numbers */
    wd_buffer_append_slice(out, wd_slice_from(input->begin));
    for (unsigned number = 0; out->len + rest <= len; number++) {
        struct wd_slice piece = wd_slice_from(input->repeat);
        for (size_t i = 0; i < piece.len; i++) {
            if (piece.data[i] == HOSTILE_NUMBER)
                wd_buffer_printf(out, "%u", number);
            else
                wd_buffer_append(out, piece.data + i, 1);
        }
    }
    wd_buffer_append_slice(out, wd_slice_from(input->end));
}

/* Who reads it: what no decoder recognises comes to the one that a configuration sets. NULL: anybody. */
static inline const struct wd_decoder *hostile_decoder(const struct hostile_input *input,
                                                       struct wd_slice bytes)
{
    char format[WD_NAME_BYTES_MAX] = "";
    if (wd_decoder_sniff(bytes))
        return NULL;
    memcpy(format, input->name, strcspn(input->name, "_"));
    return wd_decoder_find(format);
}

#define HOSTILE_ANPA                                                                               \
    "\x16\x16\x01W1234\x1F"                                                                        \
    "a\r\nr a\x13\x11 BC-XX--Bridge   03-07 0412\r\n\x02"
#define HOSTILE_IPTC "\x01xca0123 3 i 180\r\n\nSeatown/\r\n\x02"
#define HOSTILE_G2                                                                                 \
    "<newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"a\"><itemMeta><itemClass "     \
    "qcode=\"ninat:text\"/><provider literal=\"a\"/>"                                              \
    "<versionCreated>2024-03-01T11:59:00Z</versionCreated>"
#define HOSTILE_G2_BODY HOSTILE_G2 "</itemMeta><contentSet><inlineXML><nitf><body><body.content>"
#define HOSTILE_G2_END "</body.content></body></nitf></inlineXML></contentSet></newsItem>"
#define HOSTILE_NITF "<nitf><head><docdata><doc-id id-string=\"a\"/></docdata></head><body>"
#define HOSTILE_NITF_BODY HOSTILE_NITF "<body.content>"
#define HOSTILE_NITF_END "</body.content></body></nitf>"
#define HOSTILE_ENRICHED                                                                           \
    "{\"story\":{\"uri\":\"a\",\"bodies\":[{\"contentType\":\"text/plain\",\"value\":\"a\"}]},"    \
    "\"wiredesk\":{\"schema\":\"wiredesk/enriched/1\","
#define HOSTILE_PAGE "<!doctype html><p itemtype=\"http://schema.org/NewsArticle\">"

/* clang-format off */
static const struct hostile_input hostile_inputs[] = {
    {"anpa_paragraphs", HOSTILE_ANPA "^BC-XX--Bridge<\r\n", "\t   a\r\n", "\x03"},
    {"anpa_notes", HOSTILE_ANPA "^BC-XX--Bridge<\r\n", "^Eds: UPDATES a<\r\n", "\x03"},
    {"anpa_columns", HOSTILE_ANPA "^BC-XX--Bridge<\r\n", "\x08" "a;b<\r\n", "\x03"},
    {"anpa_carets", HOSTILE_ANPA, "^a<", "\x03"},
    {"anpa_controls", HOSTILE_ANPA "^BC-XX--Bridge<\r\n", "\x05\x06\x07", "\x03"},
    {"anpa_headers", "", "\x01W1234\x1F", ""},
    {"anpa_begins", "", "\x16\x16\x01", ""},
    {"anpa_notes_numbered", HOSTILE_ANPA "^BC-XX--Bridge<\r\n", "^Eds: KILL BC-XX--Bridge\x1A, a\x1A<\r\n", "\x03"},
    {"anpa_messages", "", HOSTILE_ANPA "^H<\r\n\t   text of it\r\n\x03\x04", ""},
    {"iptc7901_lines", HOSTILE_IPTC "headline =\r\n\n", "a  b   c\r\n", "\x03"},
    {"iptc7901_paragraphs", HOSTILE_IPTC "headline =\r\n\n", "a\r\n\n", "\x03"},
    {"iptc7901_options", HOSTILE_IPTC, "1ST LEAD\n", "\x03"},
    {"iptc7901_headers", "", "\x01xca0123 3 i 180\r\n", ""},
    {"iptc7901_controls", HOSTILE_IPTC "headline =\r\n\n", "\x05\x06\x7F", "\x03"},
    {"iptc7901_messages", "", HOSTILE_IPTC "headline =\r\n\nCopy.\r\n\x03\x04", ""},
    {"iptc7901_notebook", HOSTILE_IPTC "headline =\r\n\n# Notebook\r\n", "KILL UPDATES a\r\n", "\x03"},
    {"feed_empty_items", "<rss><channel>", "<item/>", "</channel></rss>"},
    {"feed_items", "<rss><channel>", "<item><title>a</title></item>", "</channel></rss>"},
    {"feed_entries", "<feed xmlns=\"http://www.w3.org/2005/Atom\">", "<entry><id>a</id></entry>", "</feed>"},
    {"feed_stories", "<rss><channel>", "<item><guid>1</guid><title>a</title><description>&lt;p&gt;copy</description></item>", "</channel></rss>"},
    {"feed_html", "<rss><channel><item><description>", "&lt;p&gt;a", "</description></item></channel></rss>"},
    {"feed_html_breaks", "<rss><channel><item><description>", "&lt;br&gt;", "</description></item></channel></rss>"},
    {"feed_subjects", "<rss><channel><item><title>a</title>", "<category>a</category>", "</item></channel></rss>"},
    {"feed_links", "<rss><channel><item xml:base=\"http://a/\"><link>", "../", "</link></item></channel></rss>"},
    {"feed_media", "<rss xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><item><title>a</title>", "<media:content url=\"a\"/>", "</item></channel></rss>"},
    {"feed_entities", "<rss><channel><item><description>", "&amp;amp;", "</description></item></channel></rss>"},
    {"feed_attributes_numbered", "<rss><channel><item><description>&lt;p ", "a\x1A=\"\" ", "&gt;copy</description></item></channel></rss>"},
    {"feed_titles_numbered", "<rss><channel>", "<item><title>&lt;b a\x1A b\x1A c\x1A&gt;a</title></item>", "</channel></rss>"},
    {"feed_guids_numbered", "<rss><channel>", "<item><guid>\x1A</guid><title>a</title></item>", "</channel></rss>"},
    {"feed_subjects_numbered", "<rss><channel><item><title>a</title>", "<category>a\x1A</category>", "</item></channel></rss>"},
    {"feed_elements_numbered", "<rss><channel><item><title>a</title>", "<a\x1A>a</a\x1A>", "</item></channel></rss>"},
    {"feed_namespaces_numbered", "<rss><channel><item><title>a</title>", "<a\x1A:b xmlns:a\x1A=\"c\x1A\">a</a\x1A:b>", "</item></channel></rss>"},
    {"feed_references_numbered", "<rss><channel><item><title>a</title><description>", "&amp;a\x1A;", "</description></item></channel></rss>"},
    {"feed_instructions_numbered", "<rss><channel><item><title>a</title>", "<?a\x1A b?>", "</item></channel></rss>"},
    {"feed_nested", "<rss><channel><item>", "<item>", ""},
    {"ap_items", "{\"data\":{\"items\":[", "{\"item\":{\"altids\":{\"etag\":\"a\"}}},", "{}]}}"},
    {"ap_bylines", "{\"altids\":{\"etag\":\"a\",\"itemid\":\"a\"},\"bylines\":[", "{\"by\":\"a\"},", "{}]}"},
    {"ap_nulls", "{\"altids\":{\"etag\":\"a\",\"itemid\":\"a\"},\"a\":[", "0,", "0]}"},
    {"ap_lines", "{\"altids\":{\"etag\":\"a\",\"itemid\":\"a\"},\"body_text\":\"", "a\\n", "\"}"},
    {"ap_html", "{\"altids\":{\"etag\":\"a\",\"itemid\":\"a\"},\"body_xhtml\":\"", "<br/>", "\"}"},
    {"ninjs_numbers", "{\"uri\":\"a\",\"a\":[", "0,", "0]}"},
    {"ninjs_reals", "{\"uri\":\"a\",\"a\":[", "-1e-7,", "0]}"},
    {"ninjs_lists", "{\"uri\":\"a\",\"a\":[", "[],", "0]}"},
    {"ninjs_strings", "{\"uri\":\"a\",\"a\":[", "\"\",", "0]}"},
    {"ninjs_escapes", "{\"uri\":\"a\",\"headline\":\"", "\\u00e9", "\"}"},
    {"ninjs_lines", "{\"uri\":\"a\",\"body_text\":\"", "a\\n", "\"}"},
    {"ninjs_breaks", "{\"uri\":\"a\",\"body_xhtml\":\"", "<br/>", "\"}"},
    {"ninjs_note", "{\"uri\":\"a\",\"ednote\":\"", "KILL graf. ", "\"}"},
    {"ninjs_orders", "{\"uri\":\"a\",\"ednote\":\"", "please kill ", "\"}"},
    {"ninjs_phrases", "{\"uri\":\"a\",\"ednote\":\"", "is withdrawn ", "\"}"},
    {"ninjs_marks", "{\"uri\":\"a\",\"headline\":\"", "FLASH:", "\"}"},
    {"ninjs_markup", "{\"uri\":\"a\",\"body_xhtml\":\"", "<p/>", "\"}"},
    {"ninjs_subjects", "{\"uri\":\"a\",\"subject\":[", "{\"code\":\"a\"},", "{}]}"},
    {"ninjs_infosources", "{\"uri\":\"a\",\"infosource\":[", "{},", "{}]}"},
    {"ninjs_media", "{\"uri\":\"a\",\"associations\":[", "{\"type\":\"picture\"},", "{}]}"},
    {"ninjs_renditions", "{\"uri\":\"a\",\"associations\":[{\"type\":\"picture\",\"renditions\":[", "{\"width\":1},", "{}]}]}"},
    {"ninjs_keys", "{\"uri\":\"a\"", ",\"a\":{}", "}"},
    {"ninjs_keys_numbered", "{\"uri\":\"a\"", ",\"a\x1A\":{}", "}"},
    {"ninjs_subjects_numbered", "{\"uri\":\"a\",\"subject\":[", "{\"code\":\"a\x1A\"},", "{}]}"},
    {"ninjs_media_numbered", "{\"uri\":\"a\",\"associations\":[", "{\"name\":\"a\x1A\",\"type\":\"picture\"},", "{}]}"},
    {"ninjs_associations_numbered", "{\"uri\":\"a\",\"associations\":{", "\"a\x1A\":{\"type\":\"picture\"},", "\"b\":{}}}"},
    {"ninjs_renditions_numbered", "{\"uri\":\"a\",\"associations\":[{\"type\":\"picture\",\"renditions\":{", "\"a\x1A\":{\"width\":1},", "\"b\":{}}}]}"},
    {"ninjs_end_tags_numbered", "{\"uri\":\"a\",\"body_xhtml\":\"<p>copy", "</a\x1A>", "\"}"},
    {"ninjs_tags_numbered", "{\"uri\":\"a\",\"body_xhtml\":\"<p>copy", "<a\x1A/>", "\"}"},
    {"ninjs_references_numbered", "{\"uri\":\"a\",\"body_xhtml\":\"<p>copy", "&a\x1A;", "\"}"},
    {"ninjs_values_numbered", "{\"uri\":\"a\",\"body_xhtml\":\"<p>copy<p a='", "&a\x1A;", "'>\"}"},
    {"ninjs_instructions_numbered", "{\"uri\":\"a\",\"body_xhtml\":\"<p>copy", "<?a\x1A>", "\"}"},
    {"ninjs_attributes_numbered", "{\"uri\":\"a\",\"body_xhtml\":\"<p ", "a\x1A ", "/>\"}"},
    {"ninjs_orders_numbered", "{\"uri\":\"a\",\"ednote\":\"", "KILL \x1A and a\x1A, ", "\"}"},
    {"ap_attributes_numbered", "{\"altids\":{\"etag\":\"a\",\"itemid\":\"a\"},\"body_xhtml\":\"<p ", "a\x1A ", "/>\"}"},
    {"ninjs_bodies", "{\"uri\":\"a\",\"bodies\":[", "{\"value\":\"a\"},", "{}]}"},
    {"ninjs_deep", "{\"uri\":\"a\",\"a\":", "[", ""},
    {"ninjs_list_of_nothing", "[", "0,", "0]"},
    {"ninjs_orders_of_sent", "{\"uri\":\"a\",\"edNote\":\"", "do not publish until the item is withdrawn ", "\"}"},
    {"ninjs_openings", "{\"uri\":\"a\",\"body_text\":\"", "The story was \\n", "\"}"},
    {"ninjs_feeds", "{\"uri\":\"a\",\"body_text\":\"", "\\n", "\"}"},
    {"enriched_numbers", HOSTILE_ENRICHED "\"a\":[", "0,", "0]}}"},
    {"enriched_entities", HOSTILE_ENRICHED "\"entities\":[", "{\"type\":\"person\",\"begin\":0,\"end\":1},", "{}]}}"},
    {"g2_paragraphs", HOSTILE_G2_BODY, "<p/>", HOSTILE_G2_END},
    {"g2_texts", HOSTILE_G2_BODY, "<p>a</p>", HOSTILE_G2_END},
    {"g2_signals", HOSTILE_G2, "<signal qcode=\"a:b\"/>", "</itemMeta></newsItem>"},
    {"g2_subjects", HOSTILE_G2 "</itemMeta><contentMeta>", "<subject qcode=\"a:b\"/>", "</contentMeta></newsItem>"},
    {"g2_attributes", HOSTILE_G2 "</itemMeta><contentMeta>", "<a b=\"\" c=\"\" d=\"\" e=\"\" f=\"\" g=\"\"/>", "</contentMeta></newsItem>"},
    {"g2_subjects_numbered", HOSTILE_G2 "</itemMeta><contentMeta>", "<subject qcode=\"a:b\x1A\"/>", "</contentMeta></newsItem>"},
    {"g2_items_numbered", "<newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet>", "<newsItem guid=\"a\x1A\"><itemMeta/></newsItem>", "</itemSet></newsMessage>"},
    {"g2_links_numbered", HOSTILE_G2, "<link rel=\"irel:previousVersion\" residref=\"a\x1A\"/>", "</itemMeta></newsItem>"},
    {"g2_namespaces_numbered", HOSTILE_G2_BODY, "<a\x1A:b xmlns:a\x1A=\"c\x1A\"/>", HOSTILE_G2_END},
    {"g2_elements_numbered", HOSTILE_G2_BODY, "<a\x1A/>", HOSTILE_G2_END},
    {"g2_items", "<newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet>", "<newsItem guid=\"a\"><itemMeta/></newsItem>", "</itemSet></newsMessage>"},
    {"g2_namespaces", HOSTILE_G2_BODY, "<a:b xmlns:a=\"c\"/>", HOSTILE_G2_END},
    {"newsml1_items", "<NewsML>", "<NewsItem/>", "</NewsML>"},
    {"newsml1_components", "<NewsML><NewsItem>", "<NewsComponent><NewsLines><HeadLine>a</HeadLine></NewsLines></NewsComponent>", "</NewsItem></NewsML>"},
    {"newsml1_components_numbered", "<NewsML><NewsItem>", "<NewsComponent Duid=\"a\x1A\"><NewsLines><HeadLine>a</HeadLine></NewsLines></NewsComponent>", "</NewsItem></NewsML>"},
    {"newsml1_contents", "<NewsML><NewsItem><NewsComponent>", "<ContentItem><DataContent>a</DataContent></ContentItem>", "</NewsComponent></NewsItem></NewsML>"},
    {"newsml1_paragraphs", "<NewsML><NewsItem><NewsComponent><ContentItem><DataContent>", "<p/>", "</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"},
    {"newsml1_properties", "<NewsML><NewsItem><NewsComponent><DescriptiveMetadata>", "<Property FormalName=\"a\"/>", "</DescriptiveMetadata></NewsComponent></NewsItem></NewsML>"},
    {"nitf_paragraphs", HOSTILE_NITF_BODY, "<p/>", HOSTILE_NITF_END},
    {"nitf_texts", HOSTILE_NITF_BODY, "<p>a</p>", HOSTILE_NITF_END},
    {"nitf_inline", HOSTILE_NITF_BODY "<p>", "<em>a</em>", "</p>" HOSTILE_NITF_END},
    {"nitf_names", HOSTILE_NITF_BODY "<p>", "<org>a</org>", "</p>" HOSTILE_NITF_END},
    {"nitf_entities", HOSTILE_NITF_BODY "<p>", "&amp;", "</p>" HOSTILE_NITF_END},
    {"nitf_references", HOSTILE_NITF_BODY "<p>", "&#65;", "</p>" HOSTILE_NITF_END},
    {"nitf_own_entities", "<!DOCTYPE nitf [<!ENTITY e \"abcdefghijklmnopqrstuvwxyz\">]>" HOSTILE_NITF_BODY "<p>", "&e;", "</p>" HOSTILE_NITF_END},
    {"nitf_declarations_numbered", "<!DOCTYPE nitf [", "<!ENTITY e\x1A \"a\">", "]>" HOSTILE_NITF_BODY "<p>&e1;</p>" HOSTILE_NITF_END},
    {"nitf_values_numbered", "<!DOCTYPE nitf [<!ATTLIST p a (", "a\x1A|", "b) \"b\">]>" HOSTILE_NITF_BODY "<p>a</p>" HOSTILE_NITF_END},
    {"nitf_content_models_numbered", "<!DOCTYPE nitf [<!ELEMENT p (", "a\x1A|", "b)*>]>" HOSTILE_NITF_BODY "<p>a</p>" HOSTILE_NITF_END},
    {"nitf_instructions_numbered", HOSTILE_NITF_BODY, "<?a\x1A?>", HOSTILE_NITF_END},
    {"nitf_names_numbered", HOSTILE_NITF_BODY "<p>", "<org>a\x1A</org>", "</p>" HOSTILE_NITF_END},
    {"nitf_comments", HOSTILE_NITF_BODY, "<!---->", HOSTILE_NITF_END},
    {"nitf_sections", HOSTILE_NITF_BODY "<p>", "<![CDATA[a]]>", "</p>" HOSTILE_NITF_END},
    {"nitf_instructions", HOSTILE_NITF_BODY, "<?a?>", HOSTILE_NITF_END},
    {"nitf_attributes", HOSTILE_NITF_BODY, "<p a=\"\" b=\"\" c=\"\" d=\"\" e=\"\" f=\"\" g=\"\"/>", HOSTILE_NITF_END},
    {"nitf_cells", HOSTILE_NITF_BODY "<table><tr>", "<td/>", "</tr></table>" HOSTILE_NITF_END},
    {"nitf_media", HOSTILE_NITF_BODY, "<media media-type=\"image\"/>", HOSTILE_NITF_END},
    {"nitf_notes", HOSTILE_NITF "<body.head>", "<note/>", "</body.head></body></nitf>"},
    {"nitf_deep", HOSTILE_NITF_BODY, "<p>", ""},
    {"page_paragraphs", HOSTILE_PAGE "<article>", "<p>a", ""},
    {"page_breaks", HOSTILE_PAGE "<article>", "<br>", ""},
    {"page_inline", HOSTILE_PAGE "<article><p>", "<b>a</b>", ""},
    {"page_references", HOSTILE_PAGE "<article><p>", "&#65;", ""},
    {"page_articles", HOSTILE_PAGE, "<article>", ""},
    {"page_metas", "<!doctype html><p itemtype=\"NewsArticle\">", "<meta name=\"a\" content=\"b\">", ""},
    {"page_properties", HOSTILE_PAGE, "<b itemprop=\"headline\">a", ""},
    {"page_attributes", HOSTILE_PAGE "<article>", "<b a b c d e f g h i j>", ""},
    {"page_attributes_numbered", HOSTILE_PAGE "<article><p ", "a\x1A=\"\" ", ">copy"},
    {"page_names_numbered", HOSTILE_PAGE "<article>", "<p a\x1A b\x1A c\x1A>a", ""},
    {"page_metas_numbered", "<!doctype html><p itemtype=\"NewsArticle\">", "<meta name=\"a\x1A\" content=\"b\">", ""},
    {"page_properties_numbered", HOSTILE_PAGE, "<b itemprop=\"a\x1A\">a", ""},
    {"page_elements_numbered", HOSTILE_PAGE "<article>", "<a\x1A>a</a\x1A>", ""},
    {"page_ends_numbered", HOSTILE_PAGE "<article>", "<a\x1A>", ""},
    {"page_end_tags_numbered", HOSTILE_PAGE "<article><p>copy", "</a\x1A>", ""},
    {"page_references_numbered", HOSTILE_PAGE "<article><p>copy", "&a\x1A ", ""},
    {"page_values_numbered", HOSTILE_PAGE "<article><p>copy<p a='", "&a\x1A;", "'>"},
    {"page_instructions_numbered", HOSTILE_PAGE "<article><p>copy", "<?a\x1A>", ""},
    {"page_linked_keys_numbered", "<!doctype html><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\"", ",\"a\x1A\":0", "}</script>"},
    {"page_comments", HOSTILE_PAGE, "<!---->", ""},
    {"page_linked_data", "<!doctype html><script type=\"application/ld+json\">[", "{\"@type\":\"NewsArticle\"},", "{}]</script>"},
    {"text_lines", "Headline of it\n\n", "a\n\n", ""},
    {"text_returns", "Headline of it\r\r", "\r", ""},
    {"text_words_numbered", "Headline of it\n\n", "A\x1A \x1A. ", ""},
    {"text_lines_numbered", "Headline of it\n\n", "Line \x1A of Place\x1A.\n\n", ""},
    {"text_long", "Headline of it\n\n", "By A ", ""},
    {"text_addresses", "Headline of it\n\n", "http://a.b ", ""},
    {"text_sentences", "Headline of it\n\n", "This line ends as a sentence does, so there.\n", ""},
    {"text_parts", "Headline of it\n4 min read", " | 4 min read", ""},
    {"text_telexes", "", "ZCZC a\nHEADLINE IS HERE\n\nCOPY.\nNNNN\n", ""},
    {"text_telex_lines", "ZCZC a\nHEADLINE IS HERE\n\n", "A\n\n", "NNNN"},
};
/* clang-format on */
enum { HOSTILE_INPUTS = sizeof(hostile_inputs) / sizeof(hostile_inputs[0]) };

#endif
