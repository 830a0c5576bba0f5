/*
 * classify.h - what an SMTP answer means for the mail.  All policy on answers
 * is here.  Pure.
 *
 *	sent      2xx for the final dot
 *	in_doubt  the final dot was written and has no readable answer
 *	refused   5xx for MAIL, RCPT, DATA or the dot, unless it is about us:
 *	          no or bad login, no TLS (530, 534, 535, 538)
 *	later     everything else: 4xx, no connection, greeting or login refused,
 *	          an answer that is none.  The server has no mail of ours.
 *	not_sent  cut off by our own stop before the dot
 */
#ifndef NURTURE_EMAIL_SENDER_CLASSIFY_H
#define NURTURE_EMAIL_SENDER_CLASSIFY_H

#include "../../common/io/smtp.h"
#include "wire.h"

enum send_verdict send_classify(const struct smtp_answer *answer);

/* Puts "<...>" in place of an address in an answer's text: outcomes carry no addresses. */
void send_redact(char *text, const char *address);

#endif
