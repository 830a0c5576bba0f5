/* send_time.c - see send_time.h.  Whole numbers only: every machine finds the same hour. */
#include "send_time.h"

#include <stdlib.h>

#include "dates.h"

enum {
	OPEN_WEIGHT = 1,
	CLICK_WEIGHT = 2,
	ORDER_WEIGHT = 3,
	HALF_LIFE_MIN = 90 * DAY_MIN,
	HALVINGS_MAX = 52, /* after twelve years a weight counts as 0 */
	ROOTS = 17,        /* 2^-17 of 90 days is a minute */
};

static int64_t minute_of(int64_t time_ms)
{
	int64_t minute = time_ms / MINUTE_MS;

	return time_ms < minute * MINUTE_MS ? minute - 1 : minute;
}

void seg_send_time_note(struct seg_profile *profile, int64_t time_ms, bool clicked)
{
	int64_t moment = 2 * minute_of(time_ms) + clicked;
	unsigned at = profile->moment_count;

	while (at > 0 && moment < profile->moments[at - 1])
		at--;
	profile->moments = seg_list_open(profile->arena, profile->moments, profile->moment_count,
					 &profile->moment_room, sizeof(moment), at);
	profile->moments[at] = moment;
	profile->moment_count++;
	if (profile->moment_count > SEG_MOMENTS_MAX)
		seg_list_close(profile->moments, profile->moment_count--, sizeof(moment), 0);
	if (profile->moments_ever < UINT32_MAX)
		profile->moments_ever++;
}

bool seg_send_time_is_active_since(const struct seg_profile *profile, int64_t time_ms)
{
	return profile->moment_count &&
	       profile->moments[profile->moment_count - 1] >= 2 * minute_of(time_ms);
}

bool seg_best_hour_matters(const struct policy *policy)
{
	for (unsigned i = 0; i < policy->programme_count; i++)
		if (policy->programmes[i].send_at == SEND_AT_BEST)
			return true;
	return false;
}

/* The weights by hour, and the zone's offset as long as it holds. */
struct weighing {
	const struct zone *zone, *shop_zone;
	int64_t steady_from_ms, steady_until_ms, offset_ms;
	int64_t newest_min;
	int64_t hours[24];
	uint64_t evidence;
};

static int64_t ms_of_day(const struct zone *zone, int64_t time_ms)
{
	int64_t ret;

	zone_date(zone, time_ms, &ret);
	return ret;
}

/* A date without a time is midnight somewhere: by the customer's clock, the shop's or UTC. */
static bool is_date_only(const struct weighing *w, int64_t time_ms)
{
	if (time_ms % MINUTE_MS != 0)
		return false;
	return time_ms % DAY_MS == 0 || ms_of_day(w->zone, time_ms) == 0 ||
	       ms_of_day(w->shop_zone, time_ms) == 0;
}

static unsigned local_hour(struct weighing *w, int64_t time_ms)
{
	int64_t local_ms;

	if (time_ms < w->steady_from_ms || time_ms >= w->steady_until_ms) {
		w->steady_from_ms = time_ms;
		w->steady_until_ms = zone_steady_until(w->zone, time_ms);
		w->offset_ms = zone_offset_s(w->zone, time_ms) * SECOND_MS;
	}
	local_ms = (time_ms + w->offset_ms) % DAY_MS;
	return (unsigned)((local_ms < 0 ? local_ms + DAY_MS : local_ms) / HOUR_MS);
}

/*
 * A weight of 1 after so many minutes, times 2^52: 2^(-age / 90 days). The part below one half-life
 * is a product of roots of one half, bit by bit.
 */
static int64_t faded(int64_t age_min)
{
	/* 2^31 times 2^(-1/2), 2^(-1/4), 2^(-1/8), ... */
	static const uint32_t roots[ROOTS] = {
	    1518500250, 1805811301, 1969251188, 2056437387, 2101467502, 2124350982,
	    2135885998, 2141676973, 2144578345, 2146030505, 2146756953, 2147120270,
	    2147301951, 2147392798, 2147438222, 2147460935, 2147472292,
	};
	int64_t halvings = age_min / HALF_LIFE_MIN, rest_min = age_min % HALF_LIFE_MIN;
	uint64_t part = ((uint64_t)rest_min << ROOTS) / HALF_LIFE_MIN;
	uint64_t left = UINT64_C(1) << 31;

	if (halvings > HALVINGS_MAX)
		return 0;
	for (unsigned i = 0; i < ROOTS; i++)
		if (part >> (ROOTS - 1 - i) & 1)
			left = left * roots[i] >> 31;
	return (int64_t)(left << 21 >> halvings);
}

static void weigh(struct weighing *w, int64_t minute, int weight)
{
	w->hours[local_hour(w, minute * MINUTE_MS)] += weight * faded(w->newest_min - minute);
	w->evidence++;
}

static bool counts(const struct weighing *w, const struct seg_order *order)
{
	return order->placed && !is_date_only(w, order->time_ms);
}

static void weigh_all(struct weighing *w, const struct seg_profile *profile)
{
	w->newest_min = INT64_MIN;
	if (profile->moment_count)
		w->newest_min =
		    minute_of(profile->moments[profile->moment_count - 1] * SEG_MOMENT_MS);
	for (unsigned i = 0; i < profile->order_count; i++)
		if (counts(w, &profile->orders[i]))
			w->newest_min =
			    seg_max(w->newest_min, minute_of(profile->orders[i].time_ms));
	for (unsigned i = 0; i < profile->moment_count; i++) {
		int64_t moment = profile->moments[i];
		bool clicked = moment % 2 != 0;

		weigh(w, (moment - clicked) / 2, clicked ? CLICK_WEIGHT : OPEN_WEIGHT);
	}
	for (unsigned i = 0; i < profile->order_count; i++)
		if (counts(w, &profile->orders[i]))
			weigh(w, minute_of(profile->orders[i].time_ms), ORDER_WEIGHT);
	w->evidence += profile->moments_ever - profile->moment_count;
}

/* The distance between two times of day, the short way round the clock. */
static int minutes_between(int a_min, int b_min)
{
	int apart_min = abs(a_min - b_min);

	return apart_min < DAY_MIN - apart_min ? apart_min : DAY_MIN - apart_min;
}

static int64_t stretch(const int64_t hours[24], int middle)
{
	return hours[(middle + 23) % 24] + hours[middle] + hours[(middle + 1) % 24];
}

int seg_best_hour(struct seg_decision *decision)
{
	const struct send_time *policy = &decision->policy->send_time;
	struct weighing w = {.zone = seg_zone(decision),
			     .shop_zone = decision->policy->shop_zone,
			     .steady_from_ms = INT64_MAX};
	int best = 0;

	weigh_all(&w, decision->profile);
	if (w.evidence == 0 || w.evidence < policy->evidence)
		return -1;
	for (int hour = 1; hour < 24; hour++) {
		int64_t gain = stretch(w.hours, hour) - stretch(w.hours, best);

		if (gain > 0 || (gain == 0 && minutes_between(60 * hour, policy->fallback_min) <
						  minutes_between(60 * best, policy->fallback_min)))
			best = hour;
	}
	return best;
}
