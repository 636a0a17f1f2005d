/* Mutations that leave a message in shape: of one line, element, value or word instead of any bytes, and parts of one
 * message in another. Half of all are libFuzzer's own.
 *
 * Why:    a telex, a document of XML or a JSON text whose frame breaks is refused at the frame: byte by byte most inputs
 *         never see the code behind it, and coverage creeps.
 * Owns:   the words of the dictionary, read once from the file of -dict; they live as long as the process.
 * Limits: inputs of more than INPUT_BYTES_MAX bytes are left to libFuzzer. */
#include "wd_assert.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_size, unsigned seed);

enum { INPUT_BYTES_MAX = 1 << 16, WORDS_MAX = 4096, WORD_BYTES_MAX = 128, ROOM_BYTES = 64 };

struct word {
    size_t len;
    uint8_t bytes[WORD_BYTES_MAX];
};
static struct word words[WORDS_MAX];
static size_t word_count;

/* What is changed: `size` bytes in a buffer for `max`. */
struct input {
    uint8_t *data;
    size_t size;
    size_t max;
    unsigned *seed;
};

struct part {
    size_t start;
    size_t end;
};

static size_t below(unsigned *seed, size_t limit)
{
    return limit > 0 ? (size_t)rand_r(seed) % limit : 0;
}

/* ---- the dictionary ---- */

/* One line of a libFuzzer dictionary: "text with \xNN"; anything else is no word. */
static bool read_word(const char *line, struct word *word)
{
    const char *at = strchr(line, '"');
    const char *end = strrchr(line, '"');
    word->len = 0;
    if (line[0] == '#' || !at || at == end)
        return false;
    for (at++; at < end && word->len < WORD_BYTES_MAX; at++) {
        unsigned value = (unsigned char)*at;
        if (at[0] == '\\' && at[1] == 'x' && sscanf(at + 2, "%2x", &value) == 1)
            at += 3;
        else if (at[0] == '\\')
            value = (unsigned char)*++at;
        word->bytes[word->len++] = (uint8_t)value;
    }
    return word->len > 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char option[] = "-dict=";
    char line[4 * WORD_BYTES_MAX];
    FILE *file = NULL;
    for (int i = 1; i < *argc && !file; i++)
        if (strncmp((*argv)[i], option, strlen(option)) == 0)
            file = fopen((*argv)[i] + strlen(option), "r");
    while (file && word_count < WORDS_MAX && fgets(line, sizeof(line), file))
        if (read_word(line, &words[word_count]))
            word_count++;
    if (file)
        (void)fclose(file);
    return 0;
}

/* ---- parts ---- */

static bool is_border(uint8_t byte, size_t level)
{
    static const char *const borders[] = {"\n\r\x01\x02\x03\x04\x1e\x1f\x7f", "\n<>{}[],",
                                          " \n\t=\"/:;.,-+_()<>"};
    return byte != 0 && strchr(borders[level], byte) != NULL;
}

/* The line, piece or word around a place, with its closing border or without. */
static struct part part_between_borders(const struct input *input, size_t place)
{
    size_t level = below(input->seed, 3);
    struct part part = {place, place};
    while (part.start > 0 && !is_border(input->data[part.start - 1], level))
        part.start--;
    while (part.end < input->size && !is_border(input->data[part.end], level))
        part.end++;
    if (part.end < input->size && below(input->seed, 2))
        part.end++;
    return part;
}

/* Where the element that begins at `start` ends: after the end tag of the same name that belongs to it. */
static size_t find_element_end(const struct input *input, size_t start)
{
    const uint8_t *data = input->data;
    size_t name_len = 0;
    size_t depth = 0;
    while (start + 1 + name_len < input->size && !strchr(" \n\t/>", data[start + 1 + name_len]))
        name_len++;
    for (size_t at = start; at + name_len + 1 < input->size; at++) {
        bool closes = data[at] == '<' && data[at + 1] == '/';
        size_t name = at + (closes ? 2 : 1);
        if (data[at] == '/' && data[at + 1] == '>' && depth == 1)
            return at + 2;
        if (data[at] != '<' || name + name_len > input->size ||
            memcmp(data + name, data + start + 1, name_len) != 0)
            continue;
        depth += closes ? (size_t)-1 : 1;
        if (depth == 0) {
            const uint8_t *end = memchr(data + name, '>', input->size - name);
            return end ? (size_t)(end - data) + 1 : input->size;
        }
    }
    return input->size;
}

/* Where the object, list or text of JSON that begins at `start` ends. */
static size_t find_value_end(const struct input *input, size_t start)
{
    bool in_text = false;
    size_t depth = 0;
    for (size_t at = start; at < input->size; at++) {
        uint8_t byte = input->data[at];
        if (byte == '"')
            in_text = !in_text;
        else if (byte == '\\')
            at++;
        else if (!in_text && (byte == '{' || byte == '['))
            depth++;
        else if (!in_text && (byte == '}' || byte == ']') && depth > 0)
            depth--;
        if (depth == 0 && !in_text)
            return at + 1 < input->size ? at + 1 : input->size;
    }
    return input->size;
}

