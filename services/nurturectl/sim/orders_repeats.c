/* orders_repeats.c - rows of an order that was placed in an earlier row; see orders.h. */
#include <stdlib.h>
#include <string.h>

#include "orders.h"

/* The placings of one customer: of the same order the earliest first. */
static int compare_orders(const void *a, const void *b)
{
	const struct order_event *x = *(const struct order_event *const *)a;
	const struct order_event *y = *(const struct order_event *const *)b;
	int order = strcmp(x->order, y->order);

	return order ? order : (x > y) - (x < y);
}

/* A row's events are next to each other in no order; all have its line. */
static void drop_row(struct order_event *events, size_t count, int line)
{
	for (size_t i = 0; i < count; i++)
		if (events[i].line == line && events[i].line_bytes == 0)
			events[i].customer.len = 0;
}

static void drop_of_customer(struct orders *orders, struct order_event *events, size_t count,
			     const struct order_event **placed)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (events[i].kind == ORDER_PLACED && events[i].line_bytes == 0)
			placed[n++] = &events[i];
	qsort(placed, n, sizeof(struct order_event *), compare_orders);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(placed[i]->order, placed[i - 1]->order) != 0)
			continue;
		left_out_add(&orders->left, LEFT_REPEATED, slice_of("", 0), placed[i]->line,
			     &orders->arena);
		drop_row(events, count, placed[i]->line);
	}
}

void orders_drop_repeats(struct orders *orders)
{
	const struct order_event **placed = calloc(orders->count + 1, sizeof(*placed));
	size_t kept = 0;

	if (!placed)
		abort();
	orders_by_customer(orders);
	for (size_t at = 0, next; at < orders->count; at = next) {
		for (next = at + 1; next < orders->count; next++)
			if (!slice_equal(orders->events[next].customer,
					 orders->events[at].customer))
				break;
		if (next - at > 1)
			drop_of_customer(orders, orders->events + at, next - at, placed);
	}
	for (size_t i = 0; i < orders->count; i++)
		if (orders->events[i].customer.len)
			orders->events[kept++] = orders->events[i];
	orders->count = kept;
	free(placed);
}
