/* Orders that are imported: of people who are written to, so that nothing may be made up of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/message/event.h"
#include "services/nurturectl/sim/import_event.h"
#include "services/nurturectl/sim/orders_identity.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static char path[64];

static int set_up(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/nurturectl_import_XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* As a file of orders, whose lines may be one order. */
static void read_orders(const char *text, bool is_live, bool has_lines, struct orders *orders)
{
	const struct orders_options options = {.file = path,
					       .delivered_after_ms = -1,
					       .currency = "GBP",
					       .is_live = is_live,
					       .has_lines = has_lines};
	struct err err;

	write_file(text);
	if (orders_read(&options, orders, &err) < 0)
		fail_msg("%s", err.text);
}

/* Each event as JSON, a line each, and below them what the file did not say. */
static void assert_read(struct orders *orders, const char *expected)
{
	struct buf found = BUF_MAX(1 << 20);
	struct arena arena = {0};
	const char *note;

	for (size_t i = 0; i < orders->count; i++) {
		struct slice json = orders_json(orders, &orders->events[i], &arena);

		buf_printf(&found, "%.*s\n", SLICE_ARGS(json));
	}
	for (unsigned i = 0; (note = orders_note(orders, i, &arena, NULL)); i++)
		buf_printf(&found, "%s\n", note);
	assert_string_equal(found.bytes, expected);
	arena_free(&arena);
	buf_free(&found);
	orders_free(orders);
}

#define ORDER(customer, id)                                                                        \
	"{\"customer\":{" customer "},\"id\":\"order.placed:" id                                   \
	"\",\"order\":{\"currency\":\"GBP\",\"id\":\"" id                                          \
	"\"},\"time\":\"2024-01-01T00:00:00Z\",\"type\":\"order.placed\"}\n"

static void nothing_is_made_up(void **state)
{
	struct orders orders;

	(void)state;
	read_orders("customer,time,order\nann,2024-01-01,1\nbob@mail.example,2024-01-01,2\n", true,
		    false, &orders);
	assert_read(&orders,
		    ORDER("\"id\":\"ann\"", "1")
			ORDER("\"email\":\"bob@mail.example\",\"id\":\"bob@mail.example\"",
			      "2") "no column says who consents, so no consent is imported\n"
				   "no column is an e-mail address, so none is imported\n");
	read_orders("customer,time,order\nann,2024-01-01,1\n", false, false, &orders);
	assert_read(&orders, ORDER("\"consent\":{\"all\":true},"
				   "\"email\":\"ann@customers.example\",\"id\":\"ann\"",
				   "1"));
}

static void what_the_file_says_is_taken(void **state)
{
	struct orders orders;

	(void)state;
	read_orders("customer,time,order,email,consent\nann,2024-01-01,1,ann@mail.example,yes\n"
		    "bob,2024-01-01,2,,\n",
		    true, false, &orders);
	assert_read(&orders, ORDER("\"consent\":{\"all\":true},"
				   "\"email\":\"ann@mail.example\",\"id\":\"ann\"",
				   "1") ORDER("\"id\":\"bob\"", "2"));
}

static void an_order_has_one_customer(void **state)
{
	struct orders orders;

	(void)state;
	read_orders("customer,time,order,item\nann,2024-01-01,1,a\ncid,2024-01-01,2,b\n"
		    "bob,2024-01-01,1,c\n,2024-01-01,2,d\nann,2024-01-01,3,e\nbob,2024-01-01,3,f\n",
		    true, true, &orders);
	assert_read(
	    &orders,
	    "{\"customer\":{\"id\":\"cid\"},\"id\":\"order.placed:2\",\"order\":{\"currency\":"
	    "\"GBP\",\"id\":\"2\",\"items\":[{\"name\":\"b\",\"quantity\":1},{\"name\":\"d\","
	    "\"quantity\":1}]},"
	    "\"time\":\"2024-01-01T00:00:00Z\",\"type\":\"order.placed\"}\n"
	    "no column says who consents, so no consent is imported\n"
	    "no column is an e-mail address, so none is imported\n"
	    "2 orders, the first in line 2, left out: lines of it name different customers (is it "
	    "the order? --columns group=COLUMN)\n");
}

/* An address in two spellings is one person; so is a number with two addresses. */
static void one_customer_in_two_spellings(void **state)
{
	struct orders orders;

	(void)state;
	read_orders("email,time,order\nAnn@Mail.example,2024-01-01,1\n"
		    "ann@mail.example,2024-01-01,1\nann@mail.example,2024-01-01,2\n"
		    "bob@mail.example,2024-01-01,2\n",
		    true, true, &orders);
	assert_int_equal(orders.count, 1);
	assert_string_equal(orders.events[0].order, "1");
	assert_int_equal(orders.left->reason, LEFT_PEOPLE);
	assert_int_equal(orders.left->first_line, 4);
	orders_free(&orders);
	read_orders("customer,email,time,order\n7,ann@mail.example,2024-01-01,1\n"
		    "7,bob@mail.example,2024-01-01,1\n",
		    true, true, &orders);
	assert_int_equal(orders.count, 1);
	assert_null(orders.left);
	orders_free(&orders);
}

