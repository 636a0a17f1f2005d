/* Our own records read back: whatever the encoder writes must come back, or a pipeline behind a topic
 * would know less than the one before it. */
#include "test.h"

#include "desk.h"
#include "text.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static struct wd_config *config;
static struct wd_state *state;
static struct wd_desk *desk;
static struct wd_story_batch batch;
static struct wd_buffer record; /* what the desk wrote last */
static size_t records;

static const char settings[] =
    "{\"kafka\": {}, \"default_provider\": {\"name\": \"valley-courier\", \"zone\": "
    "\"America/Denver\"}, \"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"raw\"]},"
    "\"processors\": [{\"use\": \"dedup\"}, {\"use\": \"updates\"}, {\"use\": \"entities\"}],"
    "\"outputs\": [{\"name\": \"out\", \"topic\": \"joined\"}], \"dead_letter\": \"dead\"}]}";

static int set_up(void **unused)
{
    (void)unused;
    struct wd_faults faults;
    struct wd_error error;
    wd_faults_init(&faults);
    wd_error_init(&error);
    wd_story_batch_init(&batch, 64 << 20);
    wd_buffer_init(&record);
    state = wd_state_create();
    bool good = wd_config_load_text(settings, ".", true, &config, &faults) == WD_OK &&
                wd_plan_add_tables(config->pipelines[0].plan, state, &error) == WD_OK &&
                wd_desk_create(config, 0, state, &desk, &error) == WD_OK;
    wd_faults_finish(&faults);
    return good ? 0 : -1;
}

static int tear_down(void **unused)
{
    (void)unused;
    wd_desk_destroy(desk);
    wd_state_destroy(state);
    wd_config_release(config);
    wd_story_batch_finish(&batch);
    wd_buffer_finish(&record);
    return 0;
}

static enum wd_status read_back(struct wd_slice bytes, struct wd_error *error)
{
    struct wd_decode_input input = {
        .raw = bytes,
        .provenance = {.topic = WD_SLICE("joined"), .partition = 3, .offset = 99},
        .received = wd_time_from_ms(1700000000000),
        .provider = &config->default_provider,
    };
    wd_error_init(error);
    wd_story_batch_clear(&batch);
    return wd_decode_message(NULL, &input, &batch, error);
}

static void check_same(struct wd_slice bytes)
{
    struct wd_error error;
    struct wd_buffer again;
    wd_buffer_init(&again);
    if (read_back(bytes, &error) != WD_OK)
        fail_msg("%s in %.*s", error.text, WD_SLICE_ARG(bytes));
    assert_int_equal(batch.count, 1);
    assert_int_equal(wd_encode_record(WD_RECORD_ENRICHED, batch.stories[0], 0, &again), WD_OK);
    if (!wd_slice_equal(wd_buffer_slice(&again), bytes))
        fail_msg("other bytes:\n%.*s\n%.*s", WD_SLICE_ARG(bytes),
                 WD_SLICE_ARG(wd_buffer_slice(&again)));
    wd_buffer_finish(&again);
}

static enum wd_status take_record(void *context, const struct wd_emission *emission)
{
    (void)context;
    wd_buffer_clear(&record);
    wd_buffer_append_slice(&record, emission->payload);
    if (emission->output == SIZE_MAX)
        return WD_OK;
    records++;
    check_same(emission->payload);
    return WD_OK;
}

static void take(struct wd_slice bytes)
{
    static int64_t offset;
    struct wd_error error;
    wd_error_init(&error);
    struct wd_desk_message message = {.topic = WD_SLICE("wire.raw"),
                                      .partition = 7,
                                      .offset = offset++,
                                      .value = bytes,
                                      .timestamp_ms = 1709294400000};
    assert_int_equal(wd_desk_take(desk, &message, take_record, NULL, &error), WD_OK);
    wd_state_commit(state);
}

static int take_file(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)place;
    bool input = strstr(path, "/input/") || strstr(path, "/samples/stories/");
    FILE *file = kind == FTW_F && input ? fopen(path, "re") : NULL;
    if (!file)
        return 0;
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    assert_true(wd_buffer_append_file(&bytes, file, 64 << 20));
    (void)fclose(file);
    take(wd_buffer_slice(&bytes));
    wd_buffer_finish(&bytes);
    return 0;
}

/* Every story of the golden cases and the samples, of every format: read back and written again it
 * has the same bytes. */
static void all_samples(void **unused)
{
    (void)unused;
    records = 0;
    assert_int_equal(nftw(WD_SOURCE_DIR "/tests/golden", take_file, 16, FTW_PHYS), 0);
    assert_int_equal(nftw(WD_SOURCE_DIR "/deploy/samples", take_file, 16, FTW_PHYS), 0);
    assert_true(records > 60);
}

