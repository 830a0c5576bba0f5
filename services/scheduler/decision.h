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

/* The newest answers about nights and send windows; many candidates ask for the same one. */
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
	/* With and without a window; from now and from another instant. */
	struct sched_hours hours[4];
	struct cap *own_caps; /* own allowances, as caps */
	unsigned own_cap_count;
	const char *no_address; /* why there is none; "" when there is one, NULL: not asked yet */
	unsigned grants;        /* so far; a mail with its parts counts as one */
	unsigned entries;       /* grows whenever an entry comes or goes */
	bool has_led; /* the newest grant made others due, so that their order is out of date */
	bool changed;
	/* What the partition has drawn; NULL: nothing was drawn in this step. */
	Nurture__V1__CouponDraws *draws;
	struct err *err; /* why the step has failed; then nothing of it counts */
	bool failed;
};

/* Returns the class's flags; without a class, all of them are false. */
const struct message_class *sched_class_of(const struct sched_decision *decision,
					   const struct sched_candidate *candidate);
struct send_question sched_question(const struct sched_decision *decision,
				    const struct sched_candidate *candidate);
/* Reads the contact's own allowances as caps. To be called whenever the contact changes. */
void sched_read_allowances(struct sched_decision *decision);
/* How long a send may still be counted. */
int64_t sched_memory_ms(const struct sched_decision *decision);

#endif
