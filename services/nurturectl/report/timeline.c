/* timeline.c - see timeline.h. */
#include "timeline.h"

#include <stdlib.h>

#define YEAR_MS (366 * DAY_MS)

static int compare_marks(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static void add_orders(struct timeline *timeline, const struct order_event *events, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (events[i].kind != ORDER_DELIVERED && events[i].kind != ORDER_SHIPPED)
			timeline->marks[timeline->count++] = (struct mark){
			    .kind = MARK_ORDER, .at_ms = events[i].time_ms, .order = &events[i]};
}

static enum mark_kind kind_of(const struct outcome_row *row)
{
	if (row->ends == 0)
		return MARK_WAITING;
	if (row->status == STATUS_TASK_CREATED)
		return MARK_TASK;
	return outcome_row_is_heard(row) ? MARK_SAID : MARK_UNSAID;
}

static void add_rows(struct timeline *timeline, const struct outcome_table_customer *customer)
{
	for (size_t i = 0; i < customer->count; i++) {
		const struct outcome_row *row = &timeline->table->rows[customer->first + i];

		timeline->marks[timeline->count++] =
		    (struct mark){.kind = kind_of(row), .at_ms = row->last_ms, .row = row};
	}
}

static void count_marks(struct timeline *timeline)
{
	memset(timeline->counts, 0, sizeof(timeline->counts));
	timeline->placed = 0;
	for (size_t i = 0; i < timeline->count; i++) {
		const struct mark *mark = &timeline->marks[i];

		timeline->counts[mark->kind]++;
		timeline->placed += mark->order && mark->order->kind == ORDER_PLACED;
	}
}

void timeline_open(struct timeline *timeline, const struct policy *policy,
		   const struct orders *orders, const struct outcome_table *table,
		   const char *customer)
{
	const struct outcome_table_customer *rows = outcome_table_find(table, customer);
	size_t events, first = orders_of_customer(orders, slice_text(customer), &events);

	*timeline = (struct timeline){.policy = policy, .table = table};
	timeline->marks = calloc((rows ? rows->count : 0) + events + 1, sizeof(*timeline->marks));
	if (!timeline->marks)
		abort();
	add_orders(timeline, orders->events + first, events);
	if (rows)
		add_rows(timeline, rows);
	qsort(timeline->marks, timeline->count, sizeof(*timeline->marks), compare_marks);
	count_marks(timeline);
}

static size_t marks_between(const struct timeline *timeline, int64_t from_ms, int64_t to_ms)
{
	size_t count = 0;

	for (size_t i = 0; i < timeline->count; i++)
		count += timeline->marks[i].at_ms >= from_ms && timeline->marks[i].at_ms < to_ms;
	return count;
}

static void cut(struct timeline *timeline, int64_t from_ms, int64_t to_ms)
{
	size_t first = 0, count = marks_between(timeline, from_ms, to_ms);

	while (first < timeline->count && timeline->marks[first].at_ms < from_ms)
		first++;
	memmove(timeline->marks, timeline->marks + first, count * sizeof(*timeline->marks));
	timeline->count = count;
	timeline->from_ms = from_ms;
	timeline->to_ms = to_ms;
	count_marks(timeline);
}

void timeline_choose_year(struct timeline *timelines, size_t count)
{
	int64_t best_ms = 0, last_ms = 0;
	size_t most = 0;

	/* The best year may be taken to begin with a mark; months apart are tried only once. */
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0, tried = SIZE_MAX; k < timelines[i].count; k++) {
			int64_t from_ms = timelines[i].marks[k].at_ms;
			size_t marks = 0;

			if (tried != SIZE_MAX &&
			    from_ms < timelines[i].marks[tried].at_ms + 7 * DAY_MS)
				continue;
			tried = k;
			for (size_t j = 0; j < count; j++)
				marks += marks_between(&timelines[j], from_ms, from_ms + YEAR_MS);
			if (marks <= most)
				continue;
			most = marks;
			best_ms = from_ms;
		}
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < timelines[i].count; k++) {
			int64_t at_ms = timelines[i].marks[k].at_ms;

			if (at_ms < best_ms + YEAR_MS && at_ms > last_ms)
				last_ms = at_ms;
		}
	if (last_ms < best_ms)
		last_ms = best_ms;
	for (size_t i = 0; i < count; i++)
		cut(&timelines[i], best_ms, last_ms + DAY_MS);
}

void timeline_close(struct timeline *timeline)
{
	free(timeline->marks);
}
