/*
 * Any bytes as a file of orders, in each of the formats, and as a shop's list of customers: times,
 * amounts, words, lines and encodings never reach beyond their text, and what becomes an event is
 * one for every service.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/message/event.h"
#include "services/nurturectl/sim/orders_door.h"

enum { FORMATS = 6 };

/* The format is the first byte, so that the fuzzer may choose. */
static struct orders_options options_of(uint8_t choice, const char *file)
{
	static const char *const names[FORMATS] = {"shopify", "woocommerce", "magento",
						   "olist",   NULL,          NULL};
	struct orders_options options = {
	    .file = file, .currency = "EUR", .delivered_after_ms = choice & 8 ? 86400000 : -1};
	struct err ignored;

	if (names[choice % FORMATS])
		options.preset = preset_find(names[choice % FORMATS], &ignored);
	options.has_lines = choice & 16;
	options.decimal = choice & 32 ? ',' : '\0';
	if (choice & 64)
		options.time_format = "%d.%m.%y %H:%M|%b %e %Y %I:%M %p|%Y%m%d";
	return options;
}

/* The same bytes are the shop's customers, too. False: they are no such list. */
static bool find_door(uint8_t choice, struct slice bytes, struct arena *arena,
		      struct orders_door *ret)
{
	bool is_shopify = choice % FORMATS == 0;
	struct err ignored;

	if (!(choice & 128) || choice % FORMATS > 1)
		return false;
	return orders_door_read("fuzz key=id prefix=p-", is_shopify ? "shopify" : "woocommerce",
				is_shopify ? &bytes : NULL, arena, ret, &ignored) == 0;
}

static void check_events(const struct orders *orders)
{
	struct arena arena = {0};
	Nurture__V1__Event *event;
	struct err ignored;

	for (size_t i = 0; i < orders->count && i < 50; i++) {
		struct slice json = orders_json(orders, &orders->events[i], &arena);

		/* A name or a price may still be none; then every service says so alike. */
		if (event_decode(json, &arena, &event, &ignored) == 0 &&
		    strcmp(event->type, order_event_type(&orders->events[i])) != 0)
			abort();
		arena_reset(&arena);
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/nurturectl_orders_fuzz_XXXXXX";
	struct orders_options options;
	struct arena arena = {0};
	struct orders_door door;
	struct orders orders;
	struct err ignored;
	int fd;

	if (size < 2)
		return 0;
	fd = mkstemp(path);
	if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)(size - 1) || close(fd) < 0)
		abort();
	options = options_of(data[0], path);
	if (find_door(data[0], slice_of(data + 1, size - 1), &arena, &door))
		options.door = &door;
	if (orders_read(&options, &orders, &ignored) == 0) {
		check_events(&orders);
		orders_free(&orders);
	}
	arena_free(&arena);
	unlink(path);
	return 0;
}
