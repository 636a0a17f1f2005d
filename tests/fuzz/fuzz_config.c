/* Any bytes as a configuration: faults or a configuration, never both, never neither. */
#include "config.h"
#include "wd_assert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct wd_config *config = NULL;
    struct wd_faults faults;
    wd_faults_init(&faults);
    memcpy(text, data, size);
    text[size] = '\0';
    enum wd_status status = wd_config_load_text(text, ".", false, &config, &faults);
    WD_ASSERT((status == WD_OK) == (config != NULL));
    WD_ASSERT((faults.count == 0) == (config != NULL));
    for (size_t i = 0; i < faults.count; i++)
        WD_ASSERT(faults.items[i].line > 0 || size == 0 || status == WD_SYNTAX);
    if (config)
        json_decref(wd_config_masked(config));
    wd_config_release(config);
    wd_faults_finish(&faults);
    free(text);
    return 0;
}
