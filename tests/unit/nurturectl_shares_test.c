/* A file of orders that is larger than memory has the same events, counts and notes as in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "common/base/buf.h"
#include "common/policy/policy.h"
#include "services/nurturectl/sim/order_feed.h"
#include "services/nurturectl/sim/orders_door.h"
#include "services/nurturectl/sim/orders_identity.h"

enum { ORDERS = 4000, CUSTOMERS = 700, SMALL_MIB = 1, LARGE_MIB = 512, SHARES_MIN = 5 };

static char orders_path[64], events_path[64], catalogue_path[64];
static struct settings settings = {.common = {.policy_file = ""}};

static void make_path(char path[64])
{
	int fd;

	snprintf(path, 64, "/tmp/nurturectl_shares_XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
}

static int set_up(void **state)
{
	(void)state;
	make_path(orders_path);
	make_path(events_path);
	make_path(catalogue_path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(orders_path) + unlink(events_path) + unlink(catalogue_path);
}

/* Everything that is told of the events: each as JSON, by customer, then the counts and notes. */
static size_t tell(const struct orders_values *values, int64_t memory_mib, struct buf *out)
{
	struct orders_values wanted = *values;
	struct order_shares shares;
	struct arena arena = {0};
	struct orders *share;
	size_t count = 0;
	const char *note;
	struct err err;
	int r;

	wanted.memory_mib = memory_mib;
	wanted.policy_is_optional = true;
	*out = BUF_MAX(SIZE_MAX / 2);
	if (order_shares_open(&settings, &wanted, &shares, &err) < 0) {
		buf_printf(out, "%d %s", (int)err.kind, err.text);
		return 0;
	}
	for (; (r = order_shares_next(&shares, &share, &err)) > 0; count++)
		for (size_t i = 0; i < share->count; i++) {
			const struct order_event *event = &share->events[i];

			arena_reset(&arena);
			buf_printf(out, "%.*s %d %s %s %u: %.*s\n", SLICE_ARGS(event->customer),
				   event->line, event->order, event->amount, event->category_count,
				   SLICE_ARGS(orders_json(share, event, &arena)));
		}
	assert_int_equal(r, 0);
	buf_printf(out, "%zu %zu %zu %zu %zu %lld %lld %lld %lld\n", shares.all.count,
		   shares.all.rows, shares.all.customers, shares.all.placed, shares.all.nameless,
		   (long long)shares.all.first_ms, (long long)shares.all.last_ms,
		   (long long)shares.all.last_placed_ms, (long long)shares.until_ms);
	for (unsigned i = 0; (note = orders_note(&shares.all, i, &arena, NULL)); i++)
		buf_printf(out, "%s\n", note);
	arena_free(&arena);
	order_shares_close(&shares);
	return count;
}

/* What is published, in its order, from some event on, and what an import knows the files by. */
static void tell_feed(const struct orders_values *values, int64_t memory_mib, struct buf *out)
{
	const struct shop shop = {.time_zone = "Europe/London", .currency = "GBP"};
	struct orders_values wanted = *values;
	const struct order_event *event;
	const struct orders *orders;
	struct order_feed feed;
	struct arena arena = {0};
	char id[ID_TEXT_BYTES];
	struct err err;
	size_t count;
	int r;

	wanted.memory_mib = memory_mib;
	wanted.policy_is_optional = true;
	*out = BUF_MAX(SIZE_MAX / 2);
	assert_int_equal(order_feed_open(&settings, &wanted, &feed, &err), 0);
	assert_int_equal(order_feed_count_before(&feed, feed.shares.all.last_ms, &count, &err), 0);
	assert_int_equal(order_feed_skip(&feed, 10, &err), 0);
	while ((r = order_feed_next(&feed, &orders, &event, &err)) > 0) {
		arena_reset(&arena);
		buf_printf(out, "%.*s %s %d: %.*s\n", SLICE_ARGS(event->customer),
			   order_event_type(event), event->line,
			   SLICE_ARGS(orders_json(orders, event, &arena)));
	}
	assert_int_equal(r, 0);
	orders_identity(order_feed_identify(&feed, values, &err), values, &shop, NULL, false, id);
	buf_printf(out, "%zu %s\n", count, id);
	arena_free(&arena);
	order_feed_close(&feed);
}

static void same_in_shares(const struct orders_values *values)
{
	struct buf whole, parts;

	tell_feed(values, LARGE_MIB, &whole);
	tell_feed(values, SMALL_MIB, &parts);
	assert_string_equal(parts.bytes, whole.bytes);
	buf_free(&whole);
	buf_free(&parts);

	assert_int_equal(tell(values, LARGE_MIB, &whole), 1);
	assert_true(tell(values, SMALL_MIB, &parts) >= SHARES_MIN);
	assert_true(whole.len > 100000);
	assert_string_equal(parts.bytes, whole.bytes);
	buf_free(&whole);
	buf_free(&parts);
}

