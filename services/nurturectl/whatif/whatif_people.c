/* whatif_people.c - counts what two policies mean for each customer; see whatif.h. */
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "services/nurturectl/report/report_internal.h"
#include "whatif_internal.h"

/* What all persons share. */
struct scratch {
	struct whatif *whatif;
	int64_t *times;
	size_t *places[WHATIF_SIDES]; /* a table's programme -> the comparison's */
	int32_t *said;                /* by programme: the second side's less the first's */
	size_t next[WHATIF_SIDES];    /* customer of the table; both go by customer, as orders do */
};

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
static uint64_t fingerprint(const struct scratch *scratch, unsigned side,
			    const struct outcome_table_customer *customer)
{
	const struct outcome_table *table = scratch->whatif->input->sides[side].table;
	uint64_t sum = 0;

	for (size_t i = 0; customer && i < customer->count; i++) {
		const struct outcome_row *row = &table->rows[customer->first + i];
		struct {
			size_t programme;
			int64_t at_ms;
		} heard = {scratch->places[side][row->programme], row->last_ms};

		if (outcome_row_is_heard(row))
			sum += hash64(slice_of(&heard, sizeof(heard)));
	}
	return sum;
}

static void add_said(struct scratch *scratch, unsigned side,
		     const struct outcome_table_customer *customer)
{
	const struct outcome_table *table = scratch->whatif->input->sides[side].table;

	for (size_t i = 0; i < customer->count; i++) {
		const struct outcome_row *row = &table->rows[customer->first + i];

		if (outcome_row_is_heard(row))
			scratch->said[scratch->places[side][row->programme]] += side ? 1 : -1;
	}
}

/* Returns the customer's rows under one policy; NULL when nobody ever wanted to say anything. */
static const struct outcome_table_customer *rows_of(struct scratch *scratch, unsigned side,
						    const char *id)
{
	const struct outcome_table *table = scratch->whatif->input->sides[side].table;
	size_t *at = &scratch->next[side];

	while (*at < table->customer_count && strcmp(table->customers[*at].id, id) < 0)
		(*at)++;
	return *at < table->customer_count && strcmp(table->customers[*at].id, id) == 0
		   ? &table->customers[*at]
		   : NULL;
}

static void count_person(struct scratch *scratch, struct whatif_person *person)
{
	struct whatif *whatif = scratch->whatif;
	uint64_t prints[WHATIF_SIDES];

	memset(scratch->said, 0, whatif->programme_count * sizeof(*scratch->said));
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		const struct outcome_table_customer *rows = rows_of(scratch, side, person->id);

		person->sides[side].longest_programme = OUTCOME_TABLE_NONE;
		prints[side] = fingerprint(scratch, side, rows);
		if (!rows)
			continue;
		live(whatif->input->sides[side].table, rows, scratch->times, &person->sides[side]);
		add_said(scratch, side, rows);
	}
	for (size_t i = 0; i < whatif->programme_count; i++)
		person->distance += (uint32_t)abs(scratch->said[i]);
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

static void keep_most(uint32_t value, const char *id, size_t *most, const char **who)
{
	if (value <= *most)
		return;
	*most = value;
	*who = id;
}

static void count_side(struct whatif *whatif, unsigned side, const int64_t *months_e2)
{
	struct whatif_side *to = &whatif->sides[side];
	size_t count = whatif->person_count;
	int64_t *mails = whatif_room(count, sizeof(*mails)),
		*most = whatif_room(count, sizeof(*most)),
		*rates = whatif_room(count, sizeof(*rates));

	for (size_t i = 0; i < count; i++) {
		const struct whatif_life *life = &whatif->people[i].sides[side];
		uint32_t bar = life->most_30d;

		to->mails += life->mails;
		to->heard += life->mails > 0;
		to->busy[bar < WHATIF_BUSY ? bar : WHATIF_BUSY - 1]++;
		keep_most(life->most_7d, whatif->people[i].id, &to->most_7d, &to->who_7d);
		keep_most(life->most_30d, whatif->people[i].id, &to->most_30d, &to->who_30d);
		mails[i] = life->mails;
		most[i] = life->most_30d;
		rates[i] = (int64_t)life->mails * 10000 / months_e2[i];
	}
	whatif_take_quantiles(mails, count, to->mails_quantiles);
	whatif_take_quantiles(most, count, to->most_30d_quantiles);
	whatif_take_quantiles(rates, count, to->rate_quantiles);
	free(mails);
	free(most);
	free(rates);
}

