/* test.h - cmocka with the headers that it wants before it. */
#ifndef WD_TEST_H
#define WD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_slice_equal(slice, text)                                                            \
    do {                                                                                           \
        assert_int_equal((slice).len, strlen(text));                                               \
        assert_memory_equal((slice).len ? (slice).data : "", text, (slice).len);                   \
    } while (0)

#endif
