/* whatif.c - counts programmes, rules, waits and who displaced whom; see whatif.h. */
#include "whatif.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/grow.h"
#include "common/base/civil.h"
#include "whatif_internal.h"

/* The upper ends, inclusive. */
static const int64_t wait_ms[WHATIF_WAITS] = {HOUR_MS,    DAY_MS,      3 * DAY_MS,
					      7 * DAY_MS, 14 * DAY_MS, INT64_MAX};

static void count_row(struct whatif_counts *counts, const struct outcome_row *row)
{
	int64_t waited_ms = outcome_row_waited_ms(row);
	int bucket = 0;

	counts->wanted++;
	counts->held += row->rules != 0;
	counts->by_status[row->status]++;
	counts->waiting += row->ends == 0;
	counts->tasks += row->status == STATUS_TASK_CREATED;
	counts->said += outcome_row_is_heard(row);
	counts->unsaid +=
	    row->ends > 0 && row->status != STATUS_TASK_CREATED && !outcome_row_is_heard(row);
	if (!outcome_row_is_heard(row))
		return;
	while (waited_ms > wait_ms[bucket])
		bucket++;
	counts->waits[bucket]++;
}

/* What the tables' programmes and rules are here; tables grow as shares are added. */
static void open_programmes(struct whatif *whatif, unsigned side)
{
	const struct names *names = &whatif->input->sides[side].table->programmes;
	struct whatif_counting *counting = whatif->counting;

	free(counting->programmes[side]);
	counting->programmes[side] = whatif_room(names->count, sizeof(*counting->programmes[side]));
	for (uint32_t i = 0; i < names->count; i++) {
		size_t place = names_add(&whatif->names, names->texts[i]);
		size_t room = counting->programme_room;

		whatif->programmes = grow_zeroed(whatif->programmes, &counting->programme_room,
						 place + 1, sizeof(*whatif->programmes));
		if (room != counting->programme_room) {
			free(counting->said);
			counting->said =
			    whatif_room(counting->programme_room, sizeof(*counting->said));
		}
		whatif->programmes[place].name = names->texts[i];
		counting->programmes[side][i] = place;
	}
	whatif->programme_count = whatif->names.count;
}

static size_t rule_of(struct whatif *whatif, const char *name)
{
	for (size_t i = 0; i < whatif->rule_count; i++)
		if (strcmp(whatif->rules[i].name, name) == 0)
			return i;
	whatif->rules = grow_zeroed(whatif->rules, &whatif->counting->rule_room,
				    whatif->rule_count + 1, sizeof(*whatif->rules));
	whatif->rules[whatif->rule_count].name = name;
	return whatif->rule_count++;
}

static void open_rules(struct whatif *whatif, unsigned side)
{
	const struct names *names = &whatif->input->sides[side].table->rules;
	size_t **places = &whatif->counting->rules[side];

	free(*places);
	*places = whatif_room(names->count, sizeof(**places));
	for (uint32_t i = 0; i < names->count; i++)
		(*places)[i] = rule_of(whatif, names->texts[i]);
}

static void count_rules(struct whatif *whatif, unsigned side, const struct outcome_row *row)
{
	uint64_t bits = row->rules;

	for (unsigned i = 0; bits; i++, bits >>= 1) {
		struct whatif_rule *to = &whatif->rules[whatif->counting->rules[side][i]];

		if (!(bits & 1))
			continue;
		to->sides[side].requests++;
		if (row->ends == 0)
			to->sides[side].waiting++;
		else if (outcome_row_is_heard(row) || row->status == STATUS_TASK_CREATED)
			to->sides[side].later++;
		else
			to->sides[side].ended++;
	}
}

static int add_rows(struct whatif *whatif, unsigned side, struct err *err)
{
	const struct outcome_table *table = whatif->input->sides[side].table;
	struct whatif_counting *counting = whatif->counting;

	for (size_t i = 0; i < table->row_count; i++) {
		const struct outcome_row *row = &table->rows[i];
		size_t programme = counting->programmes[side][row->programme];

		count_row(&whatif->sides[side].all, row);
		count_row(&whatif->programmes[programme].sides[side], row);
		if (row->rules)
			count_rules(whatif, side, row);
		if (outcome_row_is_heard(row) &&
		    tally_add(&counting->waits[side], (uint32_t)programme,
			      outcome_row_waited_ms(row), err) < 0)
			return -1;
	}
	return 0;
}

