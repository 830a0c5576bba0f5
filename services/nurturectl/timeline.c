/* timeline.c - see timeline.h. */
#include "timeline.h"

#include <stdlib.h>

#include "common/wire/event.h"

#define YEAR_MS (366 * DAY_MS)

static int compare_marks(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static void add_orders(struct timeline *timeline, const char *customer)
{
	const struct orders *orders = timeline->input->orders;
	Nurture__V1__Event *event;
	struct err ignored;

	for (size_t i = 0; i < orders->count; i++) {
		if (!slice_equal(orders->events[i].customer, slice_text(customer)) ||
		    event_decode(orders->events[i].json, &timeline->arena, &event, &ignored) < 0 ||
		    strcmp(event->type, "order.delivered") == 0)
			continue;
		timeline->marks[timeline->count++] =
		    (struct mark){.kind = MARK_ORDER, .at_ms = event->time_ms, .order = event};
	}
}

static enum mark_kind kind_of(const struct request *request)
{
	if (!request->end)
		return MARK_WAITING;
	if (outcome_status(request->end) == STATUS_TASK_CREATED)
		return MARK_TASK;
	return outcome_counts(request->end) ? MARK_SAID : MARK_UNSAID;
}

static void add_requests(struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->requests.count; i++) {
		const struct request *request = &timeline->requests.items[i];
		const Nurture__V1__Outcome *last =
		    request->end ? request->end : request->items[request->count - 1];

		timeline->marks[timeline->count++] = (struct mark){.kind = kind_of(request),
								   .at_ms = (int64_t)last->at_ms,
								   .request = request,
								   .last = last};
	}
}

/* The 366 days in which most happened; both ends only ever move on. */
static void choose_year(struct timeline *timeline)
{
	size_t best = 0, most = 0;

	for (size_t from = 0, to = 0; from < timeline->count; from++) {
		while (to < timeline->count &&
		       timeline->marks[to].at_ms < timeline->marks[from].at_ms + YEAR_MS)
			to++;
		if (to - from <= most)
			continue;
		most = to - from;
		best = from;
	}
	memmove(timeline->marks, timeline->marks + best, most * sizeof(*timeline->marks));
	timeline->count = most;
	timeline->from_ms = most ? timeline->marks[0].at_ms : 0;
	timeline->to_ms = most ? timeline->marks[most - 1].at_ms + DAY_MS : DAY_MS;
}

void timeline_open(struct timeline *timeline, const struct report_input *input,
		   const struct report_story *story)
{
	*timeline = (struct timeline){.input = input};
	timeline->requests = requests_group(input->with->items + story->first, story->count);
	timeline->marks =
	    calloc(timeline->requests.count + input->orders->count + 1, sizeof(*timeline->marks));
	if (!timeline->marks)
		abort();
	add_orders(timeline, story->customer);
	add_requests(timeline);
	qsort(timeline->marks, timeline->count, sizeof(*timeline->marks), compare_marks);
	choose_year(timeline);
	for (size_t i = 0; i < timeline->count; i++) {
		const struct mark *mark = &timeline->marks[i];

		timeline->counts[mark->kind]++;
		timeline->placed += mark->order && strcmp(mark->order->type, "order.placed") == 0;
	}
}

void timeline_close(struct timeline *timeline)
{
	requests_free(&timeline->requests);
	arena_free(&timeline->arena);
	free(timeline->marks);
}
