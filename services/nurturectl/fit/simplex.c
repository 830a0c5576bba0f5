/*
 * simplex.c - a minimum without derivatives (Nelder and Mead 1965, with the usual coefficients).
 *
 * It ends when all corners are as low as the lowest one to ten digits, and begins once more there
 * with a fresh simplex, since a flat one may stop too soon.
 */
#include <math.h>
#include <string.h>

#include "fit.h"

enum { CORNERS_MAX = FIT_DIMENSIONS_MAX + 1, EVALUATIONS_MAX = 3000, ROUNDS = 3 };

struct simplex {
	unsigned n;
	double x[CORNERS_MAX][FIT_DIMENSIONS_MAX], f[CORNERS_MAX];
	double (*value)(const double *x, void *context);
	void *context;
	unsigned evaluations;
};

static double look(struct simplex *s, const double *x)
{
	double value = s->value(x, s->context);

	s->evaluations++;
	return isnan(value) ? INFINITY : value;
}

static void swap_corners(struct simplex *s, unsigned i, unsigned k)
{
	double x[FIT_DIMENSIONS_MAX], f = s->f[i];

	memcpy(x, s->x[i], sizeof(x));
	memcpy(s->x[i], s->x[k], sizeof(x));
	memcpy(s->x[k], x, sizeof(x));
	s->f[i] = s->f[k];
	s->f[k] = f;
}

/* The lowest corner first. */
static void sort_corners(struct simplex *s)
{
	for (unsigned i = 1; i <= s->n; i++)
		for (unsigned k = i; k > 0 && s->f[k] < s->f[k - 1]; k--)
			swap_corners(s, k, k - 1);
}

/* Goes from the highest corner through the centre of the others, by so many times the way to it. */
static double step_to(struct simplex *s, double factor, double *ret)
{
	for (unsigned i = 0; i < s->n; i++) {
		double centre = 0;

		for (unsigned k = 0; k < s->n; k++)
			centre += s->x[k][i] / s->n;
		ret[i] = centre + factor * (centre - s->x[s->n][i]);
	}
	return look(s, ret);
}

static void replace_highest(struct simplex *s, const double *x, double f)
{
	memcpy(s->x[s->n], x, sizeof(s->x[0]));
	s->f[s->n] = f;
}

static void shrink(struct simplex *s)
{
	for (unsigned k = 1; k <= s->n; k++) {
		for (unsigned i = 0; i < s->n; i++)
			s->x[k][i] = (s->x[0][i] + s->x[k][i]) / 2;
		s->f[k] = look(s, s->x[k]);
	}
}

static void move(struct simplex *s)
{
	double x[FIT_DIMENSIONS_MAX] = {0}, further[FIT_DIMENSIONS_MAX] = {0};
	double f = step_to(s, 1, x), f_further;

	if (f < s->f[0]) {
		f_further = step_to(s, 2, further);
		if (f_further < f)
			replace_highest(s, further, f_further);
		else
			replace_highest(s, x, f);
		return;
	}
	if (f < s->f[s->n - 1]) {
		replace_highest(s, x, f);
		return;
	}
	f_further = step_to(s, f < s->f[s->n] ? 0.5 : -0.5, further);
	if (f_further < f && f_further < s->f[s->n])
		replace_highest(s, further, f_further);
	else
		shrink(s);
}

static void begin(struct simplex *s, const double *x)
{
	for (unsigned k = 0; k <= s->n; k++) {
		memcpy(s->x[k], x, s->n * sizeof(*x));
		if (k > 0)
			s->x[k][k - 1] += 0.5;
		s->f[k] = look(s, s->x[k]);
	}
	sort_corners(s);
}

double fit_minimum(double (*value)(const double *x, void *context), void *context, unsigned n,
		   double *x, unsigned *evaluations)
{
	struct simplex s = {.n = n, .value = value, .context = context};

	for (int round = 0; round < ROUNDS; round++) {
		unsigned until = s.evaluations + EVALUATIONS_MAX;

		begin(&s, x);
		while (s.evaluations < until && s.f[n] - s.f[0] > 1e-10 * (fabs(s.f[0]) + 1e-10)) {
			move(&s);
			sort_corners(&s);
		}
		memcpy(x, s.x[0], n * sizeof(*x));
	}
	*evaluations += s.evaluations;
	return s.f[0];
}

struct fit_result fit_likeliest(const struct fit_search *search, double *x)
{
	struct fit_result result = {.likelihood = -INFINITY};

	for (unsigned i = 0; i < search->start_count; i++) {
		double at[FIT_DIMENSIONS_MAX], found;

		memcpy(at, search->starts[i], sizeof(at));
		found = -fit_minimum(search->minus_likelihood, search->context, search->n, at,
				     &result.evaluations);
		if (found <= result.likelihood)
			continue;
		result.likelihood = found;
		result.is_at_edge = false;
		for (unsigned k = 0; k < search->n; k++)
			result.is_at_edge |= fabs(at[k]) > search->edge - 0.5;
		memcpy(x, at, search->n * sizeof(*x));
	}
	return result;
}
