/*
 * orders.h - a file of orders as the events that they were.
 *
 * A CSV (RFC 4180, with a header line) gives one order.placed a row, and one
 * order.delivered `delivered_after` later; a `kind` column may say otherwise
 * ("cancellation" -> order.cancelled, "complaint" -> complaint.opened, or an
 * event type), columns of further times give further events, and with `lines`
 * all rows of an order are one.  Simulation and replay read the same events from
 * it, in the same order: by time, then by line, the order before its delivery.
 *
 * docs/orders-files.md says it for people.  The room exports/ knows how the
 * systems of shops write; nothing of a file is left out without being counted.
 *
 * What a file lacks is taken as: consent given to everything; the address
 * CUSTOMER@customers.example; a date without a time is midnight in the shop's
 * zone.  `assumed` says which of these were used, for the reports.  Orders that
 * are live have neither a consent nor an address that the file does not say.
 */
#ifndef NURTURE_NURTURECTL_SIM_ORDERS_H
#define NURTURE_NURTURECTL_SIM_ORDERS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/message/record_kind.h"
#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/base/zone.h"
#include "common/policy/event_type.h"
#include "common/policy/policy.h"
#include "left_out.h"
#include "merges.h"
#include "nurture/v1/event.pb-c.h"
#include "services/ingest/catalogue/catalogue.h"
#include "services/nurturectl/exports/presets.h"

struct orders_door; /* orders_door.h */

struct orders_options {
	const char *file;   /* NULL: events alone */
	const char *events; /* JSON lines as POST /v1/events takes them, perhaps .gz; NULL: none */
	/* "customer=customer_id,time=purchased_on,..." or NULL: by their own names */
	const char *columns;
	/* What an export of it looks like; NULL: what the other options say. They go before it. */
	const struct preset *preset;
	const char *time_format; /* of time_text.h; NULL: ISO 8601 */
	const char *encoding;    /* "utf-16"; NULL: as the bytes look */
	char decimal;            /* '.' or ','; 0: as each amount looks */
	bool has_lines;          /* rows with the same order are its lines */
	bool is_live; /* of people who are written to: what a file lacks is not made up */
	const struct orders_door *door; /* whose ids the events have; NULL: ids of their own */
	enum { KEY_DEFAULT, KEY_ID, KEY_EMAIL } key; /* who is a customer: common/mail/inbox.h */
	int64_t delivered_after_ms;                  /* < 0: no deliveries */
	int64_t live_from_ms; /* events before it are history (docs/history.md); 0: none is */
	const char *currency; /* of the shop, when there is no such column */
	const struct policy *policy;       /* whose classes consent may be to; NULL: any may be */
	const struct catalogue *catalogue; /* of items without a category; NULL: none */
	const struct zone *zone;           /* of dates without a time; NULL: UTC */
	const struct zones *zones;         /* what a time_zone may be; NULL: anything */
};

/* X(kind, the type of its event) */
/* clang-format off */
#define ORDER_EVENTS(X)                                                                            \
	X(PLACED, EVENT_ORDER_PLACED)                                                              \
	X(SHIPPED, EVENT_ORDER_SHIPPED)                                                            \
	X(DELIVERED, EVENT_ORDER_DELIVERED)                                                        \
	X(LATE, EVENT_ORDER_LATE)                                                                  \
	X(CANCELLED, EVENT_ORDER_CANCELLED)                                                        \
	X(REFUNDED, EVENT_ORDER_REFUNDED)                                                          \
	X(UPDATED, EVENT_ORDER_UPDATED)                                                            \
	X(RETURN_OPENED, EVENT_RETURN_OPENED)                                                      \
	X(RETURN_CLOSED, EVENT_RETURN_CLOSED)                                                      \
	X(COMPLAINT_OPENED, EVENT_COMPLAINT_OPENED)                                                \
	X(COMPLAINT_CLOSED, EVENT_COMPLAINT_CLOSED)
/* clang-format on */
enum order_kind {
#define X(kind, type) ORDER_##kind,
	ORDER_EVENTS(X)
#undef X
	    ORDER_KINDS
};
/* Of a file of events: a type that is none of the above. */
#define ORDER_OTHER ORDER_KINDS
/* "order.placed" */
const char *order_kind_type(enum order_kind kind);

enum { ORDER_CATEGORIES_MAX = 16 };

struct order_event {
	struct slice customer;
	int64_t time_ms;
	size_t sequence;     /* in the file */
	size_t row;          /* where its row begins in the text; of lines: their first chunk */
	int line;            /* of that row */
	unsigned line_bytes; /* of a line of events; 0: it is of the file of orders */
	bool is_resolved;    /* a line that is told of another customer than it says: merges.h */
	bool is_cloudevent;  /* a line in the envelope of CloudEvents */
	/* The same for whoever counts; all of them live as long as the orders. */
	enum order_kind kind;
	const char *type;           /* of a line of events; NULL: that of the kind */
	const char *order, *amount; /* amount: "12.50" or "" */
	int64_t amount_e4;
	const char **categories;
	unsigned category_count;
};