int whatif_add(struct whatif *whatif, const struct orders *share, struct err *err)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		open_programmes(whatif, side);
		open_rules(whatif, side);
	}
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		if (add_rows(whatif, side, err) < 0)
			return -1;
	return whatif_add_people(whatif, share, err);
}

static size_t wanted(const struct whatif_programme *programme)
{
	return programme->sides[0].wanted + programme->sides[1].wanted;
}

static int compare_programmes(const void *a, const void *b)
{
	const struct whatif_programme *x = a, *y = b;

	if (wanted(x) != wanted(y))
		return wanted(x) > wanted(y) ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* In every list the programme that wants to say most comes first. */
static void sort_programmes(struct whatif *whatif)
{
	qsort(whatif->programmes, whatif->programme_count, sizeof(*whatif->programmes),
	      compare_programmes);
	names_free(&whatif->names);
	for (size_t i = 0; i < whatif->programme_count; i++)
		names_add(&whatif->names, whatif->programmes[i].name);
}

static void count_pairs(struct whatif *whatif, unsigned side)
{
	const struct outcome_table *table = whatif->input->sides[side].table;
	size_t count = whatif->programme_count;

	whatif->matrix[side] = whatif_room(count * count, sizeof(*whatif->matrix[side]));
	for (size_t i = 0; i < table->pair_count; i++) {
		const struct outcome_table_pair *pair = &table->pairs[i];
		const char *const *texts = (const char *const *)table->programmes.texts;
		size_t winner = (size_t)names_find(&whatif->names, texts[pair->winner]);
		size_t loser = (size_t)names_find(&whatif->names, texts[pair->loser]);

		whatif->matrix[side][winner * count + loser].requests += pair->requests;
		whatif->matrix[side][winner * count + loser].displaced += pair->displaced;
	}
}

static size_t of_both(const struct whatif_rule *rule)
{
	return rule->sides[0].requests + rule->sides[1].requests;
}

static int compare_rules(const void *a, const void *b)
{
	const struct whatif_rule *x = a, *y = b;

	if (of_both(x) != of_both(y))
		return of_both(x) > of_both(y) ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Names the sides by their files, "shop.yaml"; with the hash when both have the same name. */
static void name_sides(struct whatif *whatif)
{
	const char *files[WHATIF_SIDES];

	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		const struct whatif_side_input *input = &whatif->input->sides[side];
		const char *slash = strrchr(input->policy->file, '/');

		files[side] = input->name ? input->name : slash ? slash + 1 : input->policy->file;
	}
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		const char *hash = whatif->input->sides[side].policy->hash;

		if (strcmp(files[0], files[1]) == 0)
			snprintf(whatif->names_text[side], sizeof(whatif->names_text[side]),
				 "%.70s (%.8s)", files[side], hash);
		else
			snprintf(whatif->names_text[side], sizeof(whatif->names_text[side]),
				 "%.90s", files[side]);
		whatif->sides[side].name = whatif->names_text[side];
	}
}

void whatif_begin(const struct whatif_input *input, struct whatif *ret)
{
	*ret = (struct whatif){.input = input,
			       .programmes = whatif_room(0, sizeof(*ret->programmes)),
			       .rules = whatif_room(0, sizeof(*ret->rules)),
			       .counting = whatif_room(0, sizeof(*ret->counting))};
	name_sides(ret);
}

int whatif_end(struct whatif *whatif, struct err *err)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		if (whatif_take_waits(whatif, side, err) < 0)
			return -1;
	sort_programmes(whatif);
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		count_pairs(whatif, side);
	if (whatif->rule_count)
		qsort(whatif->rules, whatif->rule_count, sizeof(*whatif->rules), compare_rules);
	return whatif_end_people(whatif, err);
}

int whatif_count(const struct whatif_input *input, struct whatif *ret, struct err *err)
{
	whatif_begin(input, ret);
	return whatif_add(ret, input->lives, err) < 0 ? -1 : whatif_end(ret, err);
}

static void free_counting(struct whatif_counting *counting)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		free(counting->programmes[side]);
		free(counting->rules[side]);
		tally_free(&counting->waits[side]);
		tally_free(&counting->lives[side]);
	}
	record_sort_close(counting->people);
	arena_free(&counting->ids);
	free(counting->said);
	free(counting->times);
	free(counting);
}

void whatif_free(struct whatif *whatif)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		free(whatif->matrix[side]);
	if (whatif->counting)
		free_counting(whatif->counting);
	free(whatif->programmes);
	free(whatif->rules);
	free(whatif->people);
	names_free(&whatif->names);
	*whatif = (struct whatif){0};
}
