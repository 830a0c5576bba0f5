/*
 * turn.h - what the parts of one step share.  Only for this folder's step.c,
 * consider.c, report.c and contact.c.
 */
#ifndef NURTURE_EMAIL_SENDER_TURN_H
#define NURTURE_EMAIL_SENDER_TURN_H

#include "step.h"
#include "wire.h"

struct turn {
	struct step *step;
	const struct sender *sender;
	struct send_state *state;
	bool changed;
};

static inline bool send_is_open(const struct send *send)
{
	return send->kept.status == SEND_WAITING || send->kept.status == SEND_INTENDED;
}

/* consider.c: an open send may go now, later or no more. */
void send_consider(struct turn *turn, struct send *send);

/* The intent as it stands goes to the connections, once this state is committed. */
void send_hand_over(struct turn *turn, struct send *send);

/* report.c: outcomes. All detail texts are NUL-terminated; NULL: none. */

/* The one terminal outcome of a send that is open until now; at_ms is the outcome's time. */
void send_end(struct turn *turn, struct send *send, enum status status, int64_t at_ms,
	      const Nurture__V1__Reason *reason, const char *detail);
/* Waits until reason->eligible_at_ms. step: the outcome's, "retry:2". */
void send_wait(struct turn *turn, struct send *send, const char *step, int64_t at_ms,
	       const Nurture__V1__Reason *reason);

/* contact.c: the newest contact decides what happens to the sends that are open. */
void send_contact(struct turn *turn, const Nurture__V1__Contact *contact);

#endif
