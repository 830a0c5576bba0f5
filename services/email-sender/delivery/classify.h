/*
 * classify.h - what an SMTP answer means: for the mail, for its destination,
 * and for its address.  All policy on answers is here.  Pure.
 *
 * For the mail:
 *	sent      2xx for the final dot
 *	in_doubt  the final dot was written and has no readable answer
 *	refused   5xx for MAIL, RCPT, DATA or the dot that is about this mail or person
 *	later     everything else: 4xx, no connection, greeting or login refused, an
 *	          answer that is none, and 5xx about us.  The server has no mail of ours.
 *	not_sent  cut off by our own stop before the dot
 *
 * Which kind of later it is, is said by its rule:
 *	retry       in general
 *	greylisted  450, 451 4.7.1: who comes back after a while is let in
 *	slowed      421, 4.7.x: too much from us at the moment; the domain's matter, not the mail's
 *	blocked     5.7.x, 53x, words about us: we are refused; others would be, too
 *
 * What codes and words say of the address is decided in common/mail/status.h,
 * as for reports that come back: the same answer has the same effect either way.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_CLASSIFY_H
#define NURTURE_EMAIL_SENDER_DELIVERY_CLASSIFY_H

#include "common/io/smtp/smtp.h"
#include "destination.h"
#include "services/email-sender/wire.h"

struct send_judgement {
	enum send_verdict verdict;
	const char *rule; /* which kind of SEND_LATER it is; else "" */
	enum destination_feedback feedback;
	bool is_about_relay; /* the feedback is about the relay, whoever the mail is for */
	bool is_bad_address; /* no mail will ever arrive there */
	bool is_soft;        /* a report of this answer would be a soft bounce */
};

/*
 * Says what the answer means.  recipient: the address that it is about; "": not known.  is_direct:
 * the server is the domain's own; else it is a relay for all domains.
 */
struct send_judgement send_judge(const struct smtp_answer *answer, const char *recipient,
				 bool is_direct);

/* Puts "<...>" in place of an address in an answer's text: outcomes carry no addresses. */
void send_redact(char *text, const char *address);

#endif
