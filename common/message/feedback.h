/*
 * feedback.h - one thing that a customer has said (proto/nurture/v1/feedback.proto), and the words
 * for what it is.  Pure.
 */
#ifndef NURTURE_MESSAGE_FEEDBACK_H
#define NURTURE_MESSAGE_FEEDBACK_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/hash.h"
#include "common/base/slice.h"
#include "nurture/v1/event.pb-c.h"
#include "nurture/v1/feedback.pb-c.h"

enum { FEEDBACK_TAGS_MAX = 32 }; /* of one item, and of one event */

#define FEEDBACK_NEW "new"
#define FEEDBACK_TRIAGED "triaged"
#define FEEDBACK_ANSWERED "answered"
#define FEEDBACK_ARCHIVED "archived"

/* Is it one of the kinds, one of the ways in which feedback comes? */
bool feedback_is_kind(struct slice text);
bool feedback_is_source(struct slice text);
/* What it is when nobody says so: a review when it was published, a comment when there are words. */
const char *feedback_kind_of(const Nurture__V1__Event *event);
/* How it came when nobody says so: by support when it has `by`, else by the page. */
const char *feedback_source_of(const Nurture__V1__Event *event);

/* The id of what an event told of a customer, by what makes the event the same again (event_key()). */
void feedback_item_id(const char *customer, const char *event_key, char ret[ID_TEXT_BYTES]);

/* The key of its record: the customer's id, "/", the item's. */
struct slice feedback_key(const char *customer, const char *item, struct arena *arena);
/* The customer of a key; all of it when there is no item in it. */
struct slice feedback_key_customer(struct slice key);
/* -1: it is no key of an item.  *ret_item is the arena's, *ret_customer the key's. */
int feedback_key_read(struct slice key, struct arena *arena, struct slice *ret_customer,
		      const char **ret_item, struct err *err);

/* From protobuf.  -1: it is no item of ours; *ret is the arena's. */
int feedback_item_decode(struct slice bytes, struct arena *arena, Nurture__V1__FeedbackItem **ret,
			 struct err *err);

#endif
