/* Tests of what time alone sets off: segments that are entered, and days of the year. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

static void time_alone_enters_a_segment(void **state)
{
	/* Ten days between the orders: slipping 20 days after the last, plus the first
	 * millisecond. */
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER("1", "20")}, ""},
	    {{"2026-01-11T10:00:00Z", "order.placed", ORDER("2", "30")},
	     "request welcome-back task:basket due 2026-01-11T10:00:00Z order 2\n"
	     "request welcome-back email:hello due 2026-01-11T10:00:00Z order 2\n"},
	    {{"2026-01-31T10:00:00Z", "message.opened", NULL}, ""},
	    {{"2026-01-31T10:00:01Z", NULL, NULL},
	     "request win-back email:miss due 2026-01-31T10:00:00.001Z coupon BACK10\n"},
	    {{"2026-02-10T09:59:59.999Z", NULL, NULL}, ""},
	    {{"2026-02-10T10:00:00Z", NULL, NULL},
	     "request quiet task:look due 2026-02-10T10:00:00Z\n"},
	    /* a new order ends the whole programme, whatever the order's id */
	    {{"2026-02-11T10:00:00Z", "order.placed", ORDER("3", "30")},
	     "cancel win-back: order.placed\n"
	     "request welcome-back task:basket due 2026-02-11T10:00:00Z order 3\n"
	     "request welcome-back email:hello due 2026-02-11T10:00:00Z order 3\n"},
	    /* gaps of 10 and 31 days: the median is 20.5, twice that 41 */
	    {{"2026-03-24T10:00:00Z", NULL, NULL},
	     "request quiet task:look due 2026-03-13T10:00:00Z\n"},
	    {{"2026-03-24T10:00:01Z", NULL, NULL},
	     "request win-back email:miss due 2026-03-24T10:00:00.001Z coupon BACK10\n"},
	    {{"2027-12-31T00:00:00Z", NULL, NULL}, ""},
	};

	(void)state;
	PLAY(HOTEL, scenes);
}

static void a_segment_is_entered_once(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER("1", "60")}, ""},
	    {{"2026-01-02T10:00:00Z", "order.placed", ORDER("2", "60")},
	     "request welcome-back task:basket due 2026-01-02T10:00:00Z order 2\n"
	     "request welcome-back email:hello due 2026-01-02T10:00:00Z order 2\n"
	     "request regular email:regular due 2026-01-02T10:00:00Z order 2\n"},
	    {{"2026-01-03T10:00:00Z", "customer.updated", NULL}, ""},
	    /* out by a refund, in again by the next order: within a year it is not said again */
	    {{"2026-01-04T10:00:00Z", "order.cancelled", ORDER_ID("2")},
	     "cancel order 2: order.cancelled\n"},
	    {{"2026-01-05T10:00:00Z", "order.placed", ORDER("3", "60")},
	     "request welcome-back task:basket due 2026-01-05T10:00:00Z order 3\n"
	     "request welcome-back email:hello due 2026-01-05T10:00:00Z order 3\n"},
	};

	(void)state;
	PLAY(HOTEL, scenes);
}

#define DAYS                                                                                       \
	POLICY("programmes:\n"                                                                     \
	       "  birthday: {owner: c, on_date: customer.birthday, email: b, class: care}\n"       \
	       "  first: {owner: c, on_date: customer.first_order, at: \"08:30\", email: f, "      \
	       "class: care}\n"                                                                    \
	       "  may: {owner: c, on_date: \"05-04\", at: \"00:00\", task: t, class: care,"        \
	       " if: {orders: {at_least: 1}}}\n")

static void days_come_at_the_customers_own_hour(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T23:30:00Z", "order.placed", ORDER_ID("1"),
	      "\"birthday\":\"1980-02-29\",\"time_zone\":\"Europe/Vienna\""},
	     ""},
	    {{"2026-02-28T07:59:59Z", NULL, NULL}, ""},
	    {{"2026-02-28T08:00:00Z", NULL, NULL},
	     "request birthday email:b due 2026-02-28T08:00:00Z\n"},
	    {{"2026-05-03T22:00:00Z", NULL, NULL}, "request may task:t due 2026-05-03T22:00:00Z\n"},
	    /* 00:30 on 2 January in Vienna; not on the day itself, a year later */
	    {{"2027-01-02T07:30:00Z", NULL, NULL},
	     "request first email:f due 2027-01-02T07:30:00Z\n"},
	    {{"2027-03-01T00:00:00Z", "customer.updated", NULL, "\"time_zone\":\"Europe/London\""},
	     "request birthday email:b due 2027-02-28T08:00:00Z\n"},
	    {{"2028-02-28T23:00:00Z", NULL, NULL},
	     "request may task:t due 2027-05-03T23:00:00Z\n"
	     "request first email:f due 2028-01-01T08:30:00Z\n"},
	    {{"2028-02-29T09:00:00Z", NULL, NULL},
	     "request birthday email:b due 2028-02-29T09:00:00Z\n"},
	};
	static const struct scene unknown[] = {
	    {{"2026-01-01T10:00:00Z", "customer.updated", NULL}, ""},
	    {{"2030-01-01T10:00:00Z", NULL, NULL}, ""},
	};

	(void)state;
	PLAY(DAYS, scenes);
	PLAY(DAYS, unknown);
}

