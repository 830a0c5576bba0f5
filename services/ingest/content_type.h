/* content_type.h - what a body is, from its Content-Type.  Pure. */
#ifndef NURTURE_INGEST_CONTENT_TYPE_H
#define NURTURE_INGEST_CONTENT_TYPE_H

#include <stdbool.h>

#include "common/base/err.h"

enum ing_content_type {
	ING_JSON,              /* one event or an array of them */
	ING_CLOUDEVENT,        /* one, structured */
	ING_CLOUDEVENT_BATCH,  /* an array */
	ING_PROTOBUF,          /* one nurture.v1.Event */
	ING_CLOUDEVENT_BINARY, /* the data of one; its attributes are in headers (binary_event.h) */
};

/* The content types that we take, for a 415's Accept header. */
#define ING_ACCEPTED_CONTENT_TYPES                                                                 \
	"application/json, application/cloudevents+json, application/cloudevents-batch+json, "     \
	"application/x-protobuf"

/*
 * The header's value, NULL when absent. has_specversion: there is a header ce-specversion, so that
 * it is a CloudEvent in binary mode, unless its Content-Type says that it is a structured one.
 */
int ing_content_type_parse(const char *content_type, bool has_specversion,
			   enum ing_content_type *ret, struct err *err);

#endif
