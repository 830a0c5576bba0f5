/* dispatch.h - the order to the email-sender. */
#ifndef NURTURE_SCHEDULER_DISPATCH_H
#define NURTURE_SCHEDULER_DISPATCH_H

#include "parts.h"

void sched_dispatch(struct sched_decision *decision, struct sched_candidate *candidate,
		    const char *coupon, const struct sched_explanation *explanation,
		    const struct sched_parts *parts);

#endif
