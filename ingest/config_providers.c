/* Providers: who sends, what is known about them, and how to tell them. */
#include "charset.h"
#include "config_internal.h"
#include "language_tag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct provider_options {
    char *name, *zone, *language, *charset;
    int64_t future_skew_minutes;
    int version_order;
    struct wd_option_strings kill_words;
    json_t *urgency, *match;
};

/* "format", then the names of enum wd_version_order. */
#define ORDER_ROW(code, name) name,
static const char *const order_choices[] = {"format", WD_VERSION_ORDER_MAP(ORDER_ROW) NULL};
#undef ORDER_ROW

#define PROVIDER_OPTION(member, kind, ...)                                                         \
    {                                                                                              \
        .name = #member, .type = (kind), .offset = offsetof(struct provider_options, member),      \
        __VA_ARGS__                                                                                \
    }
static const struct wd_option provider_table[] = {
    PROVIDER_OPTION(name, WD_OPTION_STRING, .fallback = "\"default\"",
                    .help = "Name of the provider, in records and lineages."),
    PROVIDER_OPTION(zone, WD_OPTION_STRING, .fallback = "\"UTC\"",
                    .help = "IANA time zone of times that come without one."),
    PROVIDER_OPTION(language, WD_OPTION_STRING,
                    .help = "Language (BCP 47) where the format gives none."),
    PROVIDER_OPTION(future_skew_minutes, WD_OPTION_INTEGER, .fallback = "60", .min = 0,
                    .max = 525600, .help = "A time more than this ahead of receipt is flagged."),
    PROVIDER_OPTION(charset, WD_OPTION_STRING,
                    .help = "Character set of telex copy (default windows-1252), and of feeds that "
                            "declare none (default UTF-8)."),
    PROVIDER_OPTION(
        version_order, WD_OPTION_ENUM, .choices = order_choices, .fallback = "\"format\"",
        .help = "What version labels are worth: as the format promises, or none, a hint "
                "where times are equal, or a number that decides."),
    PROVIDER_OPTION(kill_words, WD_OPTION_STRINGS,
                    .help =
                        "Words or phrases in slug, headline, editor's note or signals that mean: "
                        "do not use this story any more."),
    PROVIDER_OPTION(urgency, WD_OPTION_JSON,
                    .schema = "{\"type\":\"object\",\"propertyNames\":{\"maxLength\":1,"
                              "\"minLength\":1},\"additionalProperties\":{\"type\":\"integer\","
                              "\"minimum\":1,\"maximum\":9}}",
                    .help =
                        "Urgency (1 most, 9 least) of the provider's priority codes, one letter or "
                        "digit each: {\"f\": 1, \"r\": 5}."),
    PROVIDER_OPTION(
        match, WD_OPTION_JSON,
        .schema = "{\"type\":\"object\",\"properties\":{\"topic\":{\"type\":\"string\"},"
                  "\"header\":{\"type\":\"string\"},\"value\":{\"type\":\"string\"},"
                  "\"source\":{\"type\":\"string\"}},"
                  "\"additionalProperties\":false}",
        .help = "Which messages are this provider's: by topic (name or ^pattern), by "
                "header, by a header's value, by what the story itself calls its source "
                "(ANPA service letters, a feed's title, a G2 or ninjs provider; name or "
                "^pattern); all that are given must match."),
    {.name = NULL},
};

struct match_options {
    char *topic, *header, *value, *source;
};
static const struct wd_option match_table[] = {
    {.name = "topic", .type = WD_OPTION_STRING, .offset = offsetof(struct match_options, topic)},
    {.name = "header", .type = WD_OPTION_STRING, .offset = offsetof(struct match_options, header)},
    {.name = "value", .type = WD_OPTION_STRING, .offset = offsetof(struct match_options, value)},
    {.name = "source", .type = WD_OPTION_STRING, .offset = offsetof(struct match_options, source)},
    {.name = NULL},
};