/* The same words are refused, in the same line. */
static void refused_in_shares(const struct orders_values *values, const char *expected)
{
	struct buf whole, parts;

	assert_int_equal(tell(values, LARGE_MIB, &whole), 0);
	assert_int_equal(tell(values, SMALL_MIB, &parts), 0);
	assert_non_null(strstr(whole.bytes, expected));
	assert_string_equal(parts.bytes, whole.bytes);
	buf_free(&whole);
	buf_free(&parts);
}

static struct orders_values values_of(const char *columns)
{
	return (struct orders_values){.orders = orders_path,
				      .columns = columns,
				      .delivered_after_ms = INT64_C(3) * 24 * 3600 * 1000,
				      .until_ms = OPTION_ABSENT,
				      .live_from_ms = OPTION_ABSENT};
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Quotes with line ends in them, orders placed twice, guests, kinds that are none, no last line end. */
static void put_rows(struct buf *out)
{
	uint32_t seed = 3;

	buf_text(out, "customer,time,order,amount,kind,name\r\n");
	for (int i = 0; i < ORDERS; i++) {
		unsigned order = next_random(&seed) % (ORDERS * 3);
		unsigned day = next_random(&seed) % 28 + 1;

		if (i % 50 != 7)
			buf_printf(out, "c%03u", order % CUSTOMERS);
		buf_printf(out, ",2024-0%u-%02u,%u,%u.50,", i % 9 + 1, day, order, order % 90);
		buf_text(out, i % 40 == 3 ? "refund" : i % 60 == 11 ? "complaint" : "order");
		if (i % 17 == 0)
			buf_printf(out, ",\"Ann \"\"%d\"\"\n, \xc3\xa9 of %d\"", i, i);
		else
			buf_printf(out,
				   ",B\xc3\xb6"
				   "b %d",
				   i);
		buf_text(out, i + 1 == ORDERS ? "" : i % 3 ? "\n" : "\r\n");
	}
}

static void write_file(const char *path, struct slice bytes)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.bytes, 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
}

static void rows(void **state)
{
	struct orders_values values = values_of(NULL);
	struct buf text = BUF_MAX(SIZE_MAX / 2);

	(void)state;
	put_rows(&text);
	write_file(orders_path, buf_slice(&text));
	buf_free(&text);
	same_in_shares(&values);
	values.key = "id";
	values.until_ms = INT64_C(1714521600000); /* 2024-05-01 */
	same_in_shares(&values);
	values.live_from_ms = INT64_C(1711929600000);
	same_in_shares(&values);
	values.until_ms = 1;
	refused_in_shares(&values, "--until: expected a time after the first event, 2024-01-01");
}

/* The same text as spreadsheets save it. */
static void encodings(void **state)
{
	struct orders_values values = values_of(NULL);
	struct buf text = BUF_MAX(SIZE_MAX / 2), wide = BUF_MAX(SIZE_MAX / 2),
		   narrow = BUF_MAX(SIZE_MAX / 2);

	(void)state;
	put_rows(&text);
	buf_add(&wide, "\xff\xfe", 2);
	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = (uint8_t)text.bytes[i];

		if (byte == 0xc3)
			byte = ((uint8_t)text.bytes[++i] & 0x3f) | 0xc0;
		buf_char(&narrow, (char)byte);
		buf_char(&wide, (char)byte);
		buf_char(&wide, '\0');
	}
	write_file(orders_path, buf_slice(&wide));
	same_in_shares(&values);
	write_file(orders_path, buf_slice(&narrow));
	same_in_shares(&values);
	write_file(orders_path, slice_of(wide.bytes, wide.len - 1));
	refused_in_shares(&values, "expected UTF-16, found an odd number of bytes");
	buf_free(&text);
	buf_free(&wide);
	buf_free(&narrow);
}

/* Lines of an order stand anywhere; some name two customers, which is no order. */
static void lines(void **state)
{
	struct orders_values values = values_of("customer=who,time=at,order=no,line_total=sum,"
						"item=what,category=kind of thing");
	struct buf text = BUF_MAX(SIZE_MAX / 2);
	uint32_t seed = 5;

	(void)state;
	buf_text(&text, "who;at;no;sum;what;kind of thing;more\n");
	for (int i = 0; i < ORDERS * 2; i++) {
		unsigned order = next_random(&seed) % ORDERS;

		buf_printf(&text, "c%03u;2024-02-%02u;%u;%u;tent %d;%s",
			   order % CUSTOMERS + (i == 77), order % 28 + 1, order, i % 100, i,
			   i % 2 ? "tents" : "stoves");
		buf_text(&text, i % 9 ? ";\n" : "\n");
	}
	write_file(orders_path, buf_slice(&text));
	values.has_lines = true;
	same_in_shares(&values);
	buf_text(&text, "c001;2024-02-30;x;1;y;z;\nc001;2024-02-31;x1;1;y;z;\n");
	write_file(orders_path, buf_slice(&text));
	refused_in_shares(&values, ":8002: time: expected");
	buf_free(&text);
}

