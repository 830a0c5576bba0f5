/* orders_sorted.c - the events by time and by customer, and how many there are; see orders.h. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "orders.h"

void orders_make_room(struct orders *orders, size_t more)
{
	if (orders->count + more <= orders->room)
		return;
	orders->room = orders->room ? orders->room * 2 : 4096;
	orders->events = realloc(orders->events, orders->room * sizeof(*orders->events));
	if (!orders->events)
		abort();
}

static int compare_times(const void *a, const void *b)
{
	const struct order_event *x = a, *y = b;

	if (x->time_ms != y->time_ms)
		return x->time_ms < y->time_ms ? -1 : 1;
	return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

static int compare_ids(struct slice a, struct slice b)
{
	int order = memcmp(a.bytes, b.bytes, a.len < b.len ? a.len : b.len);

	if (order == 0 && a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return order;
}

static int compare_customers(const void *a, const void *b)
{
	const struct order_event *x = a, *y = b;
	int order = compare_ids(x->customer, y->customer);

	return order ? order : compare_times(a, b);
}

/* Counts the events, and sorts them by time. */
void orders_count(struct orders *orders)
{
	orders->customers = orders->placed = 0;
	orders->last_placed_ms = INT64_MIN;
	orders_by_customer(orders);
	for (size_t i = 0; i < orders->count; i++) {
		const struct order_event *event = &orders->events[i];

		orders->customers +=
		    i == 0 || !slice_equal(event->customer, orders->events[i - 1].customer);
		if (event->kind != ORDER_PLACED)
			continue;
		orders->placed++;
		if (event->time_ms > orders->last_placed_ms)
			orders->last_placed_ms = event->time_ms;
	}
	qsort(orders->events, orders->count, sizeof(*orders->events), compare_times);
	orders->is_by_customer = false;
	orders->first_ms = orders->events[0].time_ms;
	orders->last_ms = orders->events[orders->count - 1].time_ms;
	if (orders->placed == 0)
		orders->last_placed_ms = orders->last_ms;
}

int orders_cut(struct orders *orders, int64_t until_ms, struct err *err)
{
	char text[RFC3339_BYTES];
	size_t kept = 0;

	for (size_t i = 0; i < orders->count; i++)
		if (orders->events[i].time_ms < until_ms)
			orders->events[kept++] = orders->events[i];
	if (kept == 0)
		return err_config(err, "--until: expected a time after the first event, %s",
				  rfc3339_text(orders->first_ms, text));
	if (kept == orders->count)
		return 0;
	orders->count = kept;
	orders_count(orders);
	return 0;
}

void orders_by_customer(struct orders *orders)
{
	if (!orders->is_by_customer)
		qsort(orders->events, orders->count, sizeof(*orders->events), compare_customers);
	orders->is_by_customer = true;
}

size_t orders_of_customer(const struct orders *orders, struct slice customer, size_t *ret_count)
{
	size_t from = 0, to = orders->count, first;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare_ids(orders->events[middle].customer, customer) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (first = from; from < orders->count; from++)
		if (!slice_equal(orders->events[from].customer, customer))
			break;
	*ret_count = from - first;
	return first;
}
