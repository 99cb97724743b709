/* What both builds share: the vocabulary, the regression, and how answers are written. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqli.h"

const char *const sqli_keywords[] = {
    "alter", "case", "create", "declare", "delete", "drop", "exec", "execute", "from", "group", "having",
    "information_schema", "insert", "into", "join", "limit", "offset", "order", "procedure", "select", "sysobjects",
    "table", "truncate", "union", "update", "values", "waitfor", "when", "where", "xp_cmdshell", NULL,
};
const char *const sqli_logic_words[] = {
    "all", "and", "between", "exists", "in", "is", "like", "not", "or", "regexp", "rlike", "xor", NULL,
};
const char *const sqli_functions[] = {
    "ascii", "benchmark", "cast", "char", "chr", "concat", "convert", "count", "database", "elt", "extractvalue", "hex",
    "if", "ifnull", "iif", "length", "load_file", "make_set", "mid", "nullif", "ord", "pg_sleep", "rand", "row", "sleep",
    "substr", "substring", "updatexml", "user", "version", NULL,
};

static const char *const feature_names[FEATURES] = {
    "null_values", "length", "words", "longest_word", "keywords", "logic_words", "function_calls", "quotes",
    "quote_style", "unbalanced_quotes", "comment_marks", "operators", "parentheses", "semicolons", "percent_escapes",
    "tautology", "entropy", "digit_percent", "special_share", "uppercase_share",
};
static const char *const style_names[QUOTE_STYLES] = {"none", "single", "double", "backtick", "mixed"};

static const char weights_json[] =
#include "weights.inc"
    ;

enum transform { IDENTITY, LOG1P, EQUALS };

struct input {
    enum feature feature;
    enum transform transform;
    int equal_to; /* of EQUALS */
    double missing, mean, scale, weight;
};

enum { MAX_INPUTS = 64 };

static struct {
    double intercept, threshold;
    struct input inputs[MAX_INPUTS];
    size_t count;
} model;

static int index_of(const char *name, size_t size, const char *const names[], int count) {
    for (int i = 0; i < count; i++)
        if (strlen(names[i]) == size && memcmp(names[i], name, size) == 0) return i;
    fprintf(stderr, "the model has an unknown input: %s\n", name);
    exit(1);
}

static struct input read_input(const struct json *from) {
    const char *name = json_text(from, "name");
    const char *transform = json_text(from, "transform");
    const char *value = name + strcspn(name, "=");
    struct input input = {
        .feature = index_of(name, (size_t)(value - name), feature_names, FEATURES),
        .transform = strcmp(transform, "equals") == 0 ? EQUALS : strcmp(transform, "log1p") == 0 ? LOG1P : IDENTITY,
        .missing = json_number(from, "missing"),
        .mean = json_number(from, "mean"),
        .scale = json_number(from, "scale"),
        .weight = json_number(from, "weight"),
    };
    if (input.transform == EQUALS) input.equal_to = index_of(value + 1, strlen(value + 1), style_names, QUOTE_STYLES);
    return input;
}

void sqli_load(void) {
    struct json *weights = json_read(weights_json, sizeof weights_json - 1);
    const struct json *inputs = json_get(weights, "inputs");
    if (inputs == NULL) {
        fputs("the model cannot be read\n", stderr);
        exit(1);
    }
    model.intercept = json_number(weights, "intercept");
    model.threshold = json_number(weights, "threshold");
    for (const struct json *each = inputs->child; each != NULL && model.count < MAX_INPUTS; each = each->next)
        model.inputs[model.count++] = read_input(each);
    json_free(weights);
}

static double input_value(const struct input *input, const double features[FEATURES]) {
    double value = features[input->feature];
    if (input->transform == EQUALS) return value == input->equal_to;
    if (isnan(value)) return input->missing;
    return input->transform == LOG1P ? log1p(value) : value;
}

static void write_value(enum feature feature, double value, struct buffer *to) {
    if (isnan(value))
        buffer_printf(to, "null");
    else if (feature == UNBALANCED_QUOTES || feature == TAUTOLOGY)
        buffer_printf(to, "%s", value == 0 ? "false" : "true");
    else if (feature == QUOTE_STYLE)
        buffer_printf(to, "\"%s\"", style_names[(int)value]);
    else if (feature == ENTROPY || feature == SPECIAL_SHARE || feature == UPPERCASE_SHARE)
        buffer_printf(to, sqli_number_format, value);
    else
        buffer_printf(to, "%.0f", value);
}

void sqli_write_features(const double features[FEATURES], struct buffer *to) {
    for (int i = 0; i < FEATURES; i++) {
        buffer_printf(to, "%s\"%s\":", i == 0 ? "{" : ",", feature_names[i]);
        write_value((enum feature)i, features[i], to);
    }
    buffer_printf(to, "}");
}

void sqli_write_prediction(const double features[FEATURES], struct buffer *to) {
    double sum = model.intercept;
    for (size_t i = 0; i < model.count; i++) {
        const struct input *input = &model.inputs[i];
        sum += input->weight * (input_value(input, features) - input->mean) / input->scale;
    }
    double score = 1 / (1 + exp(-sum));
    buffer_printf(to, "{\"is_injection\":%s,\"score\":", score >= model.threshold ? "true" : "false");
    buffer_printf(to, sqli_number_format, score);
    buffer_printf(to, "}");
}