static void read_urgency(struct wd_provider *provider, json_t *map, const char *path,
                         struct wd_faults *faults)
{
    const char *code = NULL;
    json_t *value = NULL;
    json_object_foreach(map, code, value)
    {
        json_int_t urgency = json_integer_value(value);
        if (strlen(code) != 1 || !json_is_integer(value) || urgency < 1 || urgency > 9)
            wd_faults_add(faults, path, "urgency: \"%s\" must be one letter or digit with 1 to 9",
                          code);
        else
            provider->urgency[(unsigned char)code[0] & 0x7F] = (uint8_t)urgency;
    }
    if (map && !json_is_object(map))
        wd_faults_add(faults, path, "urgency: must be an object of codes and numbers");
}

static void read_provider(struct wd_provider *provider, json_t *object, const char *path,
                          struct wd_faults *faults)
{
    struct provider_options options = {0};
    struct wd_options_place place = {path, NULL, faults};
    (void)wd_options_fill(provider_table, object, &options, &place);
    struct wd_error error;
    wd_error_init(&error);
    char below[WD_ERROR_PATH_SIZE];
    (void)snprintf(below, sizeof(below), "%s.zone", path);
    if (options.zone && wd_zone_open(options.zone, &provider->zone, &error) != WD_OK)
        wd_faults_add(faults, below, "%s", error.text);
    (void)snprintf(below, sizeof(below), "%s.charset", path);
    if (options.charset && !wd_charset_is_known(options.charset))
        wd_faults_add(faults, below, "there is no character set \"%s\"", options.charset);
    (void)snprintf(below, sizeof(below), "%s.language", path);
    char code[WD_LANGUAGE_CODE_BYTES];
    if (options.language && wd_language_code(wd_slice_from(options.language), code).len == 0)
        wd_faults_add(
            faults, below,
            "\"%s\" names no language: use a tag like \"en\" or \"pt-BR\", or leave it out",
            options.language);
    read_urgency(provider, options.urgency, path, faults);
    provider->name = options.name;
    provider->zone_name = options.zone;
    provider->language = options.language;
    provider->charset = options.charset;
    provider->kill_words = options.kill_words.items;
    provider->kill_word_count = options.kill_words.count;
    provider->version_order = options.version_order;
    provider->future_skew_ms = options.future_skew_minutes * 60000;
    options.name = options.zone = options.language = options.charset = NULL; /* taken over */
    options.kill_words = (struct wd_option_strings){NULL, 0};
    wd_options_finish(provider_table, &options);
}

/* A name, or, when it begins with '^', a pattern: compiled, or a fault. */
static regex_t *compile(const char *text, const char *path, struct wd_faults *faults)
{
    if (!text || text[0] != '^')
        return NULL;
    regex_t *pattern = calloc(1, sizeof(*pattern));
    if (pattern && regcomp(pattern, text, REG_EXTENDED | REG_NOSUB) == 0)
        return pattern;
    wd_faults_add(faults, path, "\"%s\" is no POSIX extended regular expression", text);
    free(pattern);
    return NULL;
}

static void read_match(struct wd_provider_rule *rule, json_t *object, const char *path,
                       struct wd_faults *faults)
{
    struct match_options options = {0};
    struct wd_options_place place = {path, NULL, faults};
    (void)wd_options_fill(match_table, object, &options, &place);
    rule->match_topic = options.topic;
    rule->match_header = options.header;
    rule->match_header_value = options.value;
    rule->match_source = options.source;
    if (!options.topic && !options.header && !options.source)
        wd_faults_add(faults, path, "needs \"topic\", \"header\" or \"source\"");
    rule->match_pattern = compile(options.topic, path, faults);
    rule->match_source_pattern = compile(options.source, path, faults);
}

