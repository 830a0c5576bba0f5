/* share_build.c - a share of a file of orders, put together from its rows; see order_shares.h. */
#include <stdlib.h>

#include "orders_group.h"
#include "orders_lines.h"
#include "shares_internal.h"

void share_begin(struct share_builder *builder, struct orders *share, const struct orders *all)
{
	*builder = (struct share_builder){.share = share};
	*share = (struct orders){.reader = all->reader,
				 .live_from_ms = all->live_from_ms,
				 .catalogue = all->catalogue,
				 .merges = all->merges};
	if (share->reader)
		share->reader->orders = &builder->of_row;
}

/* Puts the bytes behind what is there; returns where they begin. */
static size_t append(char **to, size_t *len, size_t *room, struct slice bytes)
{
	size_t at = *len;

	if (*len + bytes.len > *room) {
		*room = (*len + bytes.len) * 2;
		*to = realloc(*to, *room);
		if (!*to)
			abort();
	}
	memcpy(*to + at, bytes.bytes, bytes.len);
	*len += bytes.len;
	return at;
}

/* A row alone, or the lines of an order, which stand together here. */
static int read_row(struct share_builder *builder, const struct share_row *row, size_t *ret_place,
		    struct err *err)
{
	struct orders *share = builder->share;
	struct orders_reader *reader = share->reader;
	size_t at = append(&share->text, &share->text_len, &builder->text_room, row->text);

	*ret_place = at;
	/* The last row of a file may have no line end; here another one follows. */
	if (row->text.bytes[row->text.len - 1] != '\n')
		append(&share->text, &share->text_len, &builder->text_room, slice_of("\n", 1));
	if (!reader->has_lines) {
		orders_of_one_line(reader);
		reader->csv.rest = slice_of(share->text + at, row->text.len);
		reader->csv.next_line = row->line;
		return orders_next_row(reader, err) > 0 ? 0 : -1;
	}
	if (share->chunk_count + 2 > builder->chunk_room) {
		builder->chunk_room = (share->chunk_count + 2) * 2;
		share->chunks =
		    realloc(share->chunks, builder->chunk_room * sizeof(*share->chunks));
		if (!share->chunks)
			abort();
	}
	if (share->chunk_count == 0)
		share->chunk_count = 1; /* the first is none */
	*ret_place = share->chunk_count;
	share->chunks[share->chunk_count++] =
	    (struct orders_chunk){.row = at, .line = row->line, .rows = row->count};
	return orders_read_group(share, reader, *ret_place, err);
}

int share_add(struct share_builder *builder, const struct share_row *row, struct err *err)
{
	struct orders *share = builder->share;
	size_t place;

	share->rows++;
	if (row->source == SHARE_EVENTS) {
		place = append(&share->lines, &share->lines_len, &builder->lines_room, row->text);
		arena_reset(&builder->arena);
		orders_add_line(share, slice_of(share->lines + place, row->text.len), row->line,
				&builder->arena);
		return 0;
	}
	if (read_row(builder, row, &place, err) < 0)
		return -1;
	return orders_take(share, share->reader, place, err);
}

void share_end(struct share_builder *builder)
{
	arena_free(&builder->of_row.arena);
	arena_free(&builder->arena);
	if (!builder->share->reader)
		return;
	builder->share->reader->orders = NULL;
	builder->share->reader->lines = NULL;
}

static struct slice row_text(const struct orders *share, size_t row, unsigned count)
{
	struct csv csv = {.rest = slice_of(share->text + row, share->text_len - row),
			  .mark = share->reader->csv.mark};

	for (; count > 0; count--) {
		size_t bytes = csv_row_bytes(&csv);

		csv.rest = slice_of(csv.rest.bytes + bytes, csv.rest.len - bytes);
	}
	return slice_of(share->text + row,
			(size_t)((const char *)csv.rest.bytes - share->text) - row);
}

struct share_row share_row_of_event(const struct orders *share, const struct order_event *event)
{
	struct share_row row = {.line = event->line, .count = 1, .customer = event->customer};

	if (event->line_bytes) {
		row.source = SHARE_EVENTS;
		row.text = slice_of(share->lines + event->row, event->line_bytes);
	} else if (share->reader->has_lines) {
		row.count = share->chunks[event->row].rows;
		row.text = row_text(share, share->chunks[event->row].row, row.count);
	} else {
		row.text = row_text(share, event->row, row.count);
	}
	return row;
}
