#include "admin.h"

#include "log_limit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* Whoever opens connections and says nothing keeps others waiting for this long at most. */
#define CONNECTION_SECONDS 3u
#define CONNECTIONS_MAX 64u

struct wd_admin {
    struct wd_admin_setup setup;
    struct MHD_Daemon *daemon;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned code, const char *type,
                              struct wd_buffer *body)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->len, body->data, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_NO;
    if (response) {
        (void)MHD_add_response_header(response, "Content-Type", type);
        if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
            (void)MHD_add_response_header(response, "Allow", "GET, HEAD");
        result = MHD_queue_response(connection, code, response);
        MHD_destroy_response(response);
    }
    wd_buffer_finish(body);
    return result;
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd says which parameters */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_len, void **state)
{
    (void)version;
    (void)upload;
    (void)state;
    struct wd_admin *admin = context;
    const struct wd_admin_setup *setup = &admin->setup;
    const char *type = "text/plain; charset=utf-8";
    unsigned code = MHD_HTTP_OK;
    struct wd_buffer body;
    wd_buffer_init(&body);
    if (*upload_len > 0) {
        *upload_len = 0; /* nobody asked for it */
        return MHD_YES;
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
        code = MHD_HTTP_METHOD_NOT_ALLOWED;
        wd_buffer_printf(&body, "only GET and HEAD are answered\n");
    } else if (strcmp(url, "/healthz") == 0) {
        code = setup->healthy(setup->context, &body) ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    } else if (strcmp(url, "/readyz") == 0) {
        code = setup->ready(setup->context, &body) ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    } else if (strcmp(url, "/metrics") == 0) {
        type = "text/plain; version=0.0.4; charset=utf-8";
        wd_metrics_render(setup->metrics, &body);
    } else if (strcmp(url, "/config") == 0) {
        type = "application/json";
        setup->config(setup->context, &body);
    } else {
        code = MHD_HTTP_NOT_FOUND;
        wd_buffer_printf(&body, "nothing here; try /healthz, /readyz, /metrics or /config\n");
    }
    return answer(connection, code, type, &body);
}

/* What libmicrohttpd says of those who ask badly; whoever does so often must not fill the log. */
static void log_line(void *context, const char *format, va_list arguments)
{
    char text[WD_LOG_LINE_MAX];
    (void)context;
    (void)vsnprintf(text, sizeof(text), format, arguments);
    text[strcspn(text, "\n")] = '\0';
    wd_log_limited(uv_hrtime() / 1000000, WD_LEVEL_WARN, "admin", "%s", text);
}

enum wd_status wd_admin_create(const struct wd_admin_setup *setup, struct wd_admin **admin,
                               struct wd_error *error)
{
    char port[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    *admin = NULL;
    (void)snprintf(port, sizeof(port), "%u", setup->port);
    int failed = getaddrinfo(setup->host, port, &hints, &found);
    if (failed)
        return wd_error_set(error, WD_IO, "admin.listen %s: %s", setup->host, gai_strerror(failed));
    struct wd_admin *made = calloc(1, sizeof(*made));
    if (made) {
        made->setup = *setup;
        /* AUTO: not select(2), which takes no file numbers over 1023; brokers may need more. */
        unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | MHD_USE_ERROR_LOG;
        if (found->ai_family == AF_INET6)
            flags |= MHD_USE_IPv6;
        made->daemon = MHD_start_daemon(
            flags, setup->port, NULL, NULL, handle, made, MHD_OPTION_EXTERNAL_LOGGER, log_line,
            NULL, MHD_OPTION_SOCK_ADDR, found->ai_addr, MHD_OPTION_CONNECTION_TIMEOUT,
            CONNECTION_SECONDS, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_END);
    }
    freeaddrinfo(found);
    if (made && made->daemon) {
        *admin = made;
        return WD_OK;
    }
    free(made);
    return wd_error_set(error, WD_IO,
                        "the admin server cannot listen on %s:%u (%s): is another daemon running?",
                        setup->host, setup->port, strerror(errno));
}

void wd_admin_destroy(struct wd_admin *admin)
{
    if (!admin)
        return;
    MHD_stop_daemon(admin->daemon);
    free(admin);
}
