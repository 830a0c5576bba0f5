/* next_change.c - when time alone changes a condition.  See conditions.h. */
#include "services/segmenter/profile/bought.h"
#include "conditions.h"

/* Returns the earlier of earliest_ms and another instant, if that one is still to come. */
static int64_t sooner(const struct seg_decision *decision, int64_t earliest_ms, int64_t base_ms,
		      int64_t after_ms)
{
	int64_t at_ms = seg_sum(base_ms, after_ms);

	return at_ms > seg_now_ms(decision) && at_ms < earliest_ms ? at_ms : earliest_ms;
}

/* The time since base_ms enters a range once, and leaves it in the millisecond after its end. */
static int64_t range_next_change_ms(const struct seg_decision *decision, int64_t base_ms,
				    const struct range *range)
{
	int64_t earliest_ms = NEVER_MS;

	if (base_ms == SEG_NEVER)
		return NEVER_MS;
	if (range->has_min)
		earliest_ms = sooner(decision, earliest_ms, base_ms, range->min);
	if (range->has_max)
		earliest_ms = sooner(decision, earliest_ms, base_ms, range->max + 1);
	return earliest_ms;
}

static int64_t stage_next_change_ms(const struct seg_decision *decision)
{
	int64_t last_ms = decision->facts.last_ms;

	return sooner(decision,
		      sooner(decision, NEVER_MS, last_ms, seg_slipping_ms(&decision->facts) + 1),
		      last_ms, seg_lapsed_ms(&decision->facts) + 1);
}

static int64_t since_order_next_change_ms(const struct seg_decision *decision,
					  const struct condition *condition)
{
	if (condition->over_usual_gap_permille == 0)
		return range_next_change_ms(decision, decision->facts.last_ms, &condition->range);
	if (decision->facts.gap_ms == 0)
		return NEVER_MS;
	return sooner(decision, NEVER_MS, decision->facts.last_ms,
		      seg_over_gap_ms(decision, condition) + 1);
}

int64_t seg_condition_next_change_ms(const struct seg_decision *decision,
				     const struct condition *condition)
{
	int64_t earliest_ms = NEVER_MS;

	switch (condition->kind) {
	case CONDITION_ALL:
	case CONDITION_ANY:
	case CONDITION_NOT:
		for (unsigned i = 0; i < condition->child_count; i++)
			earliest_ms = seg_min(earliest_ms, seg_condition_next_change_ms(
							       decision, &condition->children[i]));
		return earliest_ms;
	case CONDITION_STAGE:
		return stage_next_change_ms(decision);
	case CONDITION_DAYS_SINCE_ORDER:
		return since_order_next_change_ms(decision, condition);
	case CONDITION_CUSTOMER_FOR:
		return range_next_change_ms(decision, decision->facts.first_ms, &condition->range);
	case CONDITION_SINCE_BOUGHT:
		return range_next_change_ms(decision, seg_bought_ms(decision, condition->text),
					    &condition->range);
	case CONDITION_EXPECTED_ORDERS:
	case CONDITION_EXPECTED_VALUE:
		return seg_expected_next_change_ms(decision, condition);
	case CONDITION_RFM:
		return seg_rfm_next_change_ms(decision);
	case CONDITION_SEGMENT: /* the segment has a next change of its own */
	case CONDITION_ORDERS:
	case CONDITION_SPENT:
	case CONDITION_ORDER_AMOUNT:
	case CONDITION_BOUGHT:
	case CONDITION_COUNTRY:
	case CONDITION_SCORE:
	case CONDITION_ORDER_CATEGORY:
	case CONDITION_CHANNEL:
		break;
	}
	return NEVER_MS;
}
