/* policy_experiments_test.c - who is left alone, who gets which arm, and how likely that was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "common/policy/experiments.h"
#include "policy_fixture.h"

enum { CUSTOMERS = 20000 };

static struct message_class classes[] = {{.name = "care", .needs_consent = true},
					 {.name = "must", .needs_consent = false}};

static struct policy policy_of(uint32_t holdout_permille)
{
	return (struct policy){
	    .classes = classes, .class_count = 2, .holdout_permille = holdout_permille};
}

static void probabilities_are_exact(void **state)
{
	static const struct {
		uint32_t overall, own, share; /* permille; share 0: no variants */
		unsigned class;
		uint32_t treatment, holdout;
	} rows[] = {
	    {0, 0, 0, 0, 0, 0},
	    {0, 0, 500, 0, 500000, 0},
	    {0, 0, 1000, 0, 1000000, 0},
	    {50, 0, 0, 0, 950000, 50000},
	    {0, 100, 0, 0, 900000, 100000},
	    {50, 100, 0, 0, 855000, 145000},
	    {50, 100, 500, 0, 427500, 145000},
	    {5, 5, 0, 0, 990025, 9975},
	    {5, 5, 333, 0, 329678, 9975}, /* 329678.325 */
	    {1, 1, 1, 0, 998, 1999},      /* 998.001 */
	    {1000, 0, 500, 0, 0, 1000000},
	    {0, 1000, 0, 0, 0, 1000000},
	    {999, 999, 1, 0, 1, 999999}, /* a thousandth of a millionth is not impossible */
	    {50, 100, 0, 1, 0, 0},       /* nobody is held out of what must be said */
	    {50, 100, 250, 1, 250000, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct policy policy = policy_of(rows[i].overall);
		struct variant arm = {.share_permille = rows[i].share};
		struct programme programme = {.message_class = rows[i].class,
					      .holdout_permille = rows[i].own};

		assert_int_equal(
		    experiment_treatment_ppm(&policy, &programme, rows[i].share ? &arm : NULL),
		    rows[i].treatment);
		assert_int_equal(
		    experiment_holdout_ppm(&policy, &classes[rows[i].class], rows[i].own),
		    rows[i].holdout);
	}
}

/* As often as they say, and each as often among those whom another one takes: within 2 %. */
static void choices_are_independent(void **state)
{
	struct variant arms[] = {{.name = "a", .share_permille = 250},
				 {.name = "none", .share_permille = 0},
				 {.name = "b", .share_permille = 750}};
	struct programme p = {.name = "p", .variants = arms, .variant_count = 3};
	struct programme q = {.name = "q", .variants = arms, .variant_count = 3};
	struct policy policy = policy_of(500);
	unsigned all = 0, own = 0, a = 0, a_left = 0, both = 0;

	(void)state;
	for (unsigned i = 0; i < CUSTOMERS; i++) {
		char customer[16];
		const char *group;
		const struct variant *arm;

		snprintf(customer, sizeof(customer), "c%u", i);
		group = experiment_holdout(&policy, &classes[0], "p", 500, customer);
		assert_null(experiment_holdout(&policy, &classes[1], "p", 500, customer));
		arm = experiment_variant(&p, customer);
		assert_ptr_equal(arm, experiment_variant(&p, customer));
		assert_ptr_not_equal(arm, &arms[1]);
		all += group && strcmp(group, "*") == 0;
		own += group && strcmp(group, "p") == 0;
		a += arm == &arms[0];
		a_left += arm == &arms[0] && !group;
		both += arm == &arms[0] && experiment_variant(&q, customer) == &arms[0];
	}
	assert_in_range(all, CUSTOMERS * 48 / 100, CUSTOMERS * 52 / 100);
	assert_in_range(own, CUSTOMERS * 23 / 100, CUSTOMERS * 27 / 100);
	assert_in_range(a, CUSTOMERS * 23 / 100, CUSTOMERS * 27 / 100);
	assert_in_range(a_left, a * 23 / 100, a * 27 / 100);
	assert_in_range(both, a * 23 / 100, a * 27 / 100);
	p.variant_count = 0;
	assert_null(experiment_variant(&p, "c1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(probabilities_are_exact),
	    cmocka_unit_test(choices_are_independent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
