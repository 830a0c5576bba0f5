/*
 * nurturectl_fit_test.c - the published parameters of CDNOW, what is counted of a file of orders, and
 * how rankings are judged.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "services/nurturectl/fit/fit.h"

enum { SAMPLE = 2357, SPENDERS = 946 };

/* The sample; means: only those who came again, with what they spent on these visits alone. */
static struct fit_lives sample(bool of_means)
{
	FILE *file = fopen("tests/golden/cdnow_sample.csv", "r");
	struct fit_lives ret = {.lives = calloc(SAMPLE, sizeof(*ret.lives))};
	char line[200];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		struct fit_life life = {0};
		double mean;

		if (sscanf(line, "%u,%u,%u,%lf", &life.repeats, &life.last, &life.days, &mean) != 4)
			continue;
		if (of_means && life.repeats == 0)
			continue;
		life.spent_e4 = llround(mean * life.repeats * 10000);
		life.repeats -= of_means; /* n visits are n - 1 repeats */
		assert_true(ret.count < SAMPLE);
		ret.lives[ret.count++] = life;
	}
	fclose(file);
	return ret;
}

static void is_near(double got, double wanted, double off)
{
	if (!(fabs(got - wanted) <= off))
		fail_msg("%.9g; expected %.9g", got, wanted);
}

static void published_parameters_are_found(void **state)
{
	struct fit_lives lives = sample(false);
	struct forecast model;
	struct fit_result result;
	double repeats = 0;

	(void)state;
	assert_int_equal(lives.count, SAMPLE);
	for (size_t i = 0; i < lives.count; i++)
		repeats += lives.lives[i].repeats;
	result = fit_orders(&lives, FORECAST_BG_NBD, &model);
	/* Published in weeks. */
	is_near(model.r, 0.2426, 0.0005);
	is_near(model.alpha / 7, 4.4135, 0.005);
	is_near(model.a, 0.7929, 0.0015);
	is_near(model.b, 2.4258, 0.005);
	is_near(result.likelihood + repeats * log(7), -9582.4, 0.1);
	assert_false(result.is_at_edge);
	/* What lifetimes 0.11.3 finds. */
	result = fit_orders(&lives, FORECAST_MBG_NBD, &model);
	is_near(model.r, 0.5248, 0.0005);
	is_near(model.alpha / 7, 6.1830, 0.005);
	is_near(model.a, 0.8914, 0.001);
	is_near(model.b, 1.6140, 0.003);
	fit_lives_free(&lives);
}

static void published_values_are_found(void **state)
{
	struct fit_lives lives = sample(true);
	struct forecast model = {0};

	(void)state;
	assert_int_equal(lives.count, SPENDERS);
	fit_value(&lives, &model);
	is_near(model.p, 6.249, 0.005);
	is_near(model.q, 3.745, 0.002);
	is_near(model.v, 15.448, 0.02);
	assert_true(model.has_value);
	fit_lives_free(&lives);
}

/* Rosenbrock's valley, from the usual start. */
static double valley(const double *x, void *context)
{
	(void)context;
	return 100 * pow(x[1] - x[0] * x[0], 2) + pow(1 - x[0], 2);
}

static void a_bent_valley_is_followed(void **state)
{
	double x[2] = {-1.2, 1};
	unsigned tries = 0;

	(void)state;
	fit_minimum(valley, NULL, 2, x, &tries);
	is_near(x[0], 1, 1e-4);
	is_near(x[1], 1, 1e-4);
	assert_true(tries > 10);
}

/* Against all pairs, one by one. */
static void the_area_counts_pairs(void **state)
{
	enum { COUNT = 60 };
	struct fit_scored scored[COUNT];
	double pairs = 0, before = 0;

	(void)state;
	srand(4);
	for (int i = 0; i < COUNT; i++)
		scored[i] = (struct fit_scored){rand() % 9, rand() % 3 == 0};
	for (int i = 0; i < COUNT; i++)
		for (int k = 0; k < COUNT; k++) {
			if (!scored[i].is_buyer || scored[k].is_buyer)
				continue;
			pairs++;
			before += scored[i].score > scored[k].score;
			before += scored[i].score == scored[k].score ? 0.5 : 0;
		}
	is_near(fit_area(scored, COUNT), before / pairs, 1e-12);
	assert_true(isnan(fit_area(scored, 0)));
}

