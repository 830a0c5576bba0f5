/*
 * report.h - what a shop's owner wants to know of a period: the numbers.
 * Pure.
 *
 * Everything is counted from the outcomes (of the simulation, or of the real
 * system) and, for comparison, from those of the same orders under the same
 * policy with its caps, gaps and ceiling switched off.
 */
#ifndef NURTURE_NURTURECTL_REPORT_REPORT_H
#define NURTURE_NURTURECTL_REPORT_REPORT_H

#include "common/policy/policy.h"
#include "services/nurturectl/sim/orders.h"
#include "services/nurturectl/outcomes/outcome_table.h"

enum {
	REPORT_WEEK_BARS = 8, /* customers' weeks with 1, 2, ... 7 mails; [0]: more */
	REPORT_STORIES = 3,
};

struct report_input {
	const struct policy *policy;
	const struct orders *orders; /* by customer */
	const struct outcome_table *with, *without;
	int64_t until_ms;
	const char *orders_file;
	const char *outcomes_file; /* of the real system; NULL: `with` was simulated too */
};

/* A rule that held something back. */
struct report_rule {
	const char *rule;
	size_t requests;              /* that it held back, each counted once */
	size_t later, ended, waiting; /* what became of those requests */
};

struct report_programme {
	const char *name, *message_class;
	size_t wanted, heard, tasks, held, unsaid, waiting; /* requests; held: at least once */
};

/* With the caps, or without. */
struct report_side {
	size_t mails, customers; /* customers: who got at least one */
	size_t most_7d, most_30d;
	const char *who_7d, *who_30d;
	size_t busy[REPORT_WEEK_BARS];
	size_t busy_weeks; /* sum of busy */
	size_t *by_week;   /* mails in each week since first_ms */
};

struct report_story {
	const char *title;
	const struct outcome_table_customer *customer; /* of with */
};

struct report {
	int64_t first_ms, last_ms;
	size_t weeks;
	size_t requests, ended_twice;
	size_t by_status[STATUS_COUNT]; /* how requests ended; DEFERRED: those that wait */
	size_t held;                    /* requests that were held back at least once */
	struct report_side with, without;
	struct report_rule *rules; /* most requests first */
	size_t rule_count;
	struct report_programme *programmes; /* most wanted first */
	size_t programme_count;
	struct report_story stories[REPORT_STORIES];
	size_t story_count;
};

/* Borrows the input; report_free() it. */
void report_count(const struct report_input *input, struct report *ret);
void report_free(struct report *report);

#endif
