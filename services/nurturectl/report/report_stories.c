/* report_stories.c - three customers whose year says more than a table. */
#include <stdlib.h>

#include "report_internal.h"
#include "services/nurturectl/bulk/record_sort.h"
#include "services/nurturectl/bulk/record_key.h"

enum { SORT_BYTES = 16 << 20, MOST_HELD = 2 };

/* All come by their ids, so that of two who are alike the first is the one that is known. */
struct candidate {
	const char *customer;
	size_t mails, held; /* held: requests that were held back */
	size_t orders;      /* placed */
};

struct report_candidates {
	struct candidate busiest;
	struct candidate held[MOST_HELD]; /* the most first; one of them may be the busiest */
	struct record_sort *returning;    /* who came back, by mails, the most first */
	size_t returning_count;
	struct arena ids;
};

struct report_candidates *report_candidates_open(void)
{
	struct report_candidates *candidates = calloc(1, sizeof(*candidates));

	if (!candidates)
		abort();
	candidates->returning = record_sort_open(SORT_BYTES);
	return candidates;
}

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
	struct candidate candidate = {.customer = customer->id};

	for (size_t i = 0; i < customer->count; i++) {
		const struct outcome_row *row = &table->rows[customer->first + i];

		candidate.held += row->rules != 0;
		candidate.mails += outcome_row_is_mail(row);
	}
	return candidate;
}

static void keep(struct report_candidates *candidates, const struct candidate *one,
		 struct candidate *to)
{
	*to = *one;
	to->customer = arena_text(&candidates->ids, one->customer);
}

static bool is_held_more(const struct candidate *one, const struct candidate *other)
{
	return one->held != other->held ? one->held > other->held : one->mails > other->mails;
}

static void keep_held(struct report_candidates *candidates, const struct candidate *one)
{
	size_t at = MOST_HELD;

	while (at > 0 && is_held_more(one, &candidates->held[at - 1]))
		at--;
	if (one->held == 0 || at == MOST_HELD)
		return;
	memmove(candidates->held + at + 1, candidates->held + at,
		(MOST_HELD - 1 - at) * sizeof(*candidates->held));
	keep(candidates, one, &candidates->held[at]);
}

/* The key: the mails, so that the most come first, and how many came before. */
static int keep_returning(struct report_candidates *candidates, const struct candidate *one,
			  struct err *err)
{
	uint8_t key[2 * sizeof(uint64_t)];

	record_key_put(key, ~(uint64_t)one->mails, sizeof(uint64_t));
	record_key_put(key + sizeof(uint64_t), candidates->returning_count++, sizeof(uint64_t));
	return record_sort_add(candidates->returning, slice_of(key, sizeof(key)),
			       slice_text(one->customer), err);
}

int report_candidates_add(struct report_candidates *candidates, const struct outcome_table *table,
			  const struct orders *share, struct err *err)
{
	size_t order = 0;

	for (size_t i = 0; i < table->customer_count; i++) {
		struct candidate one = weigh(table, &table->customers[i]);

		one.orders = orders_of(share, one.customer, &order);
		if (!candidates->busiest.customer || one.mails > candidates->busiest.mails)
			keep(candidates, &one, &candidates->busiest);
		keep_held(candidates, &one);
		if (one.orders > 1 && keep_returning(candidates, &one, err) < 0)
			return -1;
	}
	return 0;
}

static void add_story(struct report *report, const char *title, const char *customer)
{
	if (!customer || report->story_count == REPORT_STORIES)
		return;
	for (size_t i = 0; i < report->story_count; i++)
		if (strcmp(report->stories[i].customer, customer) == 0)
			return;
	report->stories[report->story_count++] = (struct report_story){title, customer};
}

/* The customer who was held back most, but not the busiest, who has a story already. */
static const char *most_held(const struct report_candidates *candidates)
{
	for (size_t i = 0; i < MOST_HELD && candidates->held[i].customer; i++)
		if (strcmp(candidates->held[i].customer, candidates->busiest.customer) != 0)
			return candidates->held[i].customer;
	return NULL;
}

/* A customer from the middle of those who came back: there is something to see. */
static int find_typical(struct report_candidates *candidates, const char **ret, struct err *err)
{
	size_t before = candidates->returning_count / 2;
	struct record record;
	int r;

	*ret = NULL;
	if (record_sort_rewind(candidates->returning, err) < 0)
		return -1;
	while ((r = record_sort_next(candidates->returning, &record, err)) > 0 && before > 0)
		before--;
	if (r > 0)
		*ret = arena_copy(&candidates->ids, record.value.bytes, record.value.len);
	return r < 0 ? -1 : 0;
}

int report_choose_stories(struct report *report, struct err *err)
{
	struct report_candidates *candidates = report->candidates;
	const char *typical;

	if (find_typical(candidates, &typical, err) < 0)
		return -1;
	if (candidates->busiest.mails > 0)
		add_story(report, "The busiest", candidates->busiest.customer);
	add_story(report, "The one most held back", most_held(candidates));
	add_story(report, "Typical of those who came back", typical);
	return 0;
}

void report_candidates_close(struct report_candidates *candidates)
{
	if (!candidates)
		return;
	record_sort_close(candidates->returning);
	arena_free(&candidates->ids);
	free(candidates);
}
