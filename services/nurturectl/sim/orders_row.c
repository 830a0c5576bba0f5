/* orders_row.c - see orders_row.h. */
#include "orders_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/civil.h"
#include "common/base/country.h"
#include "common/base/currency.h"
#include "common/base/text.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"

enum { DATE_BYTES = 10 };

const char *const orders_column_names[COLUMN_COUNT] = {
#define X(name, text) text,
    ORDER_COLUMNS(X)
#undef X
};

/* Says "FILE:LINE: COLUMN: expected ..., found ..."; returns -1. */
static int complain(struct orders_reader *reader, enum column column, struct slice found,
		    const char *expected, struct err *err)
{
	return err_set(err, "%s:%d: %s: expected %s, found \"%.*s\"", reader->options->file,
		       reader->csv.line, orders_column_names[column], expected,
		       found.len > 80 ? 80 : (int)found.len, (const char *)found.bytes);
}

static struct slice field(const struct orders_reader *reader, enum column column)
{
	int place = reader->places[column];

	return place < 0 ? slice_of("", 0) : reader->fields[place];
}

static char *text_field(struct orders_reader *reader, enum column column)
{
	struct slice value = field(reader, column);

	return arena_copy(&reader->orders->arena, value.bytes, value.len);
}

static int64_t instant(const struct zone *zone, struct civil_date date, int64_t of_day_ms)
{
	return zone ? zone_instant(zone, date, of_day_ms) : civil_days(date) * DAY_MS + of_day_ms;
}

static int read_time(struct orders_reader *reader, enum column column, int64_t *ret_ms,
		     struct err *err)
{
	struct slice text = field(reader, column);
	char with_zone[64];
	struct civil_date date;
	struct err ignored;

	if (text.len == DATE_BYTES && civil_parse(text, &date, &ignored) == 0) {
		reader->orders->assumed.midnight = true;
		*ret_ms = instant(reader->options->zone, date, 0);
		return 0;
	}
	if (rfc3339_parse(text, ret_ms, &ignored) == 0)
		return 0;
	/* "2010-12-01 08:26:00" without an offset is the shop's wall clock. */
	snprintf(with_zone, sizeof(with_zone), "%.*sZ", text.len > 40 ? 40 : (int)text.len,
		 (const char *)text.bytes);
	if (rfc3339_parse(slice_text(with_zone), ret_ms, &ignored) == 0) {
		int64_t day_ms = (*ret_ms % DAY_MS + DAY_MS) % DAY_MS;

		*ret_ms = instant(reader->options->zone,
				  civil_from_days((*ret_ms - day_ms) / DAY_MS), day_ms);
		return 0;
	}
	return complain(reader, column, text, "a date or RFC 3339 time", err);
}

/* Words of exports, or the type itself. */
static const struct {
	const char *word;
	enum order_kind kind;
} kind_words[] = {
    {"", ORDER_PLACED},
    {"order", ORDER_PLACED},
    {"placed", ORDER_PLACED},
    {"shipped", ORDER_SHIPPED},
    {"delivered", ORDER_DELIVERED},
    {"late", ORDER_LATE},
    {"cancellation", ORDER_CANCELLED},
    {"cancelled", ORDER_CANCELLED},
    {"refund", ORDER_REFUNDED},
    {"refunded", ORDER_REFUNDED},
    {"updated", ORDER_UPDATED},
    {"return", ORDER_RETURN_OPENED},
    {"complaint", ORDER_COMPLAINT_OPENED},
};

static const enum event_type kind_types[ORDER_KINDS] = {
#define X(kind, type) type,
    ORDER_EVENTS(X)
#undef X
};

const char *order_kind_type(enum order_kind kind)
{
	return event_type_text(kind_types[kind]);
}

static int kind_of(struct slice word)
{
	for (size_t i = 0; i < sizeof(kind_words) / sizeof(*kind_words); i++)
		if (slice_equal(word, slice_text(kind_words[i].word)))
			return (int)kind_words[i].kind;
	for (int kind = 0; kind < ORDER_KINDS; kind++)
		if (slice_is(word, order_kind_type((enum order_kind)kind)))
			return kind;
	return -1;
}

static void add_event(struct orders_reader *reader, enum order_kind kind, Nurture__V1__Event *event,
		      struct order_event *facts)
{
	struct orders *orders = reader->orders;

