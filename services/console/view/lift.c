/* lift.c - see lift.h. */
#include "lift.h"

#include <math.h>

/* People of both sides; what docs/measuring.md says of it. */
#define LIFT_PLANNED 2000.0

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

/*
 * How many standard errors wide a 95 % interval is that holds at all looks together: the asymptotic
 * confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021), tuned to be
 * narrowest at LIFT_PLANNED people.
 */
static double width_in_errors(double people)
{
	const double tuned = 7.936154466; /* -2 ln 0.05 + ln(1 - 2 ln 0.05) */
	const double k = tuned * people / LIFT_PLANNED;

	return sqrt(2 * (k + 1) / k * log(sqrt(k + 1) / 0.05));
}

struct lift_result lift_between(const struct lift_arm *told, const struct lift_arm *held)
{
	const double a = variance_of(told), b = variance_of(held);
	struct lift_result result = {.mean = mean_of(told), .mean_against = mean_of(held)};
	double width = NAN;

	result.lift = result.mean - result.mean_against;
	if (told->people > 1 && held->people > 1 && a + b > 0)
		width = sqrt(a + b) * width_in_errors((double)(told->people + held->people));
	result.low = result.lift - width;
	result.high = result.lift + width;
	return result;
}
