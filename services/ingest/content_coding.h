/*
 * content_coding.h - how a body was compressed, from its Content-Encoding (RFC 9110 8.4), and the
 * body as it was before.  Pure.
 *
 * Every door takes compressed bodies the same way, by ing_admission_body() (admission.h). A
 * signature is over the bytes as they came, and is checked before anything is inflated.
 */
#ifndef NURTURE_INGEST_CONTENT_CODING_H
#define NURTURE_INGEST_CONTENT_CODING_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "services/ingest/events/batch.h"

enum ing_content_coding { ING_IDENTITY, ING_GZIP, ING_DEFLATE };

/* For the Accept-Encoding of a 415 (RFC 9110 15.5.16). */
#define ING_ACCEPTED_CODINGS "gzip, deflate"

/* The header's value, NULL when absent. -1: a coding that we do not know, or more than one. */
int ing_content_coding_parse(const char *content_encoding, enum ing_content_coding *ret,
			     struct err *err);

/*
 * *ret: the body itself, or the arena's. -1: fault says 400, when it is not what the header says,
 * or 413, when more than max_bytes would come out.
 */
int ing_content_decode(enum ing_content_coding coding, struct slice body, size_t max_bytes,
		       struct arena *arena, struct slice *ret, struct ing_fault *fault);

#endif
