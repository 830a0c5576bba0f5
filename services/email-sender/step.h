/*
 * step.h - what to do with a customer's mails: send, wait, or end with a word.
 *
 * Pure.  Every dispatch gets exactly one terminal outcome.  A mail is an
 * intent in the state first, and an effect for the connections only with the
 * commit of that intent; what was intended by an owner that is gone is in
 * doubt, and the class of the message says what that means.
 */
#ifndef NURTURE_EMAIL_SENDER_STEP_H
#define NURTURE_EMAIL_SENDER_STEP_H

#include "common/policy/policy.h"
#include "common/stream/step.h"
#include "common/message/outcome.h"

struct template_set;
struct send_journal;

struct sender {
	const struct policy *policy;
	const struct template_set *templates; /* NULL: whatever a request names exists */
	enum outcome_format format;
	/* what owners before this one left; NULL: nothing is known */
	const struct send_journal *journal;
	bool is_event_time; /* the clock stands still for mails under way */
};

enum { SEND_DISPATCH };              /* inputs */
enum { SEND_OUTCOMES, SEND_EVENTS }; /* outputs; STEP_EFFECT carries a packed DeliveryEffect */

/* context is a struct sender; the value of a RESULT is a packed DeliveryResult. */
int send_step(struct step *step, struct err *err);

#endif
