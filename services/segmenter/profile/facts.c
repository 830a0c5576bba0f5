/* facts.c - see facts.h. */
#include "facts.h"

#include "common/base/civil.h"
#include "orders.h"

const char *seg_stage_text(enum stage stage)
{
	static const char *const text[] = {
#define X(name, word, least, most) [STAGE_##name] = word,
	    STAGES(X)
#undef X
	};

	return text[stage];
}

int64_t seg_slipping_ms(const struct seg_facts *facts)
{
	return facts->gap_ms ? 2 * facts->gap_ms : 90 * DAY_MS;
}

int64_t seg_lapsed_ms(const struct seg_facts *facts)
{
	return facts->gap_ms ? 4 * facts->gap_ms : 365 * DAY_MS;
}

static enum stage stage_of(const struct seg_facts *facts)
{
	if (facts->orders == 0)
		return STAGE_PROSPECT;
	if (facts->since_ms > seg_lapsed_ms(facts))
		return STAGE_LAPSED;
	if (facts->since_ms > seg_slipping_ms(facts))
		return STAGE_SLIPPING;
	if (facts->orders == 1)
		return STAGE_NEW;
	return facts->orders >= STAGE_LOYAL_ORDERS ? STAGE_LOYAL : STAGE_ACTIVE;
}

/* Puts gap into the sorted list. */
static void gap_add(int64_t *gaps_ms, unsigned count, int64_t gap_ms)
{
	for (; count > 0 && gaps_ms[count - 1] > gap_ms; count--)
		gaps_ms[count] = gaps_ms[count - 1];
	gaps_ms[count] = gap_ms;
}

/* The median of the gaps of a day and more: two orders of one evening are one visit. */
static int64_t usual_gap_ms(const struct seg_profile *profile)
{
	int64_t gaps_ms[SEG_ORDERS_MAX], last_ms = SEG_NEVER, median_ms;
	unsigned count = 0;

	for (unsigned i = 0; i < profile->order_count; i++) {
		const struct seg_order *order = &profile->orders[i];

		if (!seg_order_is_kept(order))
			continue;
		if (last_ms != SEG_NEVER && order->time_ms - last_ms >= DAY_MS)
			gap_add(gaps_ms, count++, order->time_ms - last_ms);
		last_ms = order->time_ms;
	}
	if (count == 0)
		return 0;
	median_ms = (gaps_ms[(count - 1) / 2] + gaps_ms[count / 2]) / 2;
	return seg_max(median_ms, SEG_SHORTEST_GAP_MS);
}

struct seg_facts seg_facts_at(const struct seg_profile *profile, int64_t now_ms)
{
	struct seg_facts facts = {
	    .orders = (int64_t)profile->older.orders,
	    .spent_e4 = profile->older.spent_e4,
	    .first_ms = profile->older.first_ms,
	    .last_ms = profile->older.last_ms,
	};

	for (unsigned i = 0; i < profile->order_count; i++) {
		const struct seg_order *order = &profile->orders[i];

		facts.spent_e4 = seg_sum(facts.spent_e4, seg_order_spent_e4(order));
		if (!seg_order_is_kept(order))
			continue;
		facts.orders++;
		facts.last_ms = seg_max(facts.last_ms, order->time_ms);
		if (facts.first_ms == SEG_NEVER || order->time_ms < facts.first_ms)
			facts.first_ms = order->time_ms;
	}
	facts.spent_e4 = seg_max(facts.spent_e4, 0);
	if (facts.orders > 0)
		facts.since_ms = seg_since(now_ms, facts.last_ms);
	facts.gap_ms = usual_gap_ms(profile);
	facts.stage = stage_of(&facts);
	return facts;
}

/* Visits by days since the first order: those of a day are one. */
static int64_t visits_of(const struct seg_profile *profile, int64_t first_ms)
{
	int64_t visits = (int64_t)profile->older.orders, last = -1;

	if (visits > 0)
		last = seg_since(profile->older.last_ms, first_ms) / DAY_MS;
	for (unsigned i = 0; i < profile->order_count; i++) {
		const struct seg_order *order = &profile->orders[i];
		int64_t day = seg_since(order->time_ms, first_ms) / DAY_MS;

		if (!seg_order_is_kept(order))
			continue;
		visits += day > last;
		last = seg_max(day, last);
	}
	return visits;
}

struct forecast_life seg_life_at(const struct seg_profile *profile, const struct seg_facts *facts,
				 int64_t now_ms)
{
	int64_t visits = visits_of(profile, facts->first_ms);
	int64_t last = seg_since(facts->last_ms, facts->first_ms) / DAY_MS;

	return (struct forecast_life){
	    .repeats = visits - 1,
	    .last = last,
	    .days = seg_max(last, seg_since(now_ms, facts->first_ms) / DAY_MS),
	    .mean = (double)facts->spent_e4 / 10000 / (double)visits,
	};
}
