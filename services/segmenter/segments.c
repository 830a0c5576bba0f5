/* segments.c - see segments.h. */
#include "segments.h"

#include <string.h>

#include "categories.h"
#include "common/base/text.h"

static bool in_range(const struct range *range, int64_t value)
{
	return (!range->has_min || value >= range->min) && (!range->has_max || value <= range->max);
}

/* The time after the last order beyond which `over_usual_gap` holds. */
static int64_t over_gap_ms(const struct seg_turn *turn, const struct condition *condition)
{
	int64_t product;

	if (__builtin_mul_overflow(turn->facts.gap_ms, (int64_t)condition->over_usual_gap_permille,
				   &product))
		return INT64_MAX / 1000;
	return product / 1000;
}

static bool days_since_hold(const struct seg_turn *turn, const struct condition *condition)
{
	if (turn->facts.orders == 0)
		return false;
	if (condition->over_usual_gap_permille == 0)
		return in_range(&condition->range, turn->facts.since_ms);
	return turn->facts.gap_ms > 0 && turn->facts.since_ms > over_gap_ms(turn, condition);
}

/* Of an order in another currency nothing can be said. */
static bool order_amount_holds(const struct seg_turn *turn, const struct range *range)
{
	const Nurture__V1__Order *order = turn->event ? turn->event->order : NULL;
	const char *currency = turn->policy->shop.currency;
	struct err ignored; /* the event was read before */
	int64_t amount_e4;

	if (!order || !*order->amount)
		return false;
	if (*currency && *order->currency && strcmp(currency, order->currency) != 0)
		return false;
	return text_money_e4(slice_text(order->amount), &amount_e4, &ignored) == 0 &&
	       in_range(range, amount_e4);
}

static bool score_holds(const struct seg_turn *turn, const struct range *range)
{
	const Nurture__V1__Feedback *feedback = turn->event ? turn->event->feedback : NULL;

	return feedback && feedback->score != 0 && in_range(range, feedback->score);
}

static bool bought_holds(const struct seg_turn *turn, const char *category)
{
	int64_t bought_ms[SEG_CATEGORIES_MAX];
	int at = seg_category_find(turn->profile, category);

	if (at < 0)
		return false;
	seg_categories_bought(turn->profile, bought_ms);
	return bought_ms[at] != SEG_NEVER;
}

/* Country codes, in whichever case. */
static bool country_holds(const struct seg_turn *turn, const char *code)
{
	const char *own = turn->profile->attributes[SEG_COUNTRY].text;

	if (strlen(own) != 2 || strlen(code) != 2)
		return false;
	return (own[0] | 0x20) == (code[0] | 0x20) && (own[1] | 0x20) == (code[1] | 0x20);
}

/* Segments may be about one another, in no circle; each is decided once. */
static bool segment_holds(const struct seg_turn *turn, unsigned index)
{
	if (turn->is_in[index] == SEG_UNDECIDED) {
		const struct condition *condition = &turn->policy->segments[index].condition;

		turn->is_in[index] = seg_condition_holds(turn, condition) ? SEG_IN : SEG_OUT;
	}
	return turn->is_in[index] == SEG_IN;
}

static bool any_holds(const struct seg_turn *turn, const struct condition *condition, bool wanted)
{
	for (unsigned i = 0; i < condition->child_count; i++)
		if (seg_condition_holds(turn, &condition->children[i]) == wanted)
			return true;
	return false;
}

bool seg_condition_holds(const struct seg_turn *turn, const struct condition *condition)
{
	switch (condition->kind) {
	case CONDITION_ALL:
		return !any_holds(turn, condition, false);
	case CONDITION_ANY:
		return any_holds(turn, condition, true);
	case CONDITION_NOT:
		return !any_holds(turn, condition, true);
	case CONDITION_SEGMENT:
		return segment_holds(turn, condition->segment);
	case CONDITION_ORDERS:
		return in_range(&condition->range, turn->facts.orders);
	case CONDITION_SPENT:
		return in_range(&condition->range, turn->facts.spent_e4);
	case CONDITION_DAYS_SINCE_ORDER:
		return days_since_hold(turn, condition);
	case CONDITION_ORDER_AMOUNT:
		return order_amount_holds(turn, &condition->range);
	case CONDITION_BOUGHT:
		return bought_holds(turn, condition->text);
	case CONDITION_STAGE:
		return strcmp(seg_stage_text(turn->facts.stage), condition->text) == 0;
	case CONDITION_COUNTRY:
		return country_holds(turn, condition->text);
	case CONDITION_SCORE:
		return score_holds(turn, &condition->range);
	case CONDITION_CUSTOMER_FOR: /* no policy asks for them yet */
	case CONDITION_ORDER_CATEGORY:
	case CONDITION_SINCE_BOUGHT:
		break;
	}
	return false;
}

