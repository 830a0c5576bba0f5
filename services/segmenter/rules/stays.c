/* stays.c - see stays.h. */
#include "stays.h"

enum seg_order_date_kind seg_stay_kind(const struct trigger *trigger)
{
	return trigger->date == DATE_ORDER_STARTS ? SEG_STARTS : SEG_ENDS;
}

int64_t seg_stay_instant_ms(const struct seg_decision *decision, const struct trigger *trigger,
			    int64_t date_ms)
{
	const struct zone *zone = decision->policy->shop_zone;
	int64_t instant_ms = date_ms + trigger->offset_ms, ms_of_day;

	if (!trigger->has_at)
		return instant_ms;
	return zone_instant(zone, zone_date(zone, instant_ms, &ms_of_day),
			    trigger->at_min * MINUTE_MS);
}

int64_t seg_stay_due_ms(const struct seg_decision *decision, const struct trigger *trigger,
			const struct seg_order *order)
{
	const struct seg_order_date *date = &order->dates[seg_stay_kind(trigger)];
	int64_t now_ms = seg_now_ms(decision), instant_ms;

	if (date->at_ms == SEG_NEVER || !seg_order_is_kept(order))
		return NEVER_MS;
	instant_ms = seg_stay_instant_ms(decision, trigger, date->at_ms);
	if (date->done_ms != SEG_NEVER)
		return instant_ms > date->done_ms ? instant_ms : NEVER_MS;
	if (instant_ms > now_ms)
		return instant_ms;
	return date->at_ms > now_ms ? now_ms : NEVER_MS;
}

bool seg_stay_was_due(const struct seg_decision *decision, const struct trigger *trigger,
		      const struct seg_order_date *before)
{
	return before->done_ms != SEG_NEVER &&
	       seg_stay_instant_ms(decision, trigger, before->at_ms) <= before->done_ms;
}

static bool has_order_dates(const struct policy *policy)
{
	for (unsigned i = 0; i < policy->programme_count; i++)
		if (trigger_is_order_date(&policy->programmes[i].trigger))
			return true;
	return false;
}

void seg_stays_done(struct seg_decision *decision)
{
	bool something_hangs = false; /* asked when there is a date: few shops have any */

	for (unsigned i = 0; i < decision->profile->order_count; i++) {
		struct seg_order *order = &decision->profile->orders[i];

		if ((order->dates[SEG_STARTS].at_ms == SEG_NEVER &&
		     order->dates[SEG_ENDS].at_ms == SEG_NEVER) ||
		    !seg_order_is_kept(order))
			continue;
		something_hangs = something_hangs || has_order_dates(decision->policy);
		if (!something_hangs)
			return;
		for (unsigned kind = 0; kind < SEG_ORDER_DATES; kind++)
			if (order->dates[kind].at_ms != SEG_NEVER)
				order->dates[kind].done_ms = seg_now_ms(decision);
	}
}
