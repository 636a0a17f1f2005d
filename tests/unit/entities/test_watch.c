/* Watch lists: formats, rules of case and accents, and every fault with its line. */
#include "test.h"

#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned warnings;

static void count_warning(void *context, const char *text)
{
    (void)context;
    (void)text;
    warnings++;
}

/* A file with this ending and these bytes; the caller unlinks it. */
static void write_file(char *path, size_t size, const char *ending, const char *bytes, size_t len)
{
    (void)snprintf(path, size, "/tmp/wiredesk-watch-XXXXXX%s", ending);
    int file = mkstemps(path, (int)strlen(ending));
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, len), len);
    (void)close(file);
}

static struct wd_watch *load_bytes(const char *ending, const char *bytes, size_t len,
                                   struct wd_faults *faults)
{
    char path[64];
    write_file(path, sizeof(path), ending, bytes, len);
    struct wd_watch *watch = NULL;
    const struct wd_watch_source source = {
        .name = "desk", .path = path, .fault_path = "lists[0]", .warn = count_warning};
    wd_faults_init(faults);
    warnings = 0;
    enum wd_status status = wd_watch_load(&source, &watch, faults);
    assert_true((status == WD_OK) == (faults->count == 0));
    (void)unlink(path);
    return watch;
}

static struct wd_watch *load(const char *ending, const char *text)
{
    struct wd_faults faults;
    struct wd_watch *watch = load_bytes(ending, text, strlen(text), &faults);
    if (!watch)
        fail_msg("%s", faults.items[0].text);
    wd_faults_finish(&faults);
    return watch;
}

/* The name of the entry that the text begins with; "" when there is none. `rest` gets what follows. */
static const char *match(const struct wd_watch *watch, const char *text, const char **rest)
{
    static char id[64];
    struct wd_words words;
    struct wd_buffer scratch;
    struct wd_watch_match found;
    wd_words_init(&words);
    wd_buffer_init(&scratch);
    assert_true(wd_words_add(&words, 0, wd_slice_from(text)));
    const struct wd_watch_search search = {&words, wd_slice_from(text), &scratch};
    bool good = wd_watch_find(watch, &search, 0, &found);
    if (good) {
        (void)snprintf(id, sizeof(id), "%s%s", wd_watch_string(watch, found.entry->id),
                       found.ambiguous ? "?" : "");
        *rest = text + found.end;
    }
    wd_words_finish(&words);
    wd_buffer_finish(&scratch);
    return good ? id : "none";
}

static void expect(const struct wd_watch *watch, const char *text, const char *id, const char *rest)
{
    const char *got = "";
    const char *found = match(watch, text, &got);
    if (strcmp(found, id) != 0 || strcmp(got, rest) != 0)
        fail_msg("\"%s\": %s then \"%s\", not %s then \"%s\"", text, found, got, id, rest);
}

static const char rules_json[] =
    "[{\"name\": \"Acme Corp\", \"id\": \"1\", \"type\": \"organisation\", \"names\": "
    "[\"Acme\"]},\n"
    " {\"name\": \"US\", \"id\": \"2\", \"type\": \"place\", \"case\": \"exact\"},\n"
    " {\"name\": \"gold\", \"id\": \"3\", \"case\": \"any\"},\n"
    " {\"name\": \"Müller\", \"id\": \"4\", \"accents\": \"exact\"},\n"
    " {\"name\": \"McDonald's\", \"id\": \"5\"},\n"
    " {\"name\": \"eBay\", \"id\": \"6\"},\n"
    " {\"name\": \"Łódź\", \"id\": \"7\"},\n"
    " {\"name\": \"東京\", \"id\": \"8\"},\n"
    " {\"name\": \"Procter & Gamble\", \"id\": \"9\"}]\n";

static void rules(const struct wd_watch *watch)
{
    expect(watch, "Acme Corp said", "1", " said");
    expect(watch, "Acme said", "1", " said");
    expect(watch, "ACME CORP", "1", "");
    expect(watch, "acme said", "none", "");
    expect(watch, "Acmes", "none", "");
    expect(watch, "Acme's plan", "1", "'s plan");
    expect(watch, "US troops", "2", " troops");
    expect(watch, "Us and them", "none", "");
    expect(watch, "Gold rose", "3", " rose");
    expect(watch, "gold rose", "3", " rose");
    expect(watch, "Müller", "4", "");
    expect(watch, "MÜLLER", "4", "");
    expect(watch, "Muller", "none", "");
    expect(watch, "McDonald's sells", "5", " sells");
    expect(watch, "McDonald\xE2\x80\x99s sells", "5", " sells");
    expect(watch, "McDonald sells", "none", "");
    expect(watch, "eBay sells", "6", " sells");
    expect(watch, "Lodz lies", "7", " lies");
    expect(watch, "Łódź", "7", "");
    expect(watch, "東京都", "8", "都");
    expect(watch, "Procter & Gamble", "9", "");
}