/* A URI that we made is no id: a page that comes back still goes by its headline. */
static void made_uri_is_no_id(void **unused)
{
    (void)unused;
    struct wd_error error;
    take(WD_SLICE("Bridge closed to all traffic\n\nPublished: March 1, 2024 08:00AM\n\n"
                  "SEATOWN - The harbour bridge was closed on Friday, the port authority said.\n\n"
                  "Nobody was hurt, but engineers found a crack in the middle pier.\n"));
    assert_non_null(memmem(record.data, record.len, "\"uri\":\"urn:wiredesk:page:", 25));
    assert_int_equal(read_back(wd_buffer_slice(&record), &error), WD_OK);
    assert_int_equal(batch.stories[0]->guid.len, 0);
}

/* A record with all that there is, its values written by hand. */
static const char whole[] =
    "{\"story\":{\"uri\":\"urn:wiredesk:guid:ap:no%20uri\",\"standard\":{\"name\":\"ninjs\","
    "\"version\":\"3.1\"},\"type\":\"text\",\"version\":\"4\",\"pubStatus\":\"withheld\","
    "\"headlines\":[{\"role\":\"main\",\"value\":\"Iran talks\"}],\"bodies\":[{\"role\":\"main\","
    "\"contentType\":\"text/plain\",\"value\":\"One.\\n\\nTwo\\nlines in Iran.\"}],"
    "\"altIds\":[{\"role\":\"desk\",\"value\":\"7\"}]},"
    "\"wiredesk\":{\"schema\":\"wiredesk/enriched/1\",\"provenance\":{\"topic\":\"wire.raw\","
    "\"partition\":2,\"offset\":4711,\"index\":3,\"format\":\"anpa\",\"provider\":\"ap\","
    "\"digest\":\"00112233445566778899aabbccddeeff\"},"
    "\"times\":{\"published\":{\"time\":\"2012-10-20T19:20:00-06:00\",\"zone_assumed\":true},"
    "\"updated\":{\"invalid\":true},\"received\":{\"time\":\"2012-10-21T01:30:00Z\"}},"
    "\"status\":\"embargoed\",\"guid\":\"no uri\",\"previous\":\"older\",\"url\":\"https://e.x/\","
    "\"transmission\":\"a0423\",\"lineage_key\":{\"text\":\"BC-US--Iran\",\"rule\":\"keyline\"},"
    "\"dateline\":\"Tehran\",\"credit\":\"AP\",\"signals\":[\"correction\",\"hold\"],"
    "\"advisories\":[\"zone_assumed\",\"partial\"],\"lineage\":{\"id\":\"abc\",\"rule\":"
    "\"keyline\","
    "\"number\":3,\"latest\":\"4\",\"first_published\":\"2012-10-19T00:00:00Z\","
    "\"state\":\"killed\",\"members\":5,\"members_forgotten\":2,\"opened\":true,"
    "\"id_reused\":true,\"merged\":[\"m1\",\"m2\"]},"
    "\"dedup\":{\"relation\":\"contains\",\"matched\":\"urn:x\","
    "\"matched_provider\":\"reuters\",\"matched_time\":\"2012-10-20T00:00:00Z\","
    "\"group\":\"g1\",\"also_group\":\"g2\",\"further_groups\":[\"g3\",\"g4\"],"
    "\"joins\":true,"
    "\"similarity\":0.5,\"contained\":0.25,\"containing\":0.75,\"reason\":\"because\"},"
    "\"update\":{\"kind\":\"correction\",\"late\":true,\"unseen_original\":true,"
    "\"partial\":true,\"change\":{\"class\":\"factual\",\"against\":\"3\","
    "\"against_newer\":true,\"headline_changed\":true,\"headline_before\":\"Iran\","
    "\"sentences_before\":1,\"sentences_now\":2,\"words_before\":3,\"words_now\":4,\"kept\":5,"
    "\"added\":6,\"removed\":7,\"edited\":8,\"moved\":9,\"numbers\":10,\"names\":11,"
    "\"quotations\":12,\"cut\":true,\"changes\":[{\"kind\":\"edited\",\"before\":1,\"now\":2,"
    "\"text\":\"Two\"}],\"facts\":[{\"kind\":\"number\",\"before\":\"7\",\"now\":\"9\"}]},"
    "\"reason\":\"the note says so\"},\"entities\":[{\"type\":\"place\",\"id\":\"iso3166:IR\","
    "\"name\":\"Iran\",\"text\":\"Iran\",\"field\":\"body\",\"paragraph\":1,\"begin\":13,\"end\":"
    "17,"
    "\"begin_point\":13,\"end_point\":17,\"score\":0.9,\"source\":\"gazetteer\"}],"
    "\"verdicts\":[{\"processor\":\"desk\",\"findings\":{\"a\":[1,2.5,null]}}]}}";