static inline const char *order_event_type(const struct order_event *event)
{
	return event->type ? event->type : order_kind_type(event->kind);
}

struct orders_assumed {
	bool consent, address, midnight, delivery;
	bool only_marketing;         /* no column says who consents to other classes */
	bool no_consent, no_address; /* of live orders: the file says none, so there is none */
	const char *encoding;        /* that the bytes look like; NULL: UTF-8, or it was said */
	const char *without;         /* what the file cannot say: struct preset */
	const char *marketing;       /* the column of a yes to promotion alone; NULL: none */
};

/* Lines of one order that stand together. */
struct orders_chunk {
	size_t row; /* where they begin in the text */
	int line;
	unsigned rows;
	size_t next; /* more of that order, 0: no more */
};

struct orders {
	struct order_event *events; /* by time */
	size_t count;
	bool is_by_customer; /* they are sorted as orders_by_customer() does */
	size_t rows, customers;
	size_t nameless; /* rows without a customer, of shops that sell to guests; left out */
	size_t placed;
	int64_t first_ms, last_ms; /* of the events; last_ms may be a delivery */
	int64_t last_placed_ms;
	struct orders_assumed assumed;
	struct left_out *left;       /* of the file of orders */
	struct left_out *left_lines; /* of the file of events */
	struct orders_chunk *chunks; /* of a file with lines; the first is none */
	size_t chunk_count;
	struct arena arena;
	/* private: rows are read again when their events are wanted as JSON */
	struct orders_reader *reader;
	char *text;
	size_t text_len;
	char *lines; /* the file of events; rows are offsets in it */
	size_t lines_len;
	int64_t live_from_ms;
	const char *currency;        /* of the shop, borrowed from the options; NULL or "": none */
	const struct policy *policy; /* likewise; NULL: none */
	const struct catalogue *catalogue; /* likewise */
	const struct merges *merges; /* of the file of events; NULL: none, or they are left alone */
	size_t room;                 /* of events */
};

/* The error names file, line and column. */
int orders_read(const struct orders_options *options, struct orders *ret, struct err *err);
/* Its first part: the merges of the file of events, when they are to be resolved. */
int orders_read_merges(struct orders *orders, const struct orders_options *options,
		       struct err *err);
void orders_free(struct orders *orders);

/*
 * The event as it stands on nurture.events, made anew from its row, so that a file takes little
 * memory; in the arena or, of a line of events, that line.  A line that is history is protobuf,
 * which has all that a line can say, also of a CloudEvent.  Threads may ask side by side, each with
 * an arena of its own.
 */
struct slice orders_json(const struct orders *orders, const struct order_event *event,
			 struct arena *arena);
/* What orders_json() has given of the event, for the record's headers. */
enum record_kind orders_json_kind(const struct orders *orders, const struct order_event *event);

/*
 * What was taken for granted besides, and what was left out: one sentence after the other, NULL
 * behind the last one.  They are constants, or in the arena.  *ret_is_of_events: it is about the
 * file of events, and not about that of orders; ret_is_of_events may be NULL.
 */
const char *orders_note(const struct orders *orders, unsigned index, struct arena *arena,
			bool *ret_is_of_events);
/* The same as a whole sentence that names the file: "Of the file of orders: ... ." */
const char *orders_note_sentence(const struct orders *orders, unsigned index, struct arena *arena);
/*
 * Counts the currency of an order that was placed, when a shop's owner would not expect what its
 * amount does: it is not the shop's, or the shop has none and so all are added up.
 */
void orders_count_currency(const char *shop_currency, const char *currency, int line,
			   struct left_out **left, struct arena *arena);

/* Counts consent to classes that the policy, when there is one, has not. */
void orders_count_consent(const struct policy *policy, const Nurture__V1__Customer *customer,
			  int line, struct left_out **left, struct arena *arena);

/* Events before that time are history from now on; of orders that were just read. */
void orders_set_live_from(struct orders *orders, int64_t live_from_ms);
/* Makes room for so many events more. */
void orders_make_room(struct orders *orders, size_t more);
/*
 * Leaves out rows of an order that an earlier row of the same customer has placed, and counts them:
 * they are no orders.
 */
void orders_drop_repeats(struct orders *orders);
/* Counts the events, and sorts them by time. orders_read() has done so. */
void orders_count(struct orders *orders);
/* Leaves the events before a time; -1 when there are none. */
int orders_cut(struct orders *orders, int64_t until_ms, struct err *err);

/* The same events, customer by customer (customers in byte order), each customer's by time. */
void orders_by_customer(struct orders *orders);
/* Where the events of a customer begin, in orders by customer; *ret_count may be 0. */
size_t orders_of_customer(const struct orders *orders, struct slice customer, size_t *ret_count);

#endif
