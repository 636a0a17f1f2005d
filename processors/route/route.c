/* route.c - says to which outputs of its pipeline a story goes.
 *
 * Why:    what a desk wants to see apart (new stories, updates, repeats, kills) is a question of its
 *         configuration, not of the processors that find the verdicts.
 * State:  none. The rules are compiled once, at load, and shared by all lanes. */
#include "language_tag.h"
#include "processor.h"
#include "wd_assert.h"

#include <stdlib.h>

enum { RULES_MAX = 256 };

struct route_options {
    json_t *rules;
    struct wd_option_strings otherwise;
};

/* What a condition of yes or no asks for. */
enum asked { ASKED_NOTHING, ASKED_NO, ASKED_YES };

/* A condition that is absent is met by every story. */
struct rule {
    uint32_t relations; /* bit n: enum wd_relation n; 0: any. The same for the next two */
    uint32_t updates;
    uint32_t statuses;
    uint32_t signals;    /* enum wd_signal, one of them is enough; 0: any */
    uint32_t advisories; /* bit n: the story causes an advisory of kind n; 0: any story */
    uint32_t changes;    /* bit n: enum wd_change_class n; 0: any */
    json_t *providers;   /* array of strings, NULL: any; borrowed from the options */
    json_t *languages;
    enum asked late;
    enum asked reprint;
    uint32_t to;
    bool stop;
    bool also; /* the rule adds outputs; whether the story is taken care of, others say */
};

struct route_model {
    struct rule *rules;
    size_t rule_count;
    uint32_t otherwise;
};

/* Where faults are put while rules are compiled. */
struct compiler {
    const struct wd_environment *environment;
    struct wd_faults *faults;
    char path[WD_ERROR_PATH_SIZE];
};

