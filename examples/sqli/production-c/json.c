#include "json.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 128 };

struct reader {
    const char *at;
    const char *end;
    int depth;
};

static void *or_abort(void *memory) {
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

static void skip_space(struct reader *r) {
    while (r->at < r->end && strchr(" \t\r\n", *r->at) != NULL && *r->at != '\0') r->at++;
}

static bool take(struct reader *r, char c) {
    skip_space(r);
    if (r->at == r->end || *r->at != c) return false;
    r->at++;
    return true;
}

static bool take_word(struct reader *r, const char *word) {
    size_t size = strlen(word);
    if ((size_t)(r->end - r->at) < size || memcmp(r->at, word, size) != 0) return false;
    r->at += size;
    return true;
}

/* Four hexadecimal digits, or -1. */
static int32_t take_unit(struct reader *r) {
    if (r->end - r->at < 4) return -1;
    int32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        char c = *r->at++;
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* The code point of an escape that begins behind its backslash; -1 where it is none. */
static int32_t take_escape(struct reader *r) {
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    char c = r->at < r->end ? *r->at++ : '\0';
    const char *letter = c == '\0' ? NULL : strchr(letters, c);
    if (letter != NULL) return meanings[letter - letters];
    if (c != 'u') return -1;
    int32_t unit = take_unit(r);
    if (unit < 0xD800 || unit > 0xDBFF) return unit;
    const char *behind = r->at;
    if (take_word(r, "\\u")) {
        int32_t low = take_unit(r);
        if (low < 0) return -1;
        if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
    }
    r->at = behind;
    return unit;
}

static size_t put_utf8(char *to, int32_t c) {
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const int lead[] = {0, 0xC0, 0xE0, 0xF0};
    to[0] = (char)(lead[more] | (c >> (6 * more)));
    for (int i = 1; i <= more; i++) to[i] = (char)(0x80 | ((c >> (6 * (more - i))) & 0x3F));
    return (size_t)more + 1;
}

/* What stands between two quotes is never shorter than what it means. */
static char *take_string(struct reader *r, size_t *size) {
    if (!take(r, '"')) return NULL;
    const char *close = r->at;
    while (close < r->end && *close != '"') close += *close == '\\' ? 2 : 1;
    if (close >= r->end) return NULL;
    char *text = or_abort(malloc((size_t)(close - r->at) + 1));
    char *to = text;
    while (r->at < close) {
        int32_t c = (unsigned char)*r->at++;
        if (c == '\\') {
            c = take_escape(r);
            if (c >= 0) to += put_utf8(to, c);
        } else if (c < 0x20) {
            c = -1;
        } else {
            *to++ = (char)c;
        }
        if (c < 0) {
            free(text);
            return NULL;
        }
    }
    r->at = close + 1;
    *to = '\0';
    if (size != NULL) *size = (size_t)(to - text);
    return text;
}

/* The place behind one digit or more; NULL where there is none. */
static const char *behind_digits(const char *at, const char *end) {
    const char *start = at;
    while (at < end && *at >= '0' && *at <= '9') at++;
    return at == start ? NULL : at;
}

/* The place behind a number of JSON; NULL where there is none. strtod takes more ("inf", "0x10", ".5"). */
static const char *behind_number(const char *at, const char *end) {
    if (at < end && *at == '-') at++;
    at = at < end && *at == '0' ? at + 1 : behind_digits(at, end);
    if (at != NULL && at < end && *at == '.') at = behind_digits(at + 1, end);
    if (at == NULL || at == end || (*at != 'e' && *at != 'E')) return at;
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    return behind_digits(at, end);
}

/* Numbers of more than 511 characters are refused. */
static bool take_number(struct reader *r, double *number) {
    char copy[512];
    const char *behind = behind_number(r->at, r->end);
    size_t size = behind == NULL ? 0 : (size_t)(behind - r->at);
    if (size == 0 || size >= sizeof copy) return false;
    memcpy(copy, r->at, size);
    copy[size] = '\0';
    *number = strtod(copy, NULL);
    r->at = behind;
    return true;
}

static struct json *take_value(struct reader *r);

/* The elements of an array or object up to and with the bracket that closes it. */
static bool take_elements(struct reader *r, struct json *into) {
    bool is_object = into->type == JSON_OBJECT;
    char close = is_object ? '}' : ']';
    struct json **end = &into->child;
    if (take(r, close)) return true;
    do {
        char *key = is_object ? take_string(r, NULL) : NULL;
        if (is_object && (key == NULL || !take(r, ':'))) {
            free(key);
            return false;
        }
        *end = take_value(r);
        if (*end == NULL) {
            free(key);
            return false;
        }
        (*end)->key = key;
        end = &(*end)->next;
    } while (take(r, ','));
    return take(r, close);
}

static struct json *take_value(struct reader *r) {
    struct json *value = or_abort(calloc(1, sizeof *value));
    bool is_good = false;
    skip_space(r);
    char c = r->at < r->end ? *r->at : '\0';
    if (c == '"') {
        value->type = JSON_STRING;
        value->text = take_string(r, &value->size);
        is_good = value->text != NULL;
    } else if ((c == '[' || c == '{') && r->depth < MAX_DEPTH) {
        value->type = c == '[' ? JSON_ARRAY : JSON_OBJECT;
        r->at++;
        r->depth++;
        is_good = take_elements(r, value);
        r->depth--;
    } else if (take_word(r, "null") || take_word(r, "true") || take_word(r, "false")) {
        value->type = c == 'n' ? JSON_NULL : c == 't' ? JSON_TRUE : JSON_FALSE;
        is_good = true;
    } else {
        value->type = JSON_NUMBER;
        is_good = take_number(r, &value->number);
    }
    if (is_good) return value;
    json_free(value);
    return NULL;
}

struct json *json_read(const char *text, size_t size) {
    struct reader r = {.at = text, .end = text + size, .depth = 0};
    struct json *value = take_value(&r);
    skip_space(&r);
    if (r.at == r.end) return value;
    json_free(value);
    return NULL;
}

void json_free(struct json *value) {
    while (value != NULL) {
        struct json *next = value->next;
        json_free(value->child);
        free(value->text);
        free(value->key);
        free(value);
        value = next;
    }
}

const struct json *json_get(const struct json *value, const char *key) {
    if (value == NULL || value->type != JSON_OBJECT) return NULL;
    for (const struct json *each = value->child; each != NULL; each = each->next)
        if (strcmp(each->key, key) == 0) return each;
    return NULL;
}

const char *json_text(const struct json *value, const char *key) {
    const struct json *member = json_get(value, key);
    return member != NULL && member->type == JSON_STRING ? member->text : "";
}

double json_number(const struct json *value, const char *key) {
    const struct json *member = json_get(value, key);
    return member != NULL && member->type == JSON_NUMBER ? member->number : 0;
}

static void reserve(struct buffer *buffer, size_t more) {
    if (buffer->capacity - buffer->size >= more) return;
    buffer->capacity = 2 * buffer->capacity + more;
    buffer->data = or_abort(realloc(buffer->data, buffer->capacity));
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t size) {
    if (size == 0) return;
    reserve(buffer, size);
    memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
}

void buffer_printf(struct buffer *buffer, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size > 0) {
        reserve(buffer, (size_t)size + 1);
        vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, arguments);
        buffer->size += (size_t)size;
    }
    va_end(arguments);
}
