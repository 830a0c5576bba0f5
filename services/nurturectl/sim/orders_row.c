/* orders_row.c - see orders_row.h. */
#include "orders_row.h"

#include <inttypes.h>

#include "common/base/text.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"
#include "orders_door.h"
#include "orders_fields.h"
#include "orders_items.h"
#include "orders_kinds.h"
#include "orders_person.h"

static const enum event_type kind_types[ORDER_KINDS] = {
#define X(kind, type) type,
    ORDER_EVENTS(X)
#undef X
};

const char *order_kind_type(enum order_kind kind)
{
	return event_type_text(kind_types[kind]);
}

void orders_leave_out(struct orders_reader *reader, enum left_reason reason, struct slice word)
{
	if (reader->left_arena)
		left_out_add(&reader->orders->left, reason, word, reader->csv.line,
			     reader->left_arena);
}

/* All that one order's events have in common. */
struct row {
	Nurture__V1__Event event;
	Nurture__V1__Customer customer, said; /* said: without what the door adds */
	Nurture__V1__Order order;
	Nurture__V1__Case about;
	struct order_event facts;
	struct row_kinds kinds;
	int64_t placed_ms; /* the row's own time, of the first kind */
	int64_t cancelled_ms;
};

/*
 * It follows from the row alone, so that a file may be read again.  What may happen to an order more
 * than once is told apart by its time, partial refunds of one day by their amount as well.
 */
static char *event_id(const struct orders_reader *reader, enum order_kind kind,
		      const Nurture__V1__Event *event, const struct order_event *facts)
{
	struct arena *arena = &reader->orders->arena;
	bool is_dated = kind == ORDER_UPDATED || kind >= ORDER_RETURN_OPENED;

	if (reader->options->door) {
		char *id = orders_door_event_id(reader->options->door, kind, facts->order,
						facts->amount[0], arena);

		if (id)
			return id;
	}
	if (kind == ORDER_REFUNDED && facts->amount[0])
		return arena_printf(arena, "%s:%s:%" PRId64 ":%s", event->type, facts->order,
				    event->time_ms, facts->amount);
	if (is_dated || kind == ORDER_REFUNDED)
		return arena_printf(arena, "%s:%s:%" PRId64, event->type, facts->order,
				    event->time_ms);
	return arena_printf(arena, "%s:%s", event->type, facts->order);
}

/* Whoever reads events takes EVENT_MAX_BYTES; when it is history it says since when, too. */
static bool fits(const Nurture__V1__Event *event)
{
	enum {
		LIVE_FROM_BYTES = 64,
		JSON_PER_BYTE = 32, /* at most, of names and marks around the shortest items */
	};
	struct buf json = BUF_MAX(EVENT_MAX_BYTES - LIVE_FROM_BYTES);
	bool is_small;

	if (nurture__v1__event__get_packed_size(event) < EVENT_MAX_BYTES / JSON_PER_BYTE)
		return true;
	event_encode_json(event, &json);
	is_small = !buf_failed(&json);
	buf_free(&json);
	return is_small;
}

static void add_event(struct orders_reader *reader, struct row *row, enum order_kind kind,
		      int64_t time_ms)
{
	struct orders *orders = reader->orders;
	struct order_event *facts = &row->facts;

	row->customer = row->said;
	/* As at the door: what is told later must not replace what the person has said. */
	if (reader->options->door && kind == ORDER_PLACED)
		orders_door_default(reader->options->door, &row->customer);
	row->event.type = event_type_text(kind_types[kind]);
	row->event.time_ms = time_ms;
	row->event.id = event_id(reader, kind, &row->event, facts);
	/* Measured without the time from which it is live, for which there is room in any case. */
	row->event.live_from_ms = 0;
	if (!fits(&row->event)) {
		orders_leave_out(reader, LEFT_SIZE, slice_text(row->event.type));
		return;
	}
	row->event.live_from_ms = time_ms < reader->live_from_ms ? reader->live_from_ms : 0;
	if ((int)kind == reader->json_of)
		event_encode_json(&row->event, &reader->json);
	facts->customer = slice_text(row->customer.id);
	facts->time_ms = time_ms;
	facts->line = reader->csv.line;
	facts->kind = kind;
	reader->events[orders->count++] = *facts;
}

