/* Files of orders: which events a row becomes, what is taken for granted, what is refused and
 * how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/message/event.h"
#include "policy_fixture.h"
#include "services/nurturectl/sim/orders.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static struct zones *zones;
static char path[64];

static int set_up(void **state)
{
	int fd;

	(void)state;
	zones = fixture_zones();
	snprintf(path, sizeof(path), "/tmp/nurturectl_orders_XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	zones_free(zones);
	return unlink(path);
}

static int read_in(const char *currency, const char *text, const char *columns,
		   int64_t delivered_after_ms, struct orders *orders, struct err *err)
{
	const struct orders_options options = {.file = path,
					       .columns = columns,
					       .delivered_after_ms = delivered_after_ms,
					       .currency = currency,
					       .zone =
						   zones_find(zones, slice_text("Europe/London"))};
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	return orders_read(&options, orders, err);
}

static int read_text(const char *text, const char *columns, int64_t delivered_after_ms,
		     struct orders *orders, struct err *err)
{
	return read_in("GBP", text, columns, delivered_after_ms, orders, err);
}

/* It lives until the next one. */
static struct slice json_of(const struct orders *orders, size_t index)
{
	static struct arena room;

	arena_reset(&room);
	assert_true(index < orders->count);
	return orders_json(orders, &orders->events[index], &room);
}

static void assert_event(const struct orders *orders, size_t index, const char *json)
{
	struct slice found = json_of(orders, index);

	if (!slice_equal(found, slice_text(json)))
		fail_msg("event %zu is %.*s", index, SLICE_ARGS(found));
}

static void rows_become_events(void **state)
{
	struct orders orders;
	struct err err;

	(void)state;
	assert_int_equal(read_text("customer,time,amount,order\n"
				   "bob,2024-07-02,20.00,2\n"
				   "ann,2024-07-01T10:00:00+02:00,12.50,1\n",
				   NULL, DAY_MS, &orders, &err),
			 0);
	assert_int_equal(orders.rows, 2);
	assert_int_equal(orders.customers, 2);
	assert_int_equal(orders.count, 4);
	/* By time: the delivery of the first, then the second, whose day begins in London. */
	assert_event(&orders, 0,
		     "{\"customer\":{\"consent\":{\"all\":true},"
		     "\"email\":\"ann@customers.example\",\"id\":\"ann\"},"
		     "\"id\":\"order.placed:1\",\"order\":{\"amount\":\"12.50\","
		     "\"currency\":\"GBP\",\"id\":\"1\"},\"time\":\"2024-07-01T08:00:00Z\","
		     "\"type\":\"order.placed\"}");
	assert_int_equal(orders.events[1].time_ms, orders.first_ms + 15 * HOUR_MS);
	assert_non_null(strstr((const char *)json_of(&orders, 1).bytes, "2024-07-01T23:00:00Z"));
	assert_non_null(strstr((const char *)json_of(&orders, 2).bytes, "order.delivered:1"));
	assert_int_equal(orders.last_ms, orders.events[3].time_ms);
	assert_true(orders.assumed.consent && orders.assumed.address && orders.assumed.midnight &&
		    orders.assumed.delivery);
	orders_by_customer(&orders);
	assert_true(slice_equal(orders.events[0].customer, slice_text("ann")));
	assert_true(slice_equal(orders.events[1].customer, slice_text("ann")));
	assert_true(slice_equal(orders.events[2].customer, slice_text("bob")));
	orders_free(&orders);
}