/* Events beside orders, and alone, plain or compressed; lines that are none are counted. */
static void events(void **state)
{
	struct orders_values values = values_of(NULL);
	struct buf text = BUF_MAX(SIZE_MAX / 2);
	uint32_t seed = 9;
	gzFile file;

	(void)state;
	put_rows(&text);
	write_file(orders_path, buf_slice(&text));
	buf_reset(&text);
	for (int i = 0; i < ORDERS; i++)
		buf_printf(&text,
			   i % 100 == 5
			       ? "%d no event of c%03u\n"
			       : "{\"id\":\"e%d\",\"type\":\"message.opened\",\"time\":\"2024-03-"
				 "02T10:00:00Z\",\"customer\":{\"id\":\"c%03u\"}}\n\n",
			   i, next_random(&seed) % (CUSTOMERS + 50));
	write_file(events_path, buf_slice(&text));
	values.events = events_path;
	same_in_shares(&values);
	values.orders = NULL;
	same_in_shares(&values);
	file = gzopen(events_path, "wb");
	assert_non_null(file);
	assert_int_equal(gzwrite(file, text.bytes, (unsigned)text.len), (int)text.len);
	assert_int_equal(gzclose(file), Z_OK);
	same_in_shares(&values);
	buf_free(&text);
}

/* What a catalogue adds, and what it does not know. */
static void categories(void **state)
{
	struct orders_values values = values_of("customer=who,time=at,order=no,sku=what");
	struct buf text = BUF_MAX(SIZE_MAX / 2);

	(void)state;
	buf_text(&text, "who,at,no,what\n");
	for (int i = 0; i < ORDERS * 2; i++)
		buf_printf(&text, "c%03d,2024-02-%02d,%d,%s-%d\n", i / 2 % CUSTOMERS,
			   i / 2 % 28 + 1, i / 2, i % 7 ? "TENT" : "SOCK", i % 11);
	write_file(orders_path, buf_slice(&text));
	write_file(catalogue_path, slice_text("sku,category\nTENT-*,tents\n"));
	values.has_lines = true;
	values.catalogue = catalogue_path;
	same_in_shares(&values);
	settings.catalogue = NULL;
	buf_free(&text);
}

/* Whose numbers stand in a list of customers, and who is in none. */
static void door(void **state)
{
	struct orders_values values = values_of("order=no,email=who,time=at,marketing=ok");
	struct buf text = BUF_MAX(SIZE_MAX / 2), list = BUF_MAX(SIZE_MAX / 2);
	struct orders_door door;
	struct arena arena = {0};
	struct slice customers;
	struct err err;

	(void)state;
	buf_text(&text, "no,who,at,ok\n");
	buf_text(&list, "Customer ID,Email\n");
	for (int i = 0; i < ORDERS; i++)
		buf_printf(&text, "%d,c%03d@mail.example,2024-02-%02d,yes\n", i, i % CUSTOMERS,
			   i % 28 + 1);
	for (int i = 0; i < CUSTOMERS; i += 2)
		buf_printf(&list, "'%d,C%03d@mail.example\n", 7000 + i, i);
	write_file(orders_path, buf_slice(&text));
	customers = buf_slice(&list);
	assert_int_equal(orders_door_read("north key=id prefix=nw- consent=all country=GB",
					  "shopify", &customers, &arena, &door, &err),
			 0);
	values.door = &door;
	values.is_live = true;
	same_in_shares(&values);
	arena_free(&arena);
	buf_free(&text);
	buf_free(&list);
}

static void refused(void **state)
{
	struct orders_values values = values_of(NULL);
	struct buf text = BUF_MAX(SIZE_MAX / 2);

	(void)state;
	put_rows(&text);
	buf_text(&text, "\nc1,2024-13-01,x,1,order,\nc1,never,x,1,order,\n");
	write_file(orders_path, buf_slice(&text));
	refused_in_shares(&values, ": time: expected");
	buf_text(&text, "c1,2024-01-01,x,1,order,a,b\n");
	buf_text(&text, "c1,2024-01-01,x,1,order,\"a\n");
	write_file(orders_path, buf_slice(&text));
	refused_in_shares(&values, ": time: expected");
	buf_reset(&text);
	buf_text(&text, "customer,time\n");
	for (int i = 0; i < ORDERS * 3; i++)
		buf_text(&text, ",2024-01-01\n");
	write_file(orders_path, buf_slice(&text));
	refused_in_shares(&values, "no orders in it: 12000 rows, the first in line 2, left out");
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(rows, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(encodings, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(lines, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(events, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(categories, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(door, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(refused, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