/* When a stay or an appointment takes place; most orders have no such time. */
static int read_dates(struct orders_reader *reader, Nurture__V1__Order *order, struct err *err)
{
	if (field(reader, COLUMN_STARTS_AT).len &&
	    field_time(reader, COLUMN_STARTS_AT, &order->starts_at_ms, err) < 0)
		return -1;
	if (field(reader, COLUMN_ENDS_AT).len &&
	    field_time(reader, COLUMN_ENDS_AT, &order->ends_at_ms, err) < 0)
		return -1;
	if (order->starts_at_ms && order->ends_at_ms && order->ends_at_ms < order->starts_at_ms)
		return field_complain(reader, COLUMN_ENDS_AT, field(reader, COLUMN_ENDS_AT),
				      "a time not before starts_at", err);
	return 0;
}

/* What the shop's webhooks call the order: in exports a name such as #1001 may stand in its place. */
static int read_number(struct orders_reader *reader, Nurture__V1__Order *order, struct err *err)
{
	struct slice number = field(reader, COLUMN_ORDER);
	bool is_number = number.len > 0;

	for (size_t i = 0; i < number.len; i++)
		is_number = is_number && number.bytes[i] >= '0' && number.bytes[i] <= '9';
	if (!is_number)
		return field_complain(
		    reader, COLUMN_ORDER, number,
		    "with --source the number that the shop's webhooks have (digits)", err);
	order->id = orders_door_id(reader->options->door, number, &reader->orders->arena);
	return 0;
}

static int read_order(struct orders_reader *reader, struct row *row, struct err *err)
{
	Nurture__V1__Order *order = &row->order;

	if (reader->options->door && read_number(reader, order, err) < 0)
		return -1;
	if (!reader->options->door)
		order->id = field_exists(reader, COLUMN_ORDER)
				? field_text(reader, COLUMN_ORDER)
				: arena_printf(&reader->orders->arena, "%d", reader->csv.line);
	if (!text_is_id(slice_text(order->id)))
		return field_complain(reader, COLUMN_ORDER, slice_text(order->id), "an order id",
				      err);
	row->facts.order = order->id;
	if (amount_of_order(reader, order, &row->facts, err) < 0 ||
	    items_read(reader, order, &row->facts, err) < 0)
		return -1;
	if (row->facts.amount_e4 < 0 && row->kinds.kinds[0] == ORDER_PLACED)
		return field_complain(reader, COLUMN_AMOUNT, field_raw(reader, COLUMN_AMOUNT),
				      "an amount of at least 0 (what is given back has the kind "
				      "refund)",
				      err);
	return 0;
}

/* What a return or a complaint is about is named by its order: that is how it is closed again. */
static int read_case(struct orders_reader *reader, struct row *row, struct err *err)
{
	if (row->kinds.kinds[0] < ORDER_RETURN_OPENED)
		return 0;
	if (!field_exists(reader, COLUMN_ORDER))
		return field_complain(reader, COLUMN_KIND, field(reader, COLUMN_KIND),
				      "an order column beside returns and complaints", err);
	row->about.id = row->about.order = row->order.id;
	row->event.case_ = &row->about;
	row->event.order = NULL;
	return 0;
}

/* 1: when it happened.  0: no column says so; what ends an order then happened as it was placed. */
static int end_time(struct orders_reader *reader, const struct row *row, enum order_kind kind,
		    int64_t *ret_ms, struct err *err)
{
	const enum column columns[] = {row_kind_column(kind), COLUMN_CHANGED_AT};

	for (int i = 0; i < 2; i++) {
		if (columns[i] == COLUMN_COUNT || field(reader, columns[i]).len == 0)
			continue;
		return field_time(reader, columns[i], ret_ms, err) < 0 ? -1 : 1;
	}
	if (kind == ORDER_REFUNDED && row->cancelled_ms != NEVER_MS) {
		*ret_ms = row->cancelled_ms;
		return 1;
	}
	*ret_ms = row->placed_ms;
	if (kind == ORDER_CANCELLED || kind == ORDER_REFUNDED) {
		orders_leave_out(reader, LEFT_UNDATED, slice_text(order_kind_type(kind)));
		return 1;
	}
	orders_leave_out(reader, LEFT_EVENT_TIME, slice_text(order_kind_type(kind)));
	return 0;
}

static void set_case(struct row *row, enum order_kind kind)
{
	row->about.id = row->about.order = row->order.id;
	row->event.case_ = kind >= ORDER_RETURN_OPENED ? &row->about : NULL;
	row->event.order = kind >= ORDER_RETURN_OPENED ? NULL : &row->order;
}

