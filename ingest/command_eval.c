#include "command_eval.h"

#include "command.h"
#include "exit_code.h"

#include <stdio.h>
#include <string.h>

static const struct wd_eval *const evals[] = {&wd_eval_copies, &wd_eval_kinds, &wd_eval_ner};

static int run(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof(evals) / sizeof(evals[0]); i++) {
        if (strcmp(argv[1], evals[i]->option) != 0)
            continue;
        int code = evals[i]->run(argc - 1, argv + 1);
        if (code >= 0)
            return code;
        (void)fprintf(stderr, "usage: wiredesk eval %s %s\n", evals[i]->option, evals[i]->usage);
        return WD_EXIT_USAGE;
    }
    return wd_command_usage(&wd_command_eval, "what is to be measured?");
}

const struct wd_command wd_command_eval = {
    .name = "eval",
    .arguments = "--WHAT FILE..",
    .summary = "measures accuracy and speed on labelled data",
    .help =
        "--copies [OPTION..] LABELS STORIES..  which stories are copies or versions of one "
        "another.\n"
        "    LABELS is a table with a line of names: label, id_a, id_b (pairs), or id, group.\n"
        "    STORIES are what replay reads, or JSON lines with id, title, body, published, site.\n"
        "    For each label: pairs in one group, pairs matched with each other; precision, recall\n"
        "    and F1; for groups the adjusted Rand index and B-cubed; speed and memory.\n"
        "    --stream         only the whole set in the order of time\n"
        "    --alone          only each pair by itself (default: both)\n"
        "    --positive LIST  labels of copies and versions (E,N,U,U-corr)\n"
        "    --negative LIST  labels of others (R,T,BAD); other labels are shown, not counted\n"
        "    --config FILE    its first pipeline, instead of dedup and updates as they are\n"
        "    --wrong          shows each pair that was judged wrongly, and why\n"
        "    --features FILE  writes what the verifier sees of each pair\n"
        "    --json           one JSON object\n"
        "--kinds [OPTION..] LABELS STORIES..  what versions are to their stories: precision, "
        "recall and\n"
        "    confusion by kind. LABELS is a table with the columns id, version (optional) and "
        "kind.\n"
        "    --config FILE, --wrong, --json  as above\n"
        "--ner [OPTION..] FILE..  names in corpora of two columns (token, tag; blank or TAB):\n"
        "    precision, recall and F1 by type, exact spans, tokens a second of processor time.\n"
        "    IOB1, IOB2 and BILOU; -DOCSTART- lines part stories. The tokens stay as they are.\n"
        "    --types LIST     only these, as \"PER,ORG,LOC\" for a corpus without MISC\n"
        "    --window N       where no story borders are marked: so many sentences are one (12)\n"
        "    --model FILE     another model than the built-in one\n"
        "    --reliability    how often mentions of each score are right\n"
        "    --out FILE       writes token, tag and the tag found, for other measures\n"
        "\n"
        "Exit codes: 0, 64 command line, 65 damaged data, 66 cannot be read.\n",
    .run = run,
};
