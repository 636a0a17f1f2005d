#include "processor.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

extern const struct wd_processor_impl wd_processor_dedup, wd_processor_updates,
    wd_processor_entities, wd_processor_route;

const struct wd_processor_impl *const wd_processors[] = {
    &wd_processor_dedup, &wd_processor_updates, &wd_processor_entities, &wd_processor_route, NULL};

static enum wd_status open_shared(const char *use, const char *directory,
                                  const struct wd_processor_impl **impl, void **handle,
                                  struct wd_error *error)
{
    char path[4096];
    int len = snprintf(path, sizeof(path), "%s%s%s", use[0] == '/' ? "" : directory,
                       use[0] == '/' ? "" : "/", use);
    if (len < 0 || (size_t)len >= sizeof(path))
        return wd_error_set(error, WD_TOO_LARGE, "the path of shared object %s is too long", use);
    *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!*handle)
        return wd_error_set(error, WD_IO, "cannot load shared object: %s", dlerror());
    *impl = dlsym(*handle, "wd_processor");
    if (!*impl) {
        (void)wd_error_set(error, WD_NOT_FOUND, "%s has no symbol wd_processor", path);
    } else if ((*impl)->interface_version != WD_PROCESSOR_INTERFACE_VERSION) {
        (void)wd_error_set(error, WD_VERSION,
                           "%s was built for interface version %u, not %d: "
                           "build it anew",
                           path, (*impl)->interface_version, WD_PROCESSOR_INTERFACE_VERSION);
        *impl = NULL;
    } else {
        return WD_OK;
    }
    wd_processor_close(*handle);
    *handle = NULL;
    return error->status;
}

enum wd_status wd_processor_open(const char *use, const char *directory,
                                 const struct wd_processor_impl **impl, void **handle,
                                 struct wd_error *error)
{
    *impl = NULL;
    *handle = NULL;
    if (strchr(use, '/'))
        return open_shared(use, directory, impl, handle, error);
    for (size_t i = 0; wd_processors[i]; i++) {
        if (strcmp(wd_processors[i]->name, use) == 0) {
            *impl = wd_processors[i];
            return WD_OK;
        }
    }
    char known[WD_ERROR_TEXT_SIZE / 2] = "";
    for (size_t i = 0; wd_processors[i]; i++) {
        size_t used = strlen(known);
        (void)snprintf(known + used, sizeof(known) - used, "%s%s", i ? ", " : "",
                       wd_processors[i]->name);
    }
    return wd_error_set(error, WD_NOT_FOUND,
                        "there is no processor \"%s\": use one of %s, or the path of a shared "
                        "object",
                        use, known);
}

void wd_processor_close(void *handle)
{
    if (handle)
        (void)dlclose(handle);
}
