/* Any valid UTF-8 as a story of paragraphs: offsets must cut it at code points and stay in order. */
#include "tagger.h"
#include "text.h"
#include "wd_assert.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXTS = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct wd_tagger *tagger;
    static struct wd_tagger_scratch *scratch;
    if (!tagger) {
        scratch = wd_tagger_scratch_create();
        WD_ASSERT(scratch && wd_tagger_open(NULL, &tagger, NULL) == WD_OK);
    }
    struct wd_slice rest = {(const char *)data, size};
    struct wd_tagger_text texts[TEXTS];
    size_t count = 0;
    if (!wd_utf8_valid(rest, NULL))
        return 0;
    while (count < TEXTS && wd_text_next_line(&rest, &texts[count].text)) {
        texts[count].field = count == 0 ? WD_FIELD_HEADLINE : WD_FIELD_BODY;
        texts[count].paragraph = (uint32_t)count;
        count++;
    }
    const struct wd_mention *mentions = NULL;
    size_t found = 0;
    WD_ASSERT(wd_tagger_tag(tagger, scratch, texts, count, &mentions, &found) == WD_OK);
    for (size_t k = 0; k < found; k++) {
        struct wd_slice text = texts[mentions[k].text].text;
        WD_ASSERT(mentions[k].begin < mentions[k].end && mentions[k].end <= text.len);
        WD_ASSERT(wd_utf8_valid(
            wd_slice_make(text.data + mentions[k].begin, mentions[k].end - mentions[k].begin),
            NULL));
        WD_ASSERT(k == 0 || mentions[k].text > mentions[k - 1].text ||
                  mentions[k].begin >= mentions[k - 1].end);
    }
    return 0;
}