static void json_rules(void **state)
{
    (void)state;
    struct wd_watch *watch = load(".json", rules_json);
    assert_int_equal(wd_watch_entry_count(watch), 9);
    assert_int_equal(wd_watch_name_count(watch), 10);
    rules(watch);
    wd_watch_destroy(watch);
}

static void csv_rules(void **state)
{
    (void)state;
    struct wd_watch *watch = load(".csv", "\xEF\xBB\xBFname,id,type,names,case,accents\r\n"
                                          "Acme Corp,1,organisation,Acme | ,,\r\n"
                                          "US,2,place,,exact,\r\n"
                                          "gold,3,,,any,\r\n"
                                          "Müller,4,,,,exact\r\n"
                                          "McDonald's,5,,,,\r\n"
                                          "eBay,6,,,,\r\n"
                                          "\"Łódź\",7,,,,\r\n"
                                          "東京,8,,,,\r\n"
                                          "Procter & Gamble,9,,,,\r\n");
    assert_int_equal(wd_watch_entry_count(watch), 9);
    rules(watch);
    wd_watch_destroy(watch);
}

static void json_lines(void **state)
{
    (void)state;
    struct wd_watch *watch = load(".json", "{\"name\": \"Acme\", \"id\": \"1\"}\n"
                                           "{\"name\": \"Zenith\", \"id\": \"2\"}\n");
    expect(watch, "Acme", "1", "");
    expect(watch, "Zenith", "2", "");
    wd_watch_destroy(watch);
    watch = load(".json", "[]");
    assert_int_equal(wd_watch_entry_count(watch), 0);
    expect(watch, "Acme", "none", "");
    wd_watch_destroy(watch);
}

static void longest(void **state)
{
    (void)state;
    struct wd_watch *watch =
        load(".json", "[{\"name\": \"New York\", \"id\": \"1\"},"
                      " {\"name\": \"New York Times Company\", \"id\": \"2\"}]");
    expect(watch, "New York Times", "1", " Times");
    expect(watch, "New York Times Company said", "2", " said");
    expect(watch, "New. York", "none", "");
    wd_watch_destroy(watch);
}

/* Two entries with one name: nobody can say which. Own names go before aliases, so that a circle of
 * aliases does no harm. */
static void shared_names(void **state)
{
    (void)state;
    struct wd_watch *watch = load(
        ".json", "[{\"name\": \"Apollo\", \"id\": \"1\"}, {\"name\": \"Apollo\", \"id\": \"2\"},"
                 " {\"name\": \"Apollo\", \"id\": \"1\"}]");
    expect(watch, "Apollo", "1?", "");
    assert_true(warnings > 0);
    wd_watch_destroy(watch);
    watch = load(".json", "[{\"name\": \"Aa\", \"id\": \"1\", \"names\": [\"Bb\"]},"
                          " {\"name\": \"Bb\", \"id\": \"2\", \"names\": [\"Cc\"]},"
                          " {\"name\": \"Cc\", \"id\": \"3\", \"names\": [\"Aa\"]}]");
    expect(watch, "Aa", "1", "");
    expect(watch, "Bb", "2", "");
    expect(watch, "Cc", "3", "");
    assert_int_equal(warnings, 3);
    wd_watch_destroy(watch);
    watch = load(".json", "[{\"name\": \"Dd\", \"id\": \"1\"}, {\"name\": \"dd\", \"id\": \"1\"}]");
    expect(watch, "Dd", "1", "");
    assert_int_equal(warnings, 0);
    wd_watch_destroy(watch);
}

/* A million aliases of one word: one name, no list that grows longer and longer. */
static void million_aliases_of_one_word(void **state)
{
    (void)state;
    struct wd_buffer text;
    wd_buffer_init(&text);
    wd_buffer_append_slice(&text,
                           WD_SLICE("[{\"name\": \"Acme\", \"id\": \"1\", \"names\": [\"Acme\""));
    for (int i = 0; i < 500000; i++)
        wd_buffer_append_slice(&text, WD_SLICE(",\"ACME\""));
    wd_buffer_append_slice(&text, WD_SLICE("]}"));
    for (int i = 0; i < 500000; i++)
        wd_buffer_append_slice(&text, WD_SLICE(",{\"name\":\"Acme\"}"));
    wd_buffer_append_slice(&text, WD_SLICE("]"));
    struct wd_faults faults;
    struct wd_watch *watch = load_bytes(".json", text.data, text.len, &faults);
    assert_non_null(watch);
    assert_int_equal(wd_watch_name_count(watch), 1);
    expect(watch, "Acme", "1?", "");
    assert_in_range(warnings, 1, 10);
    wd_watch_destroy(watch);
    wd_faults_finish(&faults);
    wd_buffer_finish(&text);
}

