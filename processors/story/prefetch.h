/* prefetch.h - asks the processor for a line of memory that will be read or written soon.
 *
 * Why:    into the second cache (prefetcht1): the first waits for two dozen lines at a time and forgets what is
 *         asked for beyond them. And so that it stays in the program: gcc takes a function that does nothing but
 *         __builtin_prefetch for one without an effect, and leaves out the calls of it.
 * Thread: any. */
#ifndef WD_PREFETCH_H
#define WD_PREFETCH_H

static inline void wd_prefetch(const void *line)
{
    __builtin_prefetch(line, 0, 2);
    __asm__ volatile("" : : "r"(line)); /* an effect */
}

#endif
