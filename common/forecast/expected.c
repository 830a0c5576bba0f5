/*
 * expected.c - expected orders and value; see forecast.h.
 *
 * BG/NBD's expectation (equation 10 of its paper) has 2F1(r+x, b+x; a+b+x-1; z) with z near 1 for a
 * long horizon, where the series converges slowly and its terms overflow for eager customers.
 * Euler's transformation makes it (1-z)^(a-1-r-x) 2F1(a+b-1-r, a-1; a+b+x-1; z): the first factor
 * cancels against the one before it, and the terms of the second fall quickly.
 */
#include <math.h>
#include <string.h>

#include "forecast.h"

/* Where the formula is 0/0, a neighbour is as good. */
#define NEAR 1e-6

static double away_from(double value, double pole)
{
	if (fabs(value - pole) >= NEAR)
		return value;
	return value < pole ? pole - NEAR : pole + NEAR;
}

/* The odds that the person has stopped: by BG/NBD nobody can stop before coming again. */
static double gone_odds(const struct forecast *model, const struct forecast_life *life)
{
	double x = (double)life->repeats, t_x = (double)life->last, T = (double)life->days;
	double silence = exp((model->r + x) * log((model->alpha + T) / (model->alpha + t_x)));

	if (model->kind == FORECAST_MBG_NBD)
		return model->a / (model->b + x) * silence;
	return life->repeats == 0 ? 0 : model->a / (model->b + x - 1) * silence;
}

double forecast_expected_orders(const struct forecast *model, const struct forecast_life *life,
				double days)
{
	double shift = model->kind == FORECAST_MBG_NBD ? 0 : -1;
	double a = away_from(model->a, 1);
	double sum = away_from(a + model->b + (double)life->repeats + shift, 0);
	double z = days / (model->alpha + (double)life->days + days);
	double series;

	if (days <= 0)
		return 0;
	series = exp((a - 1) * log1p(-z)) *
		 forecast_hypergeometric(a + model->b + shift - model->r, a - 1, sum, z);
	return sum / (a - 1) * (1 - series) / (1 + gone_odds(model, life));
}

double forecast_alive(const struct forecast *model, const struct forecast_life *life)
{
	if (model->kind != FORECAST_MBG_NBD || life->repeats == 0)
		return -1;
	return 1 / (1 + gone_odds(model, life));
}

double forecast_visit_value(const struct forecast *model, int64_t visits, double mean)
{
	double n = mean > 0 ? (double)visits : 0;

	return model->p * (model->v + n * mean) / (model->p * n + model->q - 1);
}

double forecast_expected_value(const struct forecast *model, const struct forecast_life *life,
			       double days)
{
	return forecast_expected_orders(model, life, days) *
	       forecast_visit_value(model, life->repeats + 1, life->mean);
}

const struct forecast_related *forecast_related(const struct forecast *forecast,
						const char *category)
{
	for (unsigned i = 0; i < forecast->related_count; i++)
		if (strcmp(forecast->related[i].category, category) == 0)
			return &forecast->related[i];
	return NULL;
}

const char *forecast_kind_text(enum forecast_kind kind)
{
	return kind == FORECAST_MBG_NBD ? "mbg-nbd" : "bg-nbd";
}