	event->type = event_type_text(kind_types[kind]);
	event->id = arena_printf(&orders->arena, "%s:%s", event->type, facts->order);
	if (kind == ORDER_UPDATED) /* an order may be edited more than once */
		event->id = arena_printf(&orders->arena, "%s:%" PRId64, event->id, event->time_ms);
	if ((int)kind == reader->json_of)
		event_encode_json(event, &reader->json);
	facts->customer = slice_text(event->customer->id);
	facts->time_ms = event->time_ms;
	facts->line = reader->csv.line;
	facts->kind = kind;
	reader->events[orders->count++] = *facts;
}

/* An unknown place would be taken and then ignored: a customer's night would be the shop's. */
static int check_places(struct orders_reader *reader, struct err *err)
{
	struct slice country = field(reader, COLUMN_COUNTRY);
	struct slice zone = field(reader, COLUMN_TIME_ZONE);

	if (country.len && !country_is_known(country) && !country_for_code(country))
		return complain(reader, COLUMN_COUNTRY, country,
				"a country of ISO 3166-1 in two capitals, such as DE", err);
	if (zone.len && reader->options->zones && !zones_find(reader->options->zones, zone))
		return complain(reader, COLUMN_TIME_ZONE, zone,
				"a time zone of IANA, such as Europe/Vienna", err);
	return 0;
}

static int check_currency(struct orders_reader *reader, const char *currency, struct slice amount,
			  struct err *err)
{
	int decimals = currency_decimals(slice_text(currency));
	char expected[80];

	if (currency[0] && decimals < 0)
		return complain(reader, COLUMN_CURRENCY, slice_text(currency),
				"a currency of ISO 4217 in three capitals, such as EUR", err);
	if (currency_fits(slice_text(currency), amount))
		return 0;
	snprintf(expected, sizeof(expected), "an amount of %.3s with at most %d decimals", currency,
		 decimals);
	return complain(reader, COLUMN_AMOUNT, amount, expected, err);
}

static int fill_customer(struct orders_reader *reader, Nurture__V1__Customer *customer,
			 Nurture__V1__Consent *consent, struct err *err)
{
	struct slice given = field(reader, COLUMN_CONSENT);
	struct orders *orders = reader->orders;

	if (!text_is_id(field(reader, COLUMN_CUSTOMER)))
		return complain(reader, COLUMN_CUSTOMER, field(reader, COLUMN_CUSTOMER),
				"an id of 1 to 200 printable characters", err);
	customer->id = text_field(reader, COLUMN_CUSTOMER);
	customer->email = text_field(reader, COLUMN_EMAIL);
	customer->name = text_field(reader, COLUMN_NAME);
	if (check_places(reader, err) < 0)
		return -1;
	customer->country = text_field(reader, COLUMN_COUNTRY);
	customer->time_zone = text_field(reader, COLUMN_TIME_ZONE);
	customer->locale = text_field(reader, COLUMN_LOCALE);
	customer->birthday = text_field(reader, COLUMN_BIRTHDAY);
	if (reader->places[COLUMN_EMAIL] < 0) {
		orders->assumed.address = true;
		customer->email =
		    arena_printf(&orders->arena, "%s@customers.example", customer->id);
	}
	orders->assumed.consent |= reader->places[COLUMN_CONSENT] < 0;
	consent->message_class = "all";
	consent->given =
	    reader->places[COLUMN_CONSENT] < 0 || slice_equal(given, slice_text("true")) ||
	    slice_equal(given, slice_text("yes")) || slice_equal(given, slice_text("1"));
	return 0;
}

static int fill_order(struct orders_reader *reader, Nurture__V1__Order *order,
		      struct order_event *facts, struct err *err)
{
	struct slice amount = field(reader, COLUMN_AMOUNT);
	struct err ignored;

	order->id = reader->places[COLUMN_ORDER] < 0
			? arena_printf(&reader->orders->arena, "%d", reader->csv.line)
			: text_field(reader, COLUMN_ORDER);
	if (!text_is_id(slice_text(order->id)))
		return complain(reader, COLUMN_ORDER, slice_text(order->id), "an order id", err);
	if (amount.len && text_money_e4(amount, &facts->amount_e4, &ignored) < 0)
		return complain(reader, COLUMN_AMOUNT, amount, "an amount such as 12.50", err);
	if (amount.len && amount.bytes[0] == '-') /* a cancellation's; its kind says so already */
		amount = slice_of(amount.bytes + 1, amount.len - 1);
	order->amount = arena_copy(&reader->orders->arena, amount.bytes, amount.len);
	order->currency = reader->places[COLUMN_CURRENCY] >= 0
			      ? text_field(reader, COLUMN_CURRENCY)
			      : arena_text(&reader->orders->arena, reader->options->currency);
	if (check_currency(reader, order->currency, amount, err) < 0)
		return -1;
	facts->order = order->id;
	facts->amount = order->amount;
	return 0;
}

