/* report_stories.c - three customers whose year says more than a table. */
#include <stdlib.h>

#include "report_internal.h"

struct candidate {
	const struct outcome_table_customer *customer;
	size_t mails, held; /* held: requests that were held back */
	size_t orders;      /* placed */
};

static int compare_ids(struct slice id, const char *text)
{
	size_t len = strlen(text);
	int order = memcmp(id.bytes, text, id.len < len ? id.len : len);

	if (order == 0 && id.len != len)
		return id.len < len ? -1 : 1;
	return order;
}

/* Goes on behind the events of one customer; both lists are by customer. */
static size_t orders_of(const struct orders *orders, const char *customer, size_t *at)
{
	size_t placed = 0;

	for (; *at < orders->count; (*at)++) {
		const struct order_event *event = &orders->events[*at];
		int order = compare_ids(event->customer, customer);

		if (order > 0)
			break;
		placed += order == 0 && event->kind == ORDER_PLACED;
	}
	return placed;
}

static struct candidate weigh(const struct outcome_table *table,
			      const struct outcome_table_customer *customer)
{
	struct candidate candidate = {.customer = customer};

	for (size_t i = 0; i < customer->count; i++) {
		const struct outcome_row *row = &table->rows[customer->first + i];

		candidate.held += row->rules != 0;
		candidate.mails += outcome_row_is_mail(row);
	}
	return candidate;
}

static int compare_mails(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->mails != y->mails)
		return x->mails > y->mails ? -1 : 1;
	return x->customer < y->customer ? -1 : x->customer > y->customer;
}

static void add_story(struct report *report, const char *title, const struct candidate *candidate)
{
	if (!candidate || report->story_count == REPORT_STORIES)
		return;
	for (size_t i = 0; i < report->story_count; i++)
		if (report->stories[i].customer == candidate->customer)
			return;
	report->stories[report->story_count++] = (struct report_story){title, candidate->customer};
}

/* The customer who was held back most, but not the busiest, who has a story already. */
static const struct candidate *most_held(const struct candidate *all, size_t count)
{
	const struct candidate *most = NULL;

	for (size_t i = 1; i < count; i++)
		if (all[i].held > 0 && (!most || all[i].held > most->held))
			most = &all[i];
	return most;
}

/* A customer from the middle of those who came back: there is something to see. */
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
	const struct outcome_table *with = input->with;
	size_t count = with->customer_count, order = 0;
	struct candidate *all = calloc(count + 1, sizeof(*all));

	if (!all)
		abort();
	for (size_t i = 0; i < count; i++) {
		all[i] = weigh(with, &with->customers[i]);
		all[i].orders = orders_of(input->orders, with->customers[i].id, &order);
	}
	qsort(all, count, sizeof(*all), compare_mails);
	if (count > 0 && all[0].mails > 0)
		add_story(report, "The busiest", &all[0]);
	add_story(report, "The one most held back", most_held(all, count));
	add_story(report, "Typical of those who came back", typical(all, count));
	free(all);
}
