/* Tests of what is counted: orders, money, gaps, stages, and what a full profile forgets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_fixture.h"

#include "common/base/text.h"
#include "services/segmenter/profile/categories.h"
#include "services/segmenter/profile/orders.h"

#define SHOP POLICY("segments:\n  slipping: {stage: slipping}\n")

static struct seg_facts facts_of(struct world *world, const char *time)
{
	return seg_facts_at(profile_of(world), ms(time));
}

static void orders_and_money_follow_every_event(void **state)
{
	static const struct {
		struct news news;
		int orders;
		const char *spent;
	} rows[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER("1", "100")}, 1, "100.00"},
	    {{"2026-01-02T10:00:00Z", "order.placed", ORDER("1", "100")}, 1, "100.00"},
	    {{"2026-01-03T10:00:00Z", "order.placed", ORDER("2", "50.25")}, 2, "150.25"},
	    {{"2026-01-04T10:00:00Z", "order.placed",
	      "\"order\":{\"id\":\"3\",\"amount\":\"7\",\"currency\":\"USD\"}"},
	     3,
	     "150.25"},
	    {{"2026-01-05T10:00:00Z", "order.placed", "\"order\":{\"id\":\"4\",\"amount\":\"1\"}"},
	     4,
	     "151.25"},
	    /* a part, the rest, and then more than there was */
	    {{"2026-01-06T10:00:00Z", "order.refunded", ORDER("1", "-30")}, 4, "121.25"},
	    {{"2026-01-07T10:00:00Z", "order.refunded", ORDER("1", "70")}, 3, "51.25"},
	    {{"2026-01-08T10:00:00Z", "order.refunded", ORDER("1", "70")}, 3, "51.25"},
	    {{"2026-01-09T10:00:00Z", "order.cancelled", ORDER("2", "50.25")}, 2, "1.00"},
	    /* of orders that were never heard of: only money, never below nothing */
	    {{"2026-01-10T10:00:00Z", "order.refunded", ORDER("70", "0.25")}, 2, "0.75"},
	    {{"2026-01-11T10:00:00Z", "order.cancelled", ORDER("70", "0.25")}, 2, "0.75"},
	    {{"2026-01-12T10:00:00Z", "order.refunded", ORDER("71", "90")}, 2, "0.00"},
	    {{"2026-01-13T10:00:00Z", "order.refunded", ORDER_ID("72")}, 2, "0.00"},
	    /* one of them was only late: it has gone already, and takes no more than its own */
	    {{"2026-01-09T09:00:00Z", "order.placed", ORDER("71", "90")}, 2, "0.75"},
	    {{"2026-01-09T09:00:00Z", "order.placed", ORDER("72", "90")}, 2, "0.75"},
	};
	struct world world = world_with(SHOP);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct seg_facts facts;
		char spent[32];

		tell(&world, rows[i].news);
		facts = facts_of(&world, rows[i].news.time);
		if (facts.orders != rows[i].orders ||
		    strcmp(money_text(facts.spent_e4, spent, sizeof(spent)), rows[i].spent) != 0)
			print_error("row %zu\n", i);
		assert_int_equal(facts.orders, rows[i].orders);
		assert_string_equal(money_text(facts.spent_e4, spent, sizeof(spent)),
				    rows[i].spent);
	}
	world_free(&world);
}

/* Orders on these days of 2026 (0: none more) at noon, and what follows on another. */
static void the_usual_gap_is_the_median(void **state)
{
	static const struct {
		int days[8];
		int64_t gap_hours;
	} rows[] = {
	    {{0}, 0},
	    {{5}, 0},
	    {{5, 5, 5}, 0},   /* one day is no gap */
	    {{5, 6}, 7 * 24}, /* never shorter than a week */
	    {{5, 25}, 20 * 24},
	    {{5, 5, 25, 25}, 20 * 24},   /* the second of a day does not count */
	    {{5, 25, 55}, 25 * 24},      /* between the two in the middle */
	    {{55, 5, 25, 155}, 30 * 24}, /* in whatever order */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world = world_with(SHOP);

		tell(&world, (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL});
		for (unsigned j = 0; j < 8 && rows[i].days[j]; j++) {
			char time[RFC3339_BYTES], order[64];

			rfc3339_text(ms("2025-12-31T12:00:00Z") + rows[i].days[j] * DAY_MS, time);
			snprintf(order, sizeof(order), ORDER_ID("%u"), j);
			tell(&world, (struct news){time, "order.placed", order});
		}
		assert_int_equal(facts_of(&world, "2026-12-31T00:00:00Z").gap_ms,
				 rows[i].gap_hours * HOUR_MS);
		world_free(&world);
	}
}

