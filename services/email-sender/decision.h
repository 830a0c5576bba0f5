/*
 * decision.h - what the parts of one step share.  Only for this folder's step.c,
 * consider.c, again.c, handle_result.c, parts.c, outcomes.c, contact.c, inbox.c and bounds.c.
 */
#ifndef NURTURE_EMAIL_SENDER_DECISION_H
#define NURTURE_EMAIL_SENDER_DECISION_H

#include "common/mail/bounce.h"
#include "common/policy/caps.h"
#include "step.h"
#include "wire.h"

struct send_decision {
	struct step *step;
	const struct sender *sender;
	struct send_state *state;
	const char *customer; /* RECORD: whom it is about */
	bool is_of_inbox;     /* RECORD: not of a version that knew no inboxes */
	bool changed;
};

/* Whose mail it is. */
const char *send_customer(const struct send_decision *decision, const struct send *send);

static inline bool send_is_open(const struct send *send)
{
	return send->kept.status == SEND_WAITING || send->kept.status == SEND_INTENDED;
}

/*
 * One request of a mail, with what the state keeps of it: the lead is at SEND_LEAD, the parts that
 * go with it are at 0 to n_parts - 1.
 *
 *	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++)
 */
enum { SEND_LEAD = -1 };
struct send_part {
	const Nurture__V1__Request *request; /* NULL once the send is over */
	const char *message_class, *programme, *category;
	bool exempt;
	const char *blocked, *blocked_why;
};
struct send_part send_part_at(const struct send *send, int at); /* parts.c */

/* consider.c: does a rule that counts mails count this one? */
bool send_counts(const struct send *send);
/* As what it counts its lead, or a part. */
struct ledger_send send_counted_as(const struct send_decision *decision, const struct send *send,
				   int at);
/* An open send may go now, later or no more. */
void send_consider(struct send_decision *decision, struct send *send);
/* The policy has changed: a send that waits because of a rule may go earlier. */
void send_look_again(struct send_decision *decision, struct send *send);

/* again.c: the class of that name; NULL when the policy no longer has it. */
const struct message_class *send_class_of(const struct send_decision *decision,
					  const char *class_name);
/* Until when the category of a part of the mail counts as just bought; 0: it does not now. */
int64_t send_just_bought_ms(const struct send_decision *decision, const struct send *send,
			    const struct send_part *part);
/* The open case that blocks the mail, or a part of it; "": none. */
const char *send_case(const struct send_decision *decision, const struct send *send);
/* Does the newest contact or a cancellation stand against the mail, or a part of it? */
bool send_has_blocker(const struct send_decision *decision, const struct send *send);
/*
 * Does an intent count as sent?  On the event clock no time passes between an intent and its
 * result, so whatever is said later comes too late.  But when the customer was erased, nothing
 * is left to send.
 */
bool send_counts_as_sent(const struct send_decision *decision, const struct send *send);
/* Notes what the contact says of open cases, and of purchases that this mail is about. */
void send_note_person(struct send_decision *decision, struct send *send,
		      const Nurture__V1__Contact *contact);

/*
 * parts.c.  Drops the parts of the mail that must end.  When the lead is one
 * of them, the first of the others leads.  Returns false when no part is left.
 */
bool send_drop_parts(struct send_decision *decision, struct send *send);
/* Ends the lead with that status.  Returns false when no other part is left: the send is over. */
bool send_end_lead(struct send_decision *decision, struct send *send, enum status status,
		   int64_t at_ms, const Nurture__V1__Reason *reason, const char *detail);
/* Ends a part with that status, and drops it from the mail. */
void send_end_part(struct send_decision *decision, struct send *send, size_t part,
		   enum status status, const Nurture__V1__Reason *reason, const char *detail);
/* Notes in a new send what must be known of each part when the dispatch is gone. */
void send_add_parts(struct send_decision *decision, struct send *send);
/*
 * When a request in the mail is too late: when it expires, and at the latest
 * REQUEST_REMEMBERED_MS after the grant, since later contacts are not sent to us any more.
 */
int64_t send_expires_ms(const struct send *send, const Nurture__V1__Request *request);
/*
 * Must the mail, or a part of it, end because of what was said since it was granted, by its customer
 * or by somebody else whose inbox it is?
 */
bool send_is_blocked(const struct send_decision *decision, const struct send *send);

/* The intent as it stands goes to the connections, once this state is committed. */
void send_hand_over(struct send_decision *decision, struct send *send);

/* handle_result.c: takes the result of the attempt that is under way. */
void send_handle_result(struct send_decision *decision, struct send *send,
			const Nurture__V1__DeliveryResult *result);
