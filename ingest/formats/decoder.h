/* decoder.h - the one interface behind which every wire format stands, and the sniffer.
 *
 * Why:    the rest of the pipeline never needs to know the format.
 * Owns:   a decoder has no state: its table of functions is const. Stories belong to the batch.
 * Thread: any; the lane in practice.
 * Limits: wd_limits.h; every decoder is linear in its input. */
#ifndef WD_DECODER_H
#define WD_DECODER_H

#include "story.h"

/* What the configuration says about whoever sends: chosen by topic, header or the story itself. */
struct wd_provider {
    char *name;             /* never NULL; "default" when nothing matched */
    char *zone_name;        /* IANA name, default "UTC" */
    struct wd_zone *zone;   /* opened; never NULL */
    char *language;         /* BCP 47, where the format gives none; may be NULL */
    char *charset;          /* of telex and of feeds that declare none; may be NULL */
    int64_t future_skew_ms; /* a time more than this after `received` is flagged */
    int version_order;      /* 0: as the format promises; else enum wd_version_order and 1 */
    char **kill_words;      /* in slug, headline or note: do not use the story any more */
    size_t kill_word_count;
    uint8_t urgency[128]; /* of a priority code of one letter or digit; 0: the format's own */
};

/* Finds the provider of a story that names its source itself (a G2 provider, ANPA service letters). */
typedef const struct wd_provider *wd_choose_provider(const void *context, struct wd_slice source);

struct wd_decode_input {
    struct wd_slice raw;                /* the whole message; outlives the stories */
    struct wd_provenance provenance;    /* topic, partition, offset, key, digest */
    struct wd_time received;            /* WD_TIME_NONE in replay without a given time */
    const struct wd_provider *provider; /* by topic and headers; never NULL */
    struct wd_slice content_type;       /* the record's header of this name; "" when none */
    wd_choose_provider *choose;         /* NULL: `provider` it is */
    const void *choose_context;
    bool extra; /* keep what has no place in the record: wd_decode_extra */
    bool
        without_c1; /* for wd_decode_end_story: the decoder knows that no text holds a C1 control */
};

/* What a format carries, for `wiredesk formats`: X(code, bit, name). */
#define WD_CARRIES_MAP(X)                                                                          \
    X(WD_CARRIES_IDENTITY, 0, "identity")                                                          \
    X(WD_CARRIES_LINEAGE, 1, "lineage")                                                            \
    X(WD_CARRIES_VERSION, 2, "version")                                                            \
    X(WD_CARRIES_PUBLISHED, 3, "published")                                                        \
    X(WD_CARRIES_UPDATED, 4, "updated")                                                            \
    X(WD_CARRIES_EMBARGO, 5, "embargo")                                                            \
    X(WD_CARRIES_EXPIRES, 6, "expires")                                                            \
    X(WD_CARRIES_STATUS, 7, "status")                                                              \
    X(WD_CARRIES_SIGNALS, 8, "signals")                                                            \
    X(WD_CARRIES_URGENCY, 9, "urgency")                                                            \
    X(WD_CARRIES_SUBJECTS, 10, "subjects")                                                         \
    X(WD_CARRIES_ENTITIES, 11, "entities")                                                         \
    X(WD_CARRIES_SLUG, 12, "slug")                                                                 \
    X(WD_CARRIES_HEADLINE, 13, "headline")                                                         \
    X(WD_CARRIES_BYLINE, 14, "byline")                                                             \
    X(WD_CARRIES_DATELINE, 15, "dateline")                                                         \
    X(WD_CARRIES_NOTE, 16, "editors_note")                                                         \
    X(WD_CARRIES_CREDIT, 17, "credit")                                                             \
    X(WD_CARRIES_LANGUAGE, 18, "language")                                                         \
    X(WD_CARRIES_SUMMARY, 19, "summary")                                                           \
    X(WD_CARRIES_BODY, 20, "body")                                                                 \
    X(WD_CARRIES_MEDIA, 21, "media")                                                               \
    X(WD_CARRIES_URL, 22, "url")                                                                   \
    X(WD_CARRIES_SEVERAL, 23, "several_stories")
#define WD_CARRIES_BIT(code, bit, name) code = 1u << (bit),
enum wd_carries { WD_CARRIES_MAP(WD_CARRIES_BIT) };
#undef WD_CARRIES_BIT
/* The name of bit number `bit`, NULL past the last one. */
const char *wd_carries_bit_name(unsigned bit);

struct wd_decoder {
    const char *name;    /* "ninjs", "text": for the configuration and the record */
    const char *label;   /* how faults name the format; NULL: its name */
    const char *summary; /* one line */
    uint32_t carries; /* enum wd_carries: what at least one of its messages can fill; a test holds
                            it against what decoding the samples fills */
    uint32_t gives;   /* enum wd_part that its stories may have besides WD_PARTS_DECODED */
    bool
        json; /* its messages are JSON, and no others are: only these are asked about what begins like it */
    /* How sure the decoder is that this is its format, from the first bytes (at most
     * WD_SNIFF_BYTES) and the total length: 0 no, 100 certain. */
    int (*sniff)(struct wd_slice head, size_t total_len);
    /* Adds the message's stories to `batch` (empty before). On failure the status and `error` say
     * what, where (path = element, offset) and the batch's contents are to be thrown away. */
    enum wd_status (*decode)(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error);
};

