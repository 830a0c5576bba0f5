/* Tests of conditions about time and goods: when they hold, to the millisecond; and single days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#define GOODS                                                                                      \
	POLICY("segments:\n"                                                                       \
	       "  old-friend: {customer_for: {at_least: 730d}}\n"                                  \
	       "  first-year: {customer_for: {at_most: 365d}}\n"                                   \
	       "  replace: {since_bought: {category: laptops, at_least: 700d, at_most: 800d}}\n"   \
	       "  no-tent: {orders: {at_least: 1}, not: {since_bought: {category: tents, "         \
	       "at_most: 30d}}}\n"                                                                 \
	       "programmes:\n"                                                                     \
	       "  thanks: {owner: c, on_enter: old-friend, task: thanks, class: care}\n"           \
	       "  hello: {owner: c, on_enter: first-year, task: hello, class: care}\n"             \
	       "  new-laptop: {owner: c, on_enter: replace, task: offer, class: care}\n"           \
	       "  tent: {owner: c, on_enter: no-tent, task: tent, class: care, again_after: 0s}\n" \
	       "  bag: {owner: c, on: order.delivered, if: {order_category: laptops}, task: bag,"  \
	       " class: care}\n"                                                                   \
	       "  sorry: {owner: c, on: return.opened, if: {order_category: tents}, task: sorry,"  \
	       " class: care}\n")

static void time_since_an_order_is_exact(void **state)
{
	static const struct scene scenes[] = {
	    {{"2024-01-01T10:00:00.500Z", "order.placed", BUYS("1", "900", "laptops")},
	     "request hello task:hello due 2024-01-01T10:00:00.500Z order 1\n"
	     "request tent task:tent due 2024-01-01T10:00:00.500Z order 1\n"},
	    /* an older order comes late: she is a customer since then */
	    {{"2024-01-01T09:00:00Z", "order.placed", BUYS("0", "5", "pens")}, ""},
	    {{"2025-12-01T10:00:00.499Z", NULL, NULL}, ""}, /* 700 days, but for a millisecond */
	    {{"2025-12-01T10:00:00.500Z", NULL, NULL},
	     "request new-laptop task:offer due 2025-12-01T10:00:00.500Z\n"},
	    {{"2025-12-31T08:59:59.999Z", NULL, NULL}, ""},
	    {{"2025-12-31T09:00:00Z", NULL, NULL},
	     "request thanks task:thanks due 2025-12-31T09:00:00Z\n"},
	    /* the first order is taken back: first-year, which she has left, is not entered
	     * again */
	    {{"2026-01-01T00:00:00Z", "order.cancelled", ORDER_ID("0")},
	     "cancel order 0: order.cancelled\n"},
	    {{"2026-03-11T10:00:00.501Z", NULL, NULL}, ""}, /* 800 days are over */
	    {{"2026-03-11T10:00:00.502Z", "order.placed", BUYS("2", "900", "laptops")}, ""},
	    {{"2030-01-01T00:00:00Z", NULL, NULL},
	     "request new-laptop task:offer due 2028-02-09T10:00:00.502Z\n"},
	};
	static const struct scene tents[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "90", "tents")},
	     "request hello task:hello due 2026-01-01T10:00:00Z order 1\n"},
	    /* at most 30 days: the first millisecond after them */
	    {{"2026-01-31T10:00:00Z", NULL, NULL}, ""},
	    {{"2026-01-31T10:00:00.001Z", NULL, NULL},
	     "request tent task:tent due 2026-01-31T10:00:00.001Z\n"},
	    {{"2026-02-10T10:00:00Z", "order.placed", BUYS("2", "90", "tents")}, ""},
	    /* what was taken back was not bought: the one before counts */
	    {{"2026-02-11T10:00:00Z", "order.refunded", ORDER_ID("2")},
	     "cancel order 2: order.refunded\n"
	     "request tent task:tent due 2026-02-11T10:00:00Z order 2\n"},
	};
	static const struct scene never[] = {
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL}, ""},
	    {{"2029-01-01T10:00:00Z", NULL, NULL}, ""},
	};

	(void)state;
	PLAY(GOODS, scenes);
	PLAY(GOODS, tents);
	PLAY(GOODS, never);
}

/* A call sets off a note; a visit does not. */
static void what_an_interaction_sets_off(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "interaction.recorded",
	      "\"interaction\":{\"channel\":\"visit\"}"},
	     ""},
	    {{"2026-01-02T10:00:00Z", "interaction.recorded",
	      "\"interaction\":{\"channel\":\"call\",\"direction\":\"in\"}"},
	     "request note task:note due 2026-01-02T10:00:00Z\n"},
	};

	(void)state;
	PLAY(
	    POLICY("programmes:\n  note: {owner: c, on: interaction.recorded, if: {channel: call}, "
		   "task: note, class: care}\n"),
	    scenes);
}

