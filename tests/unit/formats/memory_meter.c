#include "memory_meter.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uclean.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static size_t held;
static size_t peak;

static void *take(void *block)
{
    held += block ? malloc_usable_size(block) : 0;
    peak = held > peak ? held : peak;
    return block;
}

static void give(void *block)
{
    size_t size = block ? malloc_usable_size(block) : 0;
    held -= size < held ? size : held;
}

void *__wrap_malloc(size_t size)
{
    return take(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return take(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    size_t before = block ? malloc_usable_size(block) : 0;
    void *grown = __real_realloc(block, size);
    if (!grown)
        return NULL;
    held -= before < held ? before : held;
    return take(grown);
}

void __wrap_free(void *block)
{
    give(block);
    __real_free(block);
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = __wrap_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static void *take_for_icu(const void *context, size_t size)
{
    (void)context;
    return __wrap_malloc(size);
}

static void *grow_for_icu(const void *context, void *block, size_t size)
{
    (void)context;
    return __wrap_realloc(block, size);
}

static void give_for_icu(const void *context, void *block)
{
    (void)context;
    __wrap_free(block);
}

void memory_meter_install(void)
{
    UErrorCode code = U_ZERO_ERROR;
    (void)xmlMemSetup(__wrap_free, __wrap_malloc, __wrap_realloc, copy_text);
    u_setMemoryFunctions(NULL, take_for_icu, grow_for_icu, give_for_icu, &code);
}

void memory_meter_start(void)
{
    held = peak = 0;
}

size_t memory_meter_peak(void)
{
    return peak;
}
