/* nurturectl_catalogue_test.c - what a catalogue adds to the items of files of orders and events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "services/nurturectl/sim/orders.h"
#include "services/nurturectl/sim/orders_identity.h"

#define CATALOGUE "sku,category,name,url\nTENT-*,tents,,https://harbour.example/t\n77,lamps,Lamp,\n"

static char orders_path[64], events_path[64];

static void make_path(char path[64])
{
	int fd;

	snprintf(path, 64, "/tmp/nurturectl_catalogue_XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
}

static int set_up(void **state)
{
	(void)state;
	make_path(orders_path);
	make_path(events_path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(orders_path) + unlink(events_path);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The items of each event and the categories that are counted, then what is said of the files. */
static void assert_items(struct orders_options options, const char *expected)
{
	struct buf found = BUF_MAX(1 << 20);
	struct arena arena = {0};
	struct catalogue catalogue;
	struct orders orders;
	const char *note;
	struct err err;

	if (catalogue_read(slice_text(CATALOGUE), &arena, &catalogue, &err) < 0)
		fail_msg("%s", err.text);
	options.catalogue = &catalogue;
	options.delivered_after_ms = -1;
	if (orders_read(&options, &orders, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < orders.count; i++) {
		struct slice json = orders_json(&orders, &orders.events[i], &arena);
		const char *text = arena_copy(&arena, json.bytes, json.len);
		const char *items = strstr(text, "\"items\":[");

		assert_non_null(items);
		buf_printf(&found, "%.*s", (int)strcspn(items + 8, "]") + 1, items + 8);
		for (unsigned c = 0; c < orders.events[i].category_count; c++)
			buf_printf(&found, " %s", orders.events[i].categories[c]);
		buf_char(&found, '\n');
	}
	for (unsigned i = 0; (note = orders_note(&orders, i, &arena, NULL)); i++)
		buf_printf(&found, "%s\n", note);
	assert_string_equal(found.bytes, expected);
	orders_free(&orders);
	arena_free(&arena);
	buf_free(&found);
}

static void items_of_lines(void **state)
{
	(void)state;
	write_file(orders_path, "customer,time,order,sku,category,item,quantity\n"
				"ann,2024-01-01,1,TENT-2,,Tent,1\n"
				"ann,2024-01-01,1,TENT-9,mine,,1\n"
				"bob,2024-01-02,2,SOCK,,,1\n"
				"bob,2024-01-03,3,,,Rope,1\n"
				"bob,2024-01-04,4,SOCK,,,1\n");
	assert_items((struct orders_options){.file = orders_path, .has_lines = true},
		     "[{\"category\":\"tents\",\"name\":\"Tent\",\"quantity\":1,\"sku\":\"TENT-2\","
		     "\"url\":\"https://harbour.example/t\"},"
		     "{\"category\":\"mine\",\"quantity\":1,\"sku\":\"TENT-9\"}] tents mine\n"
		     "[{\"quantity\":1,\"sku\":\"SOCK\"}]\n"
		     "[{\"name\":\"Rope\",\"quantity\":1}]\n"
		     "[{\"quantity\":1,\"sku\":\"SOCK\"}]\n"
		     "2 items, the first in line 4, without a category: the catalogue has none for "
		     "\"SOCK\"\n"
		     "1 item, the first in line 5, without a category: the catalogue has none for "
		     "\"Rope\"\n");
}

/* A cell names a product besides its sku, or instead of it. */
static void items_of_cells(void **state)
{
	(void)state;
	write_file(orders_path,
		   "customer,time,order,items\n"
		   "ann,2024-01-01,1,name:Old lamp|sku:X1|product_id:77;product_id:77\n");
	assert_items(
	    (struct orders_options){.file = orders_path, .has_lines = true},
	    "[{\"category\":\"lamps\",\"name\":\"Old lamp\",\"quantity\":1,\"sku\":\"X1\"},"
	    "{\"category\":\"lamps\",\"name\":\"Lamp\",\"quantity\":1,\"sku\":\"77\"}]"
	    " lamps\n");
}

static void items_of_events(void **state)
{
	(void)state;
	write_file(events_path,
		   "{\"id\":\"e1\",\"type\":\"order.placed\",\"time\":\"2024-01-01T10:00:00Z\","
		   "\"customer\":{\"id\":\"ann\"},\"order\":{\"id\":\"1\",\"items\":["
		   "{\"sku\":\"77\",\"category\":null},{\"sku\":\"SOCK\"}]}}\n");
	assert_items(
	    (struct orders_options){.events = events_path},
	    "[{\"sku\":\"77\",\"category\":\"lamps\",\"name\":\"Lamp\"},{\"sku\":\"SOCK\"}]"
	    " lamps\n"
	    "1 item, the first in line 1, without a category: the catalogue has none for "
	    "\"SOCK\"\n");
	/* As history it is protobuf, which has it too. */
	{
		struct arena arena = {0};
		struct catalogue catalogue;
		struct orders_options options = {
		    .events = events_path, .catalogue = &catalogue, .delivered_after_ms = -1};
		struct orders orders;
		struct slice value;
		struct err err;

		catalogue_read(slice_text(CATALOGUE), &arena, &catalogue, &err);
		options.live_from_ms = INT64_MAX / 2;
		assert_int_equal(orders_read(&options, &orders, &err), 0);
		value = orders_json(&orders, &orders.events[0], &arena);
		assert_non_null(memmem(value.bytes, value.len, "lamps", 5));
		orders_free(&orders);
		arena_free(&arena);
	}
}

/* With another catalogue it is another import; without one it is known as it always was. */
static void an_import_knows_its_catalogue(void **state)
{
	const struct catalogue catalogues[] = {{.hash = "a"}, {.hash = "b"}};
	const struct catalogue *const with[] = {NULL, &catalogues[0], &catalogues[1]};
	const struct shop shop = {.time_zone = "Europe/London", .currency = "GBP"};
	const struct orders_values values = {0};
	char ids[3][ID_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		orders_identity(id_parts_begin(), &values, &shop, with[i], false, ids[i]);
	assert_string_not_equal(ids[0], ids[1]);
	assert_string_not_equal(ids[0], ids[2]);
	assert_string_not_equal(ids[1], ids[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(items_of_lines),
	    cmocka_unit_test(items_of_cells),
	    cmocka_unit_test(items_of_events),
	    cmocka_unit_test(an_import_knows_its_catalogue),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
