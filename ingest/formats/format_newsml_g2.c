/* NewsML-G2: an item of its own, or a newsMessage with several. Every item becomes a story of the batch; packages, planning
 * items, concepts, knowledge and catalogs are no copy: they come through with the flag not_a_story, so that the
 * stories beside them are not lost and an editor still sees them. */
#include "g2_item.h"

#include <stdio.h>

static int sniff(struct wd_slice head, size_t total_len)
{
    static const char *const roots[] = {"newsMessage", "newsItem",      "packageItem",
                                        "conceptItem", "knowledgeItem", "planningItem",
                                        "catalogItem"};
    static const char *const parts[] = {"catalog", "contentSet", "contentMeta", "groupSet"};
    char name[WD_XML_NAME_SIZE];
    (void)total_len;
    wd_xml_sniff_root(head, name);
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        if (strcmp(name, roots[i]) == 0)
            return 95;
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strcmp(name, parts[i]) == 0)
            return 20; /* no item, but the decoder says so better than the sniffer */
    }
    return 0;
}

static enum wd_status decode_item(struct wd_xml_story *reading, struct wd_story_batch *batch,
                                  const struct wd_xml_node *item)
{
    struct wd_xml_story one = *reading; /* its provider is its own */
    enum wd_status status = wd_xml_story_begin(&one, batch, "newsml-g2");
    if (status == WD_OK)
        status = wd_g2_item(&one, item);
    if (status != WD_OK)
        return status;
    wd_xml_story_end(&one);
    return wd_g2_add_canceled(one.story, batch, item);
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_xml_document *document = NULL;
    enum wd_status status = wd_xml_story_document(input, batch, "NewsML-G2", &document, error);
    if (status != WD_OK)
        return status;
    struct wd_xml_story reading = {.input = *input, .document = document, .error = error};
    const struct wd_xml_node *root = document->root;
    if (wd_g2_is_item(root))
        return decode_item(&reading, batch, root);
    if (!wd_xml_is(root, NULL, "newsMessage"))
        return wd_xml_fault(document, root, error, WD_UNKNOWN_FORMAT,
                            "NewsML-G2: <%.64s> is neither an item nor a newsMessage", root->name);
    for (const struct wd_xml_node *set = wd_xml_child(root, NULL, "itemSet"); set;
         set = wd_xml_sibling(set, NULL, "itemSet")) {
        for (const struct wd_xml_node *item = wd_xml_child(set, NULL, NULL);
             item && status == WD_OK; item = wd_xml_sibling(item, NULL, NULL)) {
            if (wd_g2_is_item(item))
                status = decode_item(&reading, batch, item);
        }
    }
    if (status == WD_OK && batch->count == 0)
        return wd_xml_fault(document, root, error, WD_MISSING,
                            "NewsML-G2: the newsMessage has no items");
    return status;
}

const struct wd_decoder wd_decoder_newsml_g2 = {
    .name = "newsml-g2",
    .summary = "IPTC NewsML-G2: items and news messages, with NITF or XHTML inside",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_LINEAGE | WD_CARRIES_VERSION |
               WD_CARRIES_PUBLISHED | WD_CARRIES_UPDATED | WD_CARRIES_EMBARGO | WD_CARRIES_EXPIRES |
               WD_CARRIES_STATUS | WD_CARRIES_SIGNALS | WD_CARRIES_URGENCY | WD_CARRIES_SUBJECTS |
               WD_CARRIES_ENTITIES | WD_CARRIES_SLUG | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE |
               WD_CARRIES_DATELINE | WD_CARRIES_NOTE | WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE |
               WD_CARRIES_SUMMARY | WD_CARRIES_BODY | WD_CARRIES_MEDIA | WD_CARRIES_SEVERAL,
    .sniff = sniff,
    .decode = decode,
};