/* One who came on three days, cancelled the second, and comes twice later; one who only cancelled. */
static void lives_are_what_was_kept(void **state)
{
	static const char text[] = "customer,time,kind,order,amount\n"
				   "ann,2024-01-01T23:00:00Z,order,1,10.00\n"
				   "ann,2024-01-02T22:59:00Z,order,2,20.00\n"
				   "ann,2024-01-11T00:00:00Z,order,3,30.00\n"
				   "ann,2024-01-12T00:00:00Z,cancellation,3,\n"
				   "ann,2024-01-20T00:00:00Z,order,4,40.00\n"
				   "ann,2024-01-21T00:00:00Z,refund,4,15.00\n"
				   "ann,2024-02-10T00:00:00Z,order,5,50.00\n"
				   "ann,2024-02-10T01:00:00Z,order,6,50.00\n"
				   "ann,2024-03-10T00:00:00Z,order,7,50.00\n"
				   "bob,2024-01-05T00:00:00Z,order,8,10.00\n"
				   "bob,2024-01-06T00:00:00Z,cancellation,8,\n"
				   "cid,2024-02-15T00:00:00Z,order,9,10.00\n";
	char path[] = "/tmp/nurturectl_fit_XXXXXX";
	struct orders_options options = {.file = path, .delivered_after_ms = -1};
	struct orders orders;
	struct err err;
	struct fit_lives lives = {.learnt_ms = 1706745600000, .until_ms = 1709251200000};
	int fd = mkstemp(path);
	const struct fit_life *ann;

	(void)state;
	assert_true(write(fd, text, sizeof(text) - 1) == (ssize_t)sizeof(text) - 1);
	close(fd);
	if (orders_read(&options, &orders, &err) < 0)
		fail_msg("%s", err.text);
	unlink(path);
	orders_by_customer(&orders);
	fit_lives_add(&lives, &orders); /* learnt on 2024-02-01, held against February */
	assert_int_equal(lives.count, 1);
	ann = &lives.lives[0];
	assert_int_equal(ann->orders, 3);
	assert_int_equal(ann->repeats, 1); /* the second is within a day of the first */
	assert_int_equal(ann->last, 18);
	assert_int_equal(ann->days, 30);
	assert_int_equal(ann->since, 12);
	assert_int_equal(ann->gap_days, 18);
	assert_int_equal(ann->spent_e4, 550000);
	assert_int_equal(ann->later, 1);
	fit_lives_free(&lives);
	orders_free(&orders);
}

static void fifths_end_where_people_do(void **state)
{
	struct fit_lives lives = {.lives = calloc(10, sizeof(*lives.lives)), .count = 10};
	struct forecast_rfm rfm = {{0}, {0}, {0}};
	static const int64_t days[] = {1, 3, 5, 7}, orders[] = {1, 1, 1, 2};

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		lives.lives[i] = (struct fit_life){.since = 9 - i, .orders = i < 7 ? 1 : i - 5};
	fit_rfm(&lives, &rfm);
	assert_memory_equal(rfm.days, days, sizeof(days));
	assert_memory_equal(rfm.orders, orders, sizeof(orders));
	fit_lives_free(&lives);
}

enum { BASKETS = 400, GOODS = 12 };

/* What is bought together by design: 1 with 0, and 3 with 2; all else by chance. */
static bool random_good(const bool *bought, int good)
{
	if ((good == 1 || good == 3) && bought[good - 1])
		return rand() % 10 < 7;
	return rand() % (2 + good) == 0;
}

