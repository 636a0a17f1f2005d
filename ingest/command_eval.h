/* command_eval.h - `wiredesk eval`: measures on labelled data, one file a kind of data.
 *
 * Why:    what is published about accuracy must be measurable by everybody, with the program itself.
 * Owns:   nothing.
 * Thread: one. */
#ifndef WD_COMMAND_EVAL_H
#define WD_COMMAND_EVAL_H

/* What stands behind one option of `wiredesk eval`. */
struct wd_eval {
    const char *option; /* "--ner" */
    const char *usage;  /* one line: arguments after the option */
    /* argv[0] is the option. Returns the exit code; negative for a wrong command line. */
    int (*run)(int argc, char **argv);
};

extern const struct wd_eval wd_eval_copies, wd_eval_kinds, wd_eval_ner;

#endif
