/* coupon.h - one code for one request, drawn with the grant. */
#ifndef NURTURE_SCHEDULER_COUPON_H
#define NURTURE_SCHEDULER_COUPON_H

#include "decision.h"

/* "" when the request asks for none.  NULL: its source has none (left); *ret says so. */
const char *sched_draw_coupon(struct sched_decision *decision,
			      const struct sched_candidate *candidate, struct sched_reason *ret);

#endif