enum { WD_SNIFF_BYTES = 4096 };

/* All decoders; ends with NULL. */
extern const struct wd_decoder *const wd_decoders[];

/* NULL when there is none of this name. */
const struct wd_decoder *wd_decoder_find(const char *name);
/* The decoder that is surest; NULL when none says more than 0. */
const struct wd_decoder *wd_decoder_sniff(struct wd_slice raw);

/* What every decoder begins and ends with: the checks of size and emptiness, a story of the batch
 * with provenance, provider, language and received filled in; and the flags that follow from its
 * fields. */
enum wd_status wd_decode_check_message(struct wd_slice raw, struct wd_error *error) WD_MUST_CHECK;
struct wd_story *wd_decode_begin_story(const struct wd_decode_input *input,
                                       struct wd_story_batch *batch, const char *format,
                                       struct wd_error *error);
void wd_decode_end_story(const struct wd_decode_input *input, struct wd_story *story);

/* What an embargo's time means for the status: a usable story whose embargo ends after it was received is
 * embargoed. Decoders call it when times and status are known. */
void wd_decode_embargo(struct wd_story *story);

/* The provider of a story that names its source itself: by the configuration's rules with the
 * message's topic, headers and this source. A decoder calls it as soon as it knows the source, and goes
 * on with a copy of its input that has this provider. */
const struct wd_provider *wd_decode_provider(const struct wd_decode_input *input,
                                             struct wd_slice source);

/* The urgency of a priority code: as the provider's configuration maps it, else `fallback`. */
int wd_decode_urgency(const struct wd_decode_input *input, char code, int fallback);
/* Whether the text holds one of the provider's words for a kill (any case). */
bool wd_decode_is_kill(const struct wd_provider *provider, struct wd_slice text);

/* Sets signals, and the status that follows from orders, by what desks write in headline and copy (desk_marks.h) and in
 * the editor's note (wire_words.h). */
void wd_decode_signals(struct wd_story *story);
/* What wd_decode_signals finds besides, of a story whose signals are known: its standing notes. */
void wd_decode_standing_notes(struct wd_story *story);

/* Adds the lines of `text` that are not blank as paragraphs, each byte for byte but for C1 controls (charset.h). */
enum wd_status wd_decode_add_lines(struct wd_story *story, struct wd_slice text) WD_MUST_CHECK;
/* One of them. */
enum wd_status wd_decode_add_line(struct wd_story *story, struct wd_slice line) WD_MUST_CHECK;
/* Adds the text of an HTML body: one paragraph for each block element. libxml2's HTML parser. */
enum wd_status wd_decode_add_html(struct wd_story *story, struct wd_slice html,
                                  struct wd_error *error) WD_MUST_CHECK;

/* Whether text that should be plain carries tags or character references all the same. */
bool wd_decode_has_markup(struct wd_slice text);
/* The text of a piece of HTML in one line, in the arena; "" when it has none. */
struct wd_slice wd_decode_html_line(struct wd_arena *arena, struct wd_slice html);

/* A byline without the word before the names: "By Jane Doe" -> "Jane Doe"; in German copy also "Von". `language` is the
 * story's, "" where it is not known. wd_decode_end_story does it for the story's byline. */
struct wd_slice wd_decode_without_by(struct wd_slice byline, struct wd_slice language);

/* Several names as one text, "Jane Doe, Kim Roe": bylines, places. Starts zeroed; names are borrowed until taken. */
struct wd_decode_names {
    struct wd_slice first;
    struct wd_buffer all; /* from the second one on */
};
void wd_decode_add_name(struct wd_decode_names *names, struct wd_slice name);
/* The same without its "By". */
void wd_decode_add_author(struct wd_decode_names *names, struct wd_slice name);
/* The text (in the arena unless it is one name), "" for none; data NULL also without memory. Frees the buffer. */
struct wd_slice wd_decode_take_names(struct wd_decode_names *names, struct wd_arena *arena);

/* Keeps a name and a value (borrowed) for `wiredesk.extra` when the input wants that; an empty value never. What
 * does not fit WD_EXTRAS_MAX and WD_EXTRA_BYTES_MAX is left out, with the flag "truncated". */
void wd_decode_extra(const struct wd_decode_input *input, struct wd_story *story,
                     struct wd_slice name, struct wd_slice value);

/* Decodes with `decoder`, or with the sniffer's choice when NULL. The first thing it does is
 * wd_decode_check_message. WD_TOO_LARGE, too, when a story's guid or
 * version is longer than WD_GUID_BYTES_MAX: what we write of it could not be read back. */
enum wd_status wd_decode_message(const struct wd_decoder *decoder,
                                 const struct wd_decode_input *input, struct wd_story_batch *batch,
                                 struct wd_error *error) WD_MUST_CHECK;

#endif
