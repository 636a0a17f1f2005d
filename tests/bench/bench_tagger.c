/* Speed of the tagger: from raw text (one file, a paragraph a line, twenty lines a story), and what opening costs.
 *   bench_tagger FILE [REPEATS]     one JSON line on standard output; without FILE a text of its own
 * Processor time, not wall time: machines are shared. Pre-split tokens: wiredesk eval --ner says. */
#include "buffer.h"
#include "tagger.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { LINES = 20, FILE_BYTES_MAX = 1 << 28 };

static const char sample[] =
    "TIRANA (Reuters) - Norfolk Rovers drew 2-2 with Tirana on Wednesday in the Adriatic Cup.\n"
    "\"We switched off,\" said coach Agim Selfo of the Albanian Football Federation in Durres.\n"
    "The company, which employs 3,100 people in Lodz, Poland, said sales had fallen by 14 "
    "percent.\n"
    "Rain is expected in most of the north of the country until the end of the week, officials "
    "said.\n";

static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static size_t count_words(struct wd_slice text)
{
    size_t words = 0;
    bool inside = false;
    for (size_t k = 0; k < text.len; k++) {
        bool blank = text.data[k] == ' ' || text.data[k] == '\n';
        words += !blank && !inside;
        inside = !blank;
    }
    return words;
}

/* Tags all stories of the text; returns the mentions found. */
static size_t tag_all(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                      struct wd_slice text)
{
    size_t all = 0;
    while (text.len > 0) {
        struct wd_tagger_text texts[LINES];
        const struct wd_mention *mentions = NULL;
        size_t count = 0;
        size_t found = 0;
        while (count < LINES && wd_text_next_line(&text, &texts[count].text)) {
            texts[count].field = count == 0 ? WD_FIELD_HEADLINE : WD_FIELD_BODY;
            texts[count].paragraph = (uint32_t)count;
            count++;
        }
        if (wd_tagger_tag(tagger, scratch, texts, count, &mentions, &found) != WD_OK)
            exit(1);
        all += found;
    }
    return all;
}

static bool read_text(struct wd_buffer *buffer, const char *path)
{
    if (!path) {
        for (int k = 0; k < 500; k++)
            wd_buffer_append(buffer, sample, sizeof(sample) - 1);
        return wd_buffer_ok(buffer);
    }
    FILE *file = fopen(path, "rb");
    bool ok = file && wd_buffer_append_file(buffer, file, FILE_BYTES_MAX);
    if (file)
        (void)fclose(file);
    return ok && wd_utf8_valid(wd_buffer_slice(buffer), NULL);
}

int main(int argc, char **argv)
{
    struct wd_buffer text;
    struct wd_tagger *tagger = NULL;
    wd_buffer_init(&text);
    if (!read_text(&text, argc > 1 ? argv[1] : NULL))
        return 1;
    int repeats = argc > 2 ? atoi(argv[2]) : 1;
    double begun = now();
    if (wd_tagger_open(NULL, &tagger, NULL) != WD_OK)
        return 1;
    struct wd_tagger_scratch *scratch = wd_tagger_scratch_create();
    double opened = now();
    size_t mentions = 0;
    for (int k = 0; scratch && k < repeats; k++)
        mentions += tag_all(tagger, scratch, wd_buffer_slice(&text));
    double spent = now() - opened;
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    double words = (double)count_words(wd_buffer_slice(&text)) * repeats;
    (void)printf("{\"open_ms\":%.2f,\"words\":%.0f,\"mentions\":%zu,\"seconds\":%.3f,"
                 "\"words_per_second\":%.0f,\"resident_kb_max\":%ld,\"text_kb\":%zu}\n",
                 (opened - begun) * 1000.0, words, mentions, spent,
                 spent > 0.0 ? words / spent : 0.0, usage.ru_maxrss, text.len / 1024);
    wd_tagger_scratch_destroy(scratch);
    wd_tagger_close(tagger);
    wd_buffer_finish(&text);
    return mentions > 0 ? 0 : 1;
}
