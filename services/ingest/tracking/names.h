/*
 * names.h - what a tracked event is called, and what that means here.  Pure.
 *
 * Names are compared without regard to case, '_' counts as a blank: "Order Completed",
 * "order_completed". The built-in ones are of Segment's specs for e-commerce and e-mail; a setting
 * adds others or gives them another meaning.
 */
#ifndef NURTURE_INGEST_TRACKING_NAMES_H
#define NURTURE_INGEST_TRACKING_NAMES_H

#include <stddef.h>

#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/policy/event_type.h"

enum { ING_NAMES_MAX = 64, ING_NAME_BYTES = 81, ING_CONSENTS_MAX = 8, ING_WORD_BYTES = 65 };

struct ing_tracking_name {
	char name[ING_NAME_BYTES];
	enum event_type type; /* EVENT_OTHER: it is left out */
};

/* A trait of a person that says whether a class of messages is welcome. */
struct ing_tracking_consent {
	char trait[ING_WORD_BYTES], message_class[ING_WORD_BYTES];
};

struct ing_tracking_names {
	size_t count;
	struct ing_tracking_name list[ING_NAMES_MAX];
	size_t consent_count;
	struct ing_tracking_consent consents[ING_CONSENTS_MAX];
	const char *sent_class; /* of "Email Delivered"; by reference */
};

/*
 * "Parcel Arrived=order.delivered,Order Refunded=": names and types, separated by commas or lines;
 * without a type such events are left out. Only types that ing_tracking_map() can fill.
 */
int ing_names_parse(struct slice text, struct ing_tracking_names *names, struct err *err);
/* "marketing_consent=promotion,sms=all": traits and classes of the policy, or all. */
int ing_consents_parse(struct slice text, struct ing_tracking_names *names, struct err *err);

/* EVENT_OTHER: a name that means nothing here. */
enum event_type ing_name_find(const struct ing_tracking_names *names, const char *name);

#endif
