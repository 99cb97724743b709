/* JSON in and out, as much of it as a service needs. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_type type;
    double number;
    /* Of a string: its UTF-8, closed by a NUL that is not counted. It may contain NULs, and half of a surrogate pair
       (a lone \ud800), which stands in three bytes like any other code point of its size. */
    char *text;
    size_t size;
    /* Of an array or object: its first element. Elements of one array or object are chained by `next`. */
    struct json *child;
    struct json *next;
    /* Of an element of an object. */
    char *key;
};

/* NULL where the text is not JSON, or nests deeper than 128 levels. */
struct json *json_read(const char *text, size_t size);
void json_free(struct json *value);

/* The member of an object; NULL where there is none, or `value` is no object. */
const struct json *json_get(const struct json *value, const char *key);
/* The text of a string member; "" where there is none. */
const char *json_text(const struct json *value, const char *key);
/* A number member; 0 where there is none. */
double json_number(const struct json *value, const char *key);

/* A text that grows. Begin with `{0}`, end with free(data). */
struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

void buffer_add(struct buffer *buffer, const char *bytes, size_t size);
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void buffer_printf(struct buffer *buffer, const char *format, ...);

#endif
