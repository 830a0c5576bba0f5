/* event_internal.h - the parts of event.h's implementation; for event*.c only. */
#ifndef NURTURE_MESSAGE_EVENT_INTERNAL_H
#define NURTURE_MESSAGE_EVENT_INTERNAL_H

#include "event.h"
#include "common/codec/shape.h"

extern const struct shape event_shape;
extern const struct shape customer_shape;
extern const struct shape feedback_shape;

/*
 * All that event.h promises of a decoded event, whichever format it came in.
 * A country by another code (base/country.h) gets the one that is assigned.
 */
int event_check(Nurture__V1__Event *event, const struct path *path, struct err *err);

/* A CloudEvent (a JSON object with "specversion"), read and checked. */
struct cJSON;
int event_from_cloudevent(const struct cJSON *envelope, struct arena *arena,
			  Nurture__V1__Event **ret, struct err *err);

#endif
