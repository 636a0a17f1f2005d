/* NewsML 1.x: an envelope with one or several NewsItems, each a tree of components. */
#include "newsml1_item.h"

static int sniff(struct wd_slice head, size_t total_len)
{
    char name[WD_XML_NAME_SIZE];
    (void)total_len;
    wd_xml_sniff_root(head, name);
    return strcmp(name, "NewsML") == 0 ? 95 : 0;
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_xml_document *document = NULL;
    enum wd_status status = wd_xml_story_document(input, batch, "NewsML 1.2", &document, error);
    if (status != WD_OK)
        return status;
    struct wd_xml_story reading = {.input = *input, .document = document, .error = error};
    const struct wd_xml_node *root = document->root;
    if (!wd_xml_is(root, NULL, "NewsML"))
        return wd_xml_fault(document, root, error, WD_UNKNOWN_FORMAT,
                            "NewsML 1.2: the document is <%.64s>, not <NewsML>", root->name);
    for (const struct wd_xml_node *item = wd_xml_child(root, NULL, "NewsItem");
         item && status == WD_OK; item = wd_xml_sibling(item, NULL, "NewsItem"))
        status = wd_newsml1_item(&reading, batch, item);
    if (status == WD_OK && batch->count == 0)
        return wd_xml_fault(document, root, error, WD_MISSING,
                            "NewsML 1.2: the envelope has no NewsItem");
    return status;
}

const struct wd_decoder wd_decoder_newsml1 = {
    .name = "newsml1",
    .label = "NewsML 1.2",
    .summary = "IPTC NewsML 1.x, with NITF or XHTML inside",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_VERSION | WD_CARRIES_PUBLISHED |
               WD_CARRIES_UPDATED | WD_CARRIES_EMBARGO | WD_CARRIES_EXPIRES | WD_CARRIES_STATUS |
               WD_CARRIES_SIGNALS | WD_CARRIES_URGENCY | WD_CARRIES_SUBJECTS | WD_CARRIES_ENTITIES |
               WD_CARRIES_SLUG | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE |
               WD_CARRIES_NOTE | WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE | WD_CARRIES_SUMMARY |
               WD_CARRIES_BODY | WD_CARRIES_MEDIA | WD_CARRIES_SEVERAL,
    .sniff = sniff,
    .decode = decode,
};
