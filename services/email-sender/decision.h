/*
 * decision.h - what the parts of one step share.  Only for this folder's step.c,
 * consider.c, again.c, learn.c, riders.c, report.c and contact.c.
 */
#ifndef NURTURE_EMAIL_SENDER_DECISION_H
#define NURTURE_EMAIL_SENDER_DECISION_H

#include "common/mail/bounce.h"
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
/* The policy is another one: what waits because of a rule may go earlier. */
void send_look_again(struct turn *turn, struct send *send);

/* again.c.  NULL: the policy has no such class any more. */
const struct message_class *send_class_of(const struct turn *turn, const char *class_name);
/* Until when the category of a part of the mail counts as just bought; 0: it does not now. */
int64_t send_just_bought_ms(const struct turn *turn, const struct send *send,
			    const char *class_name, const char *category);
/* The open case that holds the mail, or a part of it; "": none. */
const char *send_case(const struct turn *turn, const struct send *send);
/* Is anything against the mail, or a part of it, that the newest contact or a cancellation said? */
bool send_is_hindered(const struct turn *turn, const struct send *send);
/*
 * Of an intent: on the event clock time stands still until it has its result, so what is said
 * later comes too late for it.  But of who was erased there is nothing left to send.
 */
bool send_counts_as_sent(const struct turn *turn, const struct send *send);
/* What the contact says of open cases and of what was bought, as far as it is about this mail. */
void send_note_person(struct turn *turn, struct send *send, const Nurture__V1__Contact *contact);

/*
 * riders.c.  What may not be said any more ends: riders leave the mail, a
 * leader hands it on to the first of them.  False: nothing is left of it.
 */
bool send_shed(struct turn *turn, struct send *send);
/* The leader ends with that word; false: it had no riders, so the send is over. */
bool send_end_leader(struct turn *turn, struct send *send, enum status status, int64_t at_ms,
		     const Nurture__V1__Reason *reason, const char *detail);
/* The rider ends with that word, and leaves. */
void send_end_rider(struct turn *turn, struct send *send, size_t rider, enum status status,
		    const Nurture__V1__Reason *reason, const char *detail);
/* A new send's: what stays of each rider when the dispatch is gone. */
void send_add_riders(struct turn *turn, struct send *send);
/*
 * When a request in the mail is too late: when it expires, and at the latest
 * AFTERLIFE_MS after the grant, since nobody tells of the person what comes later.
 */
int64_t send_expires_ms(const struct send *send, const Nurture__V1__Request *request);
/* Must the mail, or a part of it, end because of what was said since it was granted? */
bool send_is_blocked(const struct send *send);

/* The intent as it stands goes to the connections, once this state is committed. */
void send_hand_over(struct turn *turn, struct send *send);

/* learn.c: what came of the attempt under way. */
void send_learn(struct turn *turn, struct send *send, const Nurture__V1__DeliveryResult *result);
/* Nobody knows: again (at once, or after a pause) with the same Message-ID, or never again. */
void send_doubt(struct turn *turn, struct send *send, bool at_once, const char *answer);

/* report.c: outcomes. All detail texts are NUL-terminated; NULL: none. */

/* How a request ends: the whole mail's end, or one part's that leaves it. */
struct send_fate {
	enum status status;
	int64_t at_ms; /* the outcome's time */
	const Nurture__V1__Reason *reason;
	const char *detail;
	bool is_whole;
};
/*
 * The terminal outcome of a request in this mail: its leader's, or a rider's.
 * Returns the word that it has in the end: an attempt without an answer may
 * have been delivered, whatever comes later.
 */
enum { SEND_LEADER = -1 };
enum status send_tell_end(struct turn *turn, const struct send *send, int rider,
			  struct send_fate fate);

/*
 * The one terminal outcome of a send that is open until now, and of each of
 * its riders; at_ms is the outcomes' time.
 */
void send_end(struct turn *turn, struct send *send, enum status status, int64_t at_ms,
	      const Nurture__V1__Reason *reason, const char *detail);
/* What a report of the refusal would be: HARD ends the address, SOFT counts.  For the last word. */
void send_tell_bounce(struct turn *turn, const struct send *send, enum bounce_kind kind);
/* Waits until reason->eligible_at_ms. step: the outcome's, "retry:2". */
void send_wait(struct turn *turn, struct send *send, const char *step, int64_t at_ms,
	       const Nurture__V1__Reason *reason);

/* contact.c: the newest contact decides what happens to the sends that are open. */
void send_contact(struct turn *turn, const Nurture__V1__Contact *contact);
/* And a cancellation ends what of them it matches. */
void send_cancel(struct turn *turn, const Nurture__V1__Cancel *cancel);

#endif