/* So many items of one order, behind an order of one. */
static char *order_of(unsigned items)
{
	struct buf text = BUF_MAX(1 << 20);

	buf_text(&text, "customer,time,order,item\nann,2024-01-01,1,Tent\n");
	for (unsigned i = 0; i < items; i++)
		buf_printf(&text, "bob,2024-01-02,2,%050u\n", i);
	return text.bytes;
}

static void an_event_that_nobody_reads_is_left_out(void **state)
{
	struct arena arena = {0};
	struct orders orders;
	char *text = order_of(850);
	struct slice json;

	(void)state;
	read_orders(text, true, true, &orders);
	free(text);
	orders_set_live_from(&orders, INT64_C(1800000000000));
	assert_int_equal(orders.count, 2);
	json = orders_json(&orders, &orders.events[1], &arena);
	assert_in_range(json.len, 60000, EVENT_MAX_BYTES);
	orders_free(&orders);
	text = order_of(900);
	read_orders(text, true, true, &orders);
	free(text);
	assert_int_equal(orders.count, 1);
	assert_int_equal(orders.left->reason, LEFT_SIZE);
	assert_int_equal(orders.left->first_line, 3);
	assert_int_equal(orders.left->count, 1);
	arena_free(&arena);
	orders_free(&orders);
}

/* What is left out does not depend on the time from which events are live. */
static void what_fits_once_fits_with_its_time(void **state)
{
	size_t before = 2;

	(void)state;
	for (unsigned items = 845; items < 900; items++) {
		struct arena arena = {0};
		struct orders orders;
		char *text = order_of(items);

		read_orders(text, true, true, &orders);
		free(text);
		assert_true(orders.count <= before); /* once too large, always too large */
		before = orders.count;
		orders_set_live_from(&orders, INT64_C(1800000000000));
		for (size_t i = 0; i < orders.count; i++) {
			struct slice json = orders_json(&orders, &orders.events[i], &arena);

			assert_in_range(json.len, 1, EVENT_MAX_BYTES);
		}
		arena_free(&arena);
		orders_free(&orders);
	}
	assert_int_equal(before, 1);
}

