/* The features of a query, first attempt: with string.h, strings.h, ctype.h and stdio.h. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sqli.h"

enum { MAX_WORD = 32 };

const char *const sqli_number_format = "%f";

static int count_chars(const char *query, const char *marks) {
    int count = 0;
    for (const char *p = query; *p; p++)
        if (strchr(marks, *p)) count++;
    return count;
}

static int count_strings(const char *query, const char *mark) {
    int count = 0;
    for (const char *p = strstr(query, mark); p; p = strstr(p + 1, mark)) count++;
    return count;
}

static int count_class(const char *query, int (*is_class)(int)) {
    int count = 0;
    for (const char *p = query; *p; p++)
        if (is_class((unsigned char)*p)) count++;
    return count;
}

static const char *skip_blanks(const char *p) {
    while (*p && *p <= ' ') p++;
    return p;
}

static int is_word_char(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* Copies the word at p and returns the place behind it. */
static const char *next_word(const char *p, char word[MAX_WORD]) {
    int n = 0;
    for (; is_word_char(*p); p++)
        if (n < MAX_WORD - 1) word[n++] = *p;
    word[n] = '\0';
    return p;
}

static int is_in(const char *word, const char *const list[]) {
    for (; *list; list++)
        if (strncasecmp(word, *list, strlen(*list)) == 0) return 1;
    return 0;
}

static int is_function(const char *word) {
    for (const char *const *f = sqli_functions; *f; f++)
        if (strcasecmp(word, *f) == 0) return 1;
    return 0;
}

static int count_escapes(const char *query) {
    int count = 0;
    unsigned value;
    for (const char *p = strchr(query, '%'); p; p = strchr(p + 1, '%'))
        if (sscanf(p + 1, "%2x", &value) == 1) count++;
    return count;
}

static int has_tautology(const char *query) {
    for (const char *p = query; *p;) {
        if (!is_word_char(*p)) {
            p++;
            continue;
        }
        const char *word = p;
        while (is_word_char(*p)) p++;
        size_t size = p - word;
        char quote = word > query && strchr("'\"", word[-1]) && *p == word[-1] ? *p : 0;
        const char *right = skip_blanks(quote ? p + 1 : p);
        if (*right != '=') continue;
        right = skip_blanks(right + 1);
        if (quote && *right++ != quote) continue;
        if (strncmp(word, right, size) == 0 && !is_word_char(right[size])) return 1;
    }
    return 0;
}

static double shannon_entropy(const char *query) {
    int counts[256] = {0};
    int length = strlen(query);
    double bits = 0;
    for (const char *p = query; *p; p++) counts[(unsigned char)*p]++;
    for (int i = 0; i < 256; i++) {
        if (counts[i] == 0) continue;
        double p = (double)counts[i] / length;
        bits -= p * log2(p);
    }
    return bits;
}

static enum quote_style get_quote_style(const char *query) {
    int single = strchr(query, '\'') != NULL;
    int dbl = strchr(query, '"') != NULL;
    int backtick = strchr(query, '`') != NULL;
    if (single + dbl + backtick > 1) return QUOTES_MIXED;
    return single ? QUOTES_SINGLE : dbl ? QUOTES_DOUBLE : backtick ? QUOTES_BACKTICK : QUOTES_NONE;
}

void sqli_features(const struct json *text, double features[FEATURES]) {
    const char *query = text->text;
    int length = strlen(query);
    int letters = count_class(query, isalpha);
    int words = 0, longest = 0, nulls = 0, keywords = 0, logic_words = 0, calls = 0;
    char word[MAX_WORD];

    for (const char *p = query; *p;) {
        if (!is_word_char(*p)) {
            p++;
            continue;
        }
        p = next_word(p, word);
        words++;
        if ((int)strlen(word) > longest) longest = strlen(word);
        nulls += strcasecmp(word, "null") == 0;
        keywords += is_in(word, sqli_keywords);
        logic_words += is_in(word, sqli_logic_words);
        calls += is_function(word) && *skip_blanks(p) == '(';
    }

    features[NULL_VALUES] = nulls;
    features[LENGTH] = length;
    features[WORDS] = words;
    features[LONGEST_WORD] = longest;
    features[KEYWORDS] = keywords;
    features[LOGIC_WORDS] = logic_words;
    features[FUNCTION_CALLS] = calls;
    features[QUOTES] = count_chars(query, "'\"`");
    features[QUOTE_STYLE] = get_quote_style(query);
    features[UNBALANCED_QUOTES] = count_chars(query, "'") % 2 || count_chars(query, "\"") % 2;
    features[COMMENT_MARKS] = count_strings(query, "--") + count_strings(query, "/*") + count_strings(query, "*/") + count_strings(query, "#");
    features[OPERATORS] = count_chars(query, "=<>!|&");
    features[PARENTHESES] = count_chars(query, "()");
    features[SEMICOLONS] = count_chars(query, ";");
    features[PERCENT_ESCAPES] = count_escapes(query);
    features[TAUTOLOGY] = has_tautology(query);
    features[ENTROPY] = shannon_entropy(query);
    features[DIGIT_PERCENT] = length ? 100 * count_class(query, isdigit) / length : 0;
    features[SPECIAL_SHARE] = length ? (double)count_class(query, ispunct) / length : 0;
    features[UPPERCASE_SHARE] = letters ? (double)count_class(query, isupper) / letters : 0;
}
