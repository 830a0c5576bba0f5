/* coupon.h - one code for one request, drawn with the grant. */
#ifndef NURTURE_SCHEDULER_COUPON_H
#define NURTURE_SCHEDULER_COUPON_H

#include "decision.h"

/*
 * Returns "" when the request asks for no code, and NULL when its source has none (left); then *ret
 * says so.
 */
const char *sched_draw_coupon(struct sched_decision *decision,
			      const struct sched_candidate *candidate, struct sched_reason *ret);

#endif