/* An event of the very instant, and one that meets a timer which nobody has called yet. */
static void a_day_is_not_lost_to_an_event(void **state)
{
	struct world world = world_with(DAYS);
	struct step timer = {.kind = STEP_TIMER};
	struct err err;
	int64_t due_ms;

	(void)state;
	tell(&world, (struct news){"2026-01-01T10:00:00Z", "customer.updated", NULL,
				   "\"birthday\":\"--03-01\""});
	tell(&world, (struct news){"2026-03-01T09:00:00Z", "customer.updated", NULL});
	assert_string_equal(take(&world), "");
	pass(&world, "2026-03-01T09:00:00Z");
	assert_string_equal(take(&world), "request birthday email:b due 2026-03-01T09:00:00Z\n");
	/* another event of that instant, which comes after the timer: not again */
	world.now_ms = ms("2026-03-01T09:00:00Z");
	tell(&world, (struct news){"2026-03-01T09:00:00Z", "customer.updated", NULL});
	pass(&world, "2026-04-01T09:00:00Z");
	assert_string_equal(take(&world), "");

	due_ms = world.due_ms;
	world.due_ms = NEVER_MS; /* the service was away */
	tell(&world, (struct news){"2029-03-02T10:00:00Z", "message.opened", NULL});
	assert_int_equal(world.due_ms, due_ms);
	timer.time_ms = due_ms;
	assert_int_equal(world_step(&world, &timer, &err), 0);
	assert_string_equal(take(&world), "request birthday email:b due 2027-03-01T09:00:00Z\n"
					  "request birthday email:b due 2028-03-01T09:00:00Z\n"
					  "request birthday email:b due 2029-03-01T09:00:00Z\n");
	assert_int_equal(world.due_ms, ms("2029-05-04T00:00:00Z"));
	world_free(&world);
}

/* The service comes back with another policy. */
static void anew(struct world *world, const char *policy, const char *since, const char *now)
{
	struct step step = {.kind = STEP_REEVALUATE};
	struct world other = world_with(policy);
	struct policy *policy_before = world->policy;
	struct zones *zones_before = world->zones;
	struct err err;

	world->policy = other.policy;
	world->zones = other.zones;
	other.policy = policy_before;
	other.zones = zones_before;
	world_free(&other);
	step.time_ms = ms(since);
	world->now_ms = ms(now);
	assert_int_equal(world_step(world, &step, &err), 0);
}

#define OLD_DAYS                                                                                   \
	POLICY("segments:\n"                                                                       \
	       "  returning: {orders: {at_least: 2}}\n"                                            \
	       "programmes:\n"                                                                     \
	       "  thanks: {owner: c, on: order.placed, email: t, class: care}\n")
#define NEW_DAYS                                                                                   \
	POLICY(                                                                                    \
	    "segments:\n"                                                                          \
	    "  returning: {orders: {at_least: 2}}\n"                                               \
	    "  known: {orders: {at_least: 1}}\n"                                                   \
	    "programmes:\n"                                                                        \
	    "  again: {owner: c, on_enter: returning, email: r, class: care}\n"                    \
	    "  known: {owner: c, on_enter: known, email: k, class: care}\n"                        \
	    "  past: {owner: c, on_date: \"2026-03-01\", email: p, class: care}\n"                 \
	    "  soon: {owner: c, on_date: \"2026-03-02\", at: \"12:00\", email: s, class: care}\n")

static void a_new_policy_reaches_who_says_nothing(void **state)
{
	struct world world = world_with(OLD_DAYS);
	struct step timer = {.kind = STEP_TIMER};
	size_t len;
	struct err err;

	(void)state;
	tell(&world, (struct news){"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1")});
	tell(&world, (struct news){"2026-01-05T10:00:00Z", "order.placed", ORDER_ID("2")});
	take(&world);
	assert_int_equal(world.due_ms, NEVER_MS);
	/* who was in the segment before has not entered it; what is over does not come back */
	anew(&world, NEW_DAYS, "2026-03-02T11:00:00Z", "2026-03-02T11:00:40Z");
	assert_string_equal(take(&world), "request known email:k due 2026-03-02T11:00:00Z\n");
	assert_int_equal(world.due_ms, ms("2026-03-02T12:00:00Z"));
	/* again: nothing is different */
	len = world.state_len;
	anew(&world, NEW_DAYS, "2026-03-02T11:30:00Z", "2026-03-02T11:30:40Z");
	assert_string_equal(take(&world), "");
	assert_int_equal(world.state_len, len);
	/* a timer that nobody needed does no harm */
	timer.time_ms = world.now_ms;
	assert_int_equal(world_step(&world, &timer, &err), 0);
	assert_string_equal(take(&world), "");
	assert_int_equal(world.due_ms, ms("2026-03-02T12:00:00Z"));
	pass(&world, "2027-03-05T00:00:00Z");
	assert_string_equal(take(&world), "request soon email:s due 2026-03-02T12:00:00Z\n");
	world_free(&world);
}

/* Between the start of the service and the turn of the customer: it is not lost. */
static void a_day_that_comes_before_ones_turn_is_not_missed(void **state)
{
	struct world world = world_with(OLD_DAYS);

	(void)state;
	tell(&world, (struct news){"2026-01-01T10:00:00Z", "order.placed", ORDER_ID("1")});
	take(&world);
	anew(&world, NEW_DAYS, "2026-03-02T11:59:50Z", "2026-03-02T12:00:30Z");
	assert_string_equal(take(&world), "request known email:k due 2026-03-02T11:59:50Z\n"
					  "request soon email:s due 2026-03-02T12:00:00Z\n");
	assert_int_equal(world.due_ms, NEVER_MS);
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(time_alone_enters_a_segment),
	    cmocka_unit_test(a_new_policy_reaches_who_says_nothing),
	    cmocka_unit_test(a_day_that_comes_before_ones_turn_is_not_missed),
	    cmocka_unit_test(a_segment_is_entered_once),
	    cmocka_unit_test(days_come_at_the_customers_own_hour),
	    cmocka_unit_test(a_day_is_not_lost_to_an_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
