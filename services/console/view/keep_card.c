/* keep_card.c - the card of keep.h: what people look at of a profile. */
#include "common/base/civil.h"
#include "keep.h"
#include "services/segmenter/profile/cases.h"
#include "services/segmenter/profile/facts.h"
#include "services/segmenter/profile/orders.h"
#include "services/segmenter/profile/person.h"
#include "services/segmenter/profile/wire.h"

static int64_t time_or_0(int64_t time_ms)
{
	return time_ms == SEG_NEVER ? 0 : time_ms;
}

static const char *state_of(const struct seg_order *order)
{
	if (seg_order_is_gone(order))
		return "gone";
	if (seg_order_is_delivered(order))
		return "delivered";
	if (seg_order_is_late(order))
		return "late";
	return order->told_shipped ? "shipped" : "placed";
}

static Nurture__V1__CardOrder *order_of(const struct seg_order *order, struct arena *arena)
{
	Nurture__V1__CardOrder *kept = arena_alloc(arena, sizeof(*kept));
	char *currency = arena_alloc(arena, CURRENCY_TEXT_BYTES);

	nurture__v1__card_order__init(kept);
	kept->id = (char *)order->id;
	kept->at_ms = order->time_ms;
	kept->amount_e4 = order->amount_e4;
	kept->currency = (char *)currency_text(order->currency, currency);
	kept->refunded_e4 = order->refunded_e4;
	kept->state = (char *)state_of(order);
	kept->delivered_ms = time_or_0(order->delivered_ms);
	kept->starts_ms = time_or_0(order->dates[SEG_STARTS].at_ms);
	kept->ends_ms = time_or_0(order->dates[SEG_ENDS].at_ms);
	return kept;
}

static void take_orders(const struct seg_profile *profile, struct arena *arena,
			Nurture__V1__Card *card)
{
	card->recent = arena_alloc(arena, (profile->order_count + 1) * sizeof(*card->recent));
	for (unsigned i = profile->order_count; i-- > 0;)
		if (profile->orders[i].placed)
			card->recent[card->n_recent++] = order_of(&profile->orders[i], arena);
}

static void add_case(const char *name, const char *order, int64_t opened_ms, struct arena *arena,
		     Nurture__V1__Card *card)
{
	Nurture__V1__CardCase *kept = arena_alloc(arena, sizeof(*kept));

	nurture__v1__card_case__init(kept);
	kept->name = (char *)name;
	kept->order = (char *)order;
	kept->opened_ms = opened_ms;
	card->cases[card->n_cases++] = kept;
}

static void take_cases(const struct seg_profile *profile, struct arena *arena,
		       Nurture__V1__Card *card)
{
	card->cases = arena_alloc(arena, (profile->case_count + profile->order_count + 1) *
					     sizeof(*card->cases));
	for (unsigned i = 0; i < profile->case_count; i++) {
		const struct seg_case *c = &profile->cases[i];

		if (seg_case_is_open(c))
			add_case(c->id, c->order, c->opened_ms, arena, card);
	}
	for (unsigned i = 0; i < profile->order_count; i++) {
		const struct seg_order *order = &profile->orders[i];

		if (seg_order_is_late(order))
			add_case(arena_printf(arena, "late:%s", order->id), order->id,
				 order->late_ms, arena, card);
	}
}

static void take_person(const struct seg_profile *profile, Nurture__V1__Card *card)
{
	const struct seg_attribute *attributes = profile->attributes;

	card->email = (char *)seg_address(profile);
	card->name = (char *)attributes[SEG_NAME].text;
	card->phone = (char *)attributes[SEG_PHONE].text;
	card->address = (char *)attributes[SEG_ADDRESS].text;
	card->locale = (char *)attributes[SEG_LOCALE].text;
	card->time_zone = (char *)attributes[SEG_TIME_ZONE].text;
	card->country = (char *)attributes[SEG_COUNTRY].text;
	card->region = (char *)attributes[SEG_REGION].text;
	card->birthday = (char *)attributes[SEG_BIRTHDAY].text;
	card->merged_into = (char *)profile->merged_into;
	card->merged_ms = time_or_0(profile->merged_ms);
	card->segments = (char **)profile->segments;
	card->n_segments = profile->segment_count;
}

int keep_card(struct slice bytes, struct arena *arena, Nurture__V1__Card **ret,
	      int64_t *ret_erased_ms, struct err *err)
{
	struct seg_profile *profile;
	struct seg_facts facts;
	Nurture__V1__Card *card;

	*ret = NULL;
	*ret_erased_ms = 0;
	if (seg_profile_decode(bytes, arena, &profile, err) < 0)
		return -1;
	*ret_erased_ms = time_or_0(profile->erased_ms);
	card = arena_alloc(arena, sizeof(*card));
	nurture__v1__card__init(card);
	/* The sums do not depend on the instant. */
	facts = seg_facts_at(profile, 0);
	card->orders = facts.orders;
	card->spent_e4 = facts.spent_e4;
	card->first_ms = time_or_0(facts.first_ms);
	card->last_ms = time_or_0(facts.last_ms);
	take_person(profile, card);
	take_orders(profile, arena, card);
	take_cases(profile, arena, card);
	/* Of whom nothing else is known there is no card: a tombstone, most of all. */
	if (nurture__v1__card__get_packed_size(card) == 0)
		return 0;
	card->erased_ms = *ret_erased_ms;
	*ret = card;
	return 0;
}