static void refused(const char *ending, const char *bytes, size_t len, int line, const char *part)
{
    struct wd_faults faults;
    char place[16];
    assert_null(load_bytes(ending, bytes, len, &faults));
    assert_true(faults.count > 0);
    assert_string_equal(faults.items[0].path, "lists[0]");
    (void)snprintf(place, sizeof(place), "%s:%d: ", ending, line);
    if (!strstr(faults.items[0].text, place) || !strstr(faults.items[0].text, part))
        fail_msg("\"%s\" does not say \"%s\" and \"%s\"", faults.items[0].text, place, part);
    wd_faults_finish(&faults);
}

#define REFUSED(ending, text, line, part) refused(ending, text, sizeof(text) - 1, line, part)

static void faults_have_lines(void **state)
{
    (void)state;
    REFUSED(".json", "[\n{\"name\": 7}]", 2, "\"name\" must be a string");
    REFUSED(".json", "[{\"name\": \"A\"},\n{\"id\": \"A\"}]", 2, "without \"name\"");
    REFUSED(".json", "[{\"name\": \"A\"},\n\n\"B\"]", 3, "must be an object");
    REFUSED(".json", "[{\"name\": \"A\", \"type\": \"city\"}]", 1, "\"type\" is person");
    REFUSED(".json", "[{\"name\": \"A\", \"names\": \"B\"}]", 1, "list of strings");
    REFUSED(".json", "[{\"name\": \"A\", \"names\": [\"B\", null]}]", 1, "\"names\"[1]");
    REFUSED(".json", "[{\"name\": \"A\", \"alias\": []}]", 1, "\"alias\" is not known");
    REFUSED(".json", "[{\"name\": \"A\", \"case\": \"lower\"}]", 1, "capitals, any or exact");
    REFUSED(".json", "[{\"name\": \"A\", \"accents\": \"no\"}]", 1, "fold or exact");
    REFUSED(".json", "[{\"name\": \"...\"}]", 1, "without letters");
    REFUSED(".json", "[{\"name\": \"A b c d e f g h i\"}]", 1, "more than 8 words");
    REFUSED(".json", "[{\"name\": \"A\"},\n{\"name\": ]", 2, "");
    REFUSED(".json", "[{\"name\": \"A\"}\n", 2, "does not end");
    REFUSED(".json", "[{\"name\": \"A\"}]\n\nx", 3, "behind the end");
    REFUSED(".json", "[{\"name\": \"A\"},\n{\"name\": \"\xFF\"}]", 2, "not UTF-8");
    REFUSED(".json", "[{\"name\": \"A\"},\n\0]", 2, "NUL");
    REFUSED(".json", "[{\"name\": \"A\", \"name\": \"B\"}]", 1, "duplicate");
    REFUSED(".csv", "id,type\n1,place\n", 1, "name the columns");
    REFUSED(".csv", "name,colour\nA,red\n", 1, "\"colour\" is not known");
    REFUSED(".csv", "name,id\nA,1\nB\n", 3, "1 fields, not 2");
    REFUSED(".csv", "name,id\n\"A\nB\",1\n,2\n", 4, "without \"name\"");
    REFUSED(".csv", "name,type\nA,town\n", 2, "\"type\" is person");
    REFUSED(".csv", "name\n\"A\n", 2, "");
    REFUSED(".csv", "name\nA\xC3\n", 2, "not UTF-8");
}

/* All faults are counted, the first are named. */
static void many_faults(void **state)
{
    (void)state;
    struct wd_buffer text;
    wd_buffer_init(&text);
    for (int i = 0; i < 1000; i++)
        wd_buffer_append_slice(&text, WD_SLICE("{\"name\": 7}\n"));
    struct wd_faults faults;
    assert_null(load_bytes(".json", text.data, text.len, &faults));
    assert_int_equal(faults.count, WD_WATCH_FAULTS_MAX + 1);
    assert_non_null(strstr(faults.items[WD_WATCH_FAULTS_MAX].text, "950 more"));
    assert_non_null(strstr(faults.items[49].text, ":50: "));
    wd_faults_finish(&faults);
    wd_buffer_finish(&text);
}

static void no_file(void **state)
{
    (void)state;
    struct wd_watch *watch = NULL;
    struct wd_faults faults;
    wd_faults_init(&faults);
    const struct wd_watch_source source = {
        .name = "desk", .path = "/nonexistent/list.csv", .fault_path = "lists[0]"};
    assert_int_equal(wd_watch_load(&source, &watch, &faults), WD_IO);
    assert_non_null(strstr(faults.items[0].text, "/nonexistent/list.csv"));
    wd_faults_finish(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_rules),   cmocka_unit_test(csv_rules),
        cmocka_unit_test(json_lines),   cmocka_unit_test(longest),
        cmocka_unit_test(shared_names), cmocka_unit_test(million_aliases_of_one_word),
        cmocka_unit_test(many_faults),  cmocka_unit_test(faults_have_lines),
        cmocka_unit_test(no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