static void add_fault(struct compiler *compiler, const char *key, const char *text,
                      const char *value)
{
    char path[WD_ERROR_PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s%s%s", compiler->path, key[0] ? "." : "", key);
    wd_faults_add(compiler->faults, path, text, value);
}

static bool relation_bits(struct wd_slice name, uint32_t *bits)
{
    enum wd_relation relation = WD_RELATION_UNKNOWN;
    if (!wd_relation_from_name(name, &relation)) {
        return false;
    }
    *bits |= 1u << relation;
    return true;
}

static bool update_bits(struct wd_slice name, uint32_t *bits)
{
    enum wd_update_kind kind = WD_UPDATE_UNKNOWN;
    if (!wd_update_kind_from_name(name, &kind)) {
        return false;
    }
    *bits |= 1u << kind;
    return true;
}

static bool status_bits(struct wd_slice name, uint32_t *bits)
{
    enum wd_story_status status = WD_STORY_USABLE;
    if (!wd_story_status_from_name(name, &status)) {
        return false;
    }
    *bits |= 1u << status;
    return true;
}

static bool signal_bits(struct wd_slice name, uint32_t *bits)
{
    for (unsigned bit = 0; wd_signal_bit_name(bit); bit++) {
        if (wd_slice_is(name, wd_signal_bit_name(bit))) {
            *bits |= 1u << bit;
            return true;
        }
    }
    return false;
}

static bool advisory_bits(struct wd_slice name, uint32_t *bits)
{
    enum wd_advisory_kind kind = WD_ADVISORY_KILL;
    if (!wd_advisory_kind_from_name(name, &kind)) {
        return false;
    }
    *bits |= 1u << kind;
    return true;
}

static bool change_bits(struct wd_slice name, uint32_t *bits)
{
    enum wd_change_class class_of_change = WD_CHANGE_UNKNOWN;
    if (!wd_change_class_from_name(name, &class_of_change)) {
        return false;
    }
    *bits |= 1u << class_of_change;
    return true;
}

static const struct {
    const char *key;
    size_t offset;
    bool (*bits)(struct wd_slice name, uint32_t *bits);
    const char *fault;
} enum_conditions[] = {
    {"relation", offsetof(struct rule, relations), relation_bits,
     "'%s' is no relation: use none, same_id, exact, reprint, contained_in, contains or unknown"},
    {"update", offsetof(struct rule, updates), update_bits,
     "'%s' is no kind of update: use new, update, correction, repeat, refile, metadata_only, trim, "
     "expansion, kill, withhold, embargo, embargo_lifted or unknown"},
    {"status", offsetof(struct rule, statuses), status_bits,
     "'%s' is no status: use usable, embargoed, withheld or canceled"},
    {"signals", offsetof(struct rule, signals), signal_bits,
     "'%s' is no signal: use update, correction, kill, refile, repeat, hold, advisory, stands or "
     "release"},
    {"advisory", offsetof(struct rule, advisories), advisory_bits,
     "'%s' is no advisory: use kill, withhold, correction, stands or unreached"},
    {"change", offsetof(struct rule, changes), change_bits,
     "'%s' is no class of change: use identical, cosmetic, trim, expansion, factual, correction or "
     "unknown"},
};
enum { ENUM_CONDITION_COUNT = sizeof(enum_conditions) / sizeof(enum_conditions[0]) };

/* True when `value` is a list of at least one string; otherwise adds a fault. */
static bool check_strings(struct compiler *compiler, const char *key, json_t *value)
{
    if (!json_is_array(value) || json_array_size(value) == 0) {
        add_fault(compiler, key, "must be a list of at least one string%s", "");
        return false;
    }
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(value, index, item)
    {
        if (!json_is_string(item)) {
            add_fault(compiler, key, "must hold strings only%s", "");
            return false;
        }
    }
    return true;
}

static void compile_enum_condition(struct compiler *compiler, size_t condition, json_t *value,
                                   struct rule *rule)
{
    const char *key = enum_conditions[condition].key;
    if (!check_strings(compiler, key, value)) {
        return;
    }
    uint32_t bits = 0;
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(value, index, item)
    {
        const char *name = json_string_value(item);
        if (!enum_conditions[condition].bits(wd_slice_from(name), &bits)) {
            add_fault(compiler, key, enum_conditions[condition].fault, name);
        }
    }
    memcpy((char *)rule + enum_conditions[condition].offset, &bits, sizeof(bits));
}

static enum asked compile_asked(struct compiler *compiler, const char *key, json_t *value)
{
    if (!json_is_boolean(value)) {
        add_fault(compiler, key, "must be true or false%s", "");
        return ASKED_NOTHING;
    }
    return json_is_true(value) ? ASKED_YES : ASKED_NO;
}

static void compile_condition(struct compiler *compiler, const char *key, json_t *value,
                              struct rule *rule)
{
    for (size_t i = 0; i < ENUM_CONDITION_COUNT; i++) {
        if (strcmp(key, enum_conditions[i].key) == 0) {
            compile_enum_condition(compiler, i, value, rule);
            return;
        }
    }
    if (strcmp(key, "provider") == 0) {
        rule->providers = check_strings(compiler, key, value) ? value : NULL;
    } else if (strcmp(key, "language") == 0) {
        rule->languages = check_strings(compiler, key, value) ? value : NULL;
    } else if (strcmp(key, "late") == 0) {
        rule->late = compile_asked(compiler, key, value);
    } else if (strcmp(key, "reprint") == 0) {
        rule->reprint = compile_asked(compiler, key, value);
    } else {
        add_fault(compiler, key,
                  "'%s' is no condition: use relation, update, change, advisory, status, signals, "
                  "provider, language, late or reprint",
                  key);
    }
}

/* The bit of an output by its name; 0 with a fault when there is none. */
static uint32_t output_bit(struct compiler *compiler, const char *key, const char *name)
{
    const char *const *outputs = compiler->environment->outputs;
    for (unsigned bit = 0; outputs && outputs[bit] && bit < WD_ROUTES_MAX; bit++) {
        if (strcmp(outputs[bit], name) == 0) {
            return 1u << bit;
        }
    }
    add_fault(compiler, key, "'%s' is not the name of an output of this pipeline", name);
    return 0;
}

static void compile_to(struct compiler *compiler, json_t *to, struct rule *rule)
{
    if (!json_is_array(to)) {
        add_fault(compiler, "to",
                  "must be a list of output names (an empty one: publish nowhere)%s", "");
        return;
    }
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(to, index, item)
    {
        if (json_is_string(item)) {
            rule->to |= output_bit(compiler, "to", json_string_value(item));
        } else {
            add_fault(compiler, "to", "must hold strings only%s", "");
        }
    }
}

/* False where it is absent. */
static bool compile_switch(struct compiler *compiler, json_t *source, const char *key)
{
    json_t *value = json_object_get(source, key);
    if (value && !json_is_boolean(value)) {
        add_fault(compiler, key, "must be true or false%s", "");
    }
    return json_is_true(value);
}

/* `compiler->path` is the rule's. */
static void compile_rule(struct compiler *compiler, json_t *source, struct rule *rule)
{
    if (!json_is_object(source)) {
        add_fault(compiler, "", "must be an object with \"when\" and \"to\"%s", "");
        return;
    }
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(source, key, value)
    {
        if (strcmp(key, "when") != 0 && strcmp(key, "to") != 0 && strcmp(key, "stop") != 0 &&
            strcmp(key, "also") != 0) {
            add_fault(compiler, key, "'%s' is not known here: use when, to, stop or also", key);
        }
    }
    compile_to(compiler, json_object_get(source, "to"), rule);
    rule->stop = compile_switch(compiler, source, "stop");
    rule->also = compile_switch(compiler, source, "also");

    json_t *when = json_object_get(source, "when");
    if (when && !json_is_object(when)) {
        add_fault(compiler, "when", "must be an object of conditions%s", "");
        return;
    }
    size_t path_len = strlen(compiler->path);
    (void)snprintf(compiler->path + path_len, sizeof(compiler->path) - path_len, ".when");
    json_object_foreach(when, key, value)
    {
        compile_condition(compiler, key, value, rule);
    }
}

/* Fills `model` (zeroed; its rules have room for every element). Adds every fault. */
static void compile(const struct route_options *options, const struct wd_environment *environment,
                    const char *path, struct wd_faults *faults, struct route_model *model)
{
    struct compiler compiler = {.environment = environment, .faults = faults};
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(options->rules, index, item)
    {
        (void)snprintf(compiler.path, sizeof(compiler.path), "%s.rules[%zu]", path, index);
        struct rule rule = {0};
        compile_rule(&compiler, item, &rule);
        if (index < RULES_MAX) {
            model->rules[index] = rule;
            model->rule_count = index + 1;
        }
    }
    (void)snprintf(compiler.path, sizeof(compiler.path), "%s", path);
    if (options->rules && !json_is_array(options->rules)) {
        add_fault(&compiler, "rules", "must be a list of rules%s", "");
    } else if (json_array_size(options->rules) > RULES_MAX) {
        add_fault(&compiler, "rules", "has more than %s rules", "256");
    }
    for (size_t i = 0; i < options->otherwise.count; i++) {
        model->otherwise |= output_bit(&compiler, "otherwise", options->otherwise.items[i]);
    }
}

static struct route_model *create_model(void)
{
    struct route_model *model = calloc(1, sizeof(*model));
    if (!model) {
        return NULL;
    }
    model->rules = calloc(RULES_MAX, sizeof(*model->rules));
    if (!model->rules) {
        free(model);
        return NULL;
    }
    return model;
}

static void unload(void *data)
{
    struct route_model *model = data;
    if (model) {
        free(model->rules);
        free(model);
    }
}

static void check(const void *options, const struct wd_environment *environment, const char *path,
                  struct wd_faults *faults)
{
    struct route_model *model = create_model();
    if (!model) {
        wd_faults_add(faults, path, "memory is exhausted");
        return;
    }
    compile(options, environment, path, faults, model);
    unload(model);
}

static enum wd_status load(const void *options, const struct wd_environment *environment,
                           void **model, struct wd_error *error)
{
    struct route_model *made = create_model();
    if (!made) {
        return wd_error_set(error, WD_NO_MEMORY, "no memory for the rules of '%s'",
                            environment->instance);
    }
    struct wd_faults faults;
    wd_faults_init(&faults);
    compile(options, environment, environment->instance, &faults, made);
    /* `check` has found nothing in the same rules, or we would not be here. */
    WD_ASSERT(faults.count == 0);
    wd_faults_finish(&faults);
    *model = made;
    return WD_OK;
}

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)options;
    (void)environment;
    (void)error;
    /* Nothing is kept from story to story: the read-only model is the processor. */
    *self = (void *)(uintptr_t)model;
    return WD_OK;
}