static void every_field(void **unused)
{
    (void)unused;
    struct wd_error error;
    assert_int_equal(read_back(wd_slice_from(whole), &error), WD_OK);
    const struct wd_story *story = batch.stories[0];
    assert_slice_equal(story->guid, "no uri");
    assert_slice_equal(story->previous, "older");
    assert_slice_equal(story->url, "https://e.x/");
    assert_slice_equal(story->transmission, "a0423");
    assert_slice_equal(story->lineage_key, "BC-US--Iran");
    assert_slice_equal(story->lineage_rule, "keyline");
    assert_slice_equal(story->provider, "ap");
    assert_slice_equal(story->provenance.topic, "wire.raw"); /* the first message, not this one */
    assert_int_equal(story->provenance.partition, 2);
    assert_int_equal(story->provenance.offset, 4711);
    assert_int_equal(story->provenance.index, 3);
    assert_slice_equal(story->provenance.format, "anpa");
    assert_int_equal(story->provenance.digest.bytes[15], 0xff);
    assert_int_equal(story->published.ms, 1350782400000);
    assert_int_equal(story->published.offset_minutes, -360);
    assert_true(story->published.flags & WD_TIME_ZONE_ASSUMED);
    assert_int_equal(story->updated.flags, WD_TIME_INVALID);
    assert_int_equal(story->received.ms, 1350783000000);
    assert_int_equal(story->status, WD_STORY_EMBARGOED);
    assert_int_equal(story->signals, WD_SIGNAL_CORRECTION | WD_SIGNAL_HOLD);
    assert_int_equal(story->flags, WD_FLAG_ZONE_ASSUMED | WD_FLAG_PARTIAL);
    assert_slice_equal(story->dateline, "Tehran");
    assert_slice_equal(story->credit, "AP");
    assert_int_equal(story->paragraph_count, 2);
    assert_slice_equal(story->paragraphs[1], "Two\nlines in Iran.");
    assert_int_equal(story->member_count, 1);
    assert_slice_equal(story->members[0].name, "altIds");
    assert_slice_equal(story->members[0].json, "[{\"role\":\"desk\",\"value\":\"7\"}]");
}

static void every_verdict(void **unused)
{
    (void)unused;
    struct wd_error error;
    assert_int_equal(read_back(wd_slice_from(whole), &error), WD_OK);
    const struct wd_story *story = batch.stories[0];
    assert_int_equal(story->dedup.relation, WD_RELATION_CONTAINS);
    assert_slice_equal(story->dedup.matched, "urn:x");
    assert_slice_equal(story->dedup.matched_provider, "reuters");
    assert_int_equal(story->dedup.matched_event_ms, 1350691200000);
    assert_slice_equal(story->dedup.group, "g1");
    assert_int_equal(story->dedup.also_group_count, 3);
    assert_slice_equal(story->dedup.also_groups[0], "g2");
    assert_slice_equal(story->dedup.also_groups[2], "g4");
    assert_true(story->dedup.joins);
    assert_true(story->dedup.similarity == 0.5 && story->dedup.contained == 0.25 &&
                story->dedup.containing == 0.75);
    assert_slice_equal(story->dedup.reason, "because");
    assert_int_equal(story->update.kind, WD_UPDATE_CORRECTION);
    assert_true(story->update.late && story->update.unseen_original);
    assert_slice_equal(story->update.lineage, "abc");
    assert_slice_equal(story->update.rule, "keyline");
    assert_int_equal(story->update.number, 3);
    assert_slice_equal(story->update.latest, "4");
    assert_int_equal(story->update.first_published.ms, 1350604800000);
    assert_int_equal(story->update.state, WD_LINEAGE_KILLED);
    assert_int_equal(story->update.members, 5);
    assert_int_equal(story->update.members_forgotten, 2);
    assert_true(story->update.opened && story->update.id_reused && story->update.partial);
    assert_int_equal(story->update.merged_count, 2);
    assert_slice_equal(story->update.merged[1], "m2");
    assert_slice_equal(story->update.reason, "the note says so");
    assert_int_equal(story->entity_count, 1);
    assert_int_equal(story->entities[0].type, WD_ENTITY_PLACE);
    assert_slice_equal(story->entities[0].id, "iso3166:IR");
    assert_int_equal(story->entities[0].begin, 13);
    assert_int_equal(story->entities[0].end_point, 17);
    assert_int_equal(story->verdict_count, 1);
    assert_slice_equal(story->verdicts[0].processor, "desk");
    assert_slice_equal(story->verdicts[0].json, "{\"a\":[1,2.5,null]}");
}

