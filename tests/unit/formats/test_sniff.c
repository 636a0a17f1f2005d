/* Which decoder takes a message by its first bytes; and heads that look like a format and are none. */
#include "test.h"

#include "decoder.h"

#define SLICE(text)                                                                                \
    (struct wd_slice)                                                                              \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

static const struct {
    struct wd_slice head;
    const char *format; /* NULL: none */
} heads[] = {
    /* telex */
    {SLICE("\x16\x16\x01W1234\x1F"
           "asian\r\nr a\x13\x11 BC-XX--Bridge   03-07 0412\r\n\x02^BC-XX--Bridge<"),
     "anpa"},
    {SLICE("\x01W1234\x1F-----\nr a BC-XX--Bridge 03-07\n\x02"), "anpa"},
    {SLICE("\x05\x05\x05RM C\n\x16\x16\x01"
           "f0704\x1Freute\nu f BC-BRIDGE-TO   02-26 0105\n\x02"),
     "anpa"},
    {SLICE("\x01xca0123 3 i 180  exa 0045\r\n\nSeatown/\r\n\x02"), "iptc7901"},
    {SLICE("\r\n\x01"
           "bdt012 4 pl 95\r\n\nSeatown/\r\n\x02"),
     "iptc7901"},
    {SLICE("\x01"
           "race4 3:15 SEATOWN 1 Harbour Lad\r\n\x02"),
     NULL},
    {SLICE("\x01xca0123 9 i 180  exa 0045\r\n"), NULL}, /* there is no priority 9 */
    {SLICE("\x01xca0123 3 sport 180\r\n"), NULL},       /* nor a category of five letters */
    {SLICE("\x01xca0123 3 i many\r\n"), NULL},          /* words are counted in digits */
    {SLICE("\x01W12\x1F\r\nr a\r\n\x02"), NULL},        /* too short a number */
    {SLICE("\x01W1234 asian\r\nr a\r\n\x02"), NULL},    /* no US */
    {SLICE("junk \x16\x16\x01W1234\x1F"
           "asian\r\nr a\r\n\x02"),
     NULL},
    {SLICE("ZCZC EXA0123\r\r\nFERRY STOPS\r\r\nNNNN"), "text"},
    {SLICE("\r\r\n\x07ZCZC EXA0123\r\r\nFERRY STOPS\r\r\nNNNN"), "text"},
    /* JSON */
    {SLICE("{\"uri\":\"urn:example:1\",\"headline\":\"Ferry stops\"}"), "ninjs"},
    {SLICE("{\"data\":{\"item\":{\"altids\":{\"itemid\":\"a\",\"etag\":\"a_1\"}}}}"), "ap"},
    {SLICE("{\"data\":{\"items\":[{\"item\":{\"pubstatus\":\"usable\",\"headline\":\"x\"}}]}}"),
     "ap"},
    {SLICE("{\"altids\":{\"itemid\":\"a\",\"etag\":\"a_1\"},\"headline\":\"x\",\"uri\":\"x\"}"),
     "ap"},
    {SLICE("{\"uri\":\"x\",\"altids\":{\"itemid\":\"a\"},\"headline\":\"x\"}"), "ninjs"},
    /* What only the text says makes no format. */
    {SLICE("{\"uri\":\"x\",\"headline\":\"\\\"altids\\\": \\\"etag\\\": \\\"itemid\\\":\"}"),
     "ninjs"},
    {SLICE("{\"type\":\"altids\",\"uri\":\"etag\",\"headline\":\"itemid\"}"), "ninjs"},
    {SLICE("{\"headline\":\"ZCZC\",\"body_text\":\"ZCZC NNNN\"}"), "ninjs"},
    {SLICE("\n [1, 2]"), "ninjs"},
    /* feeds and pages */
    {SLICE("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>"), "feed"},
    {SLICE("<!-- <html> --><!DOCTYPE rss [<!ENTITY a \"b>c\">]>\n<rss>"), "feed"},
    {SLICE("\xEF\xBB\xBF<feed xmlns=\"http://www.w3.org/2005/Atom\">"), "feed"},
    {SLICE("<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\">"), "feed"},
    {SLICE("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"), "feed"},
    {SLICE("\xFF\xFE<\0r\0s\0s\0>\0"), "feed"},
    {SLICE("\0<\0r\0s\0s\0 \0>"), "feed"},
    {SLICE("<!DOCTYPE html><html><head>"), "page"},
    {SLICE("<!-- made by hand -->\n<HTML lang=en>"), "page"},
    {SLICE("<?xml version=\"1.0\"?><ledger><rss/></ledger>"), NULL},
    {SLICE("<rssfeed>"), NULL},
    {SLICE("<"), NULL},
    /* text */
    {SLICE("Ferry stops\n\nThe ferry will stop for a week."), "text"},
    {SLICE("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), NULL},
    {SLICE("\x1F\x8B\x08\0\0\0\0\0"), NULL},
    {SLICE(""), NULL},
};

static void by_the_head(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        const struct wd_decoder *decoder = wd_decoder_sniff(heads[i].head);
        const char *name = decoder ? decoder->name : "none";
        const char *want = heads[i].format ? heads[i].format : "none";
        if (strcmp(name, want) != 0)
            print_message("head %zu: %.*s\n", i, WD_SLICE_ARG(heads[i].head));
        assert_string_equal(name, want);
    }
}

/* The sniffer sees what may be the first part of anything: no beginning of a head may end in a crash. */
static void every_beginning(void **state)
{
    (void)state;
    size_t taken = 0;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        for (size_t len = 0; len <= heads[i].head.len; len++)
            taken += wd_decoder_sniff(wd_slice_make(heads[i].head.data, len)) != NULL;
    }
    assert_true(taken > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_the_head),
                                       cmocka_unit_test(every_beginning)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
