/* The model on standard input and output: a line of JSON in, a line out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "batch.h"
#include "sqli.h"

static void answer(const struct json *request, struct buffer *to) {
    const char *operation = json_text(request, "operation");
    const struct json *records = json_get(request, "records");
    buffer_printf(to, "{\"id\":%.0f,", json_number(request, "id"));
    if (strcmp(operation, "$describe") == 0) {
        buffer_printf(to, "\"records\":[%s]", batch_description);
    } else if (!batch_is_operation(operation)) {
        buffer_printf(to, "\"error\":{\"type\":\"not-implemented\",\"message\":\"there is process and inference\"}");
    } else if (records == NULL || records->type != JSON_ARRAY) {
        buffer_printf(to, "\"error\":{\"type\":\"bad-request\",\"message\":\"an array of records is expected\"}");
    } else {
        buffer_printf(to, "\"records\":");
        batch_answer(operation, records, to);
    }
    buffer_printf(to, "}\n");
}

int main(void) {
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    sqli_load();
    while ((size = getline(&line, &capacity, stdin)) > 0) {
        struct json *request = json_read(line, (size_t)size);
        struct buffer text = {0};
        if (request == NULL) fprintf(stderr, "a line that is not JSON\n");
        answer(request, &text);
        fwrite(text.data, 1, text.size, stdout);
        fflush(stdout); /* else the answer waits in the buffer of a pipe */
        free(text.data);
        json_free(request);
    }
    free(line);
    return 0;
}
