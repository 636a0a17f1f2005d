#include "gazetteer.h"

#include "wd_assert.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

extern const char wd_gazetteer_begin[], wd_gazetteer_end[];

struct wd_gazetteer {
    struct wd_phrase_table names; /* its slots lie in the image */
    const struct wd_gazetteer_candidate *candidates;
    const struct wd_gazetteer_entity *entities;
    const char *strings;
    const struct wd_gazetteer_head *head;
    void *mapping; /* NULL: the caller's bytes */
    size_t mapping_len;
};

static size_t aligned(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

/* Where each section ends, from the counts; they are 32 bits, so no sum overflows. */
static size_t lay_out(struct wd_gazetteer *gazetteer, const char *bytes)
{
    const struct wd_gazetteer_head *head = gazetteer->head;
    size_t at = sizeof(*head);
    gazetteer->names.slots = (struct wd_phrase_slot *)(uintptr_t)(bytes + at);
    gazetteer->names.slot_count = head->slot_count;
    gazetteer->names.used = head->used;
    at += aligned(head->slot_count * sizeof(struct wd_phrase_slot));
    gazetteer->candidates = (const void *)(bytes + at);
    at += aligned(head->candidate_count * sizeof(struct wd_gazetteer_candidate));
    gazetteer->entities = (const void *)(bytes + at);
    at += aligned(head->entity_count * sizeof(struct wd_gazetteer_entity));
    gazetteer->strings = bytes + at;
    return at + aligned(head->string_bytes);
}

static bool indexes_fit(const struct wd_gazetteer *gazetteer)
{
    const struct wd_gazetteer_head *head = gazetteer->head;
    uint32_t empty = 0;
    for (uint32_t i = 0; i < head->slot_count; i++) {
        const struct wd_phrase_slot *slot = &gazetteer->names.slots[i];
        empty += slot->hash == 0;
        if (slot->value != WD_PHRASE_NONE && slot->hash && slot->value >= head->candidate_count)
            return false;
    }
    for (uint32_t i = 0; i < head->candidate_count; i++) {
        const struct wd_gazetteer_candidate *candidate = &gazetteer->candidates[i];
        if (candidate->entity >= head->entity_count || candidate->spelling >= head->string_bytes)
            return false;
    }
    for (uint32_t i = 0; i < head->entity_count; i++) {
        const struct wd_gazetteer_entity *entity = &gazetteer->entities[i];
        if (entity->name >= head->string_bytes || entity->title >= head->string_bytes ||
            entity->id >= head->string_bytes)
            return false;
    }
    /* A search ends at an empty slot, a name's candidates at the last, a string at its NUL. */
    return empty > 0 && head->candidate_count > 0 && head->string_bytes > 0 &&
           (gazetteer->candidates[head->candidate_count - 1].flags & WD_GAZETTEER_LAST) &&
           gazetteer->strings[head->string_bytes - 1] == '\0';
}

static enum wd_status check_image(struct wd_gazetteer *gazetteer, struct wd_slice bytes,
                                  struct wd_error *error)
{
    const struct wd_gazetteer_head *head = (const void *)bytes.data;
    if (bytes.len < sizeof(*head) || head->magic != WD_GAZETTEER_MAGIC)
        return wd_error_set(error, WD_SYNTAX, "this is no gazetteer of wiredesk's");
    if (head->version != WD_GAZETTEER_VERSION || head->head_size != sizeof(*head))
        return wd_error_set(error, WD_VERSION, "gazetteer of version %u, this program reads %d",
                            (unsigned)head->version, WD_GAZETTEER_VERSION);
    gazetteer->head = head;
    if (head->size != bytes.len || lay_out(gazetteer, bytes.data) != bytes.len)
        return wd_error_set(error, WD_CHECKSUM, "the gazetteer is cut short or too long");
    size_t from = WD_GAZETTEER_CHECKED_FROM;
    if (XXH3_64bits(bytes.data + from, bytes.len - from) != head->checksum)
        return wd_error_set(error, WD_CHECKSUM, "the gazetteer is damaged: its checksum differs");
    if (!indexes_fit(gazetteer))
        return wd_error_set(error, WD_SYNTAX, "the gazetteer has an index out of its bounds");
    return WD_OK;
}

enum wd_status wd_gazetteer_open_bytes(struct wd_slice bytes, struct wd_gazetteer **gazetteer,
                                       struct wd_error *error)
{
    WD_ASSERT((uintptr_t)bytes.data % 8 == 0);
    struct wd_gazetteer *made = calloc(1, sizeof(*made));
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for the gazetteer");
    enum wd_status status = check_image(made, bytes, error);
    if (status != WD_OK) {
        free(made);
        return status;
    }
    *gazetteer = made;
    return WD_OK;
}

static enum wd_status open_file(const char *path, struct wd_gazetteer **gazetteer,
                                struct wd_error *error)
{
    enum wd_status status = WD_IO;
    struct stat stat;
    void *mapping = MAP_FAILED;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0 && fstat(file, &stat) == 0 && stat.st_size > 0)
        mapping = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (file >= 0)
        (void)close(file);
    if (mapping == MAP_FAILED)
        return wd_error_set(error, WD_IO, "cannot map the gazetteer %s", path);
    size_t len = (size_t)stat.st_size;
    status = wd_gazetteer_open_bytes(wd_slice_make(mapping, len), gazetteer, error);
    if (status != WD_OK) {
        (void)munmap(mapping, len);
        return status;
    }
    (*gazetteer)->mapping = mapping;
    (*gazetteer)->mapping_len = len;
    return WD_OK;
}

enum wd_status wd_gazetteer_open(const char *path, struct wd_gazetteer **gazetteer,
                                 struct wd_error *error)
{
    if (path)
        return open_file(path, gazetteer, error);
    size_t len = (size_t)(wd_gazetteer_end - wd_gazetteer_begin);
    return wd_gazetteer_open_bytes(wd_slice_make(wd_gazetteer_begin, len), gazetteer, error);
}

void wd_gazetteer_close(struct wd_gazetteer *gazetteer)
{
    if (!gazetteer)
        return;
    if (gazetteer->mapping)
        (void)munmap(gazetteer->mapping, gazetteer->mapping_len);
    free(gazetteer);
}

size_t wd_gazetteer_count(const struct wd_gazetteer *gazetteer)
{
    return gazetteer->head->entity_count;
}

const struct wd_gazetteer_candidate *wd_gazetteer_find(const struct wd_gazetteer *gazetteer,
                                                       uint64_t hash, bool *longer)
{
    const struct wd_phrase_slot *slot = wd_phrase_find(&gazetteer->names, hash);
    *longer = slot && slot->longer;
    return slot && slot->value != WD_PHRASE_NONE ? &gazetteer->candidates[slot->value] : NULL;
}

const struct wd_gazetteer_entity *wd_gazetteer_entity(const struct wd_gazetteer *gazetteer,
                                                      uint32_t number)
{
    WD_ASSERT(number < gazetteer->head->entity_count);
    return &gazetteer->entities[number];
}

const char *wd_gazetteer_string(const struct wd_gazetteer *gazetteer, uint32_t offset)
{
    return gazetteer->strings + offset;
}