static bool bit_matches(uint32_t bits, unsigned bit)
{
    return bits == 0 || (bits & (1u << bit)) != 0;
}

static bool asked_matches(enum asked asked, bool is)
{
    return asked == ASKED_NOTHING || is == (asked == ASKED_YES);
}

static bool provider_matches(json_t *providers, struct wd_slice provider)
{
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(providers, index, item)
    {
        if (wd_slice_is(provider, json_string_value(item))) {
            return true;
        }
    }
    return !providers;
}

/* RFC 4647 section 3.3.1, basic filtering: "en-GB" takes "en-GB" and "en-GB-oed", not "en". A language
 * without region takes all that is in it, however that is spelled. */
static bool language_is_in(const struct wd_story *story, struct wd_slice language,
                           struct wd_slice range)
{
    char code[WD_LANGUAGE_CODE_BYTES];
    struct wd_slice tag = story->language;
    if (wd_text_starts_ascii_case(tag, range) &&
        (tag.len == range.len || tag.data[range.len] == '-'))
        return true;
    return language.len > 0 && !memchr(range.data, '-', range.len) &&
           wd_slice_equal(language, wd_language_code(range, code));
}

static bool language_matches(json_t *languages, const struct wd_story *story)
{
    if (!languages)
        return true;
    char code[WD_LANGUAGE_CODE_BYTES];
    struct wd_slice language = wd_language_of_story(story, code);
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(languages, index, item)
    {
        if (language_is_in(story, language, wd_slice_from(json_string_value(item))))
            return true;
    }
    return false;
}

