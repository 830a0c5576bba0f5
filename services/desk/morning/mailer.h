/*
 * mailer.h - the thread that sends people the list of their tasks, by the mail server of SMTP_URL.
 *
 * Not by the email-sender: that one counts what it sends against customers' caps and keys it by
 * customers, and these mails are no customer's.
 *
 * Only the loop's thread calls put() and take(); neither waits.  What was put comes back once.
 */
#ifndef NURTURE_DESK_MORNING_MAILER_H
#define NURTURE_DESK_MORNING_MAILER_H

#include "common/io/smtp/smtp.h"
#include "common/policy/policy.h"

struct dsk_mailer;

struct dsk_mailer_options {
	struct smtp_options smtp;
	const char *brokers, *topic; /* where the desk's states are */
	const struct policy *policy;
	const char *console_url; /* "": the lists have no links */
};

/* What the options point to must outlive it. */
int dsk_mailer_open(struct dsk_mailer **ret, const struct dsk_mailer_options *options,
		    struct err *err);
/* Cuts what is under way off. NULL-safe, sets NULL. */
void dsk_mailer_close(struct dsk_mailer **mailer);
/* To whom, by the policy's id. */
void dsk_mailer_put(struct dsk_mailer *mailer, int32_t partition, const char *person);
/* *ret_is_sent: also when there was nothing to say. *ret_person is valid until the next take. */
bool dsk_mailer_take(struct dsk_mailer *mailer, int32_t *ret_partition, const char **ret_person,
		     bool *ret_is_sent);

#endif
