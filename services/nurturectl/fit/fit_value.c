/* fit_value.c - Gamma-Gamma by maximum likelihood, and the fifths of RFM; see fit.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

enum { PARAMETERS = 3 };
#define EDGE 14.0

static double gamma_ln(double value)
{
	int sign;

	return lgamma_r(value, &sign);
}

struct spender {
	double visits, mean; /* mean over `unit` */
};

struct spenders {
	struct spender *list;
	size_t count;
	double unit;    /* mean of all means: v is then of the size of the other parameters */
	double *gammas; /* by visits */
	uint32_t visits_max;
};

static struct spenders spenders_of(const struct fit_lives *lives)
{
	struct spenders ret = {.list = calloc(lives->count + 1, sizeof(*ret.list))};

	if (!ret.list)
		abort();
	for (size_t i = 0; i < lives->count; i++) {
		const struct fit_life *life = &lives->lives[i];
		double visits = life->repeats + 1.0;

		if (life->spent_e4 <= 0)
			continue;
		ret.list[ret.count] =
		    (struct spender){visits, (double)life->spent_e4 / 10000 / visits};
		ret.unit += ret.list[ret.count++].mean;
		if (life->repeats + 1 > ret.visits_max)
			ret.visits_max = life->repeats + 1;
	}
	ret.unit = ret.count ? ret.unit / (double)ret.count : 1;
	for (size_t i = 0; i < ret.count; i++)
		ret.list[i].mean /= ret.unit;
	ret.gammas = calloc((size_t)ret.visits_max + 1, sizeof(double));
	if (!ret.gammas)
		abort();
	return ret;
}

/* The negative logarithm of the likelihood (Fader and Hardie 2013, equation 1a). */
static double likelihood(const double *x, void *context)
{
	struct spenders *all = context;
	double p = exp(x[0]), q = exp(x[1]), v = exp(x[2]), sum = 0, q_ln = gamma_ln(q);

	if (fabs(x[0]) > EDGE || fabs(x[1]) > EDGE || fabs(x[2]) > EDGE)
		return INFINITY;
	for (uint32_t n = 1; n <= all->visits_max; n++)
		all->gammas[n] = gamma_ln(p * n + q) - gamma_ln(p * n) - q_ln;
	for (size_t i = 0; i < all->count; i++) {
		double n = all->list[i].visits, mean = all->list[i].mean;

		sum += all->gammas[(uint32_t)n] + q * x[2] + (p * n - 1) * log(mean) +
		       p * n * log(n) - (p * n + q) * log(v + n * mean);
	}
	return -sum;
}

struct fit_result fit_value(const struct fit_lives *lives, struct forecast *model)
{
	static const double starts[3][FIT_DIMENSIONS_MAX] = {{0, 0, 0}, {1.5, 1, 0}, {0.5, 2, 1.5}};
	struct spenders all = spenders_of(lives);
	const struct fit_search search = {likelihood, &all,   PARAMETERS,
					  EDGE,       starts, all.count ? 3 : 0};
	double x[PARAMETERS] = {0};
	struct fit_result result = fit_likeliest(&search, x);

	if (result.likelihood > -INFINITY) {
		model->p = exp(x[0]);
		model->q = exp(x[1]);
		model->v = exp(x[2]) * all.unit;
	}
	model->has_value = all.count > 0 && !result.is_at_edge && model->q > 1;
	result.likelihood -= (double)all.count * log(all.unit);
	free(all.list);
	free(all.gammas);
	return result;
}

static int compare_numbers(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Each cut is the least value that its share of the people is not above. */
static void cut(int64_t *values, size_t count, int64_t *ret)
{
	qsort(values, count, sizeof(*values), compare_numbers);
	for (size_t i = 0; i < RFM_CUTS; i++)
		ret[i] = values[(count * (i + 1) + 4) / 5 - 1];
}

void fit_rfm(const struct fit_lives *lives, struct forecast_rfm *ret)
{
	int64_t *values = calloc(lives->count + 1, sizeof(*values));

	if (!values)
		abort();
	if (lives->count > 0) {
		for (size_t i = 0; i < lives->count; i++)
			values[i] = lives->lives[i].since;
		cut(values, lives->count, ret->days);
		for (size_t i = 0; i < lives->count; i++)
			values[i] = lives->lives[i].orders;
		cut(values, lives->count, ret->orders);
		for (size_t i = 0; i < lives->count; i++)
			values[i] = lives->lives[i].spent_e4;
		cut(values, lives->count, ret->spent_e4);
	}
	free(values);
}
