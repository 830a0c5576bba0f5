/* Tests of imported history: it is known afterwards, and sets nothing off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#define LIVE "\"live_from\":\"2026-01-20T00:00:00Z\","
#define PLACED(id) "\"order\":{\"id\":\"" id "\",\"amount\":\"20.00\"}"
#define AT(day) "2026-01-" day "T10:00:00Z"

/* A second order, silence and a low score: each would be answered, were it live. */
static void history_sets_nothing_off(void **state)
{
	static const struct scene scenes[] = {
	    {{AT("01"), "order.placed", LIVE PLACED("1")}, ""},
	    {{AT("03"), "order.placed", LIVE PLACED("2")}, ""},
	    {{AT("04"), "feedback.received", LIVE "\"feedback\":{\"order\":\"2\",\"score\":1}"},
	     ""},
	    {{AT("05"), "order.refunded", LIVE "\"order\":{\"id\":\"2\",\"amount\":\"1.00\"}"}, ""},
	    {{AT("19"), NULL}, ""}, /* slipping since the 7th, which was before */
	    {{AT("25"), "order.placed", PLACED("3")},
	     "request welcome-back task:basket due 2026-01-25T10:00:00Z order 3\n"
	     "request welcome-back email:hello due 2026-01-25T10:00:00Z order 3\n"},
	    /* Told again by the shop itself, and late: that was before as well. */
	    {{AT("18"), "order.placed", PLACED("4")}, ""},
	    {{AT("03"), "order.placed", PLACED("2"), NULL, "another-id"}, ""},
	};
	struct world world = world_with(HOTEL);

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		if (scenes[i].news.type)
			tell(&world, scenes[i].news);
		else
			pass(&world, scenes[i].news.time);
		assert_string_equal(take(&world), scenes[i].expect);
	}
	assert_int_equal(profile_of(&world)->order_count, 2);
	assert_true(profile_of(&world)->live_from_ms == ms("2026-01-20T00:00:00Z"));
	tell(&world, scenes[5].news);
	assert_non_null(strstr(take(&world), "welcome-back"));
	for (size_t i = 6; i < 8; i++) {
		tell(&world, scenes[i].news);
		assert_string_equal(take(&world), "");
	}
	assert_int_equal(profile_of(&world)->order_count, 4);
	world_free(&world);
}

/* Thirty days of silence are over on 31 January, after the beginning; on the 19th before it. */
static void silence_that_begins_afterwards(void **state)
{
	static const struct {
		const char *ordered;
		bool is_said;
	} cases[] = {{"2026-01-01T10:00:00Z", true}, {"2025-12-19T10:00:00Z", false}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct world world = world_with(HOTEL);
		const char *lines;

		tell(&world,
		     (struct news){cases[i].ordered, "order.placed", LIVE PLACED("1"), NULL, NULL});
		assert_string_equal(take(&world), "");
		pass(&world, "2026-02-10T00:00:00Z");
		lines = take(&world);
		assert_int_equal(strstr(lines, "request quiet") != NULL, cases[i].is_said);
		world_free(&world);
	}
}

/* Nobody can be silenced in advance: what is to begin later begins now. */
static void no_later_than_its_arrival(void **state)
{
	struct world world = world_with(HOTEL);

	(void)state;
	hear(&world, AT("10"),
	     (struct news){AT("01"), "order.placed",
			   "\"live_from\":\"2036-01-01T00:00:00Z\"," PLACED("1"), NULL, NULL});
	assert_string_equal(take(&world), "");
	assert_true(profile_of(&world)->live_from_ms == ms(AT("10")));
	hear(&world, AT("11"), (struct news){AT("11"), "order.placed", PLACED("2"), NULL, NULL});
	assert_non_null(strstr(take(&world), "request welcome-back"));
	world_free(&world);
}

/* An import that is run again begins to live later; the event is the same. */
static void run_again(void **state)
{
	struct world world = world_with(HOTEL);

	(void)state;
	tell(&world, (struct news){AT("01"), "order.placed", LIVE PLACED("1"), NULL, "row-1"});
	tell(&world,
	     (struct news){AT("01"), "order.placed",
			   "\"live_from\":\"2026-01-21T00:00:00Z\"," PLACED("1"), NULL, "row-1"});
	assert_string_equal(take(&world), "");
	assert_int_equal(profile_of(&world)->order_count, 1);
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(history_sets_nothing_off),
	    cmocka_unit_test(silence_that_begins_afterwards),
	    cmocka_unit_test(no_later_than_its_arrival),
	    cmocka_unit_test(run_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