static void stages_follow_orders_and_time(void **state)
{
	static const struct {
		int orders, gap_days;
		int64_t after_ms; /* the last order */
		const char *stage;
	} rows[] = {
	    {0, 0, 0, "prospect"},
	    {1, 0, -DAY_MS, "new"},
	    {1, 0, 0, "new"},
	    {1, 0, 90 * DAY_MS, "new"},
	    {1, 0, 90 * DAY_MS + 1, "slipping"},
	    {1, 0, 365 * DAY_MS, "slipping"},
	    {1, 0, 365 * DAY_MS + 1, "lapsed"},
	    {2, 10, 20 * DAY_MS, "active"},
	    {2, 10, 20 * DAY_MS + 1, "slipping"},
	    {2, 10, 40 * DAY_MS, "slipping"},
	    {2, 10, 40 * DAY_MS + 1, "lapsed"},
	    {7, 10, 0, "active"},
	    {8, 10, 20 * DAY_MS, "loyal"},
	    {8, 10, 20 * DAY_MS + 1, "slipping"},
	    {8, 0, 90 * DAY_MS, "loyal"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = {0};
		struct seg_profile *profile = seg_profile_new(&arena);
		int64_t last_ms = 0;
		struct seg_facts facts;

		for (int j = 0; j < rows[i].orders; j++) {
			struct seg_order_news news = {
			    .id = arena_printf(&arena, "%d", j),
			    .time_ms = last_ms = j * rows[i].gap_days * DAY_MS,
			};

			assert_true(seg_order_placed(profile, &news));
		}
		facts = seg_facts_at(profile, last_ms + rows[i].after_ms);
		if (strcmp(seg_stage_text(facts.stage), rows[i].stage) != 0)
			print_error("row %zu\n", i);
		assert_string_equal(seg_stage_text(facts.stage), rows[i].stage);
		arena_free(&arena);
	}
}

/* Time alone changes a stage: the timer comes at the first millisecond of it. */
static void a_timer_comes_when_the_stage_changes(void **state)
{
	struct world world = world_with(SHOP);
	int64_t placed_ms = ms("2026-01-01T10:00:00Z");

	(void)state;
	world.contacts = true;
	tell(&world, (struct news){"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1")});
	assert_int_equal(world.due_ms, placed_ms + 90 * DAY_MS + 1);
	assert_string_equal(take(&world), "");
	world_run(&world, world.due_ms + 1);
	assert_string_equal(take(&world), "contact in:slipping\n");
	assert_int_equal(world.due_ms, placed_ms + 365 * DAY_MS + 1);
	world_run(&world, world.due_ms + 1);
	assert_string_equal(take(&world), "contact\n");
	assert_true(world.due_ms == NEVER_MS);
	world_free(&world);
}

/* Beyond 64 orders only sums are kept; they are the same. */
static void totals_are_of_all_orders(void **state)
{
	struct arena arena = {0};
	struct seg_profile *profile = seg_profile_new(&arena);
	int64_t bought_ms[SEG_CATEGORIES_MAX];
	Nurture__V1__Item item = NURTURE__V1__ITEM__INIT, *items[] = {&item};
	struct seg_facts facts;

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct seg_order_news news = {
		    .id = arena_printf(&arena, "%d", i),
		    .time_ms = i * DAY_MS,
		    .amount_e4 = 10000,
		    .has_amount = true,
		    .items = items,
		    .item_count = 1,
		};

		item.category = i < 3 ? "tents" : i < 60 ? "pegs" : "coffee";
		seg_order_placed(profile, &news);
		if (i == 1)
			seg_order_cancelled(profile, &news);
		if (i == 59)
			seg_order_refunded(profile, &news);
	}
	facts = seg_facts_at(profile, 200 * DAY_MS);
	assert_int_equal(profile->order_count, SEG_ORDERS_MAX);
	assert_int_equal(facts.orders, 198);
	assert_int_equal(facts.spent_e4, 198 * 10000);
	assert_int_equal(facts.first_ms, 0);
	assert_int_equal(facts.last_ms, 199 * DAY_MS);
	seg_categories_bought(profile, bought_ms);
	assert_int_equal(profile->category_count, 3);
	assert_int_equal(bought_ms[seg_category_find(profile, "tents")], 2 * DAY_MS);
	assert_int_equal(bought_ms[seg_category_find(profile, "pegs")], 58 * DAY_MS);
	assert_int_equal(bought_ms[seg_category_find(profile, "coffee")], 199 * DAY_MS);
	arena_free(&arena);
}

/* A hundred categories: the 64 bought last are known, each with its own time. */
static void the_categories_bought_last_are_kept(void **state)
{
	struct arena arena = {0};
	struct seg_profile *profile = seg_profile_new(&arena);
	int64_t bought_ms[SEG_CATEGORIES_MAX];

	(void)state;
	for (int i = 0; i < 100; i++) {
		int n =
		    i * 37 % 100; /* order n has categories n and n / 2, and says so out of order */
		Nurture__V1__Item a = NURTURE__V1__ITEM__INIT, b = NURTURE__V1__ITEM__INIT;
		Nurture__V1__Item *items[] = {&a, &b};
		struct seg_order_news news = {
		    .id = arena_printf(&arena, "%d", n),
		    .time_ms = n * DAY_MS,
		    .items = items,
		    .item_count = 2,
		};

		a.category = arena_printf(&arena, "c%d", n);
		b.category = arena_printf(&arena, "c%d", n / 2);
		a.price = "2";
		b.price = "1";
		seg_order_placed(profile, &news);
	}
	seg_categories_bought(profile, bought_ms);
	assert_int_equal(profile->category_count, SEG_CATEGORIES_MAX);
	for (unsigned i = 0; i < profile->category_count; i++) {
		int n = atoi(profile->categories[i].name + 1);
		int64_t newest = n < 50 ? 2 * n + 1 : n;

		assert_true(newest >= 50); /* c25 to c99 are newer than day 50; 64 of those */
		assert_int_equal(bought_ms[i], newest * DAY_MS);
	}
	for (unsigned i = 0; i < profile->order_count; i++) {
		const struct seg_order *order = &profile->orders[i];

		if (order->top)
			assert_string_equal(profile->categories[order->top - 1].name + 1,
					    order->id);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(orders_and_money_follow_every_event),
	    cmocka_unit_test(the_usual_gap_is_the_median),
	    cmocka_unit_test(stages_follow_orders_and_time),
	    cmocka_unit_test(a_timer_comes_when_the_stage_changes),
	    cmocka_unit_test(totals_are_of_all_orders),
	    cmocka_unit_test(the_categories_bought_last_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
