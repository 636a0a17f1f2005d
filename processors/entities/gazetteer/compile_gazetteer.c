/* wiredesk-gazetteer NAMES.TSV IMAGE: compiles a table of names; run by the build, and by whoever has a
 * table of his own ("gazetteer_file"). */
#include "gazetteer.h"

#include <stdio.h>

#define TABLE_BYTES_MAX ((size_t)64 << 20)

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: wiredesk-gazetteer NAMES.TSV IMAGE\n");
        return 64;
    }
    struct wd_buffer table;
    struct wd_buffer image;
    struct wd_error error;
    wd_buffer_init(&table);
    wd_buffer_init(&image);
    wd_error_init(&error);
    FILE *in = fopen(argv[1], "rb");
    FILE *out = NULL;
    bool good = in && wd_buffer_append_file(&table, in, TABLE_BYTES_MAX) && wd_buffer_ok(&table);
    if (in)
        (void)fclose(in);
    if (!good)
        (void)fprintf(stderr, "wiredesk-gazetteer: cannot read %s\n", argv[1]);
    if (good && wd_gazetteer_build(wd_buffer_slice(&table), &image, &error) != WD_OK) {
        (void)fprintf(stderr, "wiredesk-gazetteer: %s: %s\n", argv[1], error.text);
        good = false;
    }
    if (good) {
        out = fopen(argv[2], "wb");
        good = out && fwrite(image.data, 1, image.len, out) == image.len;
        if (out)
            good = fclose(out) == 0 && good;
        if (!good)
            (void)fprintf(stderr, "wiredesk-gazetteer: cannot write %s\n", argv[2]);
    }
    wd_buffer_finish(&table);
    wd_buffer_finish(&image);
    return good ? 0 : 74;
}
