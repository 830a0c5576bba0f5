/* report_side.c - who got how many mails when; with the caps, or without. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "report_internal.h"

static int compare_times(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

size_t report_mail_times(const struct outcome_table *table,
			 const struct outcome_table_customer *customer, int64_t *ret)
{
	const struct outcome_row *rows = table->rows + customer->first;
	size_t mails = 0;

	for (size_t i = 0; i < customer->count; i++)
		if (outcome_row_is_mail(&rows[i]))
			ret[mails++] = rows[i].last_ms;
	qsort(ret, mails, sizeof(*ret), compare_times);
	return mails;
}

/* The window may be taken to end with a mail. */
size_t report_most_in(const int64_t *times, size_t count, int64_t window_ms)
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

static void keep_most(size_t count, const char *customer, size_t *most, const char **who,
		      struct arena *ids)
{
	if (count <= *most)
		return;
	*most = count;
	*who = arena_text(ids, customer);
}

void report_count_side(const struct outcome_table *table, const struct report *report,
		       struct report_side *to, struct arena *ids)
{
	int64_t *times = calloc(table->row_count + 1, sizeof(*times));

	if (!times)
		abort();
	for (size_t i = 0; i < table->customer_count; i++) {
		const char *customer = table->customers[i].id;
		size_t mails = report_mail_times(table, &table->customers[i], times);

		to->mails += mails;
		to->customers += mails > 0;
		keep_most(report_most_in(times, mails, 7 * DAY_MS), customer, &to->most_7d,
			  &to->who_7d, ids);
		keep_most(report_most_in(times, mails, 30 * DAY_MS), customer, &to->most_30d,
			  &to->who_30d, ids);
		count_weeks(times, mails, report->first_ms, report->weeks, to);
	}
	free(times);
}
