/* contact.h - what is known of the person changes. */
#ifndef NURTURE_SCHEDULER_CONTACT_H
#define NURTURE_SCHEDULER_CONTACT_H

#include "decision.h"

void sched_change_contact(struct sched_decision *decision, Nurture__V1__Contact *contact);
/* Who was forgotten long enough ago is nobody: before anything of the step is decided. */
void sched_expire_erasure(struct sched_decision *decision);

#endif
