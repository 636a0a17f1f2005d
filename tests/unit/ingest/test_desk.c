/* One message's way through the house: all of it goes out, or a dead letter that says why. */
#include "test.h"

#include "desk.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEPT_MAX = 8, TEXT_SIZE = 4096 };

/* A copy of what the desk emitted. */
struct kept {
    char topic[64], key[128], payload[TEXT_SIZE], headers[1024];
    bool has_key;
    size_t payload_len, output;
};

static struct wd_config *config;
static struct wd_state *state;
static struct wd_desk *desk;
static struct kept kept[KEPT_MAX];
static size_t kept_count;
static enum wd_status answer; /* of the emitter */

static const char settings[] =
    "{\"kafka\": {}, \"message_bytes_max\": 2000, \"pipelines\": [{\"name\": \"news\", \"input\": "
    "{\"topics\": [\"raw\"], \"format\": \"ninjs\"}, \"processors\": [{\"use\": \"updates\"}, "
    "{\"use\": \"route\", \"rules\": [{\"when\": {\"update\": [\"update\", \"expansion\", "
    "\"correction\"]}, "
    "\"to\": [\"event\", \"copies\"]}, {\"when\": {\"update\": [\"kill\"]}, \"to\": []}], "
    "\"otherwise\": "
    "[\"out\"]}], \"outputs\": [{\"name\": \"out\", \"topic\": \"stories\", \"key\": \"guid\"}, "
    "{\"name\": "
    "\"event\", \"topic\": \"events\", \"record\": \"update_event\", \"key\": \"provider\"}, "
    "{\"name\": "
    "\"copies\", \"topic\": \"copies\", \"record\": \"original\", \"key\": \"input\"}, {\"name\": "
    "\"wrong\", \"topic\": \"wrong\", \"record\": \"duplicate_event\", \"key\": \"none\"}], "
    "\"dead_letter\": \"dead\"}]}";

static void open_desk_of(const char *text, const char *directory)
{
    struct wd_faults faults;
    struct wd_error error;
    wd_faults_init(&faults);
    wd_error_init(&error);
    if (wd_config_load_text(text, directory, true, &config, &faults) != WD_OK)
        fail_msg("%s: %s", faults.items[0].path, faults.items[0].text);
    wd_faults_finish(&faults);
    state = wd_state_create();
    assert_int_equal(wd_plan_add_tables(config->pipelines[0].plan, state, &error), WD_OK);
    assert_int_equal(wd_desk_create(config, 0, state, &desk, &error), WD_OK);
    answer = WD_OK;
}

static void open_desk(const char *text)
{
    open_desk_of(text, ".");
}

static int set_up(void **unused)
{
    (void)unused;
    open_desk(settings);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    wd_desk_destroy(desk);
    wd_state_destroy(state);
    wd_config_release(config);
    return 0;
}

static enum wd_status keep(void *context, const struct wd_emission *emission)
{
    (void)context;
    assert_true(kept_count < KEPT_MAX);
    struct kept *one = &kept[kept_count++];
    memset(one, 0, sizeof(*one));
    (void)snprintf(one->topic, sizeof(one->topic), "%.*s", WD_SLICE_ARG(emission->topic));
    (void)snprintf(one->key, sizeof(one->key), "%.*s", WD_SLICE_ARG(emission->key));
    one->has_key = emission->key.data != NULL;
    one->payload_len = emission->payload.len;
    one->output = emission->output;
    (void)snprintf(one->payload, sizeof(one->payload), "%.*s", WD_SLICE_ARG(emission->payload));
    for (size_t i = 0, used = 0; i < emission->header_count && used < sizeof(one->headers); i++)
        used += (size_t)snprintf(one->headers + used, sizeof(one->headers) - used, "%.*s=%.*s\n",
                                 WD_SLICE_ARG(emission->headers[i].name),
                                 WD_SLICE_ARG(emission->headers[i].value));
    return answer;
}

static enum wd_status take(const char *value)
{
    static const struct wd_header headers[] = {{WD_SLICE("agency"), WD_SLICE("AP")},
                                               {WD_SLICE("wiredesk-offset"), WD_SLICE("9")},
                                               {WD_SLICE(""), WD_SLICE_NONE}};
    struct wd_error error;
    struct wd_desk_message message = {
        .topic = WD_SLICE("raw"),
        .partition = 3,
        .offset = 77,
        .key = WD_SLICE("k"),
        .value = wd_slice_from(value),
        .timestamp_ms = 1709294400000,
        .headers = headers,
        .header_count = 3,
        .headers_omitted = 2,
    };
    wd_error_init(&error);
    kept_count = 0;
    return wd_desk_take(desk, &message, keep, NULL, &error);
}

