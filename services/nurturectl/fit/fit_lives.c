/* fit_lives.c - what the orders of each customer come to; see fit.h. */
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "fit.h"

/* What is known of one order. */
struct bought {
	const char *id;
	int64_t time_ms, amount_e4;
	bool is_gone;
	const struct order_event *event; /* when it was placed */
};

struct reading {
	struct bought *orders;
	size_t count;
	int64_t untold_e4; /* taken back of orders that are not in the file */
	uint32_t *gaps;
};

static struct bought *find(struct reading *reading, const char *id)
{
	for (size_t i = reading->count; i-- > 0 && *id;)
		if (strcmp(reading->orders[i].id, id) == 0)
			return &reading->orders[i];
	return NULL;
}

/* Without an amount, or of all that it cost: the order has gone. */
static void take_back(struct reading *reading, const struct order_event *event)
{
	struct bought *order = find(reading, event->order);
	bool is_whole = event->kind == ORDER_CANCELLED || !*event->amount;

	if (!order) {
		reading->untold_e4 += *event->amount ? event->amount_e4 : 0;
		return;
	}
	order->amount_e4 = is_whole ? 0 : order->amount_e4 - event->amount_e4;
	order->is_gone |= is_whole || order->amount_e4 <= 0;
}

static void read_events(const struct fit_lives *lives, const struct order_event *events,
			size_t count, struct reading *reading)
{
	reading->count = 0;
	reading->untold_e4 = 0;
	for (size_t i = 0; i < count; i++) {
		const struct order_event *event = &events[i];

		if (event->time_ms >= lives->until_ms)
			break;
		if (event->kind == ORDER_PLACED)
			reading->orders[reading->count++] = (struct bought){
			    event->order, event->time_ms, event->amount_e4, false, event};
		else if (event->time_ms < lives->learnt_ms &&
			 (event->kind == ORDER_CANCELLED || event->kind == ORDER_REFUNDED))
			take_back(reading, event);
	}
}

static int compare_gaps(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The median of the days between visits, at least a week as in the segmenter; 0: there are none. */
static uint32_t usual_gap(uint32_t *gaps, size_t count)
{
	uint32_t median;

	if (count == 0)
		return 0;
	qsort(gaps, count, sizeof(*gaps), compare_gaps);
	median = (gaps[(count - 1) / 2] + gaps[count / 2]) / 2;
	return median < 7 ? 7 : median;
}

/* Orders are by time; false: nothing was bought until the model is learnt. */
static bool life_of(const struct fit_lives *lives, const struct reading *reading,
		    struct fit_life *ret)
{
	int64_t first_ms = INT64_MAX, last_ms = 0, later_day = -1;

	*ret = (struct fit_life){.spent_e4 = -reading->untold_e4};
	for (size_t i = 0; i < reading->count; i++) {
		const struct bought *order = &reading->orders[i];
		uint32_t day;

		if (order->is_gone || (order->time_ms >= lives->learnt_ms && ret->orders == 0))
			continue;
		first_ms = ret->orders ? first_ms : order->time_ms;
		day = (uint32_t)((order->time_ms - first_ms) / DAY_MS);
		if (order->time_ms >= lives->learnt_ms) {
			ret->later += (int64_t)day != later_day;
			later_day = day;
			continue;
		}
		if (day > ret->last)
			reading->gaps[ret->repeats++] = day - ret->last;
		ret->last = day;
		last_ms = order->time_ms;
		ret->orders++;
		ret->spent_e4 += order->amount_e4;
	}
	if (ret->orders == 0)
		return false;
	ret->days = (uint32_t)((lives->learnt_ms - first_ms) / DAY_MS);
	ret->since = (uint32_t)((lives->learnt_ms - last_ms) / DAY_MS);
	ret->gap_days = usual_gap(reading->gaps, ret->repeats);
	return true;
}

static void keep(struct fit_lives *lives, struct fit_life life)
{
	if (lives->count == lives->room) {
		lives->room = lives->room ? lives->room * 2 : 1024;
		lives->lives = realloc(lives->lives, lives->room * sizeof(*lives->lives));
		if (!lives->lives)
			abort();
	}
	lives->lives[lives->count++] = life;
	lives->repeaters += life.repeats > 0;
}

static void *room(size_t count, size_t size)
{
	void *ret = calloc(count + 1, size);

	if (!ret)
		abort();
	return ret;
}

static void count_categories(const struct fit_lives *lives, const struct reading *reading)
{
	const char **categories = room(reading->count * ORDER_CATEGORIES_MAX, sizeof(*categories));
	size_t count = 0;

	for (size_t i = 0; i < reading->count; i++) {
		const struct bought *order = &reading->orders[i];

		if (order->is_gone || order->time_ms >= lives->learnt_ms)
			continue;
		for (unsigned k = 0; k < order->event->category_count; k++)
			categories[count++] = order->event->categories[k];
	}
	fit_related_add(lives->related, categories, count);
	free(categories);
}

void fit_lives_add(struct fit_lives *lives, const struct orders *share)
{
	struct reading reading = {.orders = room(share->count, sizeof(*reading.orders)),
				  .gaps = room(share->count, sizeof(*reading.gaps))};

	for (size_t at = 0, n; at < share->count; at += n) {
		struct fit_life life;

		orders_of_customer(share, share->events[at].customer, &n);
		read_events(lives, share->events + at, n, &reading);
		if (!life_of(lives, &reading, &life))
			continue;
		keep(lives, life);
		if (lives->related)
			count_categories(lives, &reading);
	}
	free(reading.orders);
	free(reading.gaps);
}

void fit_lives_free(struct fit_lives *lives)
{
	free(lives->lives);
	*lives = (struct fit_lives){0};
}
