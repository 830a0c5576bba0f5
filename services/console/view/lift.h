/*
 * lift.h - what a programme is worth: those who were to be told beside those who were left alone,
 * as docs/measuring.md and deploy/queries/lift.sql have it.  Pure.
 *
 * The console counts every day and shows what it counted, so its interval is the one that may be
 * looked at every day: always_low and always_high of lift.sql.
 */
#ifndef NURTURE_CONSOLE_VIEW_LIFT_H
#define NURTURE_CONSOLE_VIEW_LIFT_H

#include <stdbool.h>
#include <stdint.h>

/* The people of one side, weighted by one over the chance that put them there. */
struct lift_arm {
	int64_t people, heard;
	/* Sums: the weights; each times what was measured; the weights squared; these times what
	 * was measured, and times its square. */
	double weights, measured, squares, squares_measured, squares_measured_twice;
};

void lift_add(struct lift_arm *arm, double weight, double measured, bool is_heard);

struct lift_result {
	double mean, mean_against;
	double lift;      /* the difference per person */
	double low, high; /* its 95 % interval, at every look; NAN: too few people to say */
};
/* Both sides must have somebody. */
struct lift_result lift_between(const struct lift_arm *told, const struct lift_arm *held);

#endif
