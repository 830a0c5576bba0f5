/*
 * pass_on.h - what mail that was granted already must still hear, through the email-sender; and what
 * binds an inbox, for the mail of others whose it is, too.
 */
#ifndef NURTURE_SCHEDULER_PASS_ON_H
#define NURTURE_SCHEDULER_PASS_ON_H

#include "decision.h"

/* Is the i-th entry of the ledger a mail that may still be on its way: granted not long ago? */
bool sched_is_under_way(const struct sched_decision *decision, size_t i);
/* Passes on a cancellation, when one of the mails that may be under way could be meant. */
void sched_pass_on_cancel(struct sched_decision *decision, const Nurture__V1__Cancel *cancel);
/* Passes on what binds another inbox than the contact's. */
void sched_pass_on_inbox_word(struct sched_decision *decision, Nurture__V1__InboxWord *word);
/* The key of what goes to the contact's address: its inbox; without an address the customer. */
struct slice sched_inbox(const struct sched_decision *decision,
			 const Nurture__V1__Contact *contact);
/* Tells the inbox what the customer has said that binds it, as if it had just been said. */
void sched_tell_inbox(struct sched_decision *decision);
/* Passes on the new contact, when what has changed matters to such a mail, or binds the inbox. */
void sched_pass_on_contact(struct sched_decision *decision, const Nurture__V1__Contact *old,
			   const Nurture__V1__Contact *contact);

#endif
