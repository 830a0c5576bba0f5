/*
 * suggest_spread.c - quantiles with their intervals, and what is proposed from
 * them; see suggest.h.
 *
 * The interval of a quantile p of n values lies between the order statistics
 * of ranks n p -+ 1.96 sqrt(n p (1 - p)) (Conover, Practical Nonparametric
 * Statistics, 3.2): the normal approximation of the binomial count below it.
 */
#include <math.h>
#include <stdlib.h>

#include "suggest_internal.h"

const double suggest_quantiles[SUGGEST_QS] = {0.1, 0.25, 0.5, 0.75, 0.9};

void suggest_keep(struct suggest_values *values, double value)
{
	if (values->count == values->room) {
		values->room = values->room ? values->room * 2 : 64;
		values->values = realloc(values->values, values->room * sizeof(*values->values));
		if (!values->values)
			abort();
	}
	values->values[values->count++] = value;
}

static int compare_values(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Returns the value of a rank from 1; a rank beyond an end gets the value at that end. */
static double of_rank(const struct suggest_values *values, double rank)
{
	double highest = (double)values->count;

	rank = rank < 1 ? 1 : rank > highest ? highest : rank;
	return values->values[(size_t)rank - 1];
}

struct suggest_spread suggest_spread_of(struct suggest_values *values)
{
	struct suggest_spread ret = {.n = values->count};
	double n = (double)values->count;

	if (values->count > 0)
		qsort(values->values, values->count, sizeof(*values->values), compare_values);
	for (int i = 0; values->count > 0 && i < SUGGEST_QS; i++) {
		double p = suggest_quantiles[i], wide = 1.96 * sqrt(n * p * (1 - p));

		ret.at[i] = of_rank(values, ceil(n * p - 1e-9));
		ret.low[i] = of_rank(values, ceil(n * p - wide));
		ret.high[i] = of_rank(values, ceil(n * p + wide));
	}
	free(values->values);
	*values = (struct suggest_values){0};
	return ret;
}

static bool bears(const struct suggest_spread *spread, enum suggest_quantile quantile)
{
	double p = suggest_quantiles[quantile], tail = p < 0.5 ? p : 1 - p;

	return spread->n >= SUGGEST_SAMPLE_MIN && (double)spread->n * tail >= SUGGEST_TAIL_MIN;
}

static double between(double value, double least, double most)
{
	return value < least ? least : value > most ? most : value;
}

bool suggest_value(const struct suggest *suggest, enum suggest_line line, double *ret)
{
	const struct suggest_spread *gaps = &suggest->gaps, *usual = &suggest->usual;

	switch (line) {
	case SUGGEST_MIN_GAP:
		*ret = between(gaps->at[SUGGEST_Q10], 1, 14);
		return bears(gaps, SUGGEST_Q10);
	case SUGGEST_LIMIT:
		*ret = between(floor(30 / between(usual->at[SUGGEST_Q25], 1, 30)), 1, 8);
		return bears(usual, SUGGEST_Q25);
	case SUGGEST_SLIPPING: /* rounded up to halves */
		*ret = between(ceil(suggest->ratios.at[SUGGEST_Q90] * 2) / 2, 1, 100);
		return bears(&suggest->ratios, SUGGEST_Q90);
	case SUGGEST_GONE:
		*ret = between(gaps->at[SUGGEST_Q90], 1, 400);
		return bears(gaps, SUGGEST_Q90);
	case SUGGEST_ASK:
		*ret = between(floor(usual->at[SUGGEST_Q25] / 2), 1, 30);
		return bears(usual, SUGGEST_Q25);
	case SUGGEST_ASK_AGAIN:
		*ret = between(ceil(usual->at[SUGGEST_Q50]), 1, 400);
		return bears(usual, SUGGEST_Q50);
	case SUGGEST_LINES:
		break;
	}
	return false;
}

bool suggest_window(const struct suggest_category *category, double *ret)
{
	*ret = between(category->again.at[SUGGEST_Q50], 1, 400);
	return bears(&category->again, SUGGEST_Q50);
}