/* When a stay or an appointment takes place; most orders have no such time. */
static int fill_dates(struct orders_reader *reader, Nurture__V1__Order *order, struct err *err)
{
	if (field(reader, COLUMN_STARTS_AT).len &&
	    read_time(reader, COLUMN_STARTS_AT, &order->starts_at_ms, err) < 0)
		return -1;
	if (field(reader, COLUMN_ENDS_AT).len &&
	    read_time(reader, COLUMN_ENDS_AT, &order->ends_at_ms, err) < 0)
		return -1;
	if (order->starts_at_ms && order->ends_at_ms && order->ends_at_ms < order->starts_at_ms)
		return complain(reader, COLUMN_ENDS_AT, field(reader, COLUMN_ENDS_AT),
				"a time not before starts_at", err);
	return 0;
}

/* "tents|stoves" is an order of two things. */
static int fill_items(struct orders_reader *reader, Nurture__V1__Order *order,
		      struct order_event *facts, struct err *err)
{
	struct slice text = field(reader, COLUMN_CATEGORY), rest = text;
	struct arena *arena = &reader->orders->arena;
	size_t count = 0;

	order->items = arena_alloc(arena, ORDER_CATEGORIES_MAX * sizeof(*order->items));
	facts->categories = arena_alloc(arena, ORDER_CATEGORIES_MAX * sizeof(char *));
	while (rest.len) {
		const uint8_t *bar = memchr(rest.bytes, '|', rest.len);
		size_t len = bar ? (size_t)(bar - rest.bytes) : rest.len;
		Nurture__V1__Item *item = arena_alloc(arena, sizeof(*item));

		if (count == ORDER_CATEGORIES_MAX)
			return complain(reader, COLUMN_CATEGORY, text,
					"at most 16 categories with | between them", err);
		nurture__v1__item__init(item);
		item->quantity = 1;
		item->category = arena_copy(arena, rest.bytes, len);
		len += bar != NULL;
		rest = slice_of(rest.bytes + len, rest.len - len);
		if (!item->category[0])
			continue;
		facts->categories[count] = item->category;
		order->items[count++] = item;
	}
	facts->category_count = order->n_items = count;
	return 0;
}

/* What a return or a complaint is about is named by its order: that is how it is closed again. */
static int fill_case(struct orders_reader *reader, Nurture__V1__Event *event,
		     Nurture__V1__Case *about, struct err *err)
{
	if (reader->places[COLUMN_ORDER] < 0)
		return complain(reader, COLUMN_KIND, field(reader, COLUMN_KIND),
				"an order column beside returns and complaints", err);
	about->id = about->order = event->order->id;
	event->case_ = about;
	event->order = NULL;
	return 0;
}

/* One row: the event itself, and the delivery of an order. */
int orders_add_row(struct orders_reader *reader, struct err *err)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Consent consent = NURTURE__V1__CONSENT__INIT, *consents[] = {&consent};
	Nurture__V1__Order order = NURTURE__V1__ORDER__INIT;
	Nurture__V1__Case about = NURTURE__V1__CASE__INIT;
	struct order_event facts = {0};
	int kind = kind_of(field(reader, COLUMN_KIND));

	if (field(reader, COLUMN_CUSTOMER).len == 0) {
		reader->orders->nameless++;
		return 0;
	}
	if (kind < 0)
		return complain(
		    reader, COLUMN_KIND, field(reader, COLUMN_KIND),
		    "order, updated, cancellation, refund, shipped, "
		    "delivered, late, return, complaint, return.closed or complaint.closed",
		    err);
	if (fill_customer(reader, &customer, &consent, err) < 0 ||
	    fill_order(reader, &order, &facts, err) < 0 ||
	    fill_items(reader, &order, &facts, err) < 0 ||
	    read_time(reader, COLUMN_TIME, &event.time_ms, err) < 0 ||
	    fill_dates(reader, &order, err) < 0)
		return -1;
	event.customer = &customer;
	event.order = &order;
	customer.consent = consents;
	customer.n_consent = 1;
	if (kind >= ORDER_RETURN_OPENED && fill_case(reader, &event, &about, err) < 0)
		return -1;
	add_event(reader, (enum order_kind)kind, &event, &facts);
	if (kind != ORDER_PLACED || reader->options->delivered_after_ms < 0)
		return 0;
	reader->orders->assumed.delivery = true;
	event.time_ms += reader->options->delivered_after_ms;
	add_event(reader, ORDER_DELIVERED, &event, &facts);
	return 0;
}
