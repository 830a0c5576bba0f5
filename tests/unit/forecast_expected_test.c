/*
 * forecast_expected_test.c - expected orders against the Python package lifetimes 0.11.3, 2F1 against
 * SciPy 1.17, and what must hold of any model.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/forecast/forecast.h"

/* As published for the sample of CDNOW, in days; and what lifetimes fits to it of the other kind. */
static const struct forecast bg = {
    .kind = FORECAST_BG_NBD, .r = 0.2426, .alpha = 7 * 4.4135, .a = 0.7929, .b = 2.4258};
static const struct forecast mbg = {
    .kind = FORECAST_MBG_NBD, .r = 0.5248, .alpha = 7 * 6.1830, .a = 0.8914, .b = 1.6140};

static void is_near(double got, double wanted, double share)
{
	if (!(fabs(got - wanted) <= share * (fabs(wanted) + 1e-300)))
		fail_msg("%.15g; expected %.15g", got, wanted);
}

static void expectations_are_those_of_lifetimes(void **state)
{
	static const struct {
		int repeats, last, days, within;
		double bg, mbg, alive;
	} rows[] = {
	    {2, 213, 272, 273, 1.2259988204, 1.2627181799, 0.7061305239},
	    {0, 0, 272, 273, 0.1947981454, 0.1539565054, -1},
	    {0, 0, 35, 273, 0.6952642788, 0.6952712511, -1},
	    {26, 215, 217, 273, 20.6767383992, 19.3741399020, 0.9618994486},
	    {2, 213, 272, 7, 0.0374463118, 0.0393349478, 0.7061305239},
	    {12, 140, 266, 1400, 0.5252995778, 0.5355704132, 0.0213048109},
	    {60, 300, 310, 70, 10.6689354555, 10.2338991356, 0.9239956352},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct forecast_life life = {
		    .repeats = rows[i].repeats, .last = rows[i].last, .days = rows[i].days};

		is_near(forecast_expected_orders(&bg, &life, rows[i].within), rows[i].bg, 1e-8);
		is_near(forecast_expected_orders(&mbg, &life, rows[i].within), rows[i].mbg, 1e-8);
		is_near(forecast_alive(&mbg, &life), rows[i].alive, 1e-8);
		assert_true(forecast_alive(&bg, &life) < 0);
	}
}

/* The paper's own: E[Y(39) | 2, 30.43, 38.86] in weeks. */
static void the_published_example_holds(void **state)
{
	struct forecast weeks = bg;
	/* Hundredths of weeks, since a life has whole numbers. */
	struct forecast_life life = {.repeats = 2, .last = 3043, .days = 3886};

	(void)state;
	weeks.alpha = 441.35;
	is_near(forecast_expected_orders(&weeks, &life, 3900), 1.2259, 1e-4);
}

static void the_series_is_that_of_gauss(void **state)
{
	static const double rows[][5] = {
	    {0.5, 0.5, 1.5, 0.25, 1.0471975511966},
	    {2.9, -0.2, 4.2, 0.93, 0.794763922465641},
	    {-0.6, -1.3, 2.2, 0.999, 1.34688782387226},
	    {3, 4, 5, 0.9, 173.80128199349},
	    {1.2, 0.4, -0.7, 0.5, -2.98575160487588},
	    {30, 20, 12, 0.6, 1.14032747514014e+17},
	    {1.2, 0, 3, 0.99, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_near(forecast_hypergeometric(rows[i][0], rows[i][1], rows[i][2], rows[i][3]),
			rows[i][4], 1e-12);
}

/* Of any life, between two visits: never more as days go by, and more within a longer time. */
static void silence_never_raises_what_is_expected(void **state)
{
	(void)state;
	for (int kind = 0; kind < FORECAST_KINDS; kind++)
		for (int repeats = 0; repeats < 100; repeats = 2 * repeats + 1)
			for (int within = 1; within < 800; within *= 3) {
				struct forecast_life life = {.repeats = repeats,
							     .last = repeats ? repeats * 5 : 0};
				double before = INFINITY;

				for (life.days = life.last; life.days < 3000; life.days += 7) {
					double now = forecast_expected_orders(kind ? &bg : &mbg,
									      &life, within);
					double longer = forecast_expected_orders(kind ? &bg : &mbg,
										 &life, within + 1);

					assert_true(now >= 0 && now <= before * (1 + 1e-12));
					assert_true(longer >= now);
					before = now;
				}
			}
}

/* Where the formula has 0/0 it goes on as its neighbours do. */
static void poles_are_no_holes(void **state)
{
	struct forecast_life life = {.repeats = 2, .last = 213, .days = 272};
	struct forecast at = mbg, below = mbg, above = mbg;
	double between;

	(void)state;
	at.a = 1;
	below.a = 0.999;
	above.a = 1.001;
	between = (forecast_expected_orders(&below, &life, 90) +
		   forecast_expected_orders(&above, &life, 90)) /
		  2;
	is_near(forecast_expected_orders(&at, &life, 90), between, 1e-5);
	at = below = above = bg;
	at.b = 1 - at.a;
	below.b = at.b - 0.001;
	above.b = at.b + 0.001;
	life = (struct forecast_life){.days = 100};
	between = (forecast_expected_orders(&below, &life, 90) +
		   forecast_expected_orders(&above, &life, 90)) /
		  2;
	is_near(forecast_expected_orders(&at, &life, 90), between, 1e-4);
	assert_true(forecast_expected_orders(&mbg, &life, 0) == 0);
}

/* The published parameters of Gamma-Gamma, and what lifetimes expects of three customers. */
static void a_visit_is_worth_what_lifetimes_says(void **state)
{
	const struct forecast model = {.p = 6.248802, .q = 3.744588, .v = 15.447748};

	(void)state;
	is_near(forecast_visit_value(&model, 2, 22.35), 24.658616, 1e-6);
	is_near(forecast_visit_value(&model, 1, 11.77), 18.911480, 1e-6);
	is_near(forecast_visit_value(&model, 0, 0), 35.171002, 1e-6);
	/* An amount that is not known says nothing. */
	is_near(forecast_visit_value(&model, 5, 0), 35.171002, 1e-6);
}

static void groups_are_by_fifths(void **state)
{
	const struct forecast_rfm rfm = {{10, 30, 90, 200}, {1, 2, 3, 5}, {100, 200, 400, 800}};
	static const struct {
		int64_t days, orders, spent_e4;
		const char *group;
	} rows[] = {
	    {0, 0, 0, "prospects"},
	    {10, 6, 801, "champions"},
	    {10, 1, 100, "new"},
	    {11, 6, 801, "loyal"},
	    {30, 1, 100, "promising"},
	    {30, 2, 200, "active"},
	    {31, 3, 400, "needs_attention"},
	    {31, 2, 200, "almost_lost"},
	    {91, 4, 500, "at_risk"},
	    {201, 6, 801, "previously_loyal"},
	    {201, 1, 1, "dormant"},
	    {5, 1, 101, "active"}, /* a half of a score counts as whole */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(rfm_group_text(forecast_rfm_group(
					&rfm, rows[i].days, rows[i].orders, rows[i].spent_e4)),
				    rows[i].group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(expectations_are_those_of_lifetimes),
	    cmocka_unit_test(the_published_example_holds),
	    cmocka_unit_test(the_series_is_that_of_gauss),
	    cmocka_unit_test(silence_never_raises_what_is_expected),
	    cmocka_unit_test(poles_are_no_holes),
	    cmocka_unit_test(a_visit_is_worth_what_lifetimes_says),
	    cmocka_unit_test(groups_are_by_fifths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
