/* whatif_people.c - counts what two policies mean for each customer; see whatif.h. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "services/nurturectl/report/report_internal.h"
#include "whatif_internal.h"
#include "whatif_order.h"

static void live(const struct outcome_table *table, const struct outcome_table_customer *customer,
		 int64_t *times, struct whatif_life *ret)
{
	ret->longest_programme = OUTCOME_TABLE_NONE;
	ret->mails = (uint32_t)report_mail_times(table, customer, times);
	ret->most_7d = (uint32_t)report_most_in(times, ret->mails, 7 * DAY_MS);
	ret->most_30d = (uint32_t)report_most_in(times, ret->mails, 30 * DAY_MS);
	for (size_t i = 0; i < customer->count; i++) {
		const struct outcome_row *row = &table->rows[customer->first + i];

		ret->held += row->rules != 0;
		ret->displaced += row->status == STATUS_DISPLACED;
		ret->unsaid += row->ends > 0 && !outcome_row_is_heard(row) &&
			       row->status != STATUS_TASK_CREATED;
		if (!outcome_row_is_heard(row) || outcome_row_waited_ms(row) <= ret->longest_ms)
			continue;
		ret->longest_ms = outcome_row_waited_ms(row);
		ret->longest_programme = row->programme;
	}
}

/*
 * Returns a number that is the same for the same messages at the same times, in whatever order,
 * and hardly ever for others.
 */
static uint64_t fingerprint(const struct whatif *whatif, unsigned side,
			    const struct outcome_table_customer *customer)
{
	const struct outcome_table *table = whatif->input->sides[side].table;
	uint64_t sum = 0;

	for (size_t i = 0; customer && i < customer->count; i++) {
		const struct outcome_row *row = &table->rows[customer->first + i];
		struct {
			size_t programme;
			int64_t at_ms;
		} heard = {whatif->counting->programmes[side][row->programme], row->last_ms};

		if (outcome_row_is_heard(row))
			sum += hash64(slice_of(&heard, sizeof(heard)));
	}
	return sum;
}

static void add_said(struct whatif *whatif, unsigned side,
		     const struct outcome_table_customer *customer)
{
	const struct outcome_table *table = whatif->input->sides[side].table;
	struct whatif_counting *counting = whatif->counting;

	for (size_t i = 0; i < customer->count; i++) {
		const struct outcome_row *row = &table->rows[customer->first + i];

		if (outcome_row_is_heard(row))
			counting->said[counting->programmes[side][row->programme]] += side ? 1 : -1;
	}
}

/* Returns the customer's rows under one policy; NULL when nobody ever wanted to say anything. */
static const struct outcome_table_customer *rows_of(struct whatif *whatif, unsigned side,
						    const char *id)
{
	const struct outcome_table *table = whatif->input->sides[side].table;
	size_t *at = &whatif->counting->next[side];

	while (*at < table->customer_count && strcmp(table->customers[*at].id, id) < 0)
		(*at)++;
	return *at < table->customer_count && strcmp(table->customers[*at].id, id) == 0
		   ? &table->customers[*at]
		   : NULL;
}

/* The times of so many mails. */
static int64_t *times_room(struct whatif_counting *counting, size_t count)
{
	if (count >= counting->times_room) {
		counting->times_room = count * 2 + 64;
		free(counting->times);
		counting->times = whatif_room(counting->times_room, sizeof(*counting->times));
	}
	return counting->times;
}

static void count_person(struct whatif *whatif, struct whatif_person *person)
{
	struct whatif_counting *counting = whatif->counting;
	uint64_t prints[WHATIF_SIDES];

	if (counting->said)
		memset(counting->said, 0, whatif->programme_count * sizeof(*counting->said));
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		const struct outcome_table_customer *rows = rows_of(whatif, side, person->id);

		person->sides[side].longest_programme = OUTCOME_TABLE_NONE;
		prints[side] = fingerprint(whatif, side, rows);
		if (!rows)
			continue;
		live(whatif->input->sides[side].table, rows, times_room(counting, rows->count),
		     &person->sides[side]);
		add_said(whatif, side, rows);
	}
	for (size_t i = 0; i < whatif->programme_count; i++)
		person->distance += (uint32_t)abs(counting->said[i]);
	person->other_times = person->distance == 0 && prints[0] != prints[1];
}

/* The classes: -10 or less, -9 to -5, -4 to -2, -1, 0, 1, 2 to 4, 5 to 9, 10 or more. */
static size_t change_of(const struct whatif_person *person)
{
	int64_t change = (int64_t)person->sides[1].mails - person->sides[0].mails;
	int64_t size = change < 0 ? -change : change;
	int step = size == 0 ? 0 : size == 1 ? 1 : size < 5 ? 2 : size < 10 ? 3 : 4;

	step = WHATIF_CHANGES / 2 + (change < 0 ? -step : step);
	return (size_t)step;
}

