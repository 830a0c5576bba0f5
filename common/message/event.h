/*
 * event.h - an event from outside, as bytes: JSON, CloudEvents or protobuf.
 *
 * The one place where untrusted events are read.  HTTP and Kafka give the
 * same events through the same functions, so both are treated the same.
 * Everything returned lives in the arena.
 */
#ifndef NURTURE_MESSAGE_EVENT_H
#define NURTURE_MESSAGE_EVENT_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "nurture/v1/event.pb-c.h"

enum {
	EVENT_MAX_BYTES = 64 * 1024,
	EVENT_DEPTH_MAX = 32,
	EVENT_PARCELS_MAX = 64, /* of one order */
};

/*
 * JSON when it begins with '{' (after blanks), else protobuf.  JSON may be a
 * CloudEvent (it has "specversion"): its data is the event, and its id, type,
 * time and subject fill what data leaves out.  Validates everything that
 * Nurture understands; fields it does not know are left alone.  The error
 * names the JSON path: "$.order.items[2].quantity: expected ..., found ...".
 */
int event_decode(struct slice bytes, struct arena *arena, Nurture__V1__Event **ret,
		 struct err *err);

/*
 * Only who and when, for routing and for merging by time; cheaper than
 * event_decode but refuses what is not readable at all.
 */
int event_peek(struct slice bytes, struct arena *arena, struct slice *ret_customer,
	       int64_t *ret_time_ms, struct err *err);

/* The canonical JSON of an event, for producers of ours (replay, feedback, bounces). */
struct buf;
void event_encode_json(const Nurture__V1__Event *event, struct buf *out);

#endif