void wd_config_read_providers(struct wd_config *config, json_t *list, json_t *fallback,
                              struct wd_faults *faults)
{
    json_t *none = json_object();
    read_provider(&config->default_provider, fallback ? fallback : none, "default_provider",
                  faults);
    json_decref(none);
    if (list && !json_is_array(list)) {
        wd_faults_add(faults, "providers", "must be a list");
        return;
    }
    config->providers = calloc(json_array_size(list) + 1, sizeof(*config->providers));
    for (size_t i = 0; config->providers && i < json_array_size(list); i++) {
        char path[WD_ERROR_PATH_SIZE];
        char below[WD_ERROR_PATH_SIZE];
        (void)snprintf(path, sizeof(path), "providers[%zu]", i);
        (void)snprintf(below, sizeof(below), "providers[%zu].match", i);
        config->provider_count = i + 1;
        json_t *object = json_array_get(list, i);
        read_provider(&config->providers[i].provider, object, path, faults);
        read_match(&config->providers[i], json_object_get(object, "match"), below, faults);
    }
}

static void free_provider(struct wd_provider *provider)
{
    free(provider->name);
    free(provider->zone_name);
    free(provider->language);
    free(provider->charset);
    for (size_t i = 0; i < provider->kill_word_count; i++)
        free(provider->kill_words[i]);
    free(provider->kill_words);
    wd_zone_destroy(provider->zone);
}

static void free_pattern(regex_t *pattern)
{
    if (pattern)
        regfree(pattern);
    free(pattern);
}

void wd_config_free_providers(struct wd_config *config)
{
    free_provider(&config->default_provider);
    for (size_t i = 0; i < config->provider_count; i++) {
        struct wd_provider_rule *rule = &config->providers[i];
        free_provider(&rule->provider);
        free(rule->match_topic);
        free(rule->match_header);
        free(rule->match_header_value);
        free(rule->match_source);
        free_pattern(rule->match_pattern);
        free_pattern(rule->match_source_pattern);
    }
    free(config->providers);
}

json_t *wd_config_provider_schema(bool rule)
{
    json_t *schema = wd_options_schema(provider_table, NULL);
    if (rule)
        (void)json_object_set_new(schema, "required", json_pack("[s,s]", "name", "match"));
    return schema;
}

static bool text_matches(struct wd_slice text, const char *name, const regex_t *pattern)
{
    char terminated[256];
    if (!name)
        return true;
    if (!pattern)
        return wd_slice_is(text, name);
    (void)snprintf(terminated, sizeof(terminated), "%.*s", WD_SLICE_ARG(text));
    return regexec(pattern, terminated, 0, NULL, 0) == 0;
}

/* A message with its headers, and the source that it names. */
struct question {
    struct wd_slice topic, source;
    const struct wd_header *headers;
    size_t header_count;
};

static bool rule_matches(const struct wd_provider_rule *rule, const struct question *question)
{
    bool unknown = rule->match_source && question->source.len == 0;
    if (unknown || !text_matches(question->topic, rule->match_topic, rule->match_pattern) ||
        !text_matches(question->source, rule->match_source, rule->match_source_pattern))
        return false;
    if (!rule->match_header)
        return true;
    for (size_t i = 0; i < question->header_count; i++) {
        const struct wd_header *header = &question->headers[i];
        if (wd_slice_is(header->name, rule->match_header) &&
            (!rule->match_header_value || wd_slice_is(header->value, rule->match_header_value)))
            return true;
    }
    return false;
}

const struct wd_provider *wd_config_provider_of(const struct wd_config *config,
                                                struct wd_slice topic,
                                                const struct wd_header *headers,
                                                size_t header_count, struct wd_slice source)
{
    struct question question = {topic, source, headers, header_count};
    for (size_t i = 0; i < config->provider_count; i++) {
        if (rule_matches(&config->providers[i], &question))
            return &config->providers[i].provider;
    }
    return &config->default_provider;
}

const struct wd_provider *wd_config_provider(const struct wd_config *config, struct wd_slice topic,
                                             const struct wd_header *headers, size_t header_count)
{
    return wd_config_provider_of(config, topic, headers, header_count, WD_SLICE_NONE);
}
