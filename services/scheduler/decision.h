/*
 * decision.h - one step in the making: the ledger that it works on, the policy that it asks, and
 * what the parts of a decision have found out so far.
 */
#ifndef NURTURE_SCHEDULER_DECISION_H
#define NURTURE_SCHEDULER_DECISION_H

#include "common/policy/caps.h"
#include "ledger.h"
#include "nurture/v1/coupons.pb-c.h"
#include "step.h"

/* The newest answers about nights and send windows, which many candidates ask alike. */
struct sched_hours {
	bool keeps_night;
	struct send_window window;
	int64_t from_ms, at_ms;
};

struct sched_decision {
	const struct scheduler *service;
	const struct policy *policy;
	struct step *step;
	int64_t now_ms;
	const char *customer;
	struct sched_ledger ledger;
	struct sched_hours hours[4]; /* with a window or not; from now on or any other instant */
	struct cap *own_caps;        /* what the person allows */
	unsigned own_cap_count;
	const char *no_address; /* why; "" when there is one, NULL: not asked yet */
	unsigned grants;        /* so far; a mail with parts is one */
	unsigned entries;       /* changes whenever an entry comes or goes */
	bool has_led; /* the newest grant has given others their due times: their order is old */
	bool changed;
	/* Of the partition; NULL: nothing was drawn in this step. */
	Nurture__V1__CouponDraws *draws;
	struct err *err; /* why the step fails, once it has failed: nothing of it counts */
	bool failed;
};

/* The class's flags; those of no class are false. */
const struct message_class *sched_class_of(const struct sched_decision *decision,
					   const struct sched_candidate *candidate);
struct send_question sched_question(const struct sched_decision *decision,
				    const struct sched_candidate *candidate);
/* What the contact allows, as caps: to be called whenever the contact is another one. */
void sched_read_allowances(struct sched_decision *decision);
/* How long something sent may still be counted. */
int64_t sched_memory_ms(const struct sched_decision *decision);

#endif
