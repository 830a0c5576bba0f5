/*
 * bounce_record.h - a bounce as a record for Kafka: message.bounced or
 * message.complained of its customer, or a dead letter when nobody can say
 * whose it is.  Pure.
 */
#ifndef NURTURE_MAIL_BOUNCE_RECORD_H
#define NURTURE_MAIL_BOUNCE_RECORD_H

#include "common/base/buf.h"
#include "bounce.h"

enum { BOUNCE_RECORD_MAX_BYTES = 8192, BOUNCE_KEY_BYTES = RETURN_CUSTOMER_MAX_BYTES + 1 };

struct bounce_record {
	bool is_dead;           /* for the topic of dead letters, not of events */
	char id[ID_TEXT_BYTES]; /* the event's: of send, customer and kind, so that repeats are
				   repeats */
	char key[BOUNCE_KEY_BYTES];
	struct buf value; /* JSON; the caller frees it */
};
#define BOUNCE_RECORD ((struct bounce_record){.value = {.max_bytes = BOUNCE_RECORD_MAX_BYTES}})

/*
 * owner: NULL when no token was found.  source: where it came in, "lmtp",
 * "ses".  False: there is nothing to publish (kind NONE).  ret->value is
 * emptied first.
 */
bool bounce_record(const struct bounce *bounce, const struct return_token *owner,
		   const char *source, int64_t now_ms, struct bounce_record *ret);

/*
 * The id of message.bounced (kind "hard", ...) or message.complained (kind ""),
 * whoever tells of it: the email-sender that was refused, or a report about the
 * same send.
 */
void bounce_event_id(const char *type, const char *kind, const char *customer, const char *send,
		     char ret[ID_TEXT_BYTES]);

/*
 * Completes owner with what found says more about the same send; found is believed about no other
 * one.
 */
void bounce_owner_complete(struct return_token *owner, const struct return_token *found);

#endif
