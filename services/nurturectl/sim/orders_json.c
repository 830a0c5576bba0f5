/* orders_json.c - an event of a file of orders as JSON, made anew from its row; see orders.h. */
#include <stdlib.h>

#include "common/codec/protobuf_message.h"
#include "common/message/event.h"
#include "orders.h"
#include "orders_group.h"
#include "orders_row.h"
#include "services/ingest/catalogue/complete.h"

bool orders_row_is_blank(const struct orders_reader *reader)
{
	return reader->field_count == 1 && reader->fields[0].len == 0;
}

int orders_next_row(struct orders_reader *reader, struct err *err)
{
	int r = csv_next(&reader->csv, &reader->orders->arena, reader->fields, &reader->field_count,
			 err);

	if (r < 0)
		return err_prefix(err, "%s", reader->options->file);
	if (r <= 0 || !reader->layout || orders_row_is_blank(reader))
		return r;
	if (reader->field_count < reader->layout->field_count)
		orders_leave_out(reader, LEFT_FIELDS, slice_of("", 0));
	for (size_t i = reader->field_count; i < reader->layout->field_count; i++)
		reader->fields[i] = slice_of("", 0); /* a spreadsheet leaves empty ones off */
	if (reader->field_count > reader->layout->field_count)
		return err_set(err,
			       "%s:%d: expected %zu fields as in the header line, found %zu (a "
			       "field with a \"%c\" in it needs quotes)",
			       reader->options->file, reader->csv.line, reader->layout->field_count,
			       reader->field_count, reader->csv.mark);
	return r;
}

static int read_row(const struct orders *orders, const struct order_event *event,
		    struct orders_reader *reader, struct err *err)
{
	if (reader->has_lines)
		return orders_read_group(orders, reader, event->row, err);
	reader->csv.rest = slice_of(orders->text + event->row, orders->text_len - event->row);
	reader->csv.next_line = event->line;
	return orders_next_row(reader, err) > 0 ? 0 : -1;
}

/* Is a line not published as it stands? */
static bool is_told_anew(const struct orders *orders, const struct order_event *event)
{
	return event->is_resolved || event->time_ms < orders->live_from_ms;
}

static struct slice line_json(const struct orders *orders, const struct order_event *event,
			      struct arena *arena)
{
	struct slice line = slice_of(orders->lines + event->row, event->line_bytes);
	Nurture__V1__Event *said;
	struct err ignored;

	if (orders->catalogue)
		line = catalogue_complete(orders->catalogue, line, arena).value;
	if (!is_told_anew(orders, event))
		return line;
	if (event_decode(line, arena, &said, &ignored) < 0)
		abort(); /* it has been read once, so it is sound */
	(void)merges_apply(orders->merges, said);
	if (event->time_ms < orders->live_from_ms)
		said->live_from_ms = orders->live_from_ms;
	return message_pack(said, arena);
}

enum record_kind orders_json_kind(const struct orders *orders, const struct order_event *event)
{
	if (event->line_bytes && is_told_anew(orders, event))
		return RECORD_EVENT_PROTOBUF;
	return event->is_cloudevent ? RECORD_EVENT_CLOUDEVENT : RECORD_EVENT;
}

struct slice orders_json(const struct orders *orders, const struct order_event *event,
			 struct arena *arena)
{
	struct orders of_row = {.arena = *arena};
	struct orders_reader reader;
	struct slice json;
	struct err ignored;

	if (event->line_bytes)
		return line_json(orders, event, arena);
	reader = *orders->reader;
	reader.orders = &of_row;
	reader.left_arena = NULL;
	orders_of_one_line(&reader);
	reader.json_of = (int)event->kind;
	reader.json = BUF_MAX(EVENT_MAX_BYTES);
	/* It has been read once, so it is sound. */
	if (read_row(orders, event, &reader, &ignored) < 0 || orders_add_row(&reader, &ignored) < 0)
		abort();
	json = buf_slice(&reader.json);
	json.bytes = (const uint8_t *)arena_copy(&of_row.arena, json.bytes, json.len);
	buf_free(&reader.json);
	*arena = of_row.arena;
	return json;
}
