/* report_side.c - who got how many mails when; with the caps, or without. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "report_internal.h"

#define WEEK_MS (7 * DAY_MS)

/* The times of one customer's mails; ascending, as the outcomes are. */
static size_t mail_times(Nurture__V1__Outcome *const *items, size_t count, int64_t *ret)
{
	size_t mails = 0;

	for (size_t i = 0; i < count; i++)
		if (outcome_counts(items[i]))
			ret[mails++] = (int64_t)items[i]->at_ms;
	return mails;
}

/* The most in any window: it may be taken to end with a mail. */
static size_t most_in(const int64_t *times, size_t count, int64_t window_ms)
{
	size_t most = 0, from = 0;

	for (size_t i = 0; i < count; i++) {
		while (times[from] <= times[i] - window_ms)
			from++;
		if (i - from + 1 > most)
			most = i - from + 1;
	}
	return most;
}

static void count_weeks(const int64_t *times, size_t count, int64_t first_ms, size_t weeks,
			struct report_side *side)
{
	for (size_t i = 0, n; i < count; i += n) {
		int64_t week = times[i] < first_ms ? 0 : (times[i] - first_ms) / WEEK_MS;
		size_t bar;

		n = 1;
		while (i + n < count && times[i + n] < first_ms + (week + 1) * WEEK_MS)
			n++;
		bar = n < REPORT_WEEK_BARS ? n : 0;
		side->busy[bar]++;
		side->busy_weeks++;
		side->by_week[(size_t)week < weeks ? (size_t)week : weeks - 1] += n;
	}
}

static void keep_most(size_t count, const char *customer, size_t *most, const char **who)
{
	if (count <= *most)
		return;
	*most = count;
	*who = customer;
}

void report_count_side(const struct outcomes *outcomes, int64_t first_ms, size_t weeks,
		       struct report_side *ret)
{
	int64_t *times = calloc(outcomes->count + 1, sizeof(*times));

	if (!times)
		abort();
	for (size_t at = 0, n; at < outcomes->count; at += n) {
		const char *customer = outcomes->items[at]->customer;
		size_t mails;

		n = outcomes_of_customer(outcomes, at);
		mails = mail_times(outcomes->items + at, n, times);
		ret->mails += mails;
		ret->customers += mails > 0;
		keep_most(most_in(times, mails, 7 * DAY_MS), customer, &ret->most_7d, &ret->who_7d);
		keep_most(most_in(times, mails, 30 * DAY_MS), customer, &ret->most_30d,
			  &ret->who_30d);
		count_weeks(times, mails, first_ms, weeks, ret);
	}
	free(times);
}
