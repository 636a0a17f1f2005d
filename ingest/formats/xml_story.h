/* xml_story.h - what the XML formats (NewsML-G2, NewsML 1.2, NITF) do alike when they fill a story.
 *
 * Owns:   nothing; everything lies in the story's arena or in the document.
 * Thread: one at a time. */
#ifndef WD_XML_STORY_H
#define WD_XML_STORY_H

#include "decoder.h"
#include "xml_document.h"

enum { WD_XML_NOTES_MAX = 16 };

/* A story that is being read out of a document. */
struct wd_xml_story {
    struct wd_decode_input input; /* with the provider that the story itself names */
    const struct wd_xml_document *document;
    struct wd_story *story;
    struct wd_error *error;
    struct wd_slice notes[WD_XML_NOTES_MAX]; /* to editors, so far */
    size_t note_count;
};

/* The local name of the first element that the bytes begin with, past declaration, comments and DOCTYPE, also in UTF-16;
 * "" when they are no XML. `name` takes what fits. For sniffers. */
enum { WD_XML_NAME_SIZE = 48 };
void wd_xml_sniff_root(struct wd_slice head, char name[WD_XML_NAME_SIZE]);

/* Reads the message as XML into the batch's arena. */
enum wd_status wd_xml_story_document(const struct wd_decode_input *input,
                                     struct wd_story_batch *batch, const char *format,
                                     struct wd_xml_document **document,
                                     struct wd_error *error) WD_MUST_CHECK;
/* Begins a further story of the batch, with the document's flags. */
enum wd_status wd_xml_story_begin(struct wd_xml_story *reading, struct wd_story_batch *batch,
                                  const char *format) WD_MUST_CHECK;
/* The story names its source: the provider, its zone and language are chosen anew. */
void wd_xml_story_source(struct wd_xml_story *reading, struct wd_slice source);

/* Text of an element, collapsed; "" for NULL. */
struct wd_slice wd_xml_story_text(const struct wd_xml_story *reading,
                                  const struct wd_xml_node *element);
/* The same with a blank where one child ends and another begins: "By Jane Doe" "Example Press". */
struct wd_slice wd_xml_story_words(const struct wd_xml_story *reading,
                                   const struct wd_xml_node *element);
/* Sets what is still empty. */
void wd_xml_story_set(struct wd_slice *field, struct wd_slice text);
/* "SEATOWN, Ore., March 7 (EP) -": dateline without agency and dash; place and agency where the story has none. */
void wd_xml_story_dateline(const struct wd_xml_story *reading, struct wd_slice text);
struct wd_time wd_xml_story_time(const struct wd_xml_story *reading, struct wd_slice text);
/* As the provider's profile maps the digit, else the digit; 0 when it is no number from 1 to 9. */
int wd_xml_story_urgency(const struct wd_xml_story *reading, struct wd_slice text);

/* Pixels; 0 when it is no number. */
int32_t wd_xml_story_pixels(struct wd_slice text);

/* usable, embargoed, withheld, canceled, in any case of letters; WD_OUT_OF_RANGE for anything else: a kill must not
 * get through as usable because somebody spelt it in a new way. */
enum wd_status wd_xml_story_status(const struct wd_xml_story *reading,
                                   const struct wd_xml_node *element, struct wd_slice word,
                                   enum wd_story_status *status) WD_MUST_CHECK;
/* The signal (enum wd_signal) that a code or word of a provider's means ("update", "correction", "C"); 0: none. */
uint32_t wd_xml_story_signal(struct wd_slice code);
/* A further note to editors; what is over WD_XML_NOTES_MAX is kept as extra, and the story flagged truncated. */
void wd_xml_story_note(struct wd_xml_story *reading, struct wd_slice text);
/* A concept with a name; NULL when the list is full (the story is flagged truncated). */
struct wd_concept *wd_xml_story_concept(const struct wd_xml_story *reading,
                                        struct wd_concepts *list, struct wd_slice name);
/* Whether a concept of this name is in the list. */
bool wd_xml_story_has(const struct wd_concepts *list, struct wd_slice name);
void wd_xml_story_keyword(const struct wd_xml_story *reading, struct wd_slice text);
/* A ninjs member with a text as value; nothing for "". The first of a name counts; envelope and payload may both have it. */
enum wd_status wd_xml_story_member(const struct wd_xml_story *reading, const char *name,
                                   struct wd_slice text) WD_MUST_CHECK;
/* Keeps the children of `parent` whose names are not in `known` (ends with NULL) as extra, by their markup. */
void wd_xml_story_extras(const struct wd_xml_story *reading, const struct wd_xml_node *parent,
                         const char *const *known);
/* One element as extra. */
void wd_xml_story_extra(const struct wd_xml_story *reading, const struct wd_xml_node *element);
/* The last steps: notes one a line, embargo, flags. */
void wd_xml_story_end(struct wd_xml_story *reading);

#endif
