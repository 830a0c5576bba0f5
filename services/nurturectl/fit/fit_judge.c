/* fit_judge.c - how well people are ranked, on what the model has not seen; see fit.h. */
#include <math.h>
#include <stdlib.h>

#include "common/base/civil.h"
#include "fit.h"

/* Higher scores first. */
static int compare_scored(const void *a, const void *b)
{
	const struct fit_scored *x = a, *y = b;

	return x->score > y->score ? -1 : x->score < y->score;
}

double fit_area(struct fit_scored *scored, size_t count)
{
	double buyers = 0, others = 0, before = 0;

	qsort(scored, count, sizeof(*scored), compare_scored);
	for (size_t i = 0, n; i < count; i += n) {
		double tied_buyers = 0, tied_others = 0;

		for (n = 0; i + n < count && scored[i + n].score == scored[i].score; n++)
			*(scored[i + n].is_buyer ? &tied_buyers : &tied_others) += 1;
		before += tied_others * (buyers + tied_buyers / 2);
		buyers += tied_buyers;
		others += tied_others;
	}
	return buyers > 0 && others > 0 ? before / (buyers * others) : NAN;
}

static struct forecast_life forecast_life_of(const struct fit_life *life)
{
	return (struct forecast_life){.repeats = life->repeats,
				      .last = life->last,
				      .days = life->days,
				      .mean =
					  (double)life->spent_e4 / 10000 / (life->repeats + 1.0)};
}

/* NAN: that ranking says nothing of the person. */
static double score_of(const struct fit_lives *lives, const struct forecast *model,
		       enum fit_ranking ranking, const struct fit_life *life)
{
	struct forecast_life seen = forecast_life_of(life);
	double alive;

	switch (ranking) {
	case FIT_BY_EXPECTED:
		return forecast_expected_orders(
		    model, &seen, (double)(lives->until_ms - lives->learnt_ms) / (double)DAY_MS);
	case FIT_BY_RECENCY:
		return -(double)life->since;
	case FIT_BY_ORDERS:
		return life->orders;
	case FIT_BY_GAP:
		return life->gap_days ? -(double)life->since / life->gap_days : NAN;
	case FIT_BY_ALIVE:
		alive = forecast_alive(model, &seen);
		return alive < 0 ? NAN : alive;
	case FIT_RANKINGS:
		break;
	}
	return NAN;
}

/* Of those alone of whom the ranking says something; of all people: NAN when it lacks one of them. */
static double area_of(const struct fit_lives *lives, const struct forecast *model,
		      enum fit_ranking ranking, bool of_repeaters, struct fit_scored *scored)
{
	size_t count = 0;

	for (size_t i = 0; i < lives->count; i++) {
		const struct fit_life *life = &lives->lives[i];
		double score = score_of(lives, model, ranking, life);

		if (of_repeaters && !life->gap_days)
			continue;
		if (isnan(score))
			return NAN;
		scored[count++] = (struct fit_scored){score, life->later > 0};
	}
	return fit_area(scored, count);
}

struct ranked {
	double expected;
	uint32_t later;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return x->expected > y->expected ? -1 : x->expected < y->expected;
}

static void judge_top(const struct fit_lives *lives, const struct forecast *model,
		      struct fit_judgement *ret)
{
	struct ranked *ranked = calloc(lives->count + 1, sizeof(*ranked));
	double top = 0, buyers = 0;

	if (!ranked)
		abort();
	for (size_t i = 0; i < lives->count; i++) {
		ranked[i].expected = score_of(lives, model, FIT_BY_EXPECTED, &lives->lives[i]);
		ranked[i].later = lives->lives[i].later;
		ret->expected += ranked[i].expected;
		ret->bought += ranked[i].later;
	}
	qsort(ranked, lives->count, sizeof(*ranked), compare_ranked);
	for (size_t i = 0; i < lives->count / 10; i++) {
		top += ranked[i].later;
		buyers += ranked[i].later > 0;
	}
	ret->top_buyers = buyers / (double)(lives->count / 10);
	ret->top_share = top / ret->bought;
	free(ranked);
}

void fit_judge(const struct fit_lives *lives, const struct forecast *model,
	       struct fit_judgement *ret)
{
	struct fit_scored *scored = calloc(lives->count + 1, sizeof(*scored));

	if (!scored)
		abort();
	*ret = (struct fit_judgement){.people = lives->count};
	for (size_t i = 0; i < lives->count; i++) {
		ret->buyers += lives->lives[i].later > 0;
		ret->repeaters += lives->lives[i].gap_days > 0;
	}
	for (int i = 0; i < FIT_RANKINGS; i++) {
		ret->all[i] = area_of(lives, model, (enum fit_ranking)i, false, scored);
		ret->repeat[i] = area_of(lives, model, (enum fit_ranking)i, true, scored);
	}
	judge_top(lives, model, ret);
	free(scored);
}
