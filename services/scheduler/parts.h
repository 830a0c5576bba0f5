/* parts.h - what goes out in the mail of another one of its group. */
#ifndef NURTURE_SCHEDULER_PARTS_H
#define NURTURE_SCHEDULER_PARTS_H

#include "explain.h"

enum { SCHED_PARTS_MAX = 8 };

struct sched_part {
	struct sched_candidate *candidate;
	const char *coupon;
	struct sched_explanation explanation;
};

/* In order; all of them are counted already. */
struct sched_parts {
	size_t count;
	struct sched_part items[SCHED_PARTS_MAX];
};

/*
 * Those that may be parts of its mail, as far as no rule is asked, in the order in which they
 * would go.  NULL for none.
 */
struct sched_candidate **sched_find_parts(struct sched_decision *decision,
					  const struct sched_candidate *lead, size_t *ret_count);
void sched_add_parts(struct sched_decision *decision, struct sched_candidate **found, size_t count,
		     struct sched_parts *ret);

#endif
