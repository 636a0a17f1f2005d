/* admin.h - what the daemon says of itself over HTTP: /healthz, /readyz, /metrics, /config.
 *
 * Why:    probes, dashboards and people at night ask from outside.
 * Owns:   its listening socket and one thread (libmicrohttpd's); stopped by destroy.
 * Thread: create and destroy on the control thread; the callbacks run on the admin thread and must
 *         only look at what may be read there. */
#ifndef WD_ADMIN_H
#define WD_ADMIN_H

#include "buffer.h"
#include "metrics.h"
#include "status.h"

struct wd_admin;

struct wd_admin_setup {
    const char *host;
    uint16_t port;
    struct wd_metrics *metrics;
    /* Appends one line of text; true: 200, false: 503. */
    bool (*healthy)(void *context, struct wd_buffer *text);
    bool (*ready)(void *context, struct wd_buffer *text);
    /* Appends the configuration as JSON, secrets masked. */
    void (*config)(void *context, struct wd_buffer *text);
    void *context;
};

/* WD_IO when the address cannot be had. */
enum wd_status wd_admin_create(const struct wd_admin_setup *setup, struct wd_admin **admin,
                               struct wd_error *error) WD_MUST_CHECK;
void wd_admin_destroy(struct wd_admin *admin); /* takes NULL */

#endif