static void a_booking_says_when_it_is(void **state)
{
	struct orders orders;
	struct err err;

	(void)state;
	assert_int_equal(read_text("customer,time,order,kind,starts_at,ends_at\n"
				   "ann,2024-01-05,1,order,2024-07-10T14:00:00+02:00,2024-07-12\n"
				   "ann,2024-02-05,1,updated,2024-08-10 14:00:00,\n"
				   "ann,2024-03-05,1,updated,2024-09-10,\n",
				   NULL, -1, &orders, &err),
			 0);
	assert_int_equal(orders.count, 3);
	assert_non_null(strstr((const char *)json_of(&orders, 0).bytes,
			       "\"ends_at\":\"2024-07-11T23:00:00Z\",\"id\":\"1\","
			       "\"starts_at\":\"2024-07-10T12:00:00Z\""));
	assert_non_null(strstr((const char *)json_of(&orders, 1).bytes,
			       "\"id\":\"order.updated:1:1707091200000\",\"order\":{\"currency\":"
			       "\"GBP\",\"id\":\"1\",\"starts_at\":\"2024-08-10T13:00:00Z\"}"));
	assert_int_equal(orders.events[2].kind, ORDER_UPDATED);
	orders_free(&orders);
	assert_int_equal(read_text("customer,time,starts_at,ends_at\n"
				   "ann,2024-01-05,2024-07-10,2024-07-09\n",
				   NULL, -1, &orders, &err),
			 -1);
	assert_non_null(strstr(err.text, ":2: ends_at: expected a time not before starts_at, found "
					 "\"2024-07-09\""));
	assert_int_equal(
	    read_text("customer,time,starts_at\nann,2024-01-05,soon\n", NULL, -1, &orders, &err),
	    -1);
	assert_non_null(strstr(err.text, ":2: starts_at: expected a date or RFC 3339 time"));
}

static void what_a_file_says_is_not_assumed(void **state)
{
	struct orders orders;
	struct err err;

	(void)state;
	assert_int_equal(
	    read_text("who,day,kind,mail,ok,what\n"
		      "ann,2024-01-01T00:00:00Z,order,ann@example.org,no,tents\n"
		      "ann,2024-01-03 09:30:00,delivered,ann@example.org,yes,tents\n"
		      "ann,2024-01-04T00:00:00Z,refund,,1,\n",
		      "customer=who,time=day,kind=kind,email=mail,consent=ok,category=what", -1,
		      &orders, &err),
	    0);
	assert_int_equal(orders.count, 3);
	assert_false(orders.assumed.consent || orders.assumed.address || orders.assumed.midnight ||
		     orders.assumed.delivery);
	assert_event(&orders, 0,
		     "{\"customer\":{\"consent\":{\"all\":false},\"email\":\"ann@example.org\","
		     "\"id\":\"ann\"},\"id\":\"order.placed:2\",\"order\":{\"currency\":\"GBP\","
		     "\"id\":\"2\",\"items\":[{\"category\":\"tents\",\"quantity\":1}]},"
		     "\"time\":\"2024-01-01T00:00:00Z\",\"type\":\"order.placed\"}");
	assert_non_null(strstr((const char *)json_of(&orders, 1).bytes, "order.delivered"));
	assert_non_null(strstr((const char *)json_of(&orders, 2).bytes, "order.refunded"));
	orders_free(&orders);
}

static void kinds_and_categories(void **state)
{
	static const struct {
		const char *word;
		enum order_kind kind;
	} rows[] = {
	    {"order", ORDER_PLACED},
	    {"shipped", ORDER_SHIPPED},
	    {"late", ORDER_LATE},
	    {"cancellation", ORDER_CANCELLED},
	    {"refund", ORDER_REFUNDED},
	    {"return", ORDER_RETURN_OPENED},
	    {"return.closed", ORDER_RETURN_CLOSED},
	    {"complaint", ORDER_COMPLAINT_OPENED},
	    {"complaint.closed", ORDER_COMPLAINT_CLOSED},
	};
	struct orders orders;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena arena = {0};
		Nurture__V1__Event *event;
		char text[200];

		snprintf(text, sizeof(text),
			 "customer,time,kind,order,amount,category\n"
			 "ann,2024-01-01T00:00:00Z,%s,7,%s2.50,tents||stoves\n",
			 rows[i].word, rows[i].kind == ORDER_PLACED ? "" : "-");
		assert_int_equal(read_text(text, NULL, -1, &orders, &err), 0);
		assert_int_equal(orders.count, 1);
		assert_int_equal(orders.events[0].kind, rows[i].kind);
		assert_string_equal(orders.events[0].amount, "2.50");
		assert_int_equal(orders.events[0].category_count, 2);
		assert_string_equal(orders.events[0].categories[1], "stoves");
		/* What is written is what the services read, whole. */
		if (event_decode(json_of(&orders, 0), &arena, &event, &err) < 0)
			fail_msg("%s: %s", rows[i].word, err.text);
		assert_string_equal(event->type, order_kind_type(rows[i].kind));
		if (rows[i].kind >= ORDER_RETURN_OPENED)
			assert_string_equal(event->case_->id, "7");
		else
			assert_int_equal(event->order->n_items, 2);
		arena_free(&arena);
		orders_free(&orders);
	}
}