#define LINE(category) "{\"category\":\"" category "\"}"

/* Of the order that set it off: what the event lists, and what was said of it before. */
static void an_order_is_about_all_its_goods(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed",
	      "\"order\":{\"id\":\"1\",\"items\":[" LINE("laptops") "," LINE("bags") "]}"},
	     "request hello task:hello due 2026-01-01T10:00:00Z order 1\n"
	     "request tent task:tent due 2026-01-01T10:00:00Z order 1\n"},
	    {{"2026-01-02T10:00:00Z", "order.delivered", ORDER_ID("1")},
	     "request bag task:bag due 2026-01-02T10:00:00Z order 1\n"},
	    {{"2026-01-02T11:00:00Z", "order.placed",
	      "\"order\":{\"id\":\"2\",\"items\":[" LINE("laptops") "," LINE("bags") "]}"},
	     ""},
	    {{"2026-01-03T10:00:00Z", "order.delivered",
	      "\"order\":{\"id\":\"2\",\"items\":[" LINE("bags") "]}"},
	     "request bag task:bag due 2026-01-03T10:00:00Z order 2\n"},
	    {{"2026-01-04T10:00:00Z", "order.delivered", BUYS("unknown", "1", "laptops")},
	     "request bag task:bag due 2026-01-04T10:00:00Z order unknown\n"},
	    {{"2026-01-05T10:00:00Z", "order.delivered", BUYS("3", "1", "tents")}, ""},
	    {{"2026-01-05T11:00:00Z", "order.delivered", ORDER_ID("4")}, ""},
	    {{"2026-01-06T10:00:00Z", "return.opened", "\"case\":{\"id\":\"9\",\"order\":\"1\"}"},
	     ""},
	    {{"2026-01-07T10:00:00Z", "order.placed", BUYS("5", "1", "tents")}, ""},
	    {{"2026-01-08T10:00:00Z", "return.opened", "\"case\":{\"id\":\"8\",\"order\":\"5\"}"},
	     "request sorry task:sorry due 2026-01-08T10:00:00Z order 5\n"},
	    {{"2026-01-08T11:00:00Z", "return.opened", "\"case\":{\"id\":\"7\"}"}, ""},
	};

	(void)state;
	PLAY(GOODS, scenes);
}

#define ONE_DAY                                                                                    \
	POLICY("programmes:\n"                                                                     \
	       "  black-friday: {owner: c, on_date: \"2026-11-27\", at: \"00:00\", email: b, "     \
	       "class: care}\n"                                                                    \
	       "  five-years: {owner: c, on_date: \"2026-03-29\", at: \"02:30\", task: t, "        \
	       "class: care, if: {orders: {at_least: 1}}}\n")

static void a_single_day_comes_once(void **state)
{
	static const struct scene scenes[] = {
	    /* 02:30 does not exist on that day in Vienna: as far after the gap */
	    {{"2026-03-01T10:00:00Z", "order.placed", ORDER_ID("1"),
	      "\"time_zone\":\"Europe/Vienna\""},
	     ""},
	    {{"2026-03-29T01:29:59.999Z", NULL, NULL}, ""},
	    {{"2026-03-29T01:30:00Z", NULL, NULL},
	     "request five-years task:t due 2026-03-29T01:30:00Z\n"},
	    {{"2026-03-29T01:30:00Z", "message.opened", NULL}, ""},
	    {{"2026-11-26T23:00:00Z", NULL, NULL},
	     "request black-friday email:b due 2026-11-26T23:00:00Z\n"},
	    {{"2026-11-26T23:00:00Z", "message.opened", NULL}, ""},
	    {{"2099-01-01T00:00:00Z", NULL, NULL}, ""},
	};
	static const struct scene too_late[] = {
	    {{"2026-11-27T00:00:00.001Z", "customer.updated", NULL}, ""},
	    {{"2028-12-31T00:00:00Z", NULL, NULL}, ""},
	};
	/* at its very instant is not too late */
	static const struct scene just_in_time[] = {
	    {{"2026-11-27T00:00:00Z", "customer.updated", NULL}, ""},
	    {{"2026-11-27T00:00:00Z", NULL, NULL},
	     "request black-friday email:b due 2026-11-27T00:00:00Z\n"},
	    {{"2028-12-31T00:00:00Z", NULL, NULL}, ""},
	};

	(void)state;
	PLAY(ONE_DAY, scenes);
	PLAY(ONE_DAY, too_late);
	PLAY(ONE_DAY, just_in_time);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(time_since_an_order_is_exact),
	    cmocka_unit_test(what_an_interaction_sets_off),
	    cmocka_unit_test(an_order_is_about_all_its_goods),
	    cmocka_unit_test(a_single_day_comes_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
