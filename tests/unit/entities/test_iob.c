#include "test.h"

#include "iob.h"

#include <stdio.h>

/* Tokens as "token/TYPE" with ^ where a name begins; "|" ends a sentence, "#" begins a document. */
static void reads(const char *bytes, const char *want)
{
    struct wd_iob_reader reader;
    struct wd_iob_item item;
    char out[512] = "";
    size_t len = 0;
    wd_iob_reader_init(&reader, wd_slice_from(bytes));
    for (wd_iob_next(&reader, &item); item.kind != WD_IOB_END; wd_iob_next(&reader, &item)) {
        if (item.kind == WD_IOB_TOKEN)
            len += (size_t)snprintf(out + len, sizeof(out) - len, "%.*s/%s%.*s ",
                                    WD_SLICE_ARG(item.token), item.begins ? "^" : "",
                                    WD_SLICE_ARG(item.type));
        else
            len += (size_t)snprintf(out + len, sizeof(out) - len, "%s ",
                                    item.kind == WD_IOB_SENTENCE ? "|" : "#");
    }
    assert_string_equal(out, want);
}

static void schemes(void **state)
{
    (void)state;
    reads("A\tB-PER\nB\tI-PER\nC\tB-PER\nD\tO\n", "A/^PER B/PER C/^PER D/ ");         /* IOB2 */
    reads("A I-PER\nB I-PER\nC B-PER\nD I-LOC\n", "A/^PER B/PER C/^PER D/^LOC ");     /* IOB1 */
    reads("A\tB-PER\nB\tL-PER\nC\tU-PER\nD\tU-PER\n", "A/^PER B/PER C/^PER D/^PER "); /* BILOU */
    reads("A\tS-ORG\nB\tB-ORG\nC\tE-ORG\nD\tI-ORG\n", "A/^ORG B/^ORG C/ORG D/^ORG "); /* BIOES */
    reads("A\tB-PER\n\nB\tI-PER\n", "A/^PER | B/^PER "); /* no name goes over a sentence's end */
}

static void layout(void **state)
{
    (void)state;
    reads("-DOCSTART-\tO\n\nA\tO\n\n\n\nB\tO\n", "# A/ | B/ ");
    reads("-DOCSTART- -X- O O\n\nA NNP I-NP B-LOC\n", "# A/^LOC ");
    reads("-DOCSTART-\nA\tO\r\n\r\nB\tB-LOC\r\n", "# A/ | B/^LOC ");
    reads("\xEF\xBB\xBF"
          "A\tO\n",
          "A/ ");
    reads("A b\tB-LOC\n", "A b/^LOC "); /* a token with a blank, parted by TAB */
    reads("alone\n  spaced   O  \n", "alone/ spaced/ ");
    reads("", "");
    reads("\n\n\n", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(schemes), cmocka_unit_test(layout)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