static void change(void **unused)
{
    (void)unused;
    struct wd_error error;
    assert_int_equal(read_back(wd_slice_from(whole), &error), WD_OK);
    const struct wd_change *told = &batch.stories[0]->update.change;
    assert_int_equal(told->class_of_change, WD_CHANGE_FACTUAL);
    assert_slice_equal(told->against, "3");
    assert_slice_equal(told->headline_before, "Iran");
    assert_true(told->against_newer && told->headline_changed && told->cut);
    assert_int_equal(told->sentences_before, 1);
    assert_int_equal(told->words_now, 4);
    assert_int_equal(told->sentences[WD_SENTENCE_KEPT], 5);
    assert_int_equal(told->sentences[WD_SENTENCE_MOVED], 9);
    assert_int_equal(told->facts[WD_FACT_NUMBER], 10);
    assert_int_equal(told->facts[WD_FACT_QUOTATION], 12);
    assert_int_equal(told->sentence_count, 1);
    assert_int_equal(told->sentence_list[0].kind, WD_SENTENCE_EDITED);
    assert_int_equal(told->sentence_list[0].now, 2);
    assert_slice_equal(told->sentence_list[0].text, "Two");
    assert_int_equal(told->fact_count, 1);
    assert_int_equal(told->fact_list[0].kind, WD_FACT_NUMBER);
    assert_slice_equal(told->fact_list[0].before, "7");
    assert_slice_equal(told->fact_list[0].now, "9");
}

/* `whole` with one piece replaced. */
static struct wd_slice with(const char *piece, const char *other)
{
    static char text[sizeof(whole) + 256];
    const char *place = strstr(whole, piece);
    assert_non_null(place);
    int len = snprintf(text, sizeof(text), "%.*s%s%s", (int)(place - whole), whole, other,
                       place + strlen(piece));
    return wd_slice_make(text, (size_t)len);
}

static void refused(void **unused)
{
    static const struct {
        const char *piece, *other;
        enum wd_status status;
        const char *part;
    } cases[] = {
        {"enriched/1", "enriched/2", WD_VERSION, "newer version"},
        {"wiredesk/enriched/1", "else/1", WD_UNKNOWN_FORMAT, "no enriched record"},
        {"\"partition\":2", "\"partition\":-7", WD_MISSING, "provenance.partition"},
        {"\"offset\":4711", "\"offset\":\"4711\"", WD_MISSING, "provenance.offset"},
        {"00112233", "0011223X", WD_MISSING, "provenance.digest"},
        {"\"times\":", "\"time\":", WD_MISSING, "wiredesk.times"},
        {"\"embargoed\"", "\"pending\"", WD_VERSION, "wiredesk.status is \"pending\""},
        {"\"contains\"", "\"echoes\"", WD_VERSION, "dedup.relation"},
        {"\"kind\":\"correction\"", "\"kind\":\"sequel\"", WD_VERSION, "update.kind"},
        {"\"end\":17", "\"end\":19", WD_OUT_OF_RANGE, "entities[0]"},
        {"\"paragraph\":1", "\"paragraph\":2", WD_OUT_OF_RANGE, "entities[0]"},
        {"\"begin\":13", "\"begin\":17", WD_OUT_OF_RANGE, "entities[0]"},
        {"\"number\":3", "\"number\":-3", WD_MISSING, "lineage.number"},
        {"\"findings\"", "\"finding\"", WD_MISSING, "verdicts"},
        {"\"signals\":[", "\"signals\":7,\"x\":[", WD_MISSING, "wiredesk.signals"},
    };
    (void)unused;
    struct wd_error error;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum wd_status status = read_back(with(cases[i].piece, cases[i].other), &error);
        if (status != cases[i].status || !strstr(error.text, cases[i].part))
            fail_msg("%s: status %s, \"%s\"", cases[i].other, wd_status_name(status), error.text);
    }
    assert_int_equal(read_back(WD_SLICE("{\"story\": {\"uri\": \"urn:x\"}}"), &error),
                     WD_UNKNOWN_FORMAT);
    /* An event has uri and headline: it must not be taken for a ninjs story. */
    assert_int_equal(read_back(WD_SLICE("{\"schema\":\"wiredesk/update-event/1\",\"uri\":\"urn:x\","
                                        "\"headline\":\"H\"}"),
                               &error),
                     WD_UNSUPPORTED);
}

