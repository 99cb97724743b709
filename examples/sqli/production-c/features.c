/* The features of a query, as tally.toml defines them. Characters are code points; all classes are ASCII, and none is
   asked of ctype.h, whose answers depend on the locale. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sqli.h"

struct query {
    int32_t *characters;
    size_t length;
    size_t counts[128]; /* of ASCII characters */
};

const char *const sqli_number_format = "%.17g";

/* One code point of UTF-8 that may contain lone surrogates; a byte that begins none is a character of its own. */
static size_t decode(const unsigned char *bytes, size_t size, int32_t *character) {
    size_t more = bytes[0] >= 0xF0 ? 3 : bytes[0] >= 0xE0 ? 2 : bytes[0] >= 0xC0 ? 1 : 0;
    static const unsigned char mask[] = {0xFF, 0x1F, 0x0F, 0x07};
    *character = bytes[0];
    if (more >= size) return 1;
    int32_t c = bytes[0] & mask[more];
    for (size_t i = 1; i <= more; i++) {
        if ((bytes[i] & 0xC0) != 0x80) return 1;
        c = c * 64 + (bytes[i] & 0x3F);
    }
    *character = c;
    return more + 1;
}

static struct query read_query(const struct json *text) {
    struct query query = {.characters = malloc((text->size + 1) * sizeof(int32_t))};
    if (query.characters == NULL) abort();
    const unsigned char *bytes = (const unsigned char *)text->text;
    for (size_t i = 0; i < text->size;) {
        int32_t *character = &query.characters[query.length++];
        i += decode(bytes + i, text->size - i, character);
        if (*character < 128) query.counts[*character]++;
    }
    return query;
}

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_upper(int32_t c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(int32_t c) { return c >= 'a' && c <= 'z'; }
static bool is_letter(int32_t c) { return is_upper(c) || is_lower(c); }
static bool is_word(int32_t c) { return is_letter(c) || is_digit(c) || c == '_'; }
static bool is_space(int32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool is_punctuation(int32_t c) { return c >= '!' && c <= '~' && !is_word(c); }
static bool is_hex(int32_t c) { return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }
static int32_t lower(int32_t c) { return is_upper(c) ? c + ('a' - 'A') : c; }

/* The character at a place, or -1 behind the last one. */
static int32_t at(const struct query *query, size_t i) { return i < query->length ? query->characters[i] : -1; }

static size_t skip_space(const struct query *query, size_t i) {
    while (is_space(at(query, i))) i++;
    return i;
}

static size_t end_of_word(const struct query *query, size_t i) {
    while (is_word(at(query, i))) i++;
    return i;
}

static bool is_one_of(const struct query *query, size_t start, size_t end, const char *const names[]) {
    for (; *names != NULL; names++) {
        if (strlen(*names) != end - start) continue;
        size_t i = start;
        while (i < end && lower(query->characters[i]) == (*names)[i - start]) i++;
        if (i == end) return true;
    }
    return false;
}

static size_t count_where(const struct query *query, bool (*accepts)(int32_t)) {
    size_t count = 0;
    for (int c = 0; c < 128; c++)
        if (accepts(c)) count += query->counts[c];
    return count;
}

static size_t count_of(const struct query *query, const char *marks) {
    size_t count = 0;
    for (; *marks != '\0'; marks++) count += query->counts[(unsigned char)*marks];
    return count;
}

static void read_words(const struct query *query, double features[FEATURES]) {
    static const char *const null[] = {"null", NULL};
    for (size_t i = 0; i < query->length; i++) {
        size_t end = end_of_word(query, i);
        if (end == i) continue;
        features[WORDS]++;
        if (end - i > features[LONGEST_WORD]) features[LONGEST_WORD] = end - i;
        features[NULL_VALUES] += is_one_of(query, i, end, null);
        features[KEYWORDS] += is_one_of(query, i, end, sqli_keywords);
        features[LOGIC_WORDS] += is_one_of(query, i, end, sqli_logic_words);
        features[FUNCTION_CALLS] += at(query, skip_space(query, end)) == '(' && is_one_of(query, i, end, sqli_functions);
        i = end;
    }
}

static enum quote_style quote_style(const struct query *query) {
    size_t all = count_of(query, "'\"`");
    if (all == 0) return QUOTES_NONE;
    if (all == query->counts['\'']) return QUOTES_SINGLE;
    if (all == query->counts['"']) return QUOTES_DOUBLE;
    return all == query->counts['`'] ? QUOTES_BACKTICK : QUOTES_MIXED;
}

static size_t count_comment_marks(const struct query *query) {
    size_t count = query->counts['#'];
    for (size_t i = 0; i < query->length; i++) {
        int32_t c = at(query, i), next = at(query, i + 1);
        if ((c == '-' && next == '-') || (c == '/' && next == '*') || (c == '*' && next == '/')) {
            count++;
            i++;
        }
    }
    return count;
}

static size_t count_percent_escapes(const struct query *query) {
    size_t count = 0;
    for (size_t i = 0; i < query->length; i++) {
        if (at(query, i) == '%' && is_hex(at(query, i + 1)) && is_hex(at(query, i + 2))) {
            count++;
            i += 2;
        }
    }
    return count;
}

/* Whether the word that stands at `left` stands again behind an equals sign: both bare, or both behind `quote`. */
static bool is_repeated(const struct query *query, size_t left, size_t end, int32_t quote) {
    size_t size = end - left;
    if (quote != 0 && at(query, end++) != quote) return false;
    size_t right = skip_space(query, end);
    if (at(query, right) != '=') return false;
    right = skip_space(query, right + 1);
    if (quote != 0 && at(query, right++) != quote) return false;
    if (end_of_word(query, right) - right != size) return false;
    return memcmp(query->characters + left, query->characters + right, size * sizeof(int32_t)) == 0;
}

static bool has_tautology(const struct query *query) {
    for (size_t i = 0; i < query->length; i++) {
        size_t end = end_of_word(query, i);
        if (end == i) continue;
        int32_t before = i == 0 ? -1 : at(query, i - 1);
        if (is_repeated(query, i, end, 0)) return true;
        if ((before == '\'' || before == '"') && is_repeated(query, i, end, before)) return true;
        i = end;
    }
    return false;
}

static int by_code(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

/* Brings the characters into order; nothing may look at their places afterwards. */
static double entropy(struct query *query) {
    qsort(query->characters, query->length, sizeof(int32_t), by_code);
    double bits = 0;
    for (size_t start = 0, end; start < query->length; start = end) {
        for (end = start; at(query, end) == query->characters[start]; end++) continue;
        double share = (double)(end - start) / (double)query->length;
        bits += share * log2(1 / share);
    }
    return bits;
}

void sqli_features(const struct json *text, double features[FEATURES]) {
    struct query query = read_query(text);
    double length = (double)query.length;
    double letters = (double)count_where(&query, is_letter);
    for (int i = 0; i < FEATURES; i++) features[i] = 0;
    read_words(&query, features);
    features[LENGTH] = length;
    features[QUOTES] = count_of(&query, "'\"`");
    features[QUOTE_STYLE] = quote_style(&query);
    features[UNBALANCED_QUOTES] = query.counts['\''] % 2 == 1 || query.counts['"'] % 2 == 1;
    features[COMMENT_MARKS] = count_comment_marks(&query);
    features[OPERATORS] = count_of(&query, "=<>!|&");
    features[PARENTHESES] = count_of(&query, "()");
    features[SEMICOLONS] = count_of(&query, ";");
    features[PERCENT_ESCAPES] = count_percent_escapes(&query);
    features[TAUTOLOGY] = has_tautology(&query);
    features[ENTROPY] = entropy(&query);
    /* rint takes halves to the even number, as long as nobody calls fesetround. */
    features[DIGIT_PERCENT] = length == 0 ? NAN : rint(100 * (double)count_where(&query, is_digit) / length);
    features[SPECIAL_SHARE] = length == 0 ? NAN : (double)count_where(&query, is_punctuation) / length;
    features[UPPERCASE_SHARE] = letters == 0 ? NAN : (double)count_where(&query, is_upper) / letters;
    free(query.characters);
}
