/* orders_group.c - see orders_group.h. */
#include "orders_group.h"

#include <stdlib.h>

#include "common/base/hash.h"
#include "orders_fields.h"

/* A hash table from an order's name to its chunks; open addressing, at most half full. */
struct order_slot {
	struct slice name; /* in the orders' arena */
	size_t first, last;
};

struct grouping {
	struct orders *orders;
	struct orders_reader *reader;
	struct order_slot *slots;
	size_t room, used; /* room is a power of two */
	size_t chunk_room, group_room;
	struct order_slot *current; /* whose line was the last one */
	struct order_groups *groups;
};

static void *grow(void *bytes, size_t *room, size_t size)
{
	*room = *room ? *room * 2 : 1024;
	bytes = realloc(bytes, *room * size);
	if (!bytes)
		abort();
	return bytes;
}

static struct order_slot *find(struct order_slot *slots, size_t room, struct slice name)
{
	size_t at = (size_t)hash64(name) & (room - 1);

	while (slots[at].name.bytes && !slice_equal(slots[at].name, name))
		at = (at + 1) & (room - 1);
	return &slots[at];
}

static void make_slots(struct grouping *grouping)
{
	size_t room = grouping->room ? grouping->room * 2 : 4096;
	struct order_slot *slots = calloc(room, sizeof(*slots));

	if (!slots)
		abort();
	for (size_t i = 0; i < grouping->room; i++)
		if (grouping->slots[i].name.bytes)
			*find(slots, room, grouping->slots[i].name) = grouping->slots[i];
	free(grouping->slots);
	grouping->slots = slots;
	grouping->room = room;
}

static size_t add_chunk(struct grouping *grouping, size_t row)
{
	struct orders *orders = grouping->orders;

	if (orders->chunk_count + 2 > grouping->chunk_room)
		orders->chunks =
		    grow(orders->chunks, &grouping->chunk_room, sizeof(*orders->chunks));
	if (orders->chunk_count == 0)
		orders->chunk_count = 1; /* the first is none */
	orders->chunks[orders->chunk_count] =
	    (struct orders_chunk){.row = row, .line = grouping->reader->csv.line, .rows = 1};
	return orders->chunk_count++;
}

static void add_group(struct grouping *grouping, size_t chunk)
{
	struct order_groups *groups = grouping->groups;

	if (groups->count == grouping->group_room)
		groups->first = grow(groups->first, &grouping->group_room, sizeof(*groups->first));
	groups->first[groups->count++] = chunk;
}

struct slice orders_group_name(const struct orders_reader *reader)
{
	return field(reader, field_exists(reader, COLUMN_GROUP) ? COLUMN_GROUP : COLUMN_ORDER);
}

static int add_line(struct grouping *grouping, size_t row, struct err *err)
{
	struct orders *orders = grouping->orders;
	struct slice name = orders_group_name(grouping->reader);
	struct order_slot *slot;
	size_t chunk;

	if (name.len == 0)
		return field_complain(grouping->reader, COLUMN_ORDER, name, "an order on each line",
				      err);
	if (grouping->current && slice_equal(grouping->current->name, name)) {
		orders->chunks[grouping->current->last].rows++;
		return 0;
	}
	if (grouping->used * 2 >= grouping->room)
		make_slots(grouping);
	slot = find(grouping->slots, grouping->room, name);
	chunk = add_chunk(grouping, row);
	if (slot->name.bytes) {
		orders->chunks[slot->last].next = chunk;
	} else {
		slot->name = slice_of(arena_copy(&orders->arena, name.bytes, name.len), name.len);
		slot->first = chunk;
		grouping->used++;
		add_group(grouping, chunk);
	}
	slot->last = chunk;
	grouping->current = slot;
	return 0;
}

int orders_group(struct orders *orders, struct orders_reader *reader, struct order_groups *ret,
		 struct err *err)
{
	struct grouping grouping = {.orders = orders, .reader = reader, .groups = ret};
	const char *text = orders->text;
	int r;

	*ret = (struct order_groups){0};
	for (;;) {
		size_t row = (size_t)((const char *)reader->csv.rest.bytes - text);

		arena_reset(&reader->orders->arena);
		r = orders_next_row(reader, err);
		if (r <= 0)
			break;
		if (orders_row_is_blank(reader))
			continue;
		orders->rows++;
		r = add_line(&grouping, row, err);
		if (r < 0)
			break;
	}
	free(grouping.slots);
	return r;
}

static void keep_line(struct orders_reader *reader, const struct slice **lines)
{
	size_t bytes = reader->layout->field_count * sizeof(struct slice);
	struct slice *fields = arena_alloc(&reader->orders->arena, bytes);

	memcpy(fields, reader->fields, bytes);
	lines[reader->line_count++] = fields;
}

int orders_read_group(const struct orders *orders, struct orders_reader *reader, size_t chunk,
		      struct err *err)
{
	struct arena *left_arena = reader->left_arena;
	const struct slice **lines;
	size_t count = 0;

	reader->left_arena = NULL; /* the rows were counted when they were grouped */
	for (size_t at = chunk; at; at = orders->chunks[at].next)
		count += orders->chunks[at].rows;
	lines = arena_alloc(&reader->orders->arena, count * sizeof(*lines));
	reader->line_count = 0;
	for (size_t at = chunk; at; at = orders->chunks[at].next) {
		const struct orders_chunk *run = &orders->chunks[at];
		unsigned rows = 0;

		reader->csv.rest = slice_of(orders->text + run->row, orders->text_len - run->row);
		reader->csv.next_line = run->line;
		while (rows < run->rows) {
			if (orders_next_row(reader, err) <= 0)
				return -1;
			if (orders_row_is_blank(reader))
				continue;
			keep_line(reader, lines);
			rows++;
		}
	}
	reader->left_arena = left_arena;
	reader->lines = lines;
	reader->csv.line = orders->chunks[chunk].line;
	return 0;
}
