/* outcome_table_join.c - see book.h: who made whom wait, and books put together. */
#include <stdlib.h>

#include "outcome_table_internal.h"

static struct book_pair *pair_of(struct book *book, uint32_t winner, uint32_t loser)
{
	for (size_t i = 0; i < book->pair_count; i++)
		if (book->pairs[i].winner == winner && book->pairs[i].loser == loser)
			return &book->pairs[i];
	book->pairs =
	    book_room(book->pairs, book->pair_count, &book->pair_room, sizeof(*book->pairs));
	book->pairs[book->pair_count] = (struct book_pair){.winner = winner, .loser = loser};
	return &book->pairs[book->pair_count++];
}

static int compare_claims(const void *a, const void *b)
{
	const struct book_claim *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->winner < y->winner ? -1 : x->winner > y->winner;
}

void book_count_pairs(struct book *book)
{
	if (book->claim_count > 1)
		qsort(book->claims, book->claim_count, sizeof(*book->claims), compare_claims);
	for (size_t i = 0; i < book->claim_count; i++) {
		const struct book_row *row = &book->rows[book->claims[i].row];
		struct book_pair *pair;

		if (i > 0 && compare_claims(&book->claims[i - 1], &book->claims[i]) == 0)
			continue;
		pair = pair_of(book, book->claims[i].winner, row->programme);
		pair->requests++;
		pair->displaced += row->status == STATUS_DISPLACED;
	}
}

static void append_names(struct book *all, const struct book *part, uint32_t *programmes,
			 uint32_t *rules)
{
	for (uint32_t i = 0; i < part->programmes.count; i++) {
		programmes[i] = book_programme(all, part->programmes.texts[i], "");
		if (!all->classes[programmes[i]])
			all->classes[programmes[i]] = arena_text(&all->arena, part->classes[i]);
	}
	for (uint32_t i = 0; i < part->rules.count; i++) {
		rules[i] = BOOK_RULES_MAX - 1;
		if (all->rules.count < BOOK_RULES_MAX ||
		    names_find(&all->rules, part->rules.texts[i]) >= 0)
			rules[i] = names_add(&all->rules, part->rules.texts[i]);
	}
}

static void append_row(struct book *all, struct book_row row, const uint32_t *programmes,
		       const uint32_t *rules)
{
	uint64_t bits = row.rules;

	row.programme = programmes[row.programme];
	row.winner = row.winner == BOOK_NOBODY ? BOOK_NOBODY : programmes[row.winner];
	row.rules = 0;
	for (unsigned rule = 0; bits; rule++, bits >>= 1)
		if (bits & 1)
			row.rules |= UINT64_C(1) << rules[rule];
	if (row.first_rule != BOOK_NOBODY)
		row.first_rule = rules[row.first_rule];
	row.detail = names_keep(&all->details, row.detail);
	all->rows = book_room(all->rows, all->row_count, &all->row_room, sizeof(*all->rows));
	all->rows[all->row_count++] = row;
}

void book_append(struct book *all, struct book *part)
{
	uint32_t *programmes = calloc(part->programmes.count + 1, sizeof(*programmes));
	uint32_t rules[BOOK_RULES_MAX];
	size_t first = all->row_count;

	if (!programmes)
		abort();
	append_names(all, part, programmes, rules);
	for (size_t i = 0; i < part->row_count; i++)
		append_row(all, part->rows[i], programmes, rules);
	for (size_t i = 0; i < part->customer_count; i++) {
		struct book_customer customer = part->customers[i];

		customer.id = arena_text(&all->arena, customer.id);
		customer.first += first;
		all->customers = book_room(all->customers, all->customer_count, &all->customer_room,
					   sizeof(*all->customers));
		all->customers[all->customer_count++] = customer;
	}
	for (size_t i = 0; i < part->pair_count; i++) {
		const struct book_pair *from = &part->pairs[i];
		struct book_pair *to =
		    pair_of(all, programmes[from->winner], programmes[from->loser]);

		to->requests += from->requests;
		to->displaced += from->displaced;
	}
	free(programmes);
	book_free(part);
}

void book_of_outcomes(const struct outcomes *outcomes, struct book *ret)
{
	const char *customer = NULL;

	*ret = (struct book){0};
	for (size_t i = 0; i < outcomes->count; i++) {
		struct outcome_facts facts = outcome_facts_of(outcomes->items[i]);

		if (!customer || strcmp(customer, outcomes->items[i]->customer) != 0) {
			if (customer)
				book_end(ret);
			customer = outcomes->items[i]->customer;
			book_begin(ret, slice_text(customer));
		}
		book_add(ret, &facts);
	}
	if (customer)
		book_end(ret);
}

void book_free(struct book *book)
{
	names_free(&book->programmes);
	names_free(&book->rules);
	names_free(&book->details);
	arena_free(&book->arena);
	free(book->rows);
	free(book->customers);
	free(book->classes);
	free(book->pairs);
	free(book->claims);
	free(book->slots);
	*book = (struct book){0};
}

bool book_is_heard(const struct book_row *row)
{
	return row->status == STATUS_SENT || row->status == STATUS_IN_DOUBT ||
	       row->status == STATUS_PERMITTED;
}

bool book_is_mail(const struct book_row *row)
{
	return book_is_heard(row) && !row->merged;
}

const struct book_customer *book_find(const struct book *book, const char *customer)
{
	size_t from = 0, to = book->customer_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = strcmp(customer, book->customers[middle].id);

		if (order == 0)
			return &book->customers[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}