/* The first element or JSON value that begins at or after the place. */
static struct part part_with_its_end(const struct input *input, size_t place)
{
    for (size_t at = place; at + 1 < input->size; at++) {
        uint8_t byte = input->data[at];
        if (byte == '<' && isalpha(input->data[at + 1]))
            return (struct part){at, find_element_end(input, at)};
        if (byte == '{' || byte == '[' || byte == '"')
            return (struct part){at, find_value_end(input, at)};
    }
    return part_between_borders(input, place);
}

static struct part choose_part(const struct input *input)
{
    size_t place = below(input->seed, input->size);
    return below(input->seed, 3) == 0 ? part_with_its_end(input, place)
                                      : part_between_borders(input, place);
}

/* ---- changes ---- */

/* Puts bytes (from outside of the input) in the part's place; nothing when there is no room. */
static void replace(struct input *input, struct part part, const uint8_t *bytes, size_t len)
{
    size_t size = input->size - (part.end - part.start) + len;
    if (size > input->max)
        return;
    memmove(input->data + part.start + len, input->data + part.end, input->size - part.end);
    if (len > 0)
        memcpy(input->data + part.start, bytes, len);
    input->size = size;
}

/* Replaces the part, or (seldom: inputs grow by it) stands before it. */
static struct part part_or_before(const struct input *input, struct part part)
{
    if (below(input->seed, 3) == 0)
        part.end = part.start;
    return part;
}

static void change_inside(struct input *input)
{
    static uint8_t copy[INPUT_BYTES_MAX + ROOM_BYTES];
    struct part part = choose_part(input);
    size_t len = part.end - part.start;
    memcpy(copy, input->data + part.start, len);
    replace(input, part, copy, LLVMFuzzerMutate(copy, len, len + ROOM_BYTES));
}

static void copy_part(struct input *input, const struct input *from)
{
    static uint8_t copy[INPUT_BYTES_MAX];
    struct part part = choose_part(from);
    size_t len = part.end - part.start;
    memcpy(copy, from->data + part.start, len);
    replace(input, part_or_before(input, choose_part(input)), copy, len);
}

/* A word of the dictionary, as it stands there, in capitals, in small letters or with a capital. */
static void put_word(struct input *input)
{
    if (word_count == 0)
        return;
    struct word word = words[below(input->seed, word_count)];
    size_t form = below(input->seed, 6);
    for (size_t i = 0; form < 3 && i < word.len; i++) {
        bool capital = form == 0 || (form == 1 && i == 0);
        word.bytes[i] = (uint8_t)(capital ? toupper(word.bytes[i]) : tolower(word.bytes[i]));
    }
    struct part part = part_or_before(input, choose_part(input));
    if (part.start == part.end && word.len < WORD_BYTES_MAX && below(input->seed, 2))
        word.bytes[word.len++] = ' ';
    replace(input, part, word.bytes, word.len);
}

/* Another number of as many digits, or one at a border of dates, times and counts. */
static void change_number(struct input *input)
{
    static const int borders[] = {0,   1,   2,   6,   9,   12,   13,   19,   20,   23,   24,
                                  28,  29,  30,  31,  32,  59,   60,   61,   68,   69,   99,
                                  100, 255, 256, 365, 366, 1969, 1970, 2024, 2038, 9999, 65536};
    struct part part = {below(input->seed, input->size), 0};
    char text[16];
    while (part.start < input->size && !isdigit(input->data[part.start]))
        part.start++;
    for (part.end = part.start; part.end < input->size && isdigit(input->data[part.end]);)
        part.end++;
    size_t width = part.end - part.start;
    if (width == 0 || width >= sizeof(text))
        return;
    size_t value = below(input->seed, 2)
                       ? (size_t)rand_r(input->seed)
                       : (size_t)borders[below(input->seed, sizeof(borders) / sizeof(borders[0]))];
    int len = snprintf(text, sizeof(text), "%0*zu", below(input->seed, 2) ? (int)width : 1, value);
    size_t taken = len > (int)width && value > 65536 ? width : (size_t)len;
    replace(input, part, (const uint8_t *)text, taken);
}

static void change_once(struct input *input)
{
    switch (input->size > 0 ? below(input->seed, 9) : 0) {
    case 0:
    case 1:
        put_word(input);
        break;
    case 2:
    case 3:
        change_inside(input);
        break;
    case 4:
    case 5:
        copy_part(input, input);
        break;
    case 6:
        change_number(input);
        break;
    default:
        replace(input, choose_part(input), NULL, 0);
        break;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct input input = {data, size, max_size, &seed};
    if (max_size > INPUT_BYTES_MAX || below(&seed, 2))
        return LLVMFuzzerMutate(data, size, max_size);
    for (size_t count = 1 + below(&seed, 4); count > 0; count--)
        change_once(&input);
    WD_ASSERT(input.size <= max_size);
    return input.size > 0 ? input.size : LLVMFuzzerMutate(data, 0, max_size);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_size, unsigned seed)
{
    static uint8_t copy[INPUT_BYTES_MAX];
    struct input input = {out, size1 < max_size ? size1 : max_size, max_size, &seed};
    struct input from = {copy, size2 < sizeof(copy) ? size2 : sizeof(copy), sizeof(copy), &seed};
    memcpy(out, data1, input.size);
    memcpy(copy, data2, from.size);
    if (max_size > INPUT_BYTES_MAX || from.size == 0)
        return input.size;
    for (size_t count = 1 + below(&seed, 3); count > 0; count--)
        copy_part(&input, &from);
    return input.size;
}
