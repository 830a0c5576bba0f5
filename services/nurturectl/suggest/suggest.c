/* suggest.c - counts visits and gaps, and takes their quantiles; see suggest.h. */
#include "suggest.h"

#include <stdlib.h>

#include "common/base/civil.h"
#include "services/segmenter/profile/facts.h"
#include "suggest_internal.h"

#define SHORTEST_USUAL_DAYS ((double)SEG_SHORTEST_GAP_MS / DAY_MS)

struct visit {
	int64_t day;
	const struct order_event **orders; /* the orders of that day */
	size_t order_count;
};

struct suggest_counting {
	const struct zone *zone;
	struct suggest *suggest;
	struct visit *visits;
	const struct order_event **orders;
	size_t visit_count;
	struct suggest_values gaps, usual, ratios, *first, *again; /* the last two by category */
	double *sorted;                                            /* of one customer */
	size_t longest;    /* events of one customer that there is room for */
	int64_t *last_day; /* by category, of one customer: its last visit with it; INT64_MIN */
};

static int64_t day_of(const struct zone *zone, int64_t time_ms)
{
	int64_t of_day;

	if (!zone)
		return (time_ms - ((time_ms % DAY_MS + DAY_MS) % DAY_MS)) / DAY_MS;
	return civil_days(zone_date(zone, time_ms, &of_day));
}

static bool is_trouble(enum order_kind kind)
{
	return kind == ORDER_CANCELLED || kind == ORDER_REFUNDED || kind == ORDER_RETURN_OPENED ||
	       kind == ORDER_COMPLAINT_OPENED;
}

/* Collects the days with an order; false when the customer is not a happy one. */
static bool read_visits(struct suggest_counting *counting, const struct order_event *events,
			size_t count)
{
	struct visit *visits = counting->visits;
	size_t orders = 0;

	counting->visit_count = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t day = day_of(counting->zone, events[i].time_ms);

		if (is_trouble(events[i].kind))
			return false;
		if (events[i].kind != ORDER_PLACED)
			continue;
		if (counting->visit_count == 0 || visits[counting->visit_count - 1].day != day)
			visits[counting->visit_count++] =
			    (struct visit){.day = day, .orders = counting->orders + orders};
		counting->orders[orders++] = &events[i];
		visits[counting->visit_count - 1].order_count++;
	}
	return true;
}

/* Sorts by insertion, since the gaps of one customer are few and come one by one. */
static void sort_in(double *sorted, size_t count, double value)
{
	size_t at = count;

	for (; at > 0 && sorted[at - 1] > value; at--)
		sorted[at] = sorted[at - 1];
	sorted[at] = value;
}

