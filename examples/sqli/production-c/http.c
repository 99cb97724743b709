/* The model over HTTP: POST /process and POST /inference, an array of records in, an array out.
   Start: sqli-http [port]   (default 8080, 0 picks a free one) */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "sqli.h"

#define ERROR(message) "{\"error\":\"" message "\"}"

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status, const char *text, size_t size) {
    struct MHD_Response *response = MHD_create_response_from_buffer(size, (void *)text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_string(struct MHD_Connection *connection, unsigned status, const char *text) {
    return send_text(connection, status, text, strlen(text));
}

static enum MHD_Result post(struct MHD_Connection *connection, const char *operation, const struct buffer *body) {
    struct json *records = json_read(body->data, body->size);
    struct buffer text = {0};
    enum MHD_Result result;
    if (!batch_is_operation(operation)) {
        result = send_string(connection, MHD_HTTP_NOT_FOUND, ERROR("not found"));
    } else if (records == NULL || records->type != JSON_ARRAY) {
        result = send_string(connection, MHD_HTTP_BAD_REQUEST, ERROR("an array of records is expected"));
    } else {
        batch_answer(operation, records, &text);
        result = send_text(connection, MHD_HTTP_OK, text.data, text.size);
    }
    free(text.data);
    json_free(records);
    return result;
}

/* Called once when the head of a request is there, for each part of its body, and once more at its end. */
static enum MHD_Result handle(void *closure, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state) {
    (void)closure, (void)version;
    if (*state == NULL) {
        *state = calloc(1, sizeof(struct buffer));
        return *state == NULL ? MHD_NO : MHD_YES;
    }
    struct buffer *body = *state;
    if (*upload_size > 0) {
        buffer_add(body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, MHD_HTTP_METHOD_POST) == 0) return post(connection, url + 1, body);
    if (strcmp(url, "/health") == 0) return send_string(connection, MHD_HTTP_OK, "{\"status\":\"ok\"}");
    if (strcmp(url, "/") == 0) return send_string(connection, MHD_HTTP_OK, batch_description);
    return send_string(connection, MHD_HTTP_NOT_FOUND, ERROR("not found"));
}

static void forget(void *closure, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code) {
    (void)closure, (void)connection, (void)code;
    struct buffer *body = *state;
    if (body != NULL) free(body->data);
    free(body);
    *state = NULL;
}

int main(int count, char **arguments) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)(count > 1 ? atoi(arguments[1]) : 8080));

    /* Blocked before the server's thread starts, so that none but sigwait gets them. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);

    sqli_load();
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, handle, NULL, MHD_OPTION_SOCK_ADDR, &address,
                         MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
    if (daemon == NULL) {
        perror("sqli-http");
        return 1;
    }
    printf("listening on http://127.0.0.1:%d\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    int signal;
    sigwait(&signals, &signal);
    MHD_stop_daemon(daemon);
    return 0;
}
