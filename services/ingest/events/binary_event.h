/*
 * binary_event.h - a CloudEvent in binary mode, as the same event in structured mode.  Pure.
 *
 * CloudEvents HTTP binding 1.0.2, section 3.1: the body is the data, and each attribute a header
 * ce-NAME, whose value may be quoted and is percent-encoded. On the topic the event stands as if
 * it had come structured, so whoever reads it needs to know of one mode only.
 */
#ifndef NURTURE_INGEST_EVENTS_BINARY_EVENT_H
#define NURTURE_INGEST_EVENTS_BINARY_EVENT_H

#include "batch.h"

enum { ING_ATTRIBUTES_MAX = 32 };

struct ing_attribute {
	struct slice name;  /* behind "ce-", in any case */
	struct slice value; /* as it stands in the header */
};

/*
 * *ret is the arena's. -1: fault says 400, for a value that is not UTF-8 when it is decoded, a name
 * that is no attribute's or comes twice, or data that is not JSON.
 */
int ing_binary_event(const struct ing_attribute *attributes, size_t count, struct slice body,
		     struct arena *arena, struct slice *ret, struct ing_fault *fault);

#endif
