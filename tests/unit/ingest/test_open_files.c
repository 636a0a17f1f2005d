/* Open files: as many as were counted in a daemon at work, and a limit that is too low is told. */
#include "test.h"

#include "open_files.h"

#include <string.h>
#include <sys/resource.h>

static struct wd_error error;

static enum wd_status with_limit(rlim_t soft, rlim_t hard, const struct wd_config *config)
{
    struct rlimit limit = {soft, hard};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    wd_error_init(&error);
    return wd_open_files_allow(config, 3, &error);
}

static void counted(void **state)
{
    (void)state;
    struct wd_config config = {.lanes = 1};
    unsigned spare = wd_open_files_needed(&config, 3) - 56;
    assert_int_equal(spare, 30);
    config.lanes = 4;
    assert_int_equal(wd_open_files_needed(&config, 3) - spare, 191);
    config.lanes = 1;
    config.standby = true;
    assert_int_equal(wd_open_files_needed(&config, 3) - spare, 70);
}

/* From a higher to a lower hard limit: there is no way back. */
static void limits(void **state)
{
    (void)state;
    struct wd_config config = {.lanes = 4};
    struct rlimit limit;
    assert_int_equal(with_limit(64, 230, &config), WD_OK);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 221);
    assert_int_equal(with_limit(230, 230, &config), WD_OK);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 230);
    assert_int_equal(with_limit(64, 128, &config), WD_OUT_OF_RANGE);
    assert_non_null(
        strstr(error.text, "4 lanes and 3 brokers need 221 open files, and the limit is 128"));
    config.lanes = 1;
    assert_int_equal(with_limit(64, 128, &config), WD_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counted), cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
