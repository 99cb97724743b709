/* The SQL-injection model: features of a query, and a regression over them. */
#ifndef SQLI_H
#define SQLI_H

#include "json.h"

enum feature {
    NULL_VALUES,
    LENGTH,
    WORDS,
    LONGEST_WORD,
    KEYWORDS,
    LOGIC_WORDS,
    FUNCTION_CALLS,
    QUOTES,
    QUOTE_STYLE,
    UNBALANCED_QUOTES,
    COMMENT_MARKS,
    OPERATORS,
    PARENTHESES,
    SEMICOLONS,
    PERCENT_ESCAPES,
    TAUTOLOGY,
    ENTROPY,
    DIGIT_PERCENT,
    SPECIAL_SHARE,
    UPPERCASE_SHARE,
    FEATURES
};

enum quote_style { QUOTES_NONE, QUOTES_SINGLE, QUOTES_DOUBLE, QUOTES_BACKTICK, QUOTES_MIXED, QUOTE_STYLES };

/* The words that count, in lower case; each list ends with NULL. */
extern const char *const sqli_keywords[];
extern const char *const sqli_logic_words[];
extern const char *const sqli_functions[];

/* Fills in the features of a query. Booleans are 1 and 0, quote_style is one of enum quote_style, null is NAN.
   Implemented in features.c, and in first-attempt.c. */
void sqli_features(const struct json *query, double features[FEATURES]);

/* How a number is written; with all its digits, or not. */
extern const char *const sqli_number_format;

/* Answers of the two operations, for features. */
void sqli_write_features(const double features[FEATURES], struct buffer *to);
void sqli_write_prediction(const double features[FEATURES], struct buffer *to);

/* Reads the numbers of the model, once, before the first prediction. */
void sqli_load(void);

#endif