static bool advisory_matches(uint32_t advisories, const struct wd_story *story)
{
    for (size_t i = 0; advisories != 0 && i < story->advisory_count; i++) {
        if (advisories & (1u << story->advisories[i].kind)) {
            return true;
        }
    }
    return advisories == 0;
}

static bool rule_matches(const struct rule *rule, const struct wd_story *story)
{
    return bit_matches(rule->relations, story->dedup.relation) &&
           bit_matches(rule->updates, story->update.kind) &&
           bit_matches(rule->statuses, story->status) &&
           bit_matches(rule->changes, story->update.change.class_of_change) &&
           (rule->signals == 0 || (rule->signals & story->signals) != 0) &&
           advisory_matches(rule->advisories, story) &&
           asked_matches(rule->late, story->update.late) &&
           asked_matches(rule->reprint, story->update.reprint) &&
           provider_matches(rule->providers, story->provider) &&
           language_matches(rule->languages, story);
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    (void)error;
    const struct route_model *model = self;
    uint32_t routes = 0;
    bool matched = false;
    for (size_t i = 0; i < model->rule_count; i++) {
        if (!rule_matches(&model->rules[i], story)) {
            continue;
        }
        matched = matched || !model->rules[i].also;
        routes |= model->rules[i].to;
        if (model->rules[i].stop) {
            break;
        }
    }
    story->routes = matched ? routes : routes | model->otherwise;
    return WD_PASS;
}

static const char rules_schema[] =
    "{\"type\":\"array\",\"maxItems\":256,\"items\":{\"type\":\"object\","
    "\"required\":[\"to\"],\"additionalProperties\":false,\"properties\":{"
    "\"when\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
    "\"relation\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"enum\":[\"unknown\",\"none\","
    "\"same_id\",\"exact\",\"reprint\",\"contained_in\",\"contains\"]}},"
    "\"update\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"enum\":[\"unknown\",\"new\","
    "\"update\",\"correction\",\"repeat\",\"refile\",\"metadata_only\",\"trim\",\"expansion\","
    "\"kill\",\"withhold\",\"embargo\",\"embargo_lifted\"]}},"
    "\"change\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"enum\":[\"unknown\","
    "\"identical\",\"cosmetic\",\"trim\",\"expansion\",\"factual\",\"correction\"]}},"
    "\"advisory\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"enum\":[\"kill\","
    "\"withhold\",\"correction\",\"stands\",\"unreached\"]}},"
    "\"status\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"enum\":[\"usable\",\"embargoed\","
    "\"withheld\",\"canceled\"]}},"
    "\"signals\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"enum\":[\"update\","
    "\"correction\",\"kill\",\"refile\",\"repeat\",\"hold\",\"advisory\",\"stands\",\"release\"]}},"
    "\"provider\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"string\"}},"
    "\"language\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"string\"}},"
    "\"late\":{\"type\":\"boolean\"},\"reprint\":{\"type\":\"boolean\"}}},"
    "\"to\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"stop\":{\"type\":\"boolean\"},\"also\":{\"type\":\"boolean\"}}}}";

/* A rule on a verdict that nobody reaches would never match. */
static uint32_t reads_with(const void *raw)
{
    const struct route_options *options = raw;
    uint32_t reads = 0;
    size_t index = 0;
    json_t *rule = NULL;
    json_array_foreach(options->rules, index, rule)
    {
        json_t *when = json_object_get(rule, "when");
        if (json_object_get(when, "relation"))
            reads |= WD_PART_DEDUP;
        if (json_object_get(when, "update") || json_object_get(when, "late") ||
            json_object_get(when, "reprint") || json_object_get(when, "change") ||
            json_object_get(when, "advisory"))
            reads |= WD_PART_UPDATE;
    }
    return reads;
}

static const struct wd_option options_table[] = {
    {.name = "rules",
     .type = WD_OPTION_JSON,
     .offset = offsetof(struct route_options, rules),
     .schema = rules_schema,
     .help = "Rules in order: what a story must be (\"when\") and the outputs it then goes to "
             "(\"to\"); \"stop\" ends the search, \"also\" leaves it to other rules and to "
             "\"otherwise\" where it goes besides."},
    {.name = "otherwise",
     .type = WD_OPTION_STRINGS,
     .offset = offsetof(struct route_options, otherwise),
     .required = true,
     .help = "Outputs of a story that no rule matched; an empty list: none."},
    {.name = NULL},
};

const struct wd_processor_impl wd_processor_route = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "route",
    .summary = "sends a story to outputs of its pipeline, by its verdicts",
    .options = options_table,
    .options_size = sizeof(struct route_options),
    .writes = WD_PART_ROUTES,
    .reads_with = reads_with,
    .check = check,
    .load = load,
    .unload = unload,
    .create = create,
    .process = process,
};
