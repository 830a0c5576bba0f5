/*
 * simulate.h - the four stateful services in one process, on a virtual clock.
 *
 * The same step functions that run behind Kafka, driven by a loop that has
 * neither topics nor Redis.  What happens to a customer depends on that
 * customer's events alone, so customers are simulated one after the other
 * (and side by side in threads), each as a discrete-event simulation: at every
 * instant the events first, then timers, service by service down the chain.
 * Those behind one inbox are simulated together, once, since caps, opt-outs and
 * bounces are asked of the inbox at last; what came of each is kept until its
 * turn.  Of a file that is read in shares only those of the same share are.
 * Every mail is taken by the server at once.  The outcomes are, line by line,
 * those of the real pipeline with NURTURE_CLOCK=event.  A few hundred events at a
 * time are simulated and put out, so lines take no memory that grows with the file.
 */
#ifndef NURTURE_NURTURECTL_SIM_SIMULATE_H
#define NURTURE_NURTURECTL_SIM_SIMULATE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/policy/policy.h"
#include "services/nurturectl/outcomes/outcome_table.h"
#include "orders.h"

/* Where lines go as they come. */
struct sim_sink {
	int (*put)(void *to, struct slice lines, struct err *err);
	void *to;
};

struct sim_options {
	const struct policy *policy;
	/*
	 * The same orders are decided under this one as well, in the same pass: result->also.  What
	 * is asked for must not differ, so it is the policy with other caps.  NULL: not at all.
	 */
	const struct policy *also;
	/*
	 * Or each customer lives once more under this one, whatever it says, in the same pass:
	 * result->also, again.  NULL: not at all.
	 */
	const struct policy *against;
	int64_t until_ms; /* timers before it fire */
	unsigned threads; /* 0: 1 */
	bool wants_lines;
	bool wants_no_table; /* and so memory for no more than a few customers at a time */
	struct sim_sink outcomes, tasks; /* without: the lines stay in the result */
	/* signs codes as the scheduler would; NULL or "": a key of its own */
	const char *coupon_key;
};

struct sim_result {
	struct outcome_table table, also;
	struct buf outcomes; /* canonical lines, in canonical order; only if they are wanted */
	struct buf tasks;    /* the same of nurture.tasks, customer by customer as they were told */
	size_t outcome_count;
	size_t task_count, cancelled_task_count, mail_count; /* task_count: given out, also those */
	size_t no_consent_count; /* messages that nobody had agreed to */
	size_t dead_count;       /* events that could not be understood */
	struct err first_dead;
};

/* Reorders orders->events by customer. */
int simulate(struct orders *orders, const struct sim_options *options, struct sim_result *ret,
	     struct err *err);
/*
 * The same of one share of a file after the other (order_shares.h): each is added behind the ones
 * before it.  sim_result_free() it also after an error.
 */
void sim_result_begin(struct sim_result *ret);
int simulate_more(struct orders *orders, const struct sim_options *options, struct sim_result *to,
		  struct err *err);
void sim_result_free(struct sim_result *result);

#endif
