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
	const struct orders *orders; /* all of them; their counts, and what the file did not say */
	const struct orders *lives;  /* by customer: of those whose stories are told */
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
	size_t no_consent;                                  /* of the unsaid */
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

/* What one team is given to do of one action. */
struct report_action {
	const char *name;
	unsigned minutes;        /* that one takes, as the policy says; 0: it does not */
	size_t tasks, customers; /* customers: to whom at least one is due */
	size_t most;             /* tasks, in one of the weeks */
	size_t *by_week;         /* since first_ms */
	const char **programmes; /* that ask for it */
	size_t programme_count;
	/* private */
	size_t programme_room, customer; /* the number of the newest */
};

/* Who is given tasks. */
struct report_team {
	const char *name;
	size_t tasks, customers, most;
	size_t *by_week;
	bool is_timed; /* the policy says how long each of them takes, and when the team works */
	size_t minutes, most_minutes; /* of those whose action says it; most: in one week */
	size_t *minutes_by_week;
	size_t work_minutes;           /* of the team, in a week without days off */
	struct report_action *actions; /* most tasks first */
	size_t action_count;
	/* private */
	size_t action_room, customer;
};

struct report_story {
	const char *title, *customer;
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
	struct report_team *teams; /* most tasks first */
	size_t team_count;
	struct report_story stories[REPORT_STORIES];
	size_t story_count;
	/* private */
	const struct report_input *input;
	size_t rule_room, programme_room, team_room;
	size_t customer;                      /* how many were counted */
	struct report_candidates *candidates; /* for the stories */
	struct arena arena;                   /* ids */
};

/*
 * Counts some customers after the other, in their byte order: begin, then add as often as there are
 * shares of the orders, each time with these customers' rows in the tables of the input, then end.
 * ret borrows the input; the caller frees it by report_free(), whatever was returned.  -1: there were
 * more customers than fit into memory, and the disk does not take them.
 */
void report_begin(const struct report_input *input, struct report *ret);
int report_add(struct report *report, const struct orders *share, struct err *err);
/* Then the rows of those whose stories are told must be in the tables when the page is made. */
int report_end(struct report *report, struct err *err);
/* The same at once, of input->lives, which are all. */
int report_count(const struct report_input *input, struct report *ret, struct err *err);
void report_free(struct report *report);

#endif
