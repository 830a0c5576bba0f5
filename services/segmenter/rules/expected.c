/*
 * expected.c - conditions on what the model expects of a customer, and when they turn.
 *
 * All days are counted from the first order, in steps of 24 hours, so the expectation changes only
 * at these instants; and while nothing happens it never rises (common/forecast/forecast.h), so each end of
 * a range is passed once.  The day on which that is so is found by doubling steps and then halving
 * them: at the most 26 looks at the model for each end.
 */
#include "conditions.h"
#include "services/segmenter/profile/orders.h"

/* Beyond it nobody waits for a change. */
enum { DAYS_AHEAD_MAX = 8192 };

static double expected_of(const struct seg_decision *decision, const struct condition *condition,
			  const struct forecast_life *life)
{
	const struct forecast *model = decision->policy->model;
	double within = (double)condition->within_ms / (double)DAY_MS;

	return condition->kind == CONDITION_EXPECTED_VALUE
		   ? forecast_expected_value(model, life, within)
		   : forecast_expected_orders(model, life, within);
}

static struct forecast_life life_of(const struct seg_decision *decision)
{
	return seg_life_at(decision->profile, &decision->facts, seg_now_ms(decision));
}

bool seg_expected_holds(const struct seg_decision *decision, const struct condition *condition)
{
	const struct range *range = &condition->range;
	struct forecast_life life;
	double expected_e4;

	if (decision->facts.orders == 0)
		return false;
	life = life_of(decision);
	expected_e4 = expected_of(decision, condition, &life) * 10000;
	return (!range->has_min || expected_e4 >= (double)range->min) &&
	       (!range->has_max || expected_e4 <= (double)range->max);
}

/* Is so little expected after some more days without anything that it has passed the end? */
static bool has_passed(const struct seg_decision *decision, const struct condition *condition,
		       bool is_min, int64_t more_days)
{
	struct forecast_life life = life_of(decision);
	double expected_e4;

	life.days += more_days;
	expected_e4 = expected_of(decision, condition, &life) * 10000;
	return is_min ? expected_e4 < (double)condition->range.min
		      : expected_e4 <= (double)condition->range.max;
}

/* The first day from now on, counted from today, on which the end has been passed; 0: none, or it
 * has been. */
static int64_t days_to_pass(const struct seg_decision *decision, const struct condition *condition,
			    bool is_min)
{
	int64_t before = 0, after = 1;

	if (has_passed(decision, condition, is_min, 0))
		return 0;
	while (!has_passed(decision, condition, is_min, after)) {
		before = after;
		after *= 2;
		if (after > DAYS_AHEAD_MAX)
			return 0;
	}
	while (after - before > 1) {
		int64_t middle = before + (after - before) / 2;

		if (has_passed(decision, condition, is_min, middle))
			after = middle;
		else
			before = middle;
	}
	return after;
}

int64_t seg_expected_next_change_ms(const struct seg_decision *decision,
				    const struct condition *condition)
{
	struct forecast_life life;
	int64_t soonest = 0, days;

	if (decision->facts.orders == 0)
		return NEVER_MS;
	for (int is_min = 0; is_min < 2; is_min++) {
		if (!(is_min ? condition->range.has_min : condition->range.has_max))
			continue;
		days = days_to_pass(decision, condition, is_min);
		if (days > 0 && (soonest == 0 || days < soonest))
			soonest = days;
	}
	life = life_of(decision);
	return soonest == 0 ? NEVER_MS
			    : seg_sum(decision->facts.first_ms, (life.days + soonest) * DAY_MS);
}

bool seg_rfm_holds(const struct seg_decision *decision, const struct condition *condition)
{
	const struct seg_facts *facts = &decision->facts;

	return forecast_rfm_group(&decision->policy->model->rfm, facts->since_ms / DAY_MS,
				  facts->orders, facts->spent_e4) == condition->group;
}

/* The group can change when the days since the last order pass the end of a fifth. */
int64_t seg_rfm_next_change_ms(const struct seg_decision *decision)
{
	const int64_t *cuts = decision->policy->model->rfm.days;

	for (int i = 0; i < RFM_CUTS && decision->facts.orders > 0; i++) {
		int64_t at_ms = seg_sum(decision->facts.last_ms, (cuts[i] + 1) * DAY_MS);

		if (at_ms > seg_now_ms(decision))
			return at_ms;
	}
	return NEVER_MS;
}
