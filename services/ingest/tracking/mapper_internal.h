/* mapper_internal.h - what the files of the mapper share. */
#ifndef NURTURE_INGEST_TRACKING_MAPPER_INTERNAL_H
#define NURTURE_INGEST_TRACKING_MAPPER_INTERNAL_H

#include "fields.h"
#include "mapper.h"
#include "nurture/v1/event.pb-c.h"

/* A message with its parts, of which each may be empty. */
struct ing_message {
	const struct ing_tracking_names *names;
	struct slice context, properties;
	struct slice traits, context_traits; /* of identify, and of every other call */
	struct arena *arena;
};

/* person.c: everything that is said of the person, as it is said; counts what says nothing. */
void ing_tracked_person(const struct ing_message *message, Nurture__V1__Customer *customer,
			unsigned *left_out);
/* order.c: order, items, case, review, message, as the type needs them. */
void ing_tracked_subject(const struct ing_message *message, enum event_type type,
			 Nurture__V1__Event *event);
/* amount.c: a number or text as an amount of ours; "" when it is none. */
char *ing_tracked_amount(char *text, struct arena *arena);
/*
 * encode.c: the event as JSON that passes event_decode(). Values that are of no consequence for
 * what happened and are not what we take are left out, and counted. -1: err says what was expected.
 */
int ing_tracked_encode(Nurture__V1__Event *event, struct arena *arena, struct slice *ret,
		       unsigned *left_out, struct err *err);

#endif