#define STORY(version, words)                                                                      \
    "{\"uri\":\"urn:e:1\",\"version\":\"" version "\",\"versioncreated\":\"2024-02-29T0" version   \
    ":00:00Z\",\"headline\":\"A headline of some words\",\"body_text\":\"" words "\"}"

static void outputs(void **unused)
{
    (void)unused;
    assert_int_equal(take(STORY("1", "The ferry will stop for a week.")), WD_OK);
    assert_int_equal(kept_count, 1);
    assert_string_equal(kept[0].topic, "stories");
    assert_string_equal(kept[0].key, "urn:e:1");
    assert_string_equal(kept[0].headers, "wiredesk-topic=raw\nwiredesk-partition=3\n"
                                         "wiredesk-offset=77\nwiredesk-index=0\n");
    assert_int_equal(kept[0].output, 0);
    /* The second version: an event, keyed by provider, and the message's own bytes under its own key. */
    static const char second[] = STORY("2", "The ferry will stop for two weeks.");
    assert_int_equal(take(second), WD_OK);
    assert_int_equal(kept_count, 2);
    assert_string_equal(kept[0].topic, "events");
    assert_string_equal(kept[0].key, "default");
    assert_non_null(strstr(kept[0].payload, "wiredesk/update-event/1"));
    assert_string_equal(kept[1].topic, "copies");
    assert_string_equal(kept[1].key, "k");
    assert_string_equal(kept[1].payload, second);
    const struct wd_desk_counters *counters = wd_desk_counters(desk);
    assert_int_equal(counters->messages, 2);
    assert_int_equal(counters->stories, 2);
    assert_int_equal(counters->published, 3);
    assert_int_equal(counters->dead, 0);
    assert_int_equal(counters->updates[WD_UPDATE_NEW], 1);
}

static void dead_letter(void **unused)
{
    (void)unused;
    assert_int_equal(take("{\"uri\": 7}"), WD_OK);
    assert_int_equal(kept_count, 1);
    assert_string_equal(kept[0].topic, "dead");
    assert_string_equal(kept[0].key, "k");
    assert_string_equal(kept[0].payload, "{\"uri\": 7}");
    assert_true(kept[0].output == SIZE_MAX);
    assert_string_equal(
        kept[0].headers,
        "wiredesk-topic=raw\nwiredesk-partition=3\nwiredesk-offset=77\n"
        "wiredesk-reason=wrong_type\nwiredesk-reason-text=ninjs: \"uri\" must be a string\n"
        "wiredesk-processor=decode\nwiredesk-time=2024-03-01T12:00:00Z\n"
        "wiredesk-headers-omitted=2\nagency=AP\n=\n");
    static char large[2100];
    memset(large, 'x', sizeof(large) - 1);
    assert_int_equal(take(large), WD_OK);
    assert_non_null(strstr(kept[0].headers, "wiredesk-reason=too_large"));
    assert_non_null(strstr(kept[0].headers, "message_bytes_max"));
    assert_int_equal(take(""), WD_OK);
    assert_non_null(strstr(kept[0].headers, "wiredesk-reason=empty"));
    assert_int_equal(wd_desk_counters(desk)->dead, 3);
    assert_int_equal(wd_desk_counters(desk)->stories, 0);
}

/* A record that cannot be written is no reason to lose the story, and leaves nothing in the state. */
static void cannot_encode(void **unused)
{
    (void)unused;
    (void)tear_down(NULL);
    static char text[2048];
    (void)snprintf(text, sizeof(text), "%s", settings);
    char *place = strstr(text, "[\"out\"]}], \"outputs\"");
    assert_non_null(place);
    (void)snprintf(place, sizeof(text) - (size_t)(place - text),
                   "[\"out\", \"wrong\"]}], \"outputs\"%s",
                   strstr(settings, "\"outputs\"") + strlen("\"outputs\""));
    open_desk(text);
    assert_int_equal(take(STORY("1", "The ferry will stop for a week.")), WD_OK);
    assert_int_equal(kept_count, 1); /* not half of it */
    assert_string_equal(kept[0].topic, "dead");
    assert_non_null(strstr(kept[0].headers, "wiredesk-reason=unsupported"));
    assert_non_null(strstr(kept[0].headers, "wiredesk-processor=encode"));
    assert_int_equal(wd_state_count(state), 0);
    assert_int_equal(wd_desk_counters(desk)->updates[WD_UPDATE_NEW], 0);
    assert_int_equal(wd_desk_counters(desk)->published, 0);
}

static void unrouted(void **unused)
{
    (void)unused;
    static const char killed[] = "{\"uri\":\"urn:e:9\",\"pubstatus\":\"canceled\",\"headline\":\"A "
                                 "headline of some words\"}";
    assert_int_equal(take(killed), WD_OK);
    assert_int_equal(kept_count, 0);
    assert_int_equal(wd_desk_counters(desk)->unrouted, 1);
    assert_int_equal(wd_desk_counters(desk)->messages, 1);
}

