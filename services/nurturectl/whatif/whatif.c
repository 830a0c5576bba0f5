/* whatif.c - counts programmes, rules, waits and who displaced whom; see whatif.h. */
#include "whatif.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/civil.h"
#include "whatif_internal.h"

static const double quantiles[WHATIF_QUANTILES] = {0.1, 0.5, 0.9, 0.99, 1.0};
/* The upper ends, inclusive. */
static const int64_t wait_ms[WHATIF_WAITS] = {HOUR_MS,    DAY_MS,      3 * DAY_MS,
					      7 * DAY_MS, 14 * DAY_MS, INT64_MAX};

void *whatif_room(size_t count, size_t size)
{
	void *ret = calloc(count + 1, size);

	if (!ret)
		abort();
	return ret;
}

static int compare_values(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void whatif_take_quantiles(int64_t *values, size_t count, int64_t ret[WHATIF_QUANTILES])
{
	memset(ret, 0, WHATIF_QUANTILES * sizeof(*ret));
	if (count == 0)
		return;
	qsort(values, count, sizeof(*values), compare_values);
	for (int i = 0; i < WHATIF_QUANTILES; i++) {
		size_t at = (size_t)((double)count * quantiles[i] + 0.999999);

		ret[i] = values[at ? at - 1 : 0];
	}
}

size_t whatif_programme_of(const struct whatif *whatif, unsigned side, uint32_t programme)
{
	const struct outcome_table *table = whatif->input->sides[side].table;

	return (size_t)names_find(&whatif->names, table->programmes.texts[programme]);
}

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

/* Counts how long what was said had waited, of one programme or (NULL) of all. */
static void count_waits(const struct outcome_table *table, const uint32_t *programme,
			int64_t *values, struct whatif_counts *counts)
{
	size_t count = 0;

	for (size_t i = 0; i < table->row_count; i++)
		if (outcome_row_is_heard(&table->rows[i]) &&
		    (!programme || table->rows[i].programme == *programme))
			values[count++] = outcome_row_waited_ms(&table->rows[i]);
	whatif_take_quantiles(values, count, counts->wait_quantiles_ms);
}

static void count_side(struct whatif *whatif, unsigned side)
{
	const struct outcome_table *table = whatif->input->sides[side].table;
	size_t *places = whatif_room(table->programmes.count, sizeof(*places));
	int64_t *values = whatif_room(table->row_count, sizeof(*values));

	for (uint32_t i = 0; i < table->programmes.count; i++)
		places[i] = whatif_programme_of(whatif, side, i);
	for (size_t i = 0; i < table->row_count; i++) {
		count_row(&whatif->sides[side].all, &table->rows[i]);
		count_row(&whatif->programmes[places[table->rows[i].programme]].sides[side],
			  &table->rows[i]);
	}
	count_waits(table, NULL, values, &whatif->sides[side].all);
	for (uint32_t i = 0; i < table->programmes.count; i++)
		count_waits(table, &i, values, &whatif->programmes[places[i]].sides[side]);
	for (size_t i = 0; i < table->pair_count; i++) {
		const struct outcome_table_pair *pair = &table->pairs[i];
		size_t at = places[pair->winner] * whatif->programme_count + places[pair->loser];

		whatif->matrix[side][at].requests += pair->requests;
		whatif->matrix[side][at].displaced += pair->displaced;
	}
	free(places);
	free(values);
}

/* A name, and how much it wants to say. */
struct weighed {
	const char *name;
	size_t wanted;
};

static int compare_weighed(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;

	if (x->wanted != y->wanted)
		return x->wanted > y->wanted ? -1 : 1;
	return strcmp(x->name, y->name);
}

static size_t weigh(const struct whatif *whatif, struct weighed *ret)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		const struct outcome_table *table = whatif->input->sides[side].table;
		size_t *places = whatif_room(table->programmes.count, sizeof(*places));

		for (uint32_t i = 0; i < table->programmes.count; i++) {
			places[i] = whatif_programme_of(whatif, side, i);
			ret[places[i]].name = table->programmes.texts[i];
		}
		for (size_t i = 0; i < table->row_count; i++)
			ret[places[table->rows[i].programme]].wanted++;
		free(places);
	}
	return whatif->names.count;
}

static void add_names(struct whatif *whatif)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		const struct outcome_table *table = whatif->input->sides[side].table;

		for (uint32_t i = 0; i < table->programmes.count; i++)
			names_add(&whatif->names, table->programmes.texts[i]);
	}
}

/* Opens the programmes: in every list the one that wants to say most comes first. */
static void open_programmes(struct whatif *whatif)
{
	struct weighed *all;
	size_t count;

	add_names(whatif);
	all = whatif_room(whatif->names.count, sizeof(*all));
	count = weigh(whatif, all);
	qsort(all, count, sizeof(*all), compare_weighed);
	names_free(&whatif->names);
	for (size_t i = 0; i < count; i++)
		names_add(&whatif->names, all[i].name);
	free(all);
	whatif->programme_count = count = whatif->names.count;
	whatif->programmes = whatif_room(count, sizeof(*whatif->programmes));
	for (size_t i = 0; i < count; i++)
		whatif->programmes[i].name = whatif->names.texts[i];
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		whatif->matrix[side] = whatif_room(count * count, sizeof(*whatif->matrix[side]));
}

static struct whatif_rule *rule_of(struct whatif *whatif, const char *name)
{
	for (size_t i = 0; i < whatif->rule_count; i++)
		if (strcmp(whatif->rules[i].name, name) == 0)
			return &whatif->rules[i];
	whatif->rules[whatif->rule_count].name = name;
	return &whatif->rules[whatif->rule_count++];
}

static void count_rule(struct whatif *whatif, unsigned side, uint32_t rule)
{
	const struct outcome_table *table = whatif->input->sides[side].table;
	struct whatif_rule *to = rule_of(whatif, table->rules.texts[rule]);

	for (size_t i = 0; i < table->row_count; i++) {
		const struct outcome_row *row = &table->rows[i];

		if (!(row->rules >> rule & 1))
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

void whatif_count(const struct whatif_input *input, struct whatif *ret)
{
	*ret = (struct whatif){.input = input};
	name_sides(ret);
	open_programmes(ret);
	ret->rules =
	    whatif_room(input->sides[0].table->rules.count + input->sides[1].table->rules.count,
			sizeof(*ret->rules));
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		count_side(ret, side);
		for (uint32_t i = 0; i < input->sides[side].table->rules.count; i++)
			count_rule(ret, side, i);
	}
	qsort(ret->rules, ret->rule_count, sizeof(*ret->rules), compare_rules);
	whatif_count_people(ret);
}

void whatif_free(struct whatif *whatif)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		free(whatif->matrix[side]);
	free(whatif->programmes);
	free(whatif->rules);
	free(whatif->people);
	names_free(&whatif->names);
	*whatif = (struct whatif){0};
}
