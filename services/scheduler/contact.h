/* contact.h - what is known of the person changes. */
#ifndef NURTURE_SCHEDULER_CONTACT_H
#define NURTURE_SCHEDULER_CONTACT_H

#include "decision.h"

void sched_change_contact(struct sched_decision *decision, Nurture__V1__Contact *contact);
/*
 * Drops a person who was forgotten long enough ago. To be called before the step decides anything.
 */
void sched_expire_erasure(struct sched_decision *decision);

#endif
