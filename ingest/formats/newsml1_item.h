/* newsml1_item.h - one NewsItem of NewsML 1.x as stories.
 *
 * Why:    a NewsItem is a tree of components: languages, formats, parts, pictures. Those with a headline and text of their
 *         own are stories; the others belong to one.
 * Owns:   nothing.
 * Thread: any.
 * Limits: WD_NEWSML1_CONTENTS_MAX content items of one NewsItem, WD_NEWSML1_WORK_MAX.
 * Source: IPTC NewsML 1.2 functional specification and DTD. */
#ifndef WD_NEWSML1_ITEM_H
#define WD_NEWSML1_ITEM_H

#include "xml_story.h"

enum {
    WD_NEWSML1_CONTENTS_MAX = 512,
    /* Stories of one NewsItem times its elements outside content items: all that they have in common is
     * read for each of them. */
    WD_NEWSML1_WORK_MAX = 2000000,
};

/* A ContentItem and what its place says about it. */
struct wd_newsml1_content {
    const struct wd_xml_node *item;      /* the ContentItem */
    const struct wd_xml_node *component; /* the NewsComponent that it stands in */
    const struct wd_xml_node
        *story;             /* the nearest component around it with a headline; NULL none */
    struct wd_slice role;   /* nearest Role; "" none */
    int rank;               /* how likely it is the copy itself; 0 not at all */
    size_t part;            /* number of the story that it is the copy of, from 1; 0: of none */
    const char *media_type; /* ninjs type; NULL: text */
};

/* Identification and NewsManagement of the NewsItem. */
enum wd_status wd_newsml1_management(struct wd_xml_story *reading,
                                     const struct wd_xml_node *news_item) WD_MUST_CHECK;
/* Lines and metadata of a component and of all around it, the nearest first. */
enum wd_status wd_newsml1_metadata(struct wd_xml_story *reading,
                                   const struct wd_xml_node *component) WD_MUST_CHECK;
/* The text of a content item as the story's body. */
enum wd_status wd_newsml1_body(struct wd_xml_story *reading,
                               const struct wd_xml_node *content_item) WD_MUST_CHECK;
/* All stories of the NewsItem. */
enum wd_status wd_newsml1_item(struct wd_xml_story *reading, struct wd_story_batch *batch,
                               const struct wd_xml_node *news_item) WD_MUST_CHECK;

#endif
