/*
 * feedback_body.h - POST /v1/feedback: what customers said, without the envelope of an event.  Pure.
 *
 *	{"customer": "ann", "kind": "praise", "score": 5, "text": "...", "sku": "kettle"}
 *
 * customer is an id or an object; id, time and by are the event's; text is its comment; all else is
 * a member of its feedback.  Without an id it follows from all that is said, so that what is sent
 * twice is one event; without a time it was now.
 */
#ifndef NURTURE_INGEST_EVENTS_FEEDBACK_BODY_H
#define NURTURE_INGEST_EVENTS_FEEDBACK_BODY_H

#include "common/base/arena.h"
#include "common/base/slice.h"

#define ING_FEEDBACK_PATH "/v1/feedback"

/*
 * The body as events, one or an array of them, in the arena.  What is no object, or no JSON, stays as
 * it is: whoever reads events says what is wrong with it.
 */
struct slice ing_feedback_body(struct slice body, int64_t now_ms, struct arena *arena);

#endif
