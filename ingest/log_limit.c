#include "log_limit.h"

#include <ctype.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

struct kind {
    bool used;
    uint64_t hash;
    uint64_t until_ms;
    unsigned count; /* not written since the last one was */
    int level;
    char part[32];
    char text[512]; /* of the last one */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards kinds */
static struct kind kinds[WD_LOG_KINDS_MAX];

static uint64_t hash_word(uint64_t hash, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (isdigit((unsigned char)word[i]))
            return hash;
    }
    return XXH3_64bits_withSeed(word, len, hash);
}

static uint64_t kind_of(int level, const char *part, const char *text)
{
    uint64_t hash = XXH3_64bits_withSeed(part, strlen(part), (uint64_t)level);
    const char *end = strstr(text, " (after ");
    if (!end)
        end = text + strlen(text);
    while (text < end) {
        size_t len = strcspn(text, " ");
        if (len > (size_t)(end - text))
            len = (size_t)(end - text);
        hash = hash_word(hash, text, len);
        text += len + (text + len < end);
    }
    return hash;
}

static void tell(struct kind *kind, uint64_t now_ms)
{
    if (!kind->used || now_ms < kind->until_ms)
        return;
    if (kind->count == 1)
        wd_log(kind->level, kind->part, "%s", kind->text);
    else if (kind->count > 1)
        wd_log(kind->level, kind->part, "%s (%u lines like this one since the last)", kind->text,
               kind->count);
    kind->used = kind->count > 0; /* a minute without any: the next is a first one again */
    kind->count = 0;
    kind->until_ms = now_ms + WD_LOG_KIND_MS;
}

static struct kind *find(uint64_t hash)
{
    for (size_t i = 0; i < WD_LOG_KINDS_MAX; i++) {
        if (kinds[i].used && kinds[i].hash == hash)
            return &kinds[i];
    }
    return NULL;
}

static void begin_kind(uint64_t hash, uint64_t until_ms)
{
    for (size_t i = 0; i < WD_LOG_KINDS_MAX; i++) {
        if (kinds[i].used)
            continue;
        kinds[i] = (struct kind){.used = true, .hash = hash, .until_ms = until_ms};
        return;
    }
}

void wd_log_limited(uint64_t now_ms, int level, const char *part, const char *format, ...)
{
    if (level > wd_log_level())
        return;
    char text[WD_LOG_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    uint64_t hash = kind_of(level, part, text);
    (void)pthread_mutex_lock(&lock);
    struct kind *kind = find(hash);
    if (kind)
        tell(kind, now_ms);
    if (kind && kind->used) {
        kind->count++;
        kind->level = level;
        (void)snprintf(kind->part, sizeof(kind->part), "%s", part);
        (void)snprintf(kind->text, sizeof(kind->text), "%.*s", (int)sizeof(kind->text) - 1, text);
    } else {
        wd_log(level, part, "%s", text);
        begin_kind(hash, now_ms + WD_LOG_KIND_MS);
    }
    (void)pthread_mutex_unlock(&lock);
}

void wd_log_limit_tell(uint64_t now_ms)
{
    (void)pthread_mutex_lock(&lock);
    for (size_t i = 0; i < WD_LOG_KINDS_MAX; i++)
        tell(&kinds[i], now_ms);
    (void)pthread_mutex_unlock(&lock);
}
