/* permit.h - what another tool was allowed, and did or did not use. */
#ifndef NURTURE_SCHEDULER_PERMIT_H
#define NURTURE_SCHEDULER_PERMIT_H

#include "decision.h"

/* A permit that was not used counts no longer; one that was used does not lapse. */
void sched_release(struct sched_decision *decision, const Nurture__V1__Release *release);
void sched_confirm(struct sched_decision *decision, const Nurture__V1__Confirm *confirm);
/* Takes back the permits that were reserved until now and never confirmed. */
void sched_lapse(struct sched_decision *decision);

#endif
