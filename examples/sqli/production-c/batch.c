#include "batch.h"

#include <string.h>

#include "sqli.h"

const char batch_description[] =
    "{\"tally\":1,\"name\":\"sqli-filter\",\"version\":\"2.0.3\",\"operations\":[\"process\",\"inference\"]}";

bool batch_is_operation(const char *name) { return strcmp(name, "process") == 0 || strcmp(name, "inference") == 0; }

void batch_answer(const char *operation, const struct json *records, struct buffer *to) {
    buffer_printf(to, "[");
    for (const struct json *each = records->child; each != NULL; each = each->next) {
        const struct json *query = json_get(each, "query");
        double features[FEATURES];
        if (each != records->child) buffer_printf(to, ",");
        if (query == NULL || query->type != JSON_STRING) {
            buffer_printf(to, "{\"$error\":{\"type\":\"BadRecord\",\"message\":\"query must be a string\"}}");
            continue;
        }
        sqli_features(query, features);
        if (strcmp(operation, "process") == 0)
            sqli_write_features(features, to);
        else
            sqli_write_prediction(features, to);
    }
    buffer_printf(to, "]");
}
