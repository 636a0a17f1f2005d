/* Any bytes as a tagger's model behind a right checksum: refused with a reason, or safe to tag with. Of an input that begins with U the
 * sections are not packed yet (their sizes are those of the head's `packed`), so that what is inside of them is explored; else
 * they are as they are. The first byte is no part of the model. */
#include "tagger.h"
#include "tagger_model.h"
#include "wd_assert.h"

#include <stdint.h>
#include <stdlib.h>
#include <zstd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tag(const struct wd_tagger *tagger)
{
    static const char copy[] = "LAGOS, May 3 - Amina Yusuf of Harbour Authority met Besnik Hoxha.";
    static struct wd_tagger_scratch *scratch;
    if (!scratch)
        scratch = wd_tagger_scratch_create();
    struct wd_tagger_text text = {WD_FIELD_BODY, 0, {copy, sizeof(copy) - 1}};
    const struct wd_mention *mentions = NULL;
    size_t found = 0;
    WD_ASSERT(scratch && wd_tagger_tag(tagger, scratch, &text, 1, &mentions, &found) == WD_OK);
    for (size_t k = 0; k < found; k++) {
        WD_ASSERT(mentions[k].begin < mentions[k].end && mentions[k].end < sizeof(copy));
        WD_ASSERT(mentions[k].score >= 0.0F && mentions[k].score <= 1.0F);
    }
}

/* The model of an input, in `out`; returns its length. */
static size_t make_model(const uint8_t *data, size_t size, char *out, size_t room)
{
    struct wd_model_head head;
    bool packed = data[0] != 'U';
    data++;
    size--;
    if (packed || size < sizeof(head)) {
        memcpy(out, data, size);
        return size;
    }
    memcpy(&head, data, sizeof(head));
    size_t from = sizeof(head);
    size_t to = sizeof(head);
    for (int section = 0; section < WD_MODEL_SECTIONS; section++) {
        size_t len = head.packed[section] < size - from ? head.packed[section] : size - from;
        size_t made = len == 0 ? 0 : ZSTD_compress(out + to, room - to, data + from, len, 1);
        WD_ASSERT(!ZSTD_isError(made));
        head.packed[section] = (uint32_t)made;
        from += len;
        to += made;
    }
    memcpy(out, &head, sizeof(head));
    return to;
}

static void seal(char *bytes, size_t len)
{
    struct wd_model_head *head = (void *)bytes;
    if (len < sizeof(*head))
        return;
    head->bytes = len;
    head->checksum = wd_model_checksum(wd_slice_make(bytes, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wd_tagger *tagger = NULL;
    struct wd_error error;
    if (size == 0 || size > 1 << 20)
        return 0;
    size_t room = ZSTD_compressBound(size) + WD_MODEL_SECTIONS * ZSTD_compressBound(0);
    char *copy = malloc(room); /* aligned for anything */
    WD_ASSERT(copy);
    size_t len = make_model(data, size, copy, room);
    copy = realloc(copy, len + 1); /* of this size: so that overreads are seen */
    WD_ASSERT(copy);
    seal(copy, len);
    wd_error_init(&error);
    enum wd_status status = wd_tagger_open_bytes(wd_slice_make(copy, len), &tagger, &error);
    WD_ASSERT((status == WD_OK) == (tagger != NULL));
    if (status == WD_OK)
        tag(tagger);
    else
        WD_ASSERT(error.text[0] != '\0');
    wd_tagger_close(tagger);
    free(copy);
    return 0;
}
