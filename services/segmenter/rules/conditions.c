/* conditions.c - see conditions.h. */
#include "conditions.h"

#include <string.h>

#include "services/segmenter/profile/bought.h"
#include "services/segmenter/profile/categories.h"
#include "common/base/text.h"
#include "services/segmenter/profile/orders.h"
#include "segments.h"

/* The time after the last order beyond which `over_usual_gap` holds. */
int64_t seg_over_gap_ms(const struct seg_decision *decision, const struct condition *condition)
{
	int64_t product;

	if (__builtin_mul_overflow(decision->facts.gap_ms,
				   (int64_t)condition->over_usual_gap_permille, &product))
		return INT64_MAX / 1000;
	return product / 1000;
}

static bool in_range(const struct range *range, int64_t value)
{
	return (!range->has_min || value >= range->min) && (!range->has_max || value <= range->max);
}

static bool days_since_hold(const struct seg_decision *decision, const struct condition *condition)
{
	if (decision->facts.orders == 0)
		return false;
	if (condition->over_usual_gap_permille == 0)
		return in_range(&condition->range, decision->facts.since_ms);
	return decision->facts.gap_ms > 0 &&
	       decision->facts.since_ms > seg_over_gap_ms(decision, condition);
}

/* An order in another currency cannot be compared. */
static bool order_amount_holds(const struct seg_decision *decision, const struct range *range)
{
	const Nurture__V1__Order *order = decision->event ? decision->event->order : NULL;
	const struct seg_order *known = seg_order_find(decision->profile, decision->change.order);
	const char *currency = decision->policy->shop.currency;
	struct err ignored; /* the event was read before */
	int64_t amount_e4;

	if (!decision->event && known)
		return known->placed && !known->foreign &&
		       in_range(range, seg_sum(known->amount_e4, -known->refunded_e4));
	if (!order || !*order->amount)
		return false;
	if (*currency && *order->currency && strcmp(currency, order->currency) != 0)
		return false;
	return text_money_e4(slice_text(order->amount), &amount_e4, &ignored) == 0 &&
	       in_range(range, amount_e4);
}

static bool score_holds(const struct seg_decision *decision, const struct range *range)
{
	const Nurture__V1__Feedback *feedback = decision->event ? decision->event->feedback : NULL;

	return feedback && feedback->score != 0 && in_range(range, feedback->score);
}

static bool channel_holds(const struct seg_decision *decision, const char *channel)
{
	const Nurture__V1__Interaction *interaction =
	    decision->event ? decision->event->interaction : NULL;

	return interaction && strcmp(interaction->channel, channel) == 0;
}

static bool has_item_of(const Nurture__V1__Order *order, const char *category)
{
	for (size_t i = 0; order && i < order->n_items; i++)
		if (strcmp(order->items[i]->category, category) == 0)
			return true;
	return false;
}

/*
 * The categories come from the event or, since few events list all items, from earlier ones about
 * the order.
 */
static bool order_category_holds(const struct seg_decision *decision, const char *category)
{
	const struct seg_order *order;
	int at;

	if (!*decision->change.order)
		return false;
	if (decision->event && has_item_of(decision->event->order, category))
		return true;
	at = seg_category_find(decision->profile, category);
	order = at < 0 ? NULL : seg_order_find(decision->profile, decision->change.order);
	return order && order->categories >> at & 1;
}

static bool since_holds(const struct seg_decision *decision, int64_t then_ms,
			const struct range *range)
{
	return then_ms != SEG_NEVER && in_range(range, seg_since(seg_now_ms(decision), then_ms));
}

/* Compares country codes without regard to case. */
static bool country_holds(const struct seg_decision *decision, const char *code)
{
	const char *own = decision->profile->attributes[SEG_COUNTRY].text;

	if (strlen(own) != 2 || strlen(code) != 2)
		return false;
	return (own[0] | 0x20) == (code[0] | 0x20) && (own[1] | 0x20) == (code[1] | 0x20);
}

static bool any_holds(const struct seg_decision *decision, const struct condition *condition,
		      bool wanted)
{
	for (unsigned i = 0; i < condition->child_count; i++)
		if (seg_condition_holds(decision, &condition->children[i]) == wanted)
			return true;
	return false;
}

/* What is asked of the event that set it off. */
static bool occasion_holds(const struct seg_decision *decision, const struct condition *condition)
{
	switch ((int)condition->kind) {
	case CONDITION_ORDER_AMOUNT:
		return order_amount_holds(decision, &condition->range);
	case CONDITION_SCORE:
		return score_holds(decision, &condition->range);
	case CONDITION_ORDER_CATEGORY:
		return order_category_holds(decision, condition->text);
	case CONDITION_CHANNEL:
		return channel_holds(decision, condition->text);
	default:
		return false;
	}
}

bool seg_condition_holds(const struct seg_decision *decision, const struct condition *condition)
{
	switch (condition->kind) {
	case CONDITION_ALL:
		return !any_holds(decision, condition, false);
	case CONDITION_ANY:
		return any_holds(decision, condition, true);
	case CONDITION_NOT:
		return !any_holds(decision, condition, true);
	case CONDITION_SEGMENT:
		return seg_segment_holds(decision, condition->segment);
	case CONDITION_ORDERS:
		return in_range(&condition->range, decision->facts.orders);
	case CONDITION_SPENT:
		return in_range(&condition->range, decision->facts.spent_e4);
	case CONDITION_DAYS_SINCE_ORDER:
		return days_since_hold(decision, condition);
	case CONDITION_ORDER_AMOUNT:
	case CONDITION_SCORE:
	case CONDITION_ORDER_CATEGORY:
	case CONDITION_CHANNEL:
		return occasion_holds(decision, condition);
	case CONDITION_BOUGHT:
		return seg_bought_ms(decision, condition->text) != SEG_NEVER;
	case CONDITION_STAGE:
		return strcmp(seg_stage_text(decision->facts.stage), condition->text) == 0;
	case CONDITION_COUNTRY:
		return country_holds(decision, condition->text);
	case CONDITION_CUSTOMER_FOR:
		return since_holds(decision, decision->facts.first_ms, &condition->range);
	case CONDITION_SINCE_BOUGHT:
		return since_holds(decision, seg_bought_ms(decision, condition->text),
				   &condition->range);
	case CONDITION_EXPECTED_ORDERS:
	case CONDITION_EXPECTED_VALUE:
		return seg_expected_holds(decision, condition);
	case CONDITION_RFM:
		return seg_rfm_holds(decision, condition);
	}
	return false;
}
