#include "command.h"
#include "config.h"
#include "exit_code.h"
#include "media_topics.h"

#include <stdio.h>
#include <string.h>

static void print_list(void)
{
    for (size_t i = 0; wd_decoders[i]; i++)
        (void)printf("%-9s %s\n", wd_decoders[i]->name, wd_decoders[i]->summary);
}

/* A row for each thing that a format can carry, a column for each format: from the decoders' own data. */
static void print_matrix(void)
{
    (void)printf("\n%-16s", "");
    for (size_t i = 0; wd_decoders[i]; i++)
        (void)printf(" %s", wd_decoders[i]->name);
    (void)printf("\n");
    for (unsigned bit = 0; wd_carries_bit_name(bit); bit++) {
        (void)printf("%-16s", wd_carries_bit_name(bit));
        for (size_t i = 0; wd_decoders[i]; i++) {
            bool carries = wd_decoders[i]->carries & (1u << bit);
            (void)printf(" %-*s", (int)strlen(wd_decoders[i]->name), carries ? "x" : ".");
        }
        (void)printf("\n");
    }
}

static void print_topics(void)
{
    (void)printf("\nSubjects with codes of the IPTC get the English names, broader topics and "
                 "Wikidata items of the\n"
                 "Media Topics as of %s. Codes that are newer stay as they came, without a name.\n",
                 WD_TOPICS_DATE);
}

static void print_json(void)
{
    (void)printf("[");
    for (size_t i = 0; wd_decoders[i]; i++) {
        const char *comma = "";
        (void)printf("%s\n  {\"name\": \"%s\", \"summary\": \"%s\", \"carries\": [", i ? "," : "",
                     wd_decoders[i]->name, wd_decoders[i]->summary);
        for (unsigned bit = 0; wd_carries_bit_name(bit); bit++) {
            if (!(wd_decoders[i]->carries & (1u << bit)))
                continue;
            (void)printf("%s\"%s\"", comma, wd_carries_bit_name(bit));
            comma = ", ";
        }
        (void)printf("]}");
    }
    (void)printf("\n]\n");
}

static int run(int argc, char **argv)
{
    bool json = argc == 2 && strcmp(argv[1], "--json") == 0;
    if (argc != 1 && !json)
        return wd_command_usage(&wd_command_formats, "formats takes no arguments but --json");
    if (json) {
        print_json();
    } else {
        print_list();
        print_matrix();
        print_topics();
    }
    return fflush(stdout) == 0 ? WD_EXIT_OK : WD_EXIT_IO;
}

const struct wd_command wd_command_formats = {
    .name = "formats",
    .arguments = "[--json]",
    .summary = "the wire formats, and what each one carries",
    .help =
        "Lists the names that \"input\".\"format\" takes besides \"auto\", and what at least some\n"
        "messages of each format carry. What a format does not carry is either found in the copy\n"
        "(a dateline) or stays empty; ingest/formats/README.md says where each comes from.\n"
        "\n"
        "  --json   the same for programs\n",
    .run = run,
};
