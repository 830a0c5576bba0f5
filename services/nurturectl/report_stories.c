/* report_stories.c - three customers whose year says more than a table. */
#include <stdlib.h>

#include "report_internal.h"
#include "requests.h"

struct candidate {
	size_t first, count;
	size_t mails, held; /* held: requests that were held back */
	size_t orders;      /* placed */
};

/* Goes on behind the events of one customer; both lists are by customer. */
static size_t orders_of(const struct orders *orders, const char *customer, size_t *at)
{
	size_t placed = 0;

	for (; *at < orders->count; (*at)++) {
		const struct order_event *event = &orders->events[*at];
		size_t len = strlen(customer);
		int order = memcmp(event->customer.bytes, customer,
				   event->customer.len < len ? event->customer.len : len);

		if (order == 0 && event->customer.len != len)
			order = event->customer.len < len ? -1 : 1;
		if (order > 0)
			break;
		placed += order == 0 && event->kind == ORDER_PLACED;
	}
	return placed;
}

static struct candidate weigh(const struct outcomes *outcomes, size_t first)
{
	struct candidate candidate = {.first = first,
				      .count = outcomes_of_customer(outcomes, first)};
	struct requests requests = requests_group(outcomes->items + first, candidate.count);

	for (size_t i = 0; i < requests.count; i++)
		candidate.held += outcome_status(requests.items[i].items[0]) == STATUS_DEFERRED;
	requests_free(&requests);
	for (size_t i = 0; i < candidate.count; i++)
		candidate.mails += outcome_counts(outcomes->items[first + i]);
	return candidate;
}

static int compare_mails(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->mails != y->mails)
		return x->mails > y->mails ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static void add_story(struct report *report, const struct report_input *input, const char *title,
		      const struct candidate *candidate)
{
	const char *customer;

	if (!candidate || report->story_count == REPORT_STORIES)
		return;
	customer = input->with->items[candidate->first]->customer;
	for (size_t i = 0; i < report->story_count; i++)
		if (report->stories[i].first == candidate->first)
			return;
	report->stories[report->story_count++] =
	    (struct report_story){title, customer, candidate->first, candidate->count};
}

/* Not the busiest, who has a story already. */
static const struct candidate *most_held(const struct candidate *all, size_t count)
{
	const struct candidate *most = NULL;

	for (size_t i = 1; i < count; i++)
		if (all[i].held > 0 && (!most || all[i].held > most->held))
			most = &all[i];
	return most;
}

/* In the middle of those who came back: there is something to see. */
static const struct candidate *typical(const struct candidate *all, size_t count)
{
	size_t returning = 0, seen = 0;

	for (size_t i = 0; i < count; i++)
		returning += all[i].orders > 1;
	for (size_t i = 0; i < count; i++)
		if (all[i].orders > 1 && seen++ == returning / 2)
			return &all[i];
	return NULL;
}

void report_choose_stories(const struct report_input *input, struct report *report)
{
	const struct outcomes *with = input->with;
	struct candidate *all = calloc(with->count + 1, sizeof(*all));
	size_t count = 0, order = 0;

	if (!all)
		abort();
	for (size_t at = 0; at < with->count; at += all[count++].count) {
		all[count] = weigh(with, at);
		all[count].orders = orders_of(input->orders, with->items[at]->customer, &order);
	}
	qsort(all, count, sizeof(*all), compare_mails);
	if (count > 0 && all[0].mails > 0)
		add_story(report, input, "The busiest", &all[0]);
	add_story(report, input, "The one most held back", most_held(all, count));
	add_story(report, input, "Typical of those who came back", typical(all, count));
	free(all);
}
