/*
 * fit_orders.c - BG/NBD and MBG/NBD by maximum likelihood; see fit.h.
 *
 * People with the same visits and days are one row with a weight.  All that hangs on one whole
 * number alone (gamma functions of the visits, logarithms of days) stands in tables that are filled
 * once for each try, so a row costs one exponential.  Days are scaled to 10, so that alpha is of the
 * size of the other parameters, which do not hang on the unit of time.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"

enum { SCALE = 10, PARAMETERS = 4 };
/* Of each parameter's logarithm: beyond it the data do not tell the parameter. */
#define EDGE 9.2

struct row {
	uint32_t repeats, last, days;
	double weight;
};

struct rows {
	enum forecast_kind kind;
	struct row *rows;
	size_t count;
	uint32_t repeats_max, days_max;
	double scale;                /* days to the unit of the fit */
	double *by_repeats, *by_day; /* of the parameters that are tried */
};

static void *room(size_t count, size_t size)
{
	void *ret = calloc(count + 1, size);

	if (!ret)
		abort();
	return ret;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->repeats != y->repeats)
		return x->repeats < y->repeats ? -1 : 1;
	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return x->days < y->days ? -1 : x->days > y->days;
}

static struct rows rows_of(const struct fit_lives *lives, enum forecast_kind kind)
{
	struct rows ret = {.kind = kind, .rows = room(lives->count, sizeof(*ret.rows))};
	size_t count = 0;

	for (size_t i = 0; i < lives->count; i++) {
		const struct fit_life *life = &lives->lives[i];

		ret.rows[i] = (struct row){life->repeats, life->last, life->days, 1};
		ret.repeats_max = life->repeats > ret.repeats_max ? life->repeats : ret.repeats_max;
		ret.days_max = life->days > ret.days_max ? life->days : ret.days_max;
	}
	qsort(ret.rows, lives->count, sizeof(*ret.rows), compare_rows);
	for (size_t i = 0; i < lives->count; i++)
		if (count > 0 && compare_rows(&ret.rows[count - 1], &ret.rows[i]) == 0)
			ret.rows[count - 1].weight++;
		else
			ret.rows[count++] = ret.rows[i];
	ret.count = count;
	ret.scale = SCALE / (ret.days_max ? (double)ret.days_max : 1);
	ret.by_repeats = room((size_t)ret.repeats_max + 1, sizeof(double));
	ret.by_day = room((size_t)ret.days_max + 1, sizeof(double));
	return ret;
}

static double gamma_ln(double value)
{
	int sign;

	return lgamma_r(value, &sign);
}

/* What of the logarithm hangs on the repeats alone: the terms without days. */
static double repeats_term(enum forecast_kind kind, const double *p, double x)
{
	double r = p[0], alpha = p[1], a = p[2], b = p[3];
	double shift = kind == FORECAST_MBG_NBD ? 1 : 0;

	return gamma_ln(r + x) - gamma_ln(r) + r * log(alpha) + gamma_ln(a + b) +
	       gamma_ln(b + x + shift) - gamma_ln(b) - gamma_ln(a + b + x + shift);
}

static void fill_tables(struct rows *rows, const double *p)
{
	for (size_t i = 0; i < rows->count; i++)
		if (i == 0 || rows->rows[i].repeats != rows->rows[i - 1].repeats)
			rows->by_repeats[rows->rows[i].repeats] =
			    repeats_term(rows->kind, p, rows->rows[i].repeats);
	for (uint32_t day = 0; day <= rows->days_max; day++)
		rows->by_day[day] = log(p[1] + day * rows->scale);
}

/* The negative logarithm of the likelihood; x has the parameters' logarithms. */
static double likelihood(const double *x, void *context)
{
	struct rows *rows = context;
	double p[PARAMETERS], sum = 0, stay = rows->kind == FORECAST_MBG_NBD ? 0 : -1;

	for (int i = 0; i < PARAMETERS; i++) {
		if (fabs(x[i]) > EDGE)
			return INFINITY;
		p[i] = exp(x[i]);
	}
	fill_tables(rows, p);
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->rows[i];
		double power = p[0] + row->repeats, gone = 0;
		double silence = rows->by_day[row->days] - rows->by_day[row->last];

		if (row->repeats > 0 || stay == 0)
			gone = log1p(exp(x[2] - log(p[3] + row->repeats + stay) + power * silence));
		sum += row->weight *
		       (rows->by_repeats[row->repeats] - power * rows->by_day[row->days] + gone);
	}
	return -sum;
}

struct fit_result fit_orders(const struct fit_lives *lives, enum forecast_kind kind,
			     struct forecast *model)
{
	static const double starts[3][FIT_DIMENSIONS_MAX] = {
	    {0, 0, 0, 0}, {-1.5, 0.5, -0.5, 1}, {0.5, 2, -1.5, 2}};
	struct rows rows = rows_of(lives, kind);
	const struct fit_search search = {likelihood, &rows, PARAMETERS, EDGE, starts, 3};
	double x[PARAMETERS] = {0}, repeats = 0;
	struct fit_result result = fit_likeliest(&search, x);

	for (size_t i = 0; i < lives->count; i++)
		repeats += lives->lives[i].repeats;
	if (result.likelihood > -INFINITY)
		*model = (struct forecast){.kind = kind,
					   .r = exp(x[0]),
					   .alpha = exp(x[1]) / rows.scale,
					   .a = exp(x[2]),
					   .b = exp(x[3])};
	result.likelihood += repeats * log(rows.scale); /* a density is per unit of time */
	free(rows.rows);
	free(rows.by_repeats);
	free(rows.by_day);
	return result;
}
