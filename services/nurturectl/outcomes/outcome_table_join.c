/* outcome_table_join.c - see outcome_table.h: who made whom wait, and tables put together. */
#include <stdlib.h>

#include "outcome_table_internal.h"

static struct outcome_table_pair *pair_of(struct outcome_table *table, uint32_t winner,
					  uint32_t loser)
{
	for (size_t i = 0; i < table->pair_count; i++)
		if (table->pairs[i].winner == winner && table->pairs[i].loser == loser)
			return &table->pairs[i];
	table->pairs = outcome_table_room(table->pairs, table->pair_count, &table->pair_room,
					  sizeof(*table->pairs));
	table->pairs[table->pair_count] =
	    (struct outcome_table_pair){.winner = winner, .loser = loser};
	return &table->pairs[table->pair_count++];
}

static int compare_claims(const void *a, const void *b)
{
	const struct outcome_table_claim *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->winner < y->winner ? -1 : x->winner > y->winner;
}

void outcome_table_count_pairs(struct outcome_table *table)
{
	if (table->claim_count > 1)
		qsort(table->claims, table->claim_count, sizeof(*table->claims), compare_claims);
	for (size_t i = 0; i < table->claim_count; i++) {
		const struct outcome_row *row = &table->rows[table->claims[i].row];
		struct outcome_table_pair *pair;

		if (i > 0 && compare_claims(&table->claims[i - 1], &table->claims[i]) == 0)
			continue;
		pair = pair_of(table, table->claims[i].winner, row->programme);
		pair->requests++;
		pair->displaced += row->status == STATUS_DISPLACED;
	}
}

static void append_names(struct outcome_table *all, const struct outcome_table *part,
			 uint32_t *programmes, uint32_t *rules)
{
	for (uint32_t i = 0; i < part->programmes.count; i++) {
		programmes[i] = outcome_table_programme(all, part->programmes.texts[i], "");
		if (!all->classes[programmes[i]])
			all->classes[programmes[i]] = arena_text(&all->arena, part->classes[i]);
	}
	for (uint32_t i = 0; i < part->rules.count; i++) {
		rules[i] = OUTCOME_TABLE_RULES_MAX - 1;
		if (all->rules.count < OUTCOME_TABLE_RULES_MAX ||
		    names_find(&all->rules, part->rules.texts[i]) >= 0)
			rules[i] = names_add(&all->rules, part->rules.texts[i]);
	}
}

static void append_row(struct outcome_table *all, struct outcome_row row,
		       const uint32_t *programmes, const uint32_t *rules)
{
	uint64_t bits = row.rules;

	row.programme = programmes[row.programme];
	row.winner = row.winner == OUTCOME_TABLE_NONE ? OUTCOME_TABLE_NONE : programmes[row.winner];
	row.rules = 0;
	for (unsigned rule = 0; bits; rule++, bits >>= 1)
		if (bits & 1)
			row.rules |= UINT64_C(1) << rules[rule];
	if (row.first_rule != OUTCOME_TABLE_NONE)
		row.first_rule = rules[row.first_rule];
	row.detail = names_keep(&all->details, row.detail);
	all->rows =
	    outcome_table_room(all->rows, all->row_count, &all->row_room, sizeof(*all->rows));
	all->rows[all->row_count++] = row;
}

void outcome_table_append(struct outcome_table *all, struct outcome_table *part)
{
	uint32_t *programmes = calloc(part->programmes.count + 1, sizeof(*programmes));
	uint32_t rules[OUTCOME_TABLE_RULES_MAX];
	size_t first = all->row_count;

	if (!programmes)
		abort();
	append_names(all, part, programmes, rules);
	for (size_t i = 0; i < part->row_count; i++)
		append_row(all, part->rows[i], programmes, rules);
	for (size_t i = 0; i < part->customer_count; i++) {
		struct outcome_table_customer customer = part->customers[i];

		customer.id = arena_text(&all->customer_arena, customer.id);
		customer.first += first;
		all->customers = outcome_table_room(all->customers, all->customer_count,
						    &all->customer_room, sizeof(*all->customers));
		all->customers[all->customer_count++] = customer;
	}
	for (size_t i = 0; i < part->pair_count; i++) {
		const struct outcome_table_pair *from = &part->pairs[i];
		struct outcome_table_pair *to =
		    pair_of(all, programmes[from->winner], programmes[from->loser]);

		to->requests += from->requests;
		to->displaced += from->displaced;
	}
	free(programmes);
	outcome_table_free(part);
}

void outcome_table_of_outcomes(const struct outcomes *outcomes, struct outcome_table *ret)
{
	const char *customer = NULL;

	*ret = (struct outcome_table){0};
	for (size_t i = 0; i < outcomes->count; i++) {
		struct outcome_facts facts = outcome_facts_of(outcomes->items[i]);

		if (!customer || strcmp(customer, outcomes->items[i]->customer) != 0) {
			if (customer)
				outcome_table_end(ret);
			customer = outcomes->items[i]->customer;
			outcome_table_begin(ret, slice_text(customer));
		}
		outcome_table_add(ret, &facts);
	}
	if (customer)
		outcome_table_end(ret);
}

void outcome_table_forget(struct outcome_table *table)
{
	names_free(&table->details);
	arena_reset(&table->customer_arena);
	table->row_count = 0;
	table->customer_count = 0;
}

void outcome_table_free(struct outcome_table *table)
{
	names_free(&table->programmes);
	names_free(&table->rules);
	names_free(&table->details);
	arena_free(&table->arena);
	arena_free(&table->customer_arena);
	free(table->rows);
	free(table->customers);
	free(table->classes);
	free(table->pairs);
	free(table->claims);
	free(table->slots);
	*table = (struct outcome_table){0};
}

bool outcome_row_is_heard(const struct outcome_row *row)
{
	return row->status == STATUS_SENT || row->status == STATUS_IN_DOUBT ||
	       row->status == STATUS_PERMITTED;
}

bool outcome_row_is_mail(const struct outcome_row *row)
{
	return outcome_row_is_heard(row) && !row->merged;
}

const struct outcome_table_customer *outcome_table_find(const struct outcome_table *table,
							const char *customer)
{
	size_t from = 0, to = table->customer_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = strcmp(customer, table->customers[middle].id);

		if (order == 0)
			return &table->customers[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}
