/* answer.h - what a publisher is told, as status and JSON.  Pure. */
#ifndef NURTURE_INGEST_EVENTS_ANSWER_H
#define NURTURE_INGEST_EVENTS_ANSWER_H

#include "batch.h"

enum { ING_ANSWER_MAX_BYTES = 8 << 20 };

/*
 * 202 when something was accepted and nothing failed; 503 when Kafka did not
 * acknowledge one of them (all may be sent again: ids make repeats harmless);
 * 403 when none was and the token may not publish one of them; 400 when none was
 * valid.  Returns the status and appends the body to out.
 */
int ing_answer(bool is_array, const struct ing_result *results, size_t count, struct buf *out);

#endif
