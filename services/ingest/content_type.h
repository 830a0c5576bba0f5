/* content_type.h - what a body is, from its Content-Type and Content-Encoding.  Pure. */
#ifndef NURTURE_INGEST_CONTENT_TYPE_H
#define NURTURE_INGEST_CONTENT_TYPE_H

#include "common/base/err.h"

enum ing_media {
	ING_JSON,             /* one event or an array of them */
	ING_CLOUDEVENT,       /* one, structured */
	ING_CLOUDEVENT_BATCH, /* an array */
	ING_PROTOBUF,         /* one nurture.v1.Event */
};

/* What is taken, for a 415's Accept header. */
#define ING_ACCEPTED_MEDIA                                                                         \
	"application/json, application/cloudevents+json, application/cloudevents-batch+json, "     \
	"application/x-protobuf"

/* Headers' values, NULL when absent. */
int ing_media_parse(const char *content_type, const char *content_encoding, enum ing_media *ret,
		    struct err *err);

#endif
