/* lift.c - see lift.h. */
#include "lift.h"

#include <math.h>

void lift_add(struct lift_arm *arm, double weight, double measured, bool is_heard)
{
	const double square = weight * weight;

	arm->people++;
	arm->heard += is_heard;
	arm->weights += weight;
	arm->measured += weight * measured;
	arm->squares += square;
	arm->squares_measured += square * measured;
	arm->squares_measured_twice += square * measured * measured;
}

static double mean_of(const struct lift_arm *arm)
{
	return arm->measured / arm->weights;
}

/* Of the mean, with weights as they are; with equal ones it is s^2 / n. */
static double variance_of(const struct lift_arm *arm)
{
	const double mean = mean_of(arm), people = (double)arm->people;
	const double sum = arm->squares_measured_twice - 2 * mean * arm->squares_measured +
			   mean * mean * arm->squares;

	if (arm->people < 2)
		return NAN;
	/* Where all are alike, rounding may leave a little less than nothing. */
	return (sum > 0 ? sum : 0) / (arm->weights * arm->weights) * people / (people - 1);
}

/* Student's quantile for 95 %, to 0.003 from 5 degrees of freedom on. */
static double quantile(double freedom)
{
	return 1.959964 + 2.372271 / freedom + 2.822499 / (freedom * freedom) +
	       2.5557 / (freedom * freedom * freedom);
}

struct lift_result lift_between(const struct lift_arm *told, const struct lift_arm *held)
{
	const double a = variance_of(told), b = variance_of(held);
	const double parts =
	    a * a / (double)(told->people - 1) + b * b / (double)(held->people - 1);
	struct lift_result result = {.mean = mean_of(told), .mean_against = mean_of(held)};
	double width = NAN;

	result.lift = result.mean - result.mean_against;
	if (told->people > 1 && held->people > 1 && parts > 0)
		width = sqrt(a + b) * quantile((a + b) * (a + b) / parts);
	result.low = result.lift - width;
	result.high = result.lift + width;
	return result;
}
