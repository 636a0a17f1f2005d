/* Any bytes as JSON: our reader takes what yyjson's own takes, and finds the same in it; it refuses more (depth, keys that
 * occur twice, NULs), and says why. */
#include "json.h"
#include "wd_assert.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NUMBER_BYTES_MAX = 1100 };

static void check_equal(yyjson_val *ours, yyjson_val *theirs)
{
    size_t our_len = 0;
    size_t their_len = 0;
    char *our_text = yyjson_val_write(ours, 0, &our_len);
    char *their_text = yyjson_val_write(theirs, 0, &their_len);
    WD_ASSERT(our_text && their_text && our_len == their_len);
    WD_ASSERT(memcmp(our_text, their_text, our_len) == 0);
    free(our_text);
    free(their_text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct wd_slice names[] = {WD_SLICE("uri"), WD_SLICE("altids")};
    struct wd_slice text = {(const char *)data, size};
    struct wd_arena *arena = wd_arena_create((size_t)1 << 30);
    struct wd_error error;
    yyjson_val *root = NULL;
    wd_error_init(&error);
    enum wd_status status = wd_json_read(text, arena, &root, &error);
    WD_ASSERT(status == WD_OK ? root != NULL : error.text[0] != '\0');
    yyjson_doc *document = yyjson_read(text.data, text.len, 0);
    if (status == WD_OK) {
        WD_ASSERT(document);
        check_equal(root, yyjson_doc_get_root(document));
    } else if (status == WD_SYNTAX || status == WD_NOT_UTF8) {
        WD_ASSERT(!document || text.len >= NUMBER_BYTES_MAX);
    }
    uint32_t keys = wd_json_head_keys(text, names, 2);
    if (yyjson_obj_get(root, "uri") && status == WD_OK) /* "uri" may have been spelt with escapes */
        WD_ASSERT((keys & 1) || memchr(text.data, '\\', text.len));
    yyjson_doc_free(document);
    wd_arena_destroy(arena);
    return 0;
}
