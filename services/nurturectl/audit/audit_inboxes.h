/*
 * audit_inboxes.h - audit.c's half that looks beyond one customer: every inbox with all who are
 * behind it, and who was merged with those whom that one took along.  Pure.
 */
#ifndef NURTURE_NURTURECTL_AUDIT_AUDIT_INBOXES_H
#define NURTURE_NURTURECTL_AUDIT_AUDIT_INBOXES_H

#include "audit.h"

/* A mail, and the inbox that it went to. */
struct audit_mail {
	const char *inbox;
	Nurture__V1__Outcome *outcome;
};

/* Caps, withdrawals and bounces of each inbox. */
void audit_inboxes(const struct policy *policy, const struct outcomes *outcomes,
		   const struct audit_people *people, struct audit *audit, struct buf *findings);
/* Caps of people who go on under another id, from their merge on. */
void audit_merged(const struct policy *policy, const struct outcomes *outcomes,
		  const struct audit_people *people, struct audit *audit, struct buf *findings);

/* audit_words.c: what was said of inboxes, against the mails, which are by inbox. */
void audit_words(const struct policy *policy, const struct audit_mail *mails, size_t count,
		 const struct audit_people *people, struct audit *audit, struct buf *findings);
/* What was ended by the rule inbox:consent, and nobody had said no. */
void audit_silenced(const struct outcomes *outcomes, const struct audit_people *people,
		    struct audit *audit, struct buf *findings);

/* audit_founded.c: what was held back by a cap of the inbox that had room. */
void audit_founded(const struct policy *policy, const struct outcomes *outcomes,
		   const struct audit_mail *mails, size_t count, const struct audit_people *people,
		   struct audit *audit, struct buf *findings);

#endif
