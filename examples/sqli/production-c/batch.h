/* A batch of records to answers, for both programs. */
#ifndef BATCH_H
#define BATCH_H

#include "json.h"

/* What GET / and $describe say. */
extern const char batch_description[];

bool batch_is_operation(const char *name);
/* Writes the array of answers to an array of records. */
void batch_answer(const char *operation, const struct json *records, struct buffer *to);

#endif