static void guests_are_left_out(void **state)
{
	struct orders orders;
	struct err err;

	(void)state;
	assert_int_equal(read_text("customer,time\n"
				   ",2024-01-01\n"
				   "ann,2024-01-01\n"
				   "\n",
				   NULL, -1, &orders, &err),
			 0);
	assert_int_equal(orders.rows, 2);
	assert_int_equal(orders.nameless, 1);
	assert_int_equal(orders.count, 1);
	orders_free(&orders);
}

/* Each row is one event, and one of its members says what is right. */
static void words_of_exports(void **state)
{
	static const struct {
		const char *header, *row, *expect;
	} rows[] = {
	    {"consent", "TRUE", "\"consent\":{\"all\":true}"},
	    {"consent", "No", "\"consent\":{\"all\":false}"},
	    {"consent", "", "\"customer\":{\"email\":\"ann@"},
	    {"marketing", "yes", "\"consent\":{\"promotion\":true}"},
	    {"marketing", "no", "\"customer\":{\"email\":\"ann@"},
	    {"country", "EIRE", "\"country\":\"IE\""},
	    {"country", "de", NULL},
	    {"amount", "\"1,026.20\"", "\"amount\":\"1026.20\""},
	    {"amount", "\"1,026\"", NULL},
	    {"amount", "\u20ac5", "\"currency\":\"EUR\""},
	    {"amount", "$5", NULL}, /* whose dollars? The shop has pounds */
	    {"amount", "-5.00", NULL},
	    {"amount", "\u00a35", "\"amount\":\"5\""},
	    {"birthday", "1980-02-30", "\"customer\":{\"consent\":{\"all\":true},\"email\""},
	    {"locale", "German", "\"customer\":{\"consent\":{\"all\":true},\"email\""},
	    {"consent", "maybe", NULL},
	    {"email", "no address", "\"customer\":{\"consent\":{\"all\":true},\"id\":\"ann\"}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct orders orders;
		char text[300];
		struct err err;
		int r;

		snprintf(text, sizeof(text), "customer,time,%s\nann,2024-01-01 10:00,%s\n",
			 rows[i].header, rows[i].row);
		r = read_text(text, NULL, -1, &orders, &err);
		if (r != (rows[i].expect ? 0 : -1))
			fail_msg("%s %s: %s", rows[i].header, rows[i].row, r ? err.text : "read");
		if (r < 0) {
			assert_non_null(strstr(err.text, rows[i].header));
			continue;
		}
		if (!strstr((const char *)json_of(&orders, 0).bytes, rows[i].expect))
			fail_msg("%s: %s", rows[i].row, (const char *)json_of(&orders, 0).bytes);
		orders_free(&orders);
	}
}

/* Without a currency nobody can tell 1.026 from 1026: what was taken is counted. */
static void a_dot_before_three_digits(void **state)
{
	static const struct {
		const char *columns, *rows;
		size_t counted;
	} files[] = {
	    {"customer;time;amount", "ann;2024-01-01;1.026\nann;2024-01-02;12,50\n", 1},
	    {"customer;time;price;currency", "ann;2024-01-01;1.026;EUR\n", 1},
	    {"customer;time;amount;currency", "ann;2024-01-01;1.026;KWD\n", 0},
	    {"customer;time;amount", "ann;2024-01-01;1.026,20\nann;2024-01-02;10.26\n", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct orders orders;
		char text[200];
		size_t counted = 0;
		struct err err;

		snprintf(text, sizeof(text), "%s\n%s", files[i].columns, files[i].rows);
		assert_int_equal(read_in("", text, NULL, -1, &orders, &err), 0);
		for (const struct left_out *at = orders.left; at; at = at->next)
			counted += at->reason == LEFT_DOT ? at->count : 0;
		if (counted != files[i].counted)
			fail_msg("%s: %zu counted", files[i].rows, counted);
		orders_free(&orders);
	}
}

/* Whatever the id, there is an address; and each refund of an order is one of its own. */
static void ids_of_exports(void **state)
{
	struct orders orders;
	struct err err;

	(void)state;
	assert_int_equal(read_text("customer,time,order,kind,amount\n"
				   "ann@mail.example,2024-01-01,1,order,9\n"
				   "Ann Archer,2024-01-02,2,order,9\n"
				   "Ann Archer,2024-01-03,2,refund,2\n"
				   "Ann Archer,2024-01-03,2,refund,3\n"
				   "Ann Archer,2024-01-04,2,refund,2\n",
				   NULL, -1, &orders, &err),
			 0);
	assert_non_null(
	    strstr((const char *)json_of(&orders, 0).bytes, "\"email\":\"ann@mail.example\""));
	assert_non_null(strstr((const char *)json_of(&orders, 1).bytes, "@customers.example\""));
	assert_non_null(strstr((const char *)json_of(&orders, 2).bytes,
			       "\"order.refunded:2:1704240000000:2\""));
	assert_non_null(strstr((const char *)json_of(&orders, 3).bytes,
			       "\"order.refunded:2:1704240000000:3\""));
	assert_non_null(strstr((const char *)json_of(&orders, 4).bytes,
			       "\"order.refunded:2:1704326400000:2\""));
	orders_free(&orders);
}

/* Lines that are not said to be lines: an order is counted once, and the rest is told. */
static void an_order_is_placed_once(void **state)
{
	struct orders orders;
	struct arena arena = {0};
	struct err err;

	(void)state;
	assert_int_equal(read_text("customer,time,order,amount\n"
				   "bob,2024-01-02,7,1\n"
				   "ann,2024-01-01,1,9\n"
				   "ann,2024-01-01,1,5\n"
				   "ann,2024-01-03,2,5\n"
				   "bob,2024-01-01,1,9\n"
				   "ann,2024-01-01,1,9\n",
				   NULL, DAY_MS, &orders, &err),
			 0);
	assert_int_equal(orders.placed, 4);
	assert_int_equal(orders.count, 8);
	assert_string_equal(
	    orders_note(&orders, 0, &arena, NULL),
	    "2 rows, the first in line 4, left out: such an order was placed before "
	    "(are they lines of one order? --lines)");
	arena_free(&arena);
	orders_free(&orders);
}

static void rows_of_another_length(void **state)
{
	struct orders orders;
	struct arena arena = {0};
	struct err err;

	(void)state;
	assert_int_equal(
	    read_text("customer,time,name\nann,2024-01-01,Archer, Ann\n", NULL, -1, &orders, &err),
	    -1);
	assert_non_null(strstr(err.text, ":2: expected 3 fields as in the header line, found 4"));
	assert_int_equal(read_text("customer,time,name\nann,2024-01-01\n", NULL, -1, &orders, &err),
			 0);
	assert_string_equal(orders_note(&orders, 0, &arena, NULL),
			    "1 row, the first in line 2, shorter than the header line: what lacks "
			    "is taken as empty");
	assert_null(orders_note(&orders, 1, &arena, NULL));
	arena_free(&arena);
	orders_free(&orders);
}

static void refusals(void **state)
{
	static const struct {
		const char *text, *columns, *error;
	} rows[] = {
	    {"", NULL, ": is empty; expected a header line"},
	    {"customer,time\n", NULL, ": no orders in it"},
	    {"who,time\nann,2024-01-01\n", NULL,
	     ":1: which columns are customer and time? Say so with --columns "
	     "customer=COLUMN,time=COLUMN"},
	    {"who,time\nann,2024-01-01\n", "customer=whom,time=time",
	     ":1: there is no column \"whom\""},
	    {"customer,time\nann,yesterday\n", NULL,
	     ":2: time: expected a date or RFC 3339 time, found \"yesterday\"; "
	     "--time-format says how times are written, such as '%d/%m/%Y %H:%M'"},
	    {"customer,time,amount\nann,2024-01-01,1\nann,2024-01-01,1e3\n", NULL,
	     ":3: amount: expected an amount such as 12.50, found \"1e3\""},
	    {"customer,time,country\nann,2024-01-01,UK\nann,2024-01-01,ZZ\n", NULL,
	     ":3: country: expected a country of ISO 3166-1 in two capitals, such as DE, or its "
	     "name, found \"ZZ\"; --columns 'country=country:ZZ>DE' says what the word means "
	     "(nothing behind the >: nothing)"},
	    {"customer,time,amount,currency\nann,2024-01-01,139.980,CLP\n", NULL,
	     ":2: amount: expected an amount of CLP with at most 0 decimals, found \"139.980\""},
	    {"customer,time,amount,currency\nann,2024-01-01,9,XXX\n", NULL,
	     ":2: currency: expected a currency of ISO 4217 in three capitals, such as EUR, found "
	     "\"XXX\""},
	    {"customer,time,amount\nann,2024-01-01,1.250\n", NULL, /* the shop's: GBP */
	     ":2: amount: expected an amount of GBP with at most 2 decimals, found \"1.250\""},
	    {"customer,time,kind\nann,2024-01-01,gift\n", NULL,
	     ":2: kind: expected order, updated, cancellation, refund, shipped, delivered, late, "
	     "return, "
	     "complaint, return.closed or complaint.closed, found \"gift\""},
	    {"customer,time,kind\nann,2024-01-01,return\n", NULL,
	     ":2: kind: expected an order column beside returns and complaints, found \"return\""},
	    {"customer,time,category\nann,2024-01-01,a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q\n", NULL,
	     ":2: category: expected at most 16 categories with | between them, found "
	     "\"a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q\""},
	    {"customer,time\n\"ann,2024-01-01\n", NULL, ": line 2: a quote is not closed"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct orders orders;
		char expected[400];
		struct err err;

		assert_int_equal(read_text(rows[i].text, rows[i].columns, -1, &orders, &err), -1);
		snprintf(expected, sizeof(expected), "%s%s", path, rows[i].error);
		assert_string_equal(err.text, expected);
	}
}

static void mappings_that_are_none(void **state)
{
	static const char *const wrong[] = {"customer", "shop=x", "customer=", ",", "=x"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct orders orders;
		struct err err;

		assert_int_equal(
		    read_text("customer,time\nann,2024-01-01\n", wrong[i], -1, &orders, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_become_events),
	    cmocka_unit_test(a_booking_says_when_it_is),
	    cmocka_unit_test(what_a_file_says_is_not_assumed),
	    cmocka_unit_test(kinds_and_categories),
	    cmocka_unit_test(guests_are_left_out),
	    cmocka_unit_test(words_of_exports),
	    cmocka_unit_test(a_dot_before_three_digits),
	    cmocka_unit_test(ids_of_exports),
	    cmocka_unit_test(an_order_is_placed_once),
	    cmocka_unit_test(rows_of_another_length),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(mappings_that_are_none),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
