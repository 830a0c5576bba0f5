/* content_type.h - what a body is, from its Content-Type and Content-Encoding.  Pure. */
#ifndef NURTURE_INGEST_CONTENT_TYPE_H
#define NURTURE_INGEST_CONTENT_TYPE_H

#include "common/base/err.h"

enum ing_content_type {
	ING_JSON,             /* one event or an array of them */
	ING_CLOUDEVENT,       /* one, structured */
	ING_CLOUDEVENT_BATCH, /* an array */
	ING_PROTOBUF,         /* one nurture.v1.Event */
};

/* The content types that we take, for a 415's Accept header. */
#define ING_ACCEPTED_CONTENT_TYPES                                                                 \
	"application/json, application/cloudevents+json, application/cloudevents-batch+json, "     \
	"application/x-protobuf"

/* Headers' values, NULL when absent. */
int ing_content_type_parse(const char *content_type, const char *content_encoding,
			   enum ing_content_type *ret, struct err *err);

#endif