static bool is_noted(const struct seg_profile *profile, const char *name)
{
	for (unsigned i = 0; i < profile->segment_count; i++)
		if (strcmp(profile->segments[i], name) == 0)
			return true;
	return false;
}

void seg_segments_decide(struct seg_turn *turn)
{
	unsigned count = turn->policy->segment_count;
	bool *was_in = arena_alloc(turn->step->arena, count * sizeof(*was_in));

	turn->is_in = arena_zalloc(turn->step->arena, count * sizeof(*turn->is_in));
	for (unsigned i = 0; i < count; i++)
		was_in[i] = is_noted(turn->profile, turn->policy->segments[i].name);
	turn->was_in = was_in;
	for (unsigned i = 0; i < count; i++)
		segment_holds(turn, i);
}

void seg_segments_note(struct seg_turn *turn)
{
	const struct policy *policy = turn->policy;
	const char **names =
		arena_alloc(turn->step->arena, policy->segment_count * sizeof(*names));
	unsigned count = 0;

	for (unsigned i = 0; i < policy->segment_count; i++) {
		unsigned at = count;

		if (turn->is_in[i] != SEG_IN)
			continue;
		for (; at > 0 && strcmp(names[at - 1], policy->segments[i].name) > 0; at--)
			names[at] = names[at - 1];
		names[at] = policy->segments[i].name;
		count++;
	}
	turn->profile->segments = names;
	turn->profile->segment_count = count;
}

/* The earlier of earliest_ms and an instant after the last order, if that is still to come. */
static int64_t sooner(const struct seg_turn *turn, int64_t earliest_ms, int64_t after_ms)
{
	int64_t at_ms = seg_sum(turn->facts.last_ms, after_ms);

	return at_ms > seg_now_ms(turn) && at_ms < earliest_ms ? at_ms : earliest_ms;
}

static int64_t condition_flip_ms(const struct seg_turn *turn, const struct condition *condition)
{
	int64_t earliest_ms = NEVER_MS;

	if (condition->kind == CONDITION_STAGE) {
		earliest_ms = sooner(turn, earliest_ms, seg_slipping_ms(&turn->facts) + 1);
		earliest_ms = sooner(turn, earliest_ms, seg_lapsed_ms(&turn->facts) + 1);
	} else if (condition->kind == CONDITION_DAYS_SINCE_ORDER) {
		if (condition->over_usual_gap_permille == 0) {
			if (condition->range.has_min)
				earliest_ms = sooner(turn, earliest_ms, condition->range.min);
			if (condition->range.has_max)
				earliest_ms = sooner(turn, earliest_ms, condition->range.max + 1);
		} else if (turn->facts.gap_ms > 0) {
			earliest_ms = sooner(turn, earliest_ms, over_gap_ms(turn, condition) + 1);
		}
	}
	for (unsigned i = 0; i < condition->child_count; i++)
		earliest_ms = seg_min(earliest_ms,
				      condition_flip_ms(turn, &condition->children[i]));
	return earliest_ms;
}

int64_t seg_segments_flip_ms(const struct seg_turn *turn)
{
	int64_t earliest_ms = NEVER_MS;

	if (turn->facts.orders == 0)
		return NEVER_MS;
	for (unsigned i = 0; i < turn->policy->segment_count; i++) {
		const struct condition *condition = &turn->policy->segments[i].condition;

		earliest_ms = seg_min(earliest_ms, condition_flip_ms(turn, condition));
	}
	return earliest_ms;
}
