/* outcome_table.c - see outcome_table.h: rows from outcomes. */
#include "outcome_table.h"

#include <stdlib.h>

#include "outcome_table_internal.h"

void *book_room(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 256;
	items = realloc(items, *room * size);
	if (!items)
		abort();
	return items;
}

static struct book_customer *newest(const struct book *book)
{
	return &book->customers[book->customer_count - 1];
}

void book_begin(struct book *book, struct slice customer)
{
	book->customers = book_room(book->customers, book->customer_count, &book->customer_room,
				    sizeof(*book->customers));
	book->customers[book->customer_count++] = (struct book_customer){
	    .id = arena_copy(&book->arena, customer.bytes, customer.len), .first = book->row_count};
	book->customer_serial++;
}

/* Slots of earlier customers count as free, so nothing has to be cleared. */
static uint64_t mark_of(const struct book *book, size_t place)
{
	return (uint64_t)book->customer_serial << 32 | (place + 1);
}

static bool is_free(const struct book *book, uint64_t slot)
{
	return slot >> 32 != book->customer_serial;
}

/* Where the request's row is noted, or the free slot where it would be. */
static uint64_t *slot_of(const struct book *book, uint64_t request)
{
	const struct book_row *rows = book->rows + newest(book)->first;
	size_t mask = book->slot_room - 1, at = request & mask;

	while (!is_free(book, book->slots[at]) &&
	       rows[(uint32_t)book->slots[at] - 1].request != request)
		at = (at + 1) & mask;
	return &book->slots[at];
}

/* At most half full. */
static void grow_slots(struct book *book)
{
	const struct book_row *rows = book->rows + newest(book)->first;

	book->slot_room = book->slot_room ? book->slot_room * 2 : 64;
	free(book->slots);
	book->slots = calloc(book->slot_room, sizeof(*book->slots));
	if (!book->slots)
		abort();
	for (size_t i = 0; i < newest(book)->count; i++)
		*slot_of(book, rows[i].request) = mark_of(book, i);
}

uint32_t book_programme(struct book *book, const char *name, const char *message_class)
{
	uint32_t index = names_add(&book->programmes, name);

	if (index < book->class_room)
		return index;
	book->classes = book_room(book->classes, index, &book->class_room, sizeof(*book->classes));
	for (size_t i = index; i < book->class_room; i++)
		book->classes[i] = NULL;
	return book_programme(book, name, message_class);
}

static struct book_row *row_of(struct book *book, const struct outcome_facts *facts)
{
	struct book_customer *customer = newest(book);
	uint64_t *slot;

	if (customer->count * 2 >= book->slot_room)
		grow_slots(book);
	slot = slot_of(book, facts->request);
	if (!is_free(book, *slot))
		return &book->rows[customer->first + (uint32_t)*slot - 1];
	book->rows = book_room(book->rows, book->row_count, &book->row_room, sizeof(*book->rows));
	book->rows[book->row_count] = (struct book_row){
	    .request = facts->request,
	    .first_ms = facts->at_ms,
	    .last_ms = facts->at_ms,
	    .triggered_ms = facts->triggered_ms,
	    .programme = book_programme(book, facts->programme, facts->message_class),
	    .winner = BOOK_NOBODY,
	    .first_rule = BOOK_NOBODY,
	    .detail = "",
	    .status = STATUS_DEFERRED};
	if (!book->classes[book->rows[book->row_count].programme])
		book->classes[book->rows[book->row_count].programme] =
		    arena_text(&book->arena, facts->message_class);
	*slot = mark_of(book, customer->count++);
	return &book->rows[book->row_count++];
}

static uint32_t rule_of(struct book *book, const char *name)
{
	uint32_t index;

	if (book->rules.count >= BOOK_RULES_MAX && names_find(&book->rules, name) < 0)
		return BOOK_RULES_MAX - 1;
	index = names_add(&book->rules, name);
	return index;
}

/* Who went first may have no row yet: its mail is told of later in the same instant. */
static void claim(struct book *book, const struct book_row *row, uint64_t winner)
{
	book->claims =
	    book_room(book->claims, book->claim_count, &book->claim_room, sizeof(*book->claims));
	book->claims[book->claim_count++] =
	    (struct book_claim){.row = (size_t)(row - book->rows), .request = winner};
}

static void defer(struct book *book, struct book_row *row, const struct outcome_facts *facts)
{
	uint32_t rule = rule_of(book, facts->rule);

	if (row->deferrals++ == 0) {
		row->first_rule = rule;
		row->count = facts->count;
		row->limit = facts->limit;
		row->window_s = facts->window_s;
		row->detail = names_keep(&book->details, facts->detail);
	}
	row->rules |= UINT64_C(1) << rule;
	if (row->status == STATUS_DEFERRED)
		row->last_ms = facts->at_ms;
	if (facts->won_by)
		claim(book, row, facts->won_by);
}

void book_add(struct book *book, const struct outcome_facts *facts)
{
	struct book_row *row = row_of(book, facts);

	if (facts->at_ms < row->first_ms)
		row->first_ms = facts->at_ms;
	if (facts->status == STATUS_DEFERRED) {
		defer(book, row, facts);
		return;
	}
	if (facts->status == STATUS_RELEASED && row->status == STATUS_PERMITTED) {
		row->status = STATUS_RELEASED; /* the one word that may follow an end */
		return;
	}
	if (row->ends++ > 0)
		return;
	row->status = facts->status;
	row->last_ms = facts->at_ms;
	row->merged = facts->merged;
}

static int compare_rows(const void *a, const void *b)
{
	const struct book_row *x = a, *y = b;

	if (x->first_ms != y->first_ms)
		return x->first_ms < y->first_ms ? -1 : 1;
	return x->request < y->request ? -1 : x->request > y->request;
}

/* A winner that is not among them was another tool's mail, or is older than what was read. */
static void resolve_claims(struct book *book)
{
	size_t kept = 0;

	for (size_t i = 0; i < book->claim_count; i++) {
		struct book_claim one = book->claims[i];
		uint64_t slot = *slot_of(book, one.request);

		if (is_free(book, slot))
			continue;
		one.winner = book->rows[newest(book)->first + (uint32_t)slot - 1].programme;
		book->rows[one.row].winner = one.winner;
		book->claims[kept++] = one;
	}
	book->claim_count = kept;
}

void book_end(struct book *book)
{
	struct book_customer *customer = newest(book);

	if (customer->count == 0) {
		book->customer_count--;
		return;
	}
	resolve_claims(book);
	book_count_pairs(book);
	book->claim_count = 0;
	qsort(book->rows + customer->first, customer->count, sizeof(*book->rows), compare_rows);
}
