/* outcome_table.c - see outcome_table.h: rows from outcomes. */
#include "outcome_table.h"

#include <stdlib.h>

#include "outcome_table_internal.h"

void *outcome_table_room(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 256;
	items = realloc(items, *room * size);
	if (!items)
		abort();
	return items;
}

static struct outcome_table_customer *newest(const struct outcome_table *table)
{
	return &table->customers[table->customer_count - 1];
}

void outcome_table_begin(struct outcome_table *table, struct slice customer)
{
	table->customers = outcome_table_room(table->customers, table->customer_count,
					      &table->customer_room, sizeof(*table->customers));
	table->customers[table->customer_count++] = (struct outcome_table_customer){
	    .id = arena_copy(&table->customer_arena, customer.bytes, customer.len),
	    .first = table->row_count};
	table->customer_serial++;
}

/* Slots of earlier customers count as free, so nothing has to be cleared. */
static uint64_t mark_of(const struct outcome_table *table, size_t place)
{
	return (uint64_t)table->customer_serial << 32 | (place + 1);
}

static bool is_free(const struct outcome_table *table, uint64_t slot)
{
	return slot >> 32 != table->customer_serial;
}

/* The slot of the request's row, or the free slot where it would be. */
static uint64_t *slot_of(const struct outcome_table *table, uint64_t request)
{
	const struct outcome_row *rows = table->rows + newest(table)->first;
	size_t mask = table->slot_room - 1, at = request & mask;

	while (!is_free(table, table->slots[at]) &&
	       rows[(uint32_t)table->slots[at] - 1].request != request)
		at = (at + 1) & mask;
	return &table->slots[at];
}

/* At most half full. */
static void grow_slots(struct outcome_table *table)
{
	const struct outcome_row *rows = table->rows + newest(table)->first;

	table->slot_room = table->slot_room ? table->slot_room * 2 : 64;
	free(table->slots);
	table->slots = calloc(table->slot_room, sizeof(*table->slots));
	if (!table->slots)
		abort();
	for (size_t i = 0; i < newest(table)->count; i++)
		*slot_of(table, rows[i].request) = mark_of(table, i);
}

uint32_t outcome_table_programme(struct outcome_table *table, const char *name,
				 const char *message_class)
{
	uint32_t index = names_add(&table->programmes, name);

	if (index < table->class_room)
		return index;
	table->classes =
	    outcome_table_room(table->classes, index, &table->class_room, sizeof(*table->classes));
	for (size_t i = index; i < table->class_room; i++)
		table->classes[i] = NULL;
	return outcome_table_programme(table, name, message_class);
}

static struct outcome_row *row_of(struct outcome_table *table, const struct outcome_facts *facts)
{
	struct outcome_table_customer *customer = newest(table);
	uint64_t *slot;

	if (customer->count * 2 >= table->slot_room)
		grow_slots(table);
	slot = slot_of(table, facts->request);
	if (!is_free(table, *slot))
		return &table->rows[customer->first + (uint32_t)*slot - 1];
	table->rows = outcome_table_room(table->rows, table->row_count, &table->row_room,
					 sizeof(*table->rows));
	table->rows[table->row_count] = (struct outcome_row){
	    .request = facts->request,
	    .first_ms = facts->at_ms,
	    .last_ms = facts->at_ms,
	    .triggered_ms = facts->triggered_ms,
	    .programme = outcome_table_programme(table, facts->programme, facts->message_class),
	    .winner = OUTCOME_TABLE_NONE,
	    .first_rule = OUTCOME_TABLE_NONE,
	    .detail = "",
	    .status = STATUS_DEFERRED};
	if (!table->classes[table->rows[table->row_count].programme])
		table->classes[table->rows[table->row_count].programme] =
		    arena_text(&table->arena, facts->message_class);
	*slot = mark_of(table, customer->count++);
	return &table->rows[table->row_count++];
}

static uint32_t rule_of(struct outcome_table *table, const char *name)
{
	uint32_t index;

	if (table->rules.count >= OUTCOME_TABLE_RULES_MAX && names_find(&table->rules, name) < 0)
		return OUTCOME_TABLE_RULES_MAX - 1;
	index = names_add(&table->rules, name);
	return index;
}

/*
 * The request that went first may have no row yet: its mail is told of later in the same instant.
 */
static void claim(struct outcome_table *table, const struct outcome_row *row, uint64_t winner)
{
	table->claims = outcome_table_room(table->claims, table->claim_count, &table->claim_room,
					   sizeof(*table->claims));
	table->claims[table->claim_count++] =
	    (struct outcome_table_claim){.row = (size_t)(row - table->rows), .request = winner};
}

static void defer(struct outcome_table *table, struct outcome_row *row,
		  const struct outcome_facts *facts)
{
	uint32_t rule = rule_of(table, facts->rule);

	if (row->deferrals++ == 0) {
		row->first_rule = rule;
		row->count = facts->count;
		row->limit = facts->limit;
		row->window_s = facts->window_s;
		row->detail = names_keep(&table->details, facts->detail);
	}
	row->rules |= UINT64_C(1) << rule;
	if (row->status == STATUS_DEFERRED)
		row->last_ms = facts->at_ms;
	if (facts->won_by)
		claim(table, row, facts->won_by);
}

void outcome_table_add(struct outcome_table *table, const struct outcome_facts *facts)
{
	struct outcome_row *row = row_of(table, facts);

	if (facts->at_ms < row->first_ms)
		row->first_ms = facts->at_ms;
	if (facts->status == STATUS_DEFERRED) {
		defer(table, row, facts);
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
	const struct outcome_row *x = a, *y = b;

	if (x->first_ms != y->first_ms)
		return x->first_ms < y->first_ms ? -1 : 1;
	return x->request < y->request ? -1 : x->request > y->request;
}

/* A winner without a row was another tool's mail, or is older than what was read. */
static void resolve_claims(struct outcome_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->claim_count; i++) {
		struct outcome_table_claim one = table->claims[i];
		uint64_t slot = *slot_of(table, one.request);

		if (is_free(table, slot))
			continue;
		one.winner = table->rows[newest(table)->first + (uint32_t)slot - 1].programme;
		table->rows[one.row].winner = one.winner;
		table->claims[kept++] = one;
	}
	table->claim_count = kept;
}

void outcome_table_end(struct outcome_table *table)
{
	struct outcome_table_customer *customer = newest(table);

	if (customer->count == 0) {
		table->customer_count--;
		return;
	}
	resolve_claims(table);
	outcome_table_count_pairs(table);
	table->claim_count = 0;
	qsort(table->rows + customer->first, customer->count, sizeof(*table->rows), compare_rows);
}
