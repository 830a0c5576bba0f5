/* pass_on.h - what mail that was granted already must still hear, through the email-sender. */
#ifndef NURTURE_SCHEDULER_PASS_ON_H
#define NURTURE_SCHEDULER_PASS_ON_H

#include "decision.h"

/* Passes on a cancellation, when one of the mails that may be under way could be meant. */
void sched_pass_on_cancel(struct sched_decision *decision, const Nurture__V1__Cancel *cancel);
/* Passes on the new contact, when what has changed matters to such a mail. */
void sched_pass_on_contact(struct sched_decision *decision, const Nurture__V1__Contact *old,
			   const Nurture__V1__Contact *contact);

#endif
