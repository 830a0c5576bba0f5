/* parts.h - which requests go out in another one's mail of the same merge group. */
#ifndef NURTURE_SCHEDULER_PARTS_H
#define NURTURE_SCHEDULER_PARTS_H

#include "common/message/shapes.h"
#include "explain.h"

struct sched_part {
	struct sched_candidate *candidate;
	const char *coupon;
	struct sched_explanation explanation;
};

/* The parts of one mail, in the order of sched_precedes(); all of them are counted already. */
struct sched_parts {
	size_t count;
	struct sched_part items[SHAPE_PARTS_MAX];
};

/*
 * Returns the candidates that may become parts of the mail, before any rule is asked, in the order
 * in which they would go. NULL ends the list.
 */
struct sched_candidate **sched_find_parts(struct sched_decision *decision,
					  const struct sched_candidate *lead, size_t *ret_count);
void sched_add_parts(struct sched_decision *decision, struct sched_candidate **found, size_t count,
		     struct sched_parts *ret);

#endif