static double median(const double *sorted, size_t count)
{
	return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static void count_gaps(struct suggest_counting *counting)
{
	const struct visit *visits = counting->visits;
	size_t count = 0;

	for (size_t i = 1; i < counting->visit_count; i++) {
		double gap = (double)(visits[i].day - visits[i - 1].day), usual;

		suggest_keep(&counting->gaps, gap);
		if (count >= 2) {
			usual = median(counting->sorted, count);
			if (usual < SHORTEST_USUAL_DAYS)
				usual = SHORTEST_USUAL_DAYS;
			suggest_keep(&counting->ratios, gap / usual);
		}
		sort_in(counting->sorted, count++, gap);
	}
	suggest_keep(&counting->usual, median(counting->sorted, count));
}

/* Counts what was bought on a day, each category once. */
static void count_visit(struct suggest_counting *counting, size_t index)
{
	const struct visit *visit = &counting->visits[index];

	for (size_t i = 0; i < visit->order_count; i++)
		for (unsigned k = 0; k < visit->orders[i]->category_count; k++) {
			const char *name = visit->orders[i]->categories[k];
			int64_t category = names_find(&counting->suggest->names, name);
			int64_t *last;

			if (category < 0 || category >= SUGGEST_CATEGORIES_MAX)
				continue;
			last = &counting->last_day[category];
			if (*last == visit->day)
				continue;
			if (index == 0)
				suggest_keep(&counting->first[category],
					     (double)(counting->visits[1].day - visit->day));
			if (*last != INT64_MIN)
				suggest_keep(&counting->again[category],
					     (double)(visit->day - *last));
			*last = visit->day;
		}
}

static void count_customer(struct suggest_counting *counting, const struct order_event *events,
			   size_t count)
{
	struct suggest *suggest = counting->suggest;

	suggest->customers++;
	if (!read_visits(counting, events, count) || counting->visit_count < SUGGEST_VISITS_MIN)
		return;
	suggest->happy++;
	suggest->visits += counting->visit_count;
	count_gaps(counting);
	for (uint32_t i = 0; i < suggest->names.count && i < SUGGEST_CATEGORIES_MAX; i++)
		counting->last_day[i] = INT64_MIN;
	for (size_t i = 0; suggest->names.count && i < counting->visit_count; i++)
		count_visit(counting, i);
}

static void *room(size_t count, size_t size)
{
	void *ret = calloc(count + 1, size);

	if (!ret)
		abort();
	return ret;
}

/* Collects the names of all categories; returns how many events the longest life has. */
static size_t look_around(const struct orders *share, struct suggest *suggest)
{
	size_t most = 0;

	for (size_t at = 0, n; at < share->count; at += n) {
		for (n = 1; at + n < share->count &&
			    slice_equal(share->events[at + n].customer, share->events[at].customer);
		     n++)
			;
		most = n > most ? n : most;
	}
	for (size_t i = 0; i < share->count; i++) {
		const struct order_event *event = &share->events[i];

		suggest->knows_troubles |= is_trouble(event->kind);
		for (unsigned k = 0; event->kind == ORDER_PLACED && k < event->category_count; k++)
			names_add(&suggest->names, event->categories[k]);
	}
	return most;
}

static int compare_categories(const void *a, const void *b)
{
	const struct suggest_category *x = a, *y = b;

	if (x->again.n != y->again.n)
		return x->again.n > y->again.n ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void finish(struct suggest_counting *counting)
{
	struct suggest *suggest = counting->suggest;
	uint32_t count = suggest->names.count;

	suggest->gaps = suggest_spread_of(&counting->gaps);
	suggest->usual = suggest_spread_of(&counting->usual);
	suggest->ratios = suggest_spread_of(&counting->ratios);
	suggest->category_count = count < SUGGEST_CATEGORIES_MAX ? count : SUGGEST_CATEGORIES_MAX;
	suggest->categories = room(suggest->category_count, sizeof(*suggest->categories));
	for (size_t i = 0; i < suggest->category_count; i++)
		suggest->categories[i] =
		    (struct suggest_category){.name = suggest->names.texts[i],
					      .first = suggest_spread_of(&counting->first[i]),
					      .again = suggest_spread_of(&counting->again[i])};
	qsort(suggest->categories, suggest->category_count, sizeof(*suggest->categories),
	      compare_categories);
}

void suggest_begin(const struct orders *all, const struct zone *zone, struct suggest *ret)
{
	struct suggest_counting *counting = room(0, sizeof(*counting));

	*ret = (struct suggest){
	    .first_ms = all->first_ms, .last_ms = all->last_placed_ms, .counting = counting};
	counting->zone = zone;
	counting->suggest = ret;
	counting->last_day = room(SUGGEST_CATEGORIES_MAX, sizeof(*counting->last_day));
	counting->first = room(SUGGEST_CATEGORIES_MAX, sizeof(*counting->first));
	counting->again = room(SUGGEST_CATEGORIES_MAX, sizeof(*counting->again));
}

/* Makes room for lives of so many events. */
static void make_room(struct suggest_counting *counting, size_t longest)
{
	if (counting->visits && longest <= counting->longest)
		return;
	free(counting->visits);
	free(counting->orders);
	free(counting->sorted);
	counting->longest = longest;
	counting->visits = room(longest, sizeof(*counting->visits));
	counting->orders = room(longest, sizeof(*counting->orders));
	counting->sorted = room(longest, sizeof(*counting->sorted));
}

void suggest_add(struct suggest *suggest, const struct orders *share)
{
	make_room(suggest->counting, look_around(share, suggest));
	for (size_t at = 0, n; at < share->count; at += n) {
		orders_of_customer(share, share->events[at].customer, &n);
		count_customer(suggest->counting, share->events + at, n);
	}
}

void suggest_end(struct suggest *suggest)
{
	struct suggest_counting *counting = suggest->counting;

	finish(counting);
	free(counting->visits);
	free(counting->orders);
	free(counting->sorted);
	free(counting->last_day);
	free(counting->first);
	free(counting->again);
	free(counting);
	suggest->counting = NULL;
}

void suggest_count(struct orders *orders, const struct zone *zone, struct suggest *ret)
{
	orders_by_customer(orders);
	suggest_begin(orders, zone, ret);
	suggest_add(ret, orders);
	suggest_end(ret);
}

void suggest_free(struct suggest *suggest)
{
	free(suggest->categories);
	names_free(&suggest->names);
	*suggest = (struct suggest){0};
}