/* Dunning's ratio by the entropies of the table, not by what would be there by chance. */
static double slow_strength(double both, double first, double second, double people)
{
	const double cells[] = {both, first - both, second - both, people - first - second + both};
	const double margins[] = {first, people - first, second, people - second};
	double sum = people * log(people);

	for (int i = 0; i < 4; i++)
		sum += (cells[i] > 0 ? cells[i] * log(cells[i]) : 0) -
		       (margins[i] > 0 ? margins[i] * log(margins[i]) : 0);
	return both * people > first * second ? 2 * sum : 0;
}

static int count_both(bool baskets[BASKETS][GOODS], int a, int b)
{
	int count = 0;

	for (int i = 0; i < BASKETS; i++)
		count += baskets[i][a] && baskets[i][b];
	return count;
}

/* Is other among the three surest for good?  By counting those that are surer. */
static bool slow_goes_with(bool baskets[BASKETS][GOODS], int people, int good, int other)
{
	int surer = 0;
	double strength[GOODS];

	for (int i = 0; i < GOODS; i++)
		strength[i] = i == good || count_both(baskets, good, i) < 10
				  ? 0
				  : slow_strength(count_both(baskets, good, i),
						  count_both(baskets, good, good),
						  count_both(baskets, i, i), people);
	for (int i = 0; i < GOODS; i++)
		surer += strength[i] > strength[other];
	return strength[other] >= 10.83 && surer < FORECAST_RELATED_MAX;
}

static void what_goes_together_is_found(void **state)
{
	static const char *const names[GOODS] = {"a", "b", "c", "d", "e", "f",
						 "g", "h", "i", "j", "k", "l"};
	static bool baskets[BASKETS][GOODS];
	struct fit_related *related = calloc(1, sizeof(*related));
	int people = 0;

	(void)state;
	srand(12);
	for (int i = 0; i < BASKETS; i++) {
		const char *bought[2 * GOODS];
		size_t count = 0;

		for (int good = 0; good < GOODS; good++) {
			baskets[i][good] = random_good(baskets[i], good);
			for (int k = 0; baskets[i][good] && k < 2; k++)
				bought[count++] = names[good];
		}
		people += count > 0;
		fit_related_add(related, bought, count);
	}
	assert_int_equal(related->people, people);
	for (int good = 0; good < GOODS; good++) {
		uint32_t category = (uint32_t)names_find(&related->names, names[good]);
		uint32_t others[FORECAST_RELATED_MAX];
		unsigned count = fit_related_of(related, category, others);
		bool is_other[GOODS] = {false};

		for (unsigned i = 0; i < count; i++)
			is_other[related->names.texts[others[i]][0] - 'a'] = true;
		for (int other = 0; other < GOODS; other++)
			assert_int_equal(is_other[other],
					 slow_goes_with(baskets, people, good, other));
		if (good < 4) /* what was planted comes first */
			assert_string_equal(related->names.texts[others[0]], names[good ^ 1]);
	}
	names_free(&related->names);
	free(related);
}

/* A later category than those that are counted is counted as left out, and disturbs nothing. */
static void too_many_categories_are_left_out(void **state)
{
	struct fit_related *related = calloc(1, sizeof(*related));

	(void)state;
	for (int i = 0; i < FIT_CATEGORIES_MAX + 5; i++) {
		char name[16];
		const char *bought = name;

		snprintf(name, sizeof(name), "c%d", i);
		fit_related_add(related, &bought, 1);
	}
	assert_int_equal(related->left_out, 5);
	assert_int_equal(related->people, FIT_CATEGORIES_MAX);
	names_free(&related->names);
	free(related);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(published_parameters_are_found),
	    cmocka_unit_test(published_values_are_found),
	    cmocka_unit_test(a_bent_valley_is_followed),
	    cmocka_unit_test(the_area_counts_pairs),
	    cmocka_unit_test(lives_are_what_was_kept),
	    cmocka_unit_test(fifths_end_where_people_do),
	    cmocka_unit_test(what_goes_together_is_found),
	    cmocka_unit_test(too_many_categories_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