static void nobody_speaks_as_our_own_pages(void **state)
{
	const struct orders_options options = {.events = path, .delivered_after_ms = -1};
	const char *event = "{\"id\":\"%d\",\"type\":\"consent.changed\",\"time\":"
			    "\"2024-01-01T00:00:00Z\",\"customer\":{\"id\":\"ann\",\"consent\":{"
			    "\"all\":true}},\"proof\":{"
			    "\"source\":\"%s\",\"at\":\"2024-01-01T00:00:00Z\"}}\n";
	struct orders orders;
	struct err err;
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	fprintf(file, event, 1, "till");
	fprintf(file, event, 2, "nurture:preferences-page");
	fprintf(file, event, 3, "nurture:preferences-page");
	assert_int_equal(fclose(file), 0);
	if (orders_read(&options, &orders, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(orders.count, 1);
	assert_int_equal(orders.left_lines->count, 2);
	assert_int_equal(orders.left_lines->first_line, 2);
	assert_non_null(strstr(orders.left_lines->word, "$.proof.source: expected a place of"));
	orders_free(&orders);
}

/* The headers of a record say what its bytes are, whichever way a line goes. */
static void a_line_is_told_as_what_it_is(void **state)
{
	const struct orders_options options = {.events = path, .delivered_after_ms = -1};
	static const enum record_kind live[] = {RECORD_EVENT, RECORD_EVENT_CLOUDEVENT};
	struct arena arena = {0};
	struct orders orders;
	struct err err;
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	fputs("{\"id\":\"1\",\"type\":\"order.placed\",\"time\":\"2024-01-01T00:00:00Z\","
	      "\"customer\":{\"id\":\"ann\"},\"order\":{\"id\":\"1\"}}\n"
	      "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/shop\",\"type\":"
	      "\"order.placed\",\"subject\":\"ann\",\"time\":\"2024-01-02T00:00:00Z\","
	      "\"data\":{\"order\":{\"id\":\"2\"}}}\n",
	      file);
	assert_int_equal(fclose(file), 0);
	if (orders_read(&options, &orders, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(orders.count, COUNT_OF(live));
	for (size_t i = 0; i < orders.count; i++) {
		const struct order_event *event = &orders.events[i];

		assert_int_equal(orders_json_kind(&orders, event), live[i]);
		assert_int_equal(orders_json(&orders, event, &arena).bytes[0], '{');
	}
	orders_set_live_from(&orders, INT64_C(1800000000000));
	for (size_t i = 0; i < orders.count; i++) {
		const struct order_event *event = &orders.events[i];

		assert_int_equal(orders_json_kind(&orders, event), RECORD_EVENT_PROTOBUF);
		assert_int_not_equal(orders_json(&orders, event, &arena).bytes[0], '{');
	}
	arena_free(&arena);
	orders_free(&orders);
}

/* What an import publishes of the index'th event of a file. */
static char *imported(const char *text, size_t index, int64_t live_from_ms)
{
	struct arena arena = {0};
	struct orders orders;
	struct slice json;
	char *ret;

	read_orders(text, true, false, &orders);
	orders_set_live_from(&orders, live_from_ms);
	json = orders_json(&orders, &orders.events[index], &arena);
	json = import_event(orders.events[index].kind, false, json, &arena);
	ret = strndup((const char *)json.bytes, json.len);
	arena_free(&arena);
	orders_free(&orders);
	return ret;
}

/* The part of the JSON from the name on, of so many bytes. */
static const char *part(const char *json, const char *name)
{
	const char *at = strstr(json, name);

	if (!at)
		fail_msg("no %s in %s", name, json);
	return at;
}

/* The same row is the same event; one that says something else is another, about the same order. */
static void a_row_that_says_more_is_a_newer_word(void **state)
{
	const char *plain = "customer,time,order,shipped_at\nann,2024-01-01,1,2024-01-02\n";
	const char *more = "customer,time,order,shipped_at,consent\n"
			   "ann,2024-01-01,1,2024-01-02,yes\n";
	enum { ID_BYTES = sizeof("\"id\":\"order.placed:1:0123456789abcdef\"") - 1 };
	char *first = imported(plain, 0, 0), *again = imported(plain, 0, INT64_C(1800000000000));
	char *newer = imported(more, 0, 0);
	char *shipped = imported(plain, 1, 0), *shipped_newer = imported(more, 1, 0);

	(void)state;
	assert_memory_equal(part(first, "\"id\":\"order.placed:1:"),
			    part(again, "\"id\":\"order.placed:1:"), ID_BYTES);
	assert_int_not_equal(memcmp(part(first, "\"id\":\"order.placed:1:"),
				    part(newer, "\"id\":\"order.placed:1:"), ID_BYTES),
			     0);
	assert_null(strstr(first, "\"snapshot\""));
	part(shipped, "\"id\":\"order.shipped:1\"");
	part(shipped_newer, "\"id\":\"order.shipped:1\"");
	part(shipped, "\"snapshot\":true");
	free(first);
	free(again);
	free(newer);
	free(shipped);
	free(shipped_newer);
}

/* The id does not hang on what the stack held before. */
static void soil_stack(int byte)
{
	volatile char soil[4096];

	for (size_t i = 0; i < sizeof(soil); i++)
		soil[i] = (char)byte;
}

static void identify(const struct orders *orders, const struct orders_values *values,
		     const struct shop *shop, bool also_live, char ret[ID_TEXT_BYTES])
{
	struct id_parts *files = id_parts_begin();

	orders_identity_add(files, orders);
	orders_identity(files, values, shop, NULL, also_live, ret);
}

static void an_import_is_known_again(void **state)
{
	const struct orders orders = {.text = "a", .text_len = 1};
	const struct orders other_text = {.text = "b", .text_len = 1};
	const struct orders other_lines = {
	    .text = "a", .text_len = 1, .lines = "c", .lines_len = 1};
	const struct shop shop = {.time_zone = "Europe/London", .currency = "GBP"};
	const struct shop shops[] = {{.time_zone = "Europe/Paris", .currency = "GBP"},
				     {.time_zone = "Europe/London", .currency = "EUR"}};
	const struct orders_values plain = {0};
	const struct orders_values others[] = {
	    {.columns = "x"},          {.format = "x"},     {.time_format = "x"},
	    {.decimal = "x"},          {.key = "x"},        {.has_lines = true},
	    {.delivered_after_ms = 1}, {.live_from_ms = 1}, {.until_ms = 1},
	};
	char ids[5 + COUNT_OF(shops) + COUNT_OF(others)][ID_TEXT_BYTES];
	size_t count = 0;

	(void)state;
	soil_stack(0);
	identify(&orders, &plain, &shop, false, ids[count++]);
	soil_stack('x');
	identify(&orders, &plain, &shop, false, ids[count]);
	assert_string_equal(ids[0], ids[count]);
	identify(&orders, &plain, &shop, true, ids[count++]);
	identify(&other_text, &plain, &shop, false, ids[count++]);
	identify(&other_lines, &plain, &shop, false, ids[count++]);
	for (size_t i = 0; i < COUNT_OF(shops); i++)
		identify(&orders, &plain, &shops[i], false, ids[count++]);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		identify(&orders, &others[i], &shop, false, ids[count++]);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(ids[i], ids[j]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_made_up),
	    cmocka_unit_test(what_the_file_says_is_taken),
	    cmocka_unit_test(an_order_has_one_customer),
	    cmocka_unit_test(one_customer_in_two_spellings),
	    cmocka_unit_test(an_event_that_nobody_reads_is_left_out),
	    cmocka_unit_test(what_fits_once_fits_with_its_time),
	    cmocka_unit_test(a_line_is_told_as_what_it_is),
	    cmocka_unit_test(nobody_speaks_as_our_own_pages),
	    cmocka_unit_test(a_row_that_says_more_is_a_newer_word),
	    cmocka_unit_test(an_import_is_known_again),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