static void emitter_fails(void **unused)
{
    (void)unused;
    answer = WD_KAFKA;
    assert_int_equal(take(STORY("1", "The ferry will stop for a week.")), WD_KAFKA);
    assert_int_equal(take("no story"),
                     WD_KAFKA); /* also for a dead letter: nothing is lost silently */
    assert_int_equal(kept_count, 1);
}

static void buried(void **unused)
{
    (void)unused;
    struct wd_error reason;
    wd_error_init(&reason);
    (void)wd_error_set(&reason, WD_TOO_LARGE, "Kafka refuses it");
    struct wd_desk_message message = {.topic = WD_SLICE("raw"),
                                      .partition = 0,
                                      .offset = 5,
                                      .value = WD_SLICE("12345"),
                                      .timestamp_ms = -1};
    kept_count = 0;
    assert_int_equal(wd_desk_bury(desk, &message, &reason, keep, NULL), WD_OK);
    assert_int_equal(kept_count, 1);
    assert_int_equal(kept[0].payload_len, 0);
    assert_false(kept[0].has_key);
    assert_string_equal(kept[0].headers,
                        "wiredesk-topic=raw\nwiredesk-partition=0\nwiredesk-offset=5\n"
                        "wiredesk-reason=too_large\nwiredesk-reason-text=Kafka refuses it\n"
                        "wiredesk-processor=publish\nwiredesk-value-omitted=5\n");
    static char long_value[4097];
    const struct wd_header header = {WD_SLICE("h"), {long_value, 4094}};
    message.key = WD_SLICE("k");
    message.headers = &header;
    message.header_count = 1;
    assert_int_equal(wd_desk_bury(desk, &message, &reason, keep, NULL), WD_OK);
    assert_true(kept[1].has_key);
    assert_non_null(strstr(kept[1].headers, "wiredesk-value-omitted=5\nh="));
    message.key = WD_SLICE("ke"); /* one byte more than may be: it may be what Kafka refuses */
    assert_int_equal(wd_desk_bury(desk, &message, &reason, keep, NULL), WD_OK);
    assert_false(kept[2].has_key);
    assert_non_null(strstr(kept[2].headers, "wiredesk-value-omitted=5\nwiredesk-key-omitted=2\n"
                                            "wiredesk-headers-omitted=1\n"));
    assert_null(strstr(kept[2].headers, "\nh="));
    message.header_count = 0;
    (void)wd_error_set(&reason, WD_KAFKA, "cannot be had");
    message.value = WD_SLICE_NONE;
    assert_int_equal(wd_desk_bury(desk, &message, &reason, keep, NULL), WD_OK);
    assert_non_null(strstr(kept[3].headers, "wiredesk-processor=consume\n"
                                            "wiredesk-value-omitted=unknown\n"));
}

static const char feed_settings[] =
    "{\"kafka\": {}, \"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"raw\"]}, "
    "\"processors\": [{\"use\": \"./libwd_hungry.so\"}], \"outputs\": [{\"name\": \"out\", "
    "\"topic\": "
    "\"stories\"}], \"dead_letter\": \"dead\"}]}";

static void take_feed(const char *const *titles)
{
    char text[2048];
    size_t used = (size_t)snprintf(text, sizeof(text), "<rss version=\"2.0\"><channel>");
    for (; *titles; titles++)
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 "<item><title>%s</title><guid>%s</guid></item>", *titles, *titles);
    (void)snprintf(text + used, sizeof(text) - used, "</channel></rss>");
    assert_int_equal(take(text), WD_OK);
}

/* What a message may have is a limit of ours: what a story took is free for the next one, and where it is too
 * much for a single one the dead letter does not blame the machine. */
static void memory_of_a_message(void **unused)
{
    (void)unused;
    (void)tear_down(NULL);
    open_desk_of(feed_settings, WD_HUNGRY_DIR);
    take_feed((const char *const[]){"200 MiB, please", "201 MiB, please", "202 MiB, please",
                                    "300 MiB, please", "400 MiB, please", NULL});
    assert_int_equal(kept_count, 5);
    take_feed((const char *const[]){"200 MiB, please", "600 MiB, please", "2 MiB, please", NULL});
    assert_int_equal(kept_count, 1);
    assert_string_equal(kept[0].topic, "dead");
    assert_non_null(strstr(kept[0].headers,
                           "wiredesk-reason=too_large\nwiredesk-reason-text=story 2 "
                           "of 3 needs more memory than a message may have, 512 "
                           "MiB (no meal); send it in several messages"));
    assert_non_null(strstr(kept[0].headers, "wiredesk-processor=hungry\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(outputs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dead_letter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cannot_encode, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unrouted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(emitter_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(buried, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_of_a_message, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
