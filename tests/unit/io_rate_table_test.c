/* io_rate_table_test.c - how often each of many may do something. */
#include "common/io/http/rate_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SECOND_US INT64_C(1000000)
#define NOW_US (INT64_C(1700000000) * SECOND_US)

static bool take(struct rate_table *table, const char *key, int64_t now_us)
{
	int64_t wait_us;

	return rate_table_take(table, slice_text(key), now_us, &wait_us);
}

static void each_for_itself(void **state)
{
	struct rate_table *table = rate_table_new(rate_of(2, 3, -1));
	int64_t wait_us;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(take(table, "ann", NOW_US));
	assert_false(rate_table_take(table, slice_text("ann"), NOW_US, &wait_us));
	assert_int_equal(wait_us, 30 * SECOND_US);
	assert_true(take(table, "bob", NOW_US));
	assert_false(take(table, "ann", NOW_US + 29 * SECOND_US));
	assert_true(take(table, "ann", NOW_US + 30 * SECOND_US));
	assert_false(take(table, "ann", NOW_US + 30 * SECOND_US));
	rate_table_free(&table);
	assert_null(table);
	rate_table_free(&table);
}

/* Far more keys than places: nothing breaks, and who is loud now is still held. */
static void many_keys(void **state)
{
	struct rate_table *table = rate_table_new(rate_of(1, 5, -1));
	char key[24];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_true(take(table, key, NOW_US + i));
	}
	for (int i = 0; i < 5; i++)
		assert_true(take(table, "loud", NOW_US + SECOND_US));
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "other %d", i);
		take(table, key, NOW_US + SECOND_US);
	}
	assert_false(take(table, "loud", NOW_US + SECOND_US));
	rate_table_free(&table);
}

static void any_number(void **state)
{
	struct rate_table *table = rate_table_new(rate_of(0, 0, -1));

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_true(take(table, "ann", NOW_US));
	rate_table_free(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_for_itself),
	    cmocka_unit_test(many_keys),
	    cmocka_unit_test(any_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
