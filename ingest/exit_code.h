/* exit_code.h - exit codes, after sysexits(3). */
#ifndef WD_EXIT_CODE_H
#define WD_EXIT_CODE_H

enum wd_exit {
    WD_EXIT_OK = 0,
    WD_EXIT_USAGE = 64,       /* wrong command line */
    WD_EXIT_DATA = 65,        /* replay: at least one message became a dead letter (--strict) */
    WD_EXIT_NO_INPUT = 66,    /* a file cannot be read */
    WD_EXIT_UNAVAILABLE = 69, /* broker unreachable, topic missing */
    WD_EXIT_SOFTWARE = 70,    /* our fault */
    WD_EXIT_CANNOT_CREATE = 73,
    WD_EXIT_IO = 74,
    WD_EXIT_FENCED = 75, /* another instance took over (temporary: do not restart at once) */
    WD_EXIT_NO_PERMISSION = 77,
    WD_EXIT_CONFIG = 78,
};

#endif