/* The column refund says how much of the order; without it all of it came back. */
static int add_refund(struct orders_reader *reader, struct row *row, bool is_told, struct err *err)
{
	struct order_event facts = row->facts;
	size_t item_count = row->order.n_items;
	const char *amount;
	int64_t time_ms;

	if (amount_of_refund(reader, &row->order, &amount, &row->facts.amount_e4, err) < 0)
		return -1;
	if (amount || is_told) {
		if (end_time(reader, row, ORDER_REFUNDED, &time_ms, err) < 0)
			return -1;
		row->facts.amount = amount ? amount : "";
		row->order.amount = (char *)row->facts.amount;
		if (amount)
			row->order.n_items = 0; /* nobody says which of them came back */
		set_case(row, ORDER_REFUNDED);
		add_event(reader, row, ORDER_REFUNDED, time_ms);
	}
	row->facts = facts;
	row->order.n_items = item_count;
	row->order.amount = (char *)facts.amount;
	return 0;
}

/* What else became of an order that a row tells of: by its words, and by columns with times. */
static int add_later(struct orders_reader *reader, struct row *row, struct err *err)
{
	static const enum order_kind kinds[] = {ORDER_CANCELLED, ORDER_SHIPPED, ORDER_LATE,
						ORDER_DELIVERED, ORDER_RETURN_OPENED};
	int64_t time_ms;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		bool is_told = row_kinds_have(&row->kinds, kinds[i]);
		int r;

		if (kinds[i] == row->kinds.kinds[0] ||
		    (!is_told && field(reader, row_kind_column(kinds[i])).len == 0))
			continue;
		r = end_time(reader, row, kinds[i], &time_ms, err);
		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		if (kinds[i] == ORDER_CANCELLED)
			row->cancelled_ms = time_ms;
		set_case(row, kinds[i]);
		add_event(reader, row, kinds[i], time_ms);
	}
	if (row->kinds.kinds[0] == ORDER_REFUNDED)
		return 0;
	return add_refund(reader, row, row_kinds_have(&row->kinds, ORDER_REFUNDED), err);
}

/* --delivered-after, unless the row has a delivery of its own or was cancelled before. */
static void add_delivery(struct orders_reader *reader, struct row *row)
{
	int64_t after_ms = reader->options->delivered_after_ms;

	if (after_ms < 0 || row->cancelled_ms <= row->placed_ms + after_ms)
		return;
	for (size_t i = 0; i < reader->orders->count; i++)
		if (reader->events[i].kind == ORDER_DELIVERED)
			return;
	reader->orders->assumed.delivery = true;
	set_case(row, ORDER_DELIVERED);
	add_event(reader, row, ORDER_DELIVERED, row->placed_ms + after_ms);
}

static int read_row(struct orders_reader *reader, struct row *row, struct err *err)
{
	int r = person_read(reader, &row->customer, err);

	if (r <= 0)
		return r;
	row->customer.id = (char *)merges_living(reader->merges, row->customer.id);
	row->said = row->customer;
	if (row_kinds_read(reader, &row->kinds, err) < 0)
		return -1;
	if (row->kinds.count == 0)
		return 0;
	if (read_order(reader, row, err) < 0 ||
	    field_time(reader, COLUMN_TIME, &row->placed_ms, err) < 0 ||
	    read_dates(reader, &row->order, err) < 0)
		return -1;
	row->event.customer = &row->customer;
	row->event.order = &row->order;
	return read_case(reader, row, err) < 0 ? -1 : 1;
}

int orders_add_row(struct orders_reader *reader, struct err *err)
{
	struct row row = {.cancelled_ms = NEVER_MS};
	int r;

	nurture__v1__event__init(&row.event);
	nurture__v1__customer__init(&row.customer);
	nurture__v1__order__init(&row.order);
	nurture__v1__case__init(&row.about);
	r = read_row(reader, &row, err);
	if (r <= 0)
		return r;
	if (row.kinds.kinds[0] == ORDER_PLACED && row.order.amount[0] && reader->left_arena)
		orders_count_currency(reader->options->currency, row.order.currency,
				      reader->csv.line, &reader->orders->left, reader->left_arena);
	if (reader->left_arena)
		orders_count_consent(reader->options->policy, &row.customer, reader->csv.line,
				     &reader->orders->left, reader->left_arena);
	add_event(reader, &row, row.kinds.kinds[0], row.placed_ms);
	if (row.kinds.kinds[0] != ORDER_PLACED && row.kinds.count == 1)
		return 0;
	if (add_later(reader, &row, err) < 0)
		return -1;
	if (row.kinds.kinds[0] == ORDER_PLACED)
		add_delivery(reader, &row);
	return 0;
}