static int compare_people(const void *a, const void *b)
{
	const struct whatif_person *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance > y->distance ? -1 : 1;
	if (x->other_times != y->other_times)
		return x->other_times ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int64_t badness(const struct whatif_life *life, enum whatif_story_kind kind)
{
	return kind == WHATIF_MOST_SENDS       ? (int64_t)life->most_30d << 32 | life->mails
	       : kind == WHATIF_MOST_DISPLACED ? life->displaced
					       : life->longest_ms;
}

/* Chooses the worst of each kind, and no person twice. */
static void choose_worst(struct whatif *whatif, unsigned side)
{
	for (int kind = 0; kind < WHATIF_STORIES; kind++) {
		const struct whatif_person *worst = NULL;
		int64_t most = 0;

		for (size_t i = 0; i < whatif->person_count; i++) {
			const struct whatif_person *one = &whatif->people[i];
			int64_t value = badness(&one->sides[side], (enum whatif_story_kind)kind);
			bool is_known = false;

			for (int k = 0; k < kind; k++)
				is_known |= whatif->worst[side][k] == one;
			if (value <= most || is_known)
				continue;
			most = value;
			worst = one;
		}
		whatif->worst[side][kind] = worst;
	}
}

/*
 * Fills in the persons of the file by their id, and in months_e2 for how many hundredths of 30
 * days each has been known.
 */
static void open_people(struct whatif *whatif, int64_t *months_e2)
{
	const struct orders *orders = whatif->input->orders;
	size_t count = 0;

	for (size_t i = 0; i < orders->count; i++) {
		const struct order_event *event = &orders->events[i];
		struct whatif_person *person;

		if (i == 0 || !slice_equal(event->customer, orders->events[i - 1].customer)) {
			int64_t known_ms = whatif->input->until_ms - event->time_ms;

			/* orders.c ends them with a NUL. */
			whatif->people[count].id = (const char *)event->customer.bytes;
			months_e2[count] = known_ms / (30 * DAY_MS / 100);
			if (months_e2[count] < 100) /* one mail in a day is not thirty a month */
				months_e2[count] = 100;
			count++;
		}
		person = &whatif->people[count - 1];
		person->orders += event->kind == ORDER_PLACED;
	}
	whatif->person_count = count;
}

void whatif_count_people(struct whatif *whatif)
{
	const struct whatif_input *input = whatif->input;
	struct scratch scratch = {.whatif = whatif};
	size_t rows = input->sides[0].table->row_count + input->sides[1].table->row_count;
	int64_t *months_e2 = whatif_room(input->orders->customers, sizeof(*months_e2));

	whatif->people = whatif_room(input->orders->customers, sizeof(*whatif->people));
	open_people(whatif, months_e2);
	scratch.times = whatif_room(rows, sizeof(*scratch.times));
	scratch.said = whatif_room(whatif->programme_count, sizeof(*scratch.said));
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		uint32_t programmes = input->sides[side].table->programmes.count;

		scratch.places[side] = whatif_room(programmes, sizeof(size_t));
		for (uint32_t i = 0; i < programmes; i++)
			scratch.places[side][i] = whatif_programme_of(whatif, side, i);
	}
	for (size_t i = 0; i < whatif->person_count; i++) {
		count_person(&scratch, &whatif->people[i]);
		count_change(whatif, &whatif->people[i]);
	}
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		count_side(whatif, side, months_e2);
	qsort(whatif->people, whatif->person_count, sizeof(*whatif->people), compare_people);
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		choose_worst(whatif, side);
		free(scratch.places[side]);
	}
	free(scratch.times);
	free(scratch.said);
	free(months_e2);
}