/* What a newer version of the same major may add is no reason to refuse, but is told. */
static void newer(void **unused)
{
    (void)unused;
    struct wd_error error;
    assert_int_equal(read_back(with("\"hold\"", "\"whisper\""), &error), WD_OK);
    assert_int_equal(batch.stories[0]->signals, WD_SIGNAL_CORRECTION);
    assert_true(batch.stories[0]->flags & WD_FLAG_UNKNOWN_KEYS);
    assert_int_equal(read_back(with("\"dateline\":", "\"mood\":\"gloomy\",\"dateline\":"), &error),
                     WD_OK);
    assert_true(batch.stories[0]->flags & WD_FLAG_UNKNOWN_KEYS);
}

/* What stays in the copy is found again there. */
static void standing_notes(void **unused)
{
    (void)unused;
    struct wd_error error;
    assert_int_equal(read_back(with("One.", "One."), &error), WD_OK);
    assert_null(batch.stories[0]->standing_notes);
    assert_int_equal(read_back(with("One.", "Correction: There were two."), &error), WD_OK);
    assert_non_null(batch.stories[0]->standing_notes);
    assert_int_equal(batch.stories[0]->standing_notes->count, 1);
    assert_true(batch.stories[0]->standing_notes->alone);
    uint64_t hash = batch.stories[0]->standing_notes->hashes[0];
    assert_int_equal(read_back(with("One.", "CORRECTION: there were two"), &error), WD_OK);
    assert_true(batch.stories[0]->standing_notes->hashes[0] == hash);
    assert_int_equal(read_back(with("One.", "Correction: There were ten."), &error), WD_OK);
    assert_true(batch.stories[0]->standing_notes->hashes[0] != hash);
}

/* `before`, `count` times `c`, `after` through the desk; true when a story came out (and was read back). */
static bool taken_with(const char *before, char c, size_t count, const char *after)
{
    struct wd_buffer message;
    wd_buffer_init(&message);
    wd_buffer_append_slice(&message, wd_slice_from(before));
    for (size_t i = 0; i < count; i++)
        wd_buffer_append_byte(&message, c);
    wd_buffer_append_slice(&message, wd_slice_from(after));
    records = 0;
    take(wd_buffer_slice(&message));
    wd_buffer_finish(&message);
    return records == 1;
}

/* The URI that is made of a guid may be longer than a guid; what the decoder would refuse is not written. */
static void long_names(void **unused)
{
    static const char feed[] = "<rss version=\"2.0\"><channel><item><title>Ferry</title><guid>";
    static const char nitf[] = "<nitf><head><docdata><doc-id id-string=\"";
    static const char nitf_version[] = "<nitf><head><docdata><doc-id id-string=\"x\"/><du-key "
                                       "key=\"ferry\" version=\"";
    static const char nitf_end[] = "\"/></docdata></head><body><body.content><p>The ferry stopped."
                                   "</p></body.content></body></nitf>";
    static const char ap[] = "{\"data\":{\"item\":{\"headline\":\"Ferry\",\"altids\":{\"etag\":\"";
    (void)unused;
    assert_true(taken_with(feed, '"', WD_GUID_BYTES_MAX, "</guid></item></channel></rss>"));
    assert_int_equal(batch.stories[0]->guid.len, WD_GUID_BYTES_MAX);
    assert_true(taken_with(nitf, '|', WD_GUID_BYTES_MAX, nitf_end));
    assert_false(taken_with(nitf, '|', WD_GUID_BYTES_MAX + 1, nitf_end));
    assert_true(taken_with(nitf_version, '1', WD_GUID_BYTES_MAX, nitf_end));
    assert_false(taken_with(nitf_version, '1', WD_GUID_BYTES_MAX + 1, nitf_end));
    assert_true(taken_with(ap, '|', 600, "\"}}}}"));
    assert_true(memmem(record.data, record.len, ":transmission:", 14));
    assert_true(taken_with(ap, '|', WD_GUID_BYTES_MAX, "\"}}}}"));
    assert_true(memmem(record.data, record.len, ":digest:", 8));
    assert_int_equal(batch.stories[0]->transmission.len, WD_GUID_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_samples), cmocka_unit_test(made_uri_is_no_id),
        cmocka_unit_test(every_field), cmocka_unit_test(every_verdict),
        cmocka_unit_test(change),      cmocka_unit_test(refused),
        cmocka_unit_test(newer),       cmocka_unit_test(standing_notes),
        cmocka_unit_test(long_names)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