/*
 * Nobody knows whether the attempt was delivered: the class says whether the mail is sent again
 * (at once, or after a pause) with the same Message-ID, or ends in doubt.
 */
void send_doubt(struct send_decision *decision, struct send *send, bool at_once,
		const char *answer);

/* outcomes.c: outcomes. All detail texts are NUL-terminated; NULL: none. */

/* How a request ends: the whole mail's end, or one part's that leaves it. */
struct end_verdict {
	enum status status;
	int64_t at_ms; /* the outcome's time */
	const Nurture__V1__Reason *reason;
	const char *detail;
	bool is_whole;
};
/*
 * Emits the terminal outcome of a request in this mail: its lead's, or a part's.
 * Returns the status that the outcome has: after an attempt without an answer that
 * is in_doubt, whatever comes later, since the mail may have been delivered.
 */
enum status send_tell_end(struct send_decision *decision, const struct send *send, int part,
			  struct end_verdict verdict);

/*
 * The one terminal outcome of a send that is open until now, and of each of
 * its parts; at_ms is the outcomes' time.
 */
void send_end(struct send_decision *decision, struct send *send, enum status status, int64_t at_ms,
	      const Nurture__V1__Reason *reason, const char *detail);
/* Tells the segmenter of a refusal as a bounce would: HARD ends the address, SOFT counts. */
void send_tell_bounce(struct send_decision *decision, const struct send *send,
		      enum bounce_kind kind);
/* Defers the send until reason->eligible_at_ms. step: the outcome's, "retry:2". */
void send_wait(struct send_decision *decision, struct send *send, const char *step, int64_t at_ms,
	       const Nurture__V1__Reason *reason);

/*
 * inbox.c: notes what the customer says that binds the inbox, and asks the open mails of all others
 * again when that has changed.
 */
void send_note_holder(struct send_decision *decision, const Nurture__V1__Contact *contact);
/* Has the customer, whom a contact is about, another address by now than this inbox? */
bool send_leaves(const struct send_decision *decision, const Nurture__V1__Contact *contact);
/*
 * What was said in a mail to this inbox of a customer who has another one by now: it holds for whoever
 * is behind it, and nobody keeps whose word it was.  -1: it is about another inbox.
 */
int send_hear_inbox_word(struct send_decision *decision, const Nurture__V1__InboxWord *word,
			 struct err *err);
/* Has somebody else whose inbox it is withdrawn the class of that name, if it needs consent? */
bool send_inbox_withdraws(const struct send_decision *decision, const struct send *send,
			  const char *class_name);
/* Why the address takes no mail, as somebody else's mail has shown; "". */
const char *send_inbox_undeliverable(const struct send_decision *decision, const struct send *send);
/* Are there mails or words of anybody but that customer? */
bool send_is_shared(const struct send_decision *decision, const char *customer);
/* The name under which a rule decides that was asked of all mails to the inbox. */
char *send_inbox_rule(const struct send_decision *decision, const char *rule);

/*
 * bounds.c: what an inbox may hold.  Open mails, of which some more when their class needs no
 * consent; mails that are over; those who have said something by name; and the bytes of each.
 */
enum {
	SEND_OPEN_MAX = 128,
	SEND_OPEN_BESIDES_MAX = 64,
	SEND_OVER_MAX = 1024,
	SEND_HOLDERS_MAX = 64,
	SEND_OPEN_MAX_BYTES = 576 * 1024,
	SEND_OVER_MAX_BYTES = 256 * 1024,
	SEND_HOLDERS_MAX_BYTES = 64 * 1024,
	SEND_FRAME_BYTES = 8, /* around each of them */
};
/* Is there room for the mail, which is new? */
bool send_has_room(const struct send_decision *decision, struct send *send);
/* Ends a new mail for which there is none. */
void send_turn_away(struct send_decision *decision, struct send *send);
/* Forgets the oldest of the mails that are over, but none that a rule may still have to count. */
void send_bound_over(struct send_decision *decision);

/* contact.c: notes the longest window of the own allowances of the record's customer. */
void send_note_own_window(struct send_decision *decision, Nurture__V1__Allowance *const *allowances,
			  size_t count);
/* contact.c: reacts to what has come to stand against an open mail, or stands against it no more. */
void send_react(struct send_decision *decision, struct send *send, bool had_blocker);
/* contact.c: applies the newest contact to the customer's sends that are open. */
void send_contact(struct send_decision *decision, const Nurture__V1__Contact *contact);
/* Ends the customer's open sends, or parts of them, that a cancellation matches. */
void send_cancel(struct send_decision *decision, const Nurture__V1__Cancel *cancel);

#endif
