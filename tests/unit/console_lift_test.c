/*
 * console_lift_test.c - a programme that does nothing, looked at every day: how often does the
 * interval say that it does something, and how often does the one for a single look?
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/console/view/lift.h"

enum { ROUNDS = 2000, DAYS = 30, PEOPLE_A_DAY = 40 };

/* Orders of one person: few order, some of them often. */
static double orders(void)
{
	double count = 0;

	while (rand() % 3 == 0)
		count++;
	return count;
}

static double error_of(const struct lift_arm *arm)
{
	double n = (double)arm->people, mean = arm->measured / n;

	return (arm->squares_measured_twice / n - mean * mean) / (n - 1);
}

/* Does the usual interval, or ours, say on one of the days that there is an effect? */
static void look_for_a_month(double effect, unsigned *usual, unsigned *ours)
{
	struct lift_arm told = {0}, held = {0};
	bool usual_says = false, ours_says = false;

	for (int day = 0; day < DAYS; day++) {
		struct lift_result result;
		double error;

		for (int i = 0; i < PEOPLE_A_DAY; i++) {
			lift_add(&told, 1, orders() + effect, true);
			lift_add(&held, 1, orders(), false);
		}
		result = lift_between(&told, &held);
		error = sqrt(error_of(&told) + error_of(&held));
		usual_says |= fabs(result.lift) > 1.96 * error;
		ours_says |= result.low > 0 || result.high < 0;
		/* It is not wide for nothing. */
		assert_true(result.high - result.lift > 2.9 * error &&
			    result.high - result.lift < 5.2 * error);
	}
	*usual += usual_says;
	*ours += ours_says;
}

static void daily_looks_raise_no_alarm(void **state)
{
	unsigned usual = 0, ours = 0;

	(void)state;
	srand(30);
	for (int i = 0; i < ROUNDS; i++)
		look_for_a_month(0, &usual, &ours);
	print_message("false alarms: %.1f %% with the usual interval, %.1f %% with ours\n",
		      100.0 * usual / ROUNDS, 100.0 * ours / ROUNDS);
	assert_true(ours <= 0.05 * ROUNDS);
	assert_in_range(usual, 0.22 * ROUNDS, 0.36 * ROUNDS);
}

/* A real effect of a quarter of an order is seen within the month. */
static void an_effect_is_seen(void **state)
{
	unsigned usual = 0, ours = 0;

	(void)state;
	srand(31);
	for (int i = 0; i < 200; i++)
		look_for_a_month(0.25, &usual, &ours);
	assert_true(ours > 190);
}

static void too_few_say_nothing(void **state)
{
	struct lift_arm told = {0}, held = {0};
	struct lift_result result;

	(void)state;
	lift_add(&told, 1, 1, true);
	lift_add(&held, 1, 0, false);
	result = lift_between(&told, &held);
	assert_true(isnan(result.low) && isnan(result.high));
	lift_add(&told, 1, 1, true);
	lift_add(&held, 1, 0, false);
	result = lift_between(&told, &held); /* each side is all alike */
	assert_true(isnan(result.low) && result.lift == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(daily_looks_raise_no_alarm),
	    cmocka_unit_test(an_effect_is_seen),
	    cmocka_unit_test(too_few_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