static void count_change(struct whatif *whatif, const struct whatif_person *person)
{
	uint32_t a = person->sides[0].mails, b = person->sides[1].mails;

	whatif->changes[change_of(person)]++;
	whatif->more += b > a;
	whatif->fewer += b < a;
	whatif->other_messages += a == b && person->distance > 0;
	whatif->other_times += a == b && person->other_times;
	whatif->same += a == b && person->distance == 0 && !person->other_times;
}

static void keep_most(struct whatif *whatif, uint32_t value, const char *id, size_t *most,
		      const char **who)
{
	if (value <= *most)
		return;
	*most = value;
	*who = arena_text(&whatif->counting->ids, id);
}

static int count_side(struct whatif *whatif, unsigned side, const struct whatif_person *person,
		      int64_t months_e2, struct err *err)
{
	const struct whatif_life *life = &person->sides[side];
	const int64_t numbers[WHATIF_NUMBERS] = {[WHATIF_MAILS] = life->mails,
						 [WHATIF_MOST_30D] = life->most_30d,
						 [WHATIF_RATE] =
						     (int64_t)life->mails * 10000 / months_e2};
	struct whatif_side *to = &whatif->sides[side];
	uint32_t bar = life->most_30d;

	to->mails += life->mails;
	to->heard += life->mails > 0;
	to->busy[bar < WHATIF_BUSY ? bar : WHATIF_BUSY - 1]++;
	keep_most(whatif, life->most_7d, person->id, &to->most_7d, &to->who_7d);
	keep_most(whatif, life->most_30d, person->id, &to->most_30d, &to->who_30d);
	for (uint32_t i = 0; i < WHATIF_NUMBERS; i++)
		if (tally_add(&whatif->counting->lives[side], i, numbers[i], err) < 0)
			return -1;
	return 0;
}

/* For how many hundredths of 30 days somebody has been known who ordered then first. */
static int64_t months_since(const struct whatif *whatif, int64_t first_ms)
{
	int64_t months_e2 = (whatif->input->until_ms - first_ms) / (30 * DAY_MS / 100);

	return months_e2 < 100 ? 100 : months_e2; /* one mail in a day is not thirty a month */
}

/* The events of one customer. */
static int add_person(struct whatif *whatif, const struct order_event *events, size_t count,
		      struct err *err)
{
	/* orders.c ends them with a NUL. */
	struct whatif_person person = {.id = (const char *)events[0].customer.bytes};
	int64_t months_e2 = months_since(whatif, events[0].time_ms);

	for (size_t i = 0; i < count; i++)
		person.orders += events[i].kind == ORDER_PLACED;
	count_person(whatif, &person);
	count_change(whatif, &person);
	whatif->person_count++;
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		if (count_side(whatif, side, &person, months_e2, err) < 0)
			return -1;
	whatif_keep_worst(whatif, &person);
	return whatif_order_person(whatif, &person, err);
}

int whatif_add_people(struct whatif *whatif, const struct orders *share, struct err *err)
{
	memset(whatif->counting->next, 0, sizeof(whatif->counting->next));
	for (size_t at = 0, n; at < share->count; at += n) {
		n = 1;
		while (at + n < share->count &&
		       slice_equal(share->events[at + n].customer, share->events[at].customer))
			n++;
		if (add_person(whatif, share->events + at, n, err) < 0)
			return -1;
	}
	return 0;
}

static int take_quantiles(struct whatif *whatif, unsigned side, struct err *err)
{
	struct whatif_side *to = &whatif->sides[side];
	struct tally *tally = &whatif->counting->lives[side];
	struct whatif_quantiles of[WHATIF_NUMBERS] = {
	    [WHATIF_MAILS] = whatif_quantiles_begin(whatif->person_count, to->mails_quantiles),
	    [WHATIF_MOST_30D] =
		whatif_quantiles_begin(whatif->person_count, to->most_30d_quantiles),
	    [WHATIF_RATE] = whatif_quantiles_begin(whatif->person_count, to->rate_quantiles)};
	struct tally_entry entry;
	int r = tally_rewind(tally, err);

	while (r == 0 && (r = tally_next(tally, &entry, err)) > 0) {
		whatif_quantiles_add(&of[entry.group], entry.number, entry.count);
		r = 0;
	}
	return r;
}

int whatif_end_people(struct whatif *whatif, struct err *err)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		if (take_quantiles(whatif, side, err) < 0)
			return -1;
	whatif_choose_worst(whatif);
	return whatif_take_people(whatif, err);
}
