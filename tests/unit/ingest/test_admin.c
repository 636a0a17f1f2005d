/* The admin server, asked over a socket like anybody asks it. */
#include "test.h"

#include "admin.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static bool healthy = true;
static bool ready = true;
static uint16_t port;
static struct wd_metrics *metrics;
static struct wd_admin *admin;
static char answer[65536];

static bool is_healthy(void *context, struct wd_buffer *text)
{
    wd_buffer_printf(text, "lane 0 %s\n", (const char *)context);
    return healthy;
}

static bool is_ready(void *context, struct wd_buffer *text)
{
    (void)context;
    wd_buffer_printf(text, "lane 0 restoring\n");
    return ready;
}

static void show_config(void *context, struct wd_buffer *text)
{
    (void)context;
    wd_buffer_printf(text, "{\"name\": \"desk\"}\n");
}

static int free_port_socket(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int file = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(file, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(file, (struct sockaddr *)&address, &len), 0);
    port = ntohs(address.sin_port);
    return file;
}

static enum wd_status start(struct wd_error *error)
{
    static char phase[] = "running";
    struct wd_admin_setup setup = {"127.0.0.1", port,        metrics, is_healthy,
                                   is_ready,    show_config, phase};
    wd_error_init(error);
    return wd_admin_create(&setup, &admin, error);
}

static int set_up(void **state)
{
    (void)state;
    struct wd_error error;
    metrics = wd_metrics_create();
    wd_counter_add(wd_metrics_counter(metrics, "t_total", "Help.", ""), 42);
    (void)close(free_port_socket());
    return start(&error) == WD_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    wd_admin_destroy(admin);
    wd_admin_destroy(NULL);
    wd_metrics_destroy(metrics);
    return 0;
}

/* Sends the bytes and returns everything that comes back until the server closes. */
static const char *ask(const char *request)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int file = socket(AF_INET, SOCK_STREAM, 0);
    size_t used = 0;
    ssize_t got = 0;
    assert_int_equal(connect(file, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(send(file, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    while (used < sizeof(answer) - 1 &&
           (got = recv(file, answer + used, sizeof(answer) - 1 - used, 0)) > 0)
        used += (size_t)got;
    answer[used] = '\0';
    (void)close(file);
    return answer;
}

static const char *get(const char *path)
{
    char request[256];
    (void)snprintf(request, sizeof(request),
                   "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path);
    return ask(request);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void pages(void **state)
{
    (void)state;
    assert_true(begins(get("/healthz"), "HTTP/1.1 200"));
    assert_non_null(strstr(answer, "\r\n\r\nlane 0 running\n"));
    healthy = ready = false;
    assert_true(begins(get("/healthz"), "HTTP/1.1 503"));
    assert_true(begins(get("/readyz"), "HTTP/1.1 503"));
    assert_non_null(strstr(answer, "lane 0 restoring\n"));
    healthy = ready = true;
    assert_true(begins(get("/readyz"), "HTTP/1.1 200"));
    assert_true(begins(get("/metrics"), "HTTP/1.1 200"));
    assert_non_null(strstr(answer, "Content-Type: text/plain; version=0.0.4"));
    assert_non_null(strstr(answer, "t_total{} 42\n"));
    assert_true(begins(get("/config"), "HTTP/1.1 200"));
    assert_non_null(strstr(answer, "Content-Type: application/json"));
    assert_non_null(strstr(answer, "{\"name\": \"desk\"}"));
}

static void refused(void **state)
{
    (void)state;
    assert_true(begins(get("/other"), "HTTP/1.1 404"));
    assert_non_null(strstr(answer, "/metrics"));
    assert_true(begins(get("/metrics/../config"), "HTTP/1.1 404"));
    assert_true(begins(ask("POST /config HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
                           "Connection: close\r\n\r\nbody"),
                       "HTTP/1.1 405"));
    assert_non_null(strstr(answer, "Allow: GET, HEAD"));
    assert_true(begins(ask("HEAD /config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                       "HTTP/1.1 200"));
    assert_null(strstr(answer, "desk"));
    (void)ask("\x16\x03\x01 no HTTP at all\r\n\r\n"); /* whatever it says, it stays alive */
    assert_true(begins(get("/healthz"), "HTTP/1.1 200"));
}

static void address_taken(void **state)
{
    (void)state;
    struct wd_error error;
    struct wd_admin *first = admin;
    uint16_t first_port = port;
    int file = free_port_socket();
    assert_int_equal(listen(file, 1), 0);
    assert_int_equal(start(&error), WD_IO);
    assert_null(admin);
    assert_non_null(strstr(error.text, "is another daemon running"));
    (void)close(file);
    struct wd_admin_setup nowhere = {.host = "no.such.host.invalid", .port = port};
    assert_int_equal(wd_admin_create(&nowhere, &admin, &error), WD_IO);
    assert_non_null(strstr(error.text, "no.such.host.invalid"));
    admin = first;
    port = first_port;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages), cmocka_unit_test(refused),
                                       cmocka_unit_test(address_taken)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
