/* nurturectl_merges_test.c - merges of a file of events, resolved before anything is decided. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/message/event.h"
#include "services/nurturectl/sim/orders.h"

#define MERGE(n, from, into, day)                                                                  \
	"{\"id\":\"m" n "\",\"type\":\"customer.merged\",\"time\":\"2026-01-" day                  \
	"T10:00:00Z\",\"customer\":{\"id\":\"" from                                                \
	"\",\"name\":\"Ann\"},\"merge\":{\"into\":\"" into "\"}}\n"
#define ORDER(n, customer, day)                                                                    \
	"{\"id\":\"o" n "\",\"type\":\"order.placed\",\"time\":\"2026-01-" day                     \
	"T10:00:00Z\",\"customer\":{\"id\":\"" customer "\"},\"order\":{\"id\":\"" n "\"}}\n"

#define ERASURE(n, customer, day)                                                                  \
	"{\"id\":\"e" n "\",\"type\":\"customer.erased\",\"time\":\"2026-01-" day                  \
	"T11:00:00Z\",\"customer\":{\"id\":\"" customer "\"}}\n"

static char path[64];

static int set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/nurturectl_merges_test.%d", (int)getpid());
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void who_lives_in_the_end(void **state)
{
	static const struct {
		const char *file, *id, *living;
	} rows[] = {
	    {MERGE("1", "a", "b", "02"), "a", "b"},
	    {MERGE("1", "a", "b", "02"), "b", "b"},
	    {MERGE("1", "a", "b", "02"), "c", "c"},
	    /* a chain, in whichever order it was told */
	    {MERGE("1", "a", "b", "02") MERGE("2", "b", "c", "01"), "a", "c"},
	    /* the newest word about one id; a line that is none is passed over */
	    {MERGE("1", "a", "b", "02") "customer.merged\n\n" MERGE("2", "a", "c", "03"), "a", "c"},
	    {MERGE("1", "a", "c", "03") MERGE("2", "a", "b", "02"), "a", "c"},
	    /* circles live where their newest merge says, whoever leads into them */
	    {MERGE("1", "a", "b", "02") MERGE("2", "b", "a", "03"), "b", "a"},
	    {MERGE("1", "a", "b", "02") MERGE("2", "b", "a", "03"), "a", "a"},
	    {MERGE("1", "a", "b", "02") MERGE("2", "b", "c", "03") MERGE("3", "c", "a", "01")
		 MERGE("4", "d", "a", "01"),
	     "d", "c"},
	    /* of one instant: that of the id which comes first */
	    {MERGE("1", "b", "a", "02") MERGE("2", "a", "b", "02"), "a", "b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct merges *merges;
		struct arena arena = {0};
		struct err err;

		write_file(rows[i].file);
		assert_int_equal(merges_read(path, &arena, &merges, &err), 0);
		assert_string_equal(merges_living(merges, rows[i].id), rows[i].living);
		arena_free(&arena);
	}
}

static void read_file(struct orders *orders, bool is_live)
{
	const struct orders_options options = {
	    .events = path, .currency = "", .delivered_after_ms = -1, .is_live = is_live};
	struct err err;

	if (orders_read(&options, orders, &err) < 0)
		fail_msg("%s", err.text);
}

/* Told before and after: all of it is of the one who lives, and so are the events as published. */
static void every_event_is_of_the_one_who_lives(void **state)
{
	struct orders orders;
	struct arena arena = {0};
	unsigned updates = 0;

	(void)state;
	write_file(ORDER("1", "old", "01") MERGE("1", "old", "new", "02") ORDER("2", "old", "03")
		       ORDER("3", "new", "04"));
	read_file(&orders, false);
	assert_int_equal(orders.count, 4);
	assert_int_equal(orders.customers, 1);
	for (size_t i = 0; i < orders.count; i++) {
		struct slice said = orders_json(&orders, &orders.events[i], &arena);
		Nurture__V1__Event *event;
		struct err err;

		assert_int_equal(event_decode(said, &arena, &event, &err), 0);
		assert_string_equal(event->customer->id, "new");
		assert_true(slice_equal(orders.events[i].customer, slice_text("new")));
		assert_string_not_equal(event->type, "customer.merged");
		updates += strcmp(event->type, "customer.updated") == 0;
	}
	/* what the merge told of the person besides */
	assert_int_equal(updates, 1);
	arena_free(&arena);
	orders_free(&orders);
}

/* Whose they are in the end, event by event as they stand in the file. */
static void what_was_erased_before_the_merge_stays(void **state)
{
	static const struct {
		const char *file, *of;
	} rows[] = {
	    {ORDER("1", "a", "01") ERASURE("1", "a", "02") ORDER("2", "a", "03")
		 MERGE("1", "a", "b", "04") ORDER("3", "a", "05") ORDER("4", "b", "01"),
	     "a a b b b b "},
	    /* after it both are meant */
	    {ORDER("1", "a", "01") MERGE("1", "a", "b", "02") ERASURE("1", "a", "03"), "b b b "},
	    /* on the way of a chain, and another's */
	    {ORDER("1", "a", "01") MERGE("1", "a", "b", "02") ERASURE("1", "b", "03")
		 ERASURE("2", "aa", "03") MERGE("2", "b", "c", "04") ERASURE("3", "c", "05"),
	     "b b b aa c c "},
	    {ERASURE("1", "a", "01") ERASURE("2", "a", "02") ERASURE("3", "a", "05")
		 MERGE("1", "a", "b", "04") ORDER("1", "a", "02") ORDER("2", "a", "03"),
	     "a a b b a b "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct merges *merges;
		struct arena arena = {0};
		char of[64] = "";
		struct err err;

		write_file(rows[i].file);
		assert_int_equal(merges_read(path, &arena, &merges, &err), 0);
		for (const char *at = rows[i].file, *end; *at; at = end + 1) {
			Nurture__V1__Event *event;

			end = strchr(at, '\n');
			assert_int_equal(
			    event_decode(slice_of(at, (size_t)(end - at)), &arena, &event, &err),
			    0);
			(void)merges_apply(merges, event);
			strcat(strcat(of, event->customer->id), " ");
		}
		assert_string_equal(of, rows[i].of);
		arena_free(&arena);
	}
}

static void where_people_live_they_are_left_alone(void **state)
{
	struct orders orders;

	(void)state;
	write_file(ORDER("1", "old", "01") MERGE("1", "old", "new", "02"));
	read_file(&orders, true);
	assert_int_equal(orders.count, 2);
	assert_true(slice_equal(orders.events[0].customer, slice_text("old")));
	assert_string_equal(order_event_type(&orders.events[1]), "customer.merged");
	orders_free(&orders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_lives_in_the_end),
	    cmocka_unit_test(every_event_is_of_the_one_who_lives),
	    cmocka_unit_test(what_was_erased_before_the_merge_stays),
	    cmocka_unit_test(where_people_live_they_are_left_alone),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
