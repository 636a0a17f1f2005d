/* wd_assert.h - for our own bugs only, on in release too; bad input never gets here. */
#ifndef WD_ASSERT_H
#define WD_ASSERT_H

/* Prints the expression and its place to standard error and aborts. */
__attribute__((noreturn)) void wd_assert_failed(const char *expression, const char *file, int line);

#define WD_ASSERT(expression)                                                                      \
    ((expression) ? (void)0 : wd_assert_failed(#expression, __FILE__, __LINE__))

#endif
