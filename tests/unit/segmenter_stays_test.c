/* Tests of programmes that hang on when an order takes place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "segmenter_scene.h"

#define STAYS                                                                                      \
	POLICY("programmes:\n"                                                                     \
	       "  basket: {owner: g, on_date: order.starts_at, before: 1d, task: basket,"          \
	       " class: care, expires: 3d}\n"                                                      \
	       "  thanks: {owner: g, on_date: order.ends_at, after: 2h, email: thanks,"            \
	       " class: care, cancel_on: [complaint.opened]}\n")

#define STAY(id, from, to)                                                                         \
	"\"order\":{\"id\":\"" id                                                                  \
	"\",\"amount\":\"300\",\"currency\":\"EUR\",\"starts_at\":\"" from "\",\"ends_at\":\"" to  \
	"\"}"
#define MOVED(id, from) "\"order\":{\"id\":\"" id "\",\"starts_at\":\"" from "\"}"
#define JULY STAY("1", "2026-07-10T14:00:00Z", "2026-07-12T10:00:00Z")

static void a_basket_is_made_when_the_guest_comes(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-05T10:00:00Z", "order.placed", JULY}, ""},
	    {{"2026-01-06T10:00:00Z", "order.placed",
	      STAY("2", "2026-07-10T14:00:00Z", "2026-07-11T10:00:00Z")},
	     ""},
	    {{"2026-07-09T13:59:59.999Z"}, ""},
	    {{"2026-07-09T14:00:00Z"},
	     "request basket task:basket due 2026-07-09T14:00:00Z order 1\n"
	     "request basket task:basket due 2026-07-09T14:00:00Z order 2\n"},
	    {{"2026-07-11T12:00:00Z"},
	     "request thanks email:thanks due 2026-07-11T12:00:00Z order 2\n"},
	    {{"2026-12-31T00:00:00Z"},
	     "request thanks email:thanks due 2026-07-12T12:00:00Z order 1\n"},
	};

	(void)state;
	PLAY(STAYS, scenes);
}

static void it_follows_when_the_booking_moves(void **state)
{
	static const struct scene before_it_was_due[] = {
	    {{"2026-01-05T10:00:00Z", "order.placed", JULY}, ""},
	    {{"2026-02-05T10:00:00Z", "order.updated", MOVED("1", "2026-08-01T14:00:00Z")}, ""},
	    {{"2026-07-12T11:59:00Z"}, ""},
	    {{"2026-07-31T14:00:00Z"},
	     "request thanks email:thanks due 2026-07-12T12:00:00Z order 1\n"
	     "request basket task:basket due 2026-07-31T14:00:00Z order 1\n"},
	};
	static const struct scene after_it_was_due[] = {
	    {{"2026-01-05T10:00:00Z", "order.placed", MOVED("1", "2026-07-10T14:00:00Z")}, ""},
	    {{"2026-07-09T15:00:00Z", "order.updated", MOVED("1", "2026-07-20T14:00:00Z")},
	     "request basket task:basket due 2026-07-09T14:00:00Z order 1\n"
	     "cancel basket order 1: order.updated\n"},
	    /* and back again: its instant has passed, and the guest has not come yet */
	    {{"2026-07-09T16:00:00Z", "order.updated", MOVED("1", "2026-07-10T14:00:00Z")},
	     "request basket task:basket due 2026-07-09T16:00:00Z order 1\n"},
	    {{"2026-07-09T17:00:00Z", "order.updated", MOVED("1", "2026-07-10T14:00:00Z")}, ""},
	    /* an older word that comes late */
	    {{"2026-07-09T16:30:00Z", "order.updated", MOVED("1", "2026-09-09T14:00:00Z")}, ""},
	    {{"2026-12-31T00:00:00Z"}, ""},
	};

	(void)state;
	PLAY(STAYS, before_it_was_due);
	PLAY(STAYS, after_it_was_due);
}

static void it_ends_with_the_order(void **state)
{
	static const struct scene cancelled[] = {
	    {{"2026-01-05T10:00:00Z", "order.placed", JULY}, ""},
	    {{"2026-03-05T10:00:00Z", "order.cancelled", ORDER_ID("1")},
	     "cancel order 1: order.cancelled\n"},
	    {{"2026-12-31T00:00:00Z"}, ""},
	};
	static const struct scene refunded[] = {
	    {{"2026-01-05T10:00:00Z", "order.placed", JULY}, ""},
	    {{"2026-07-09T15:00:00Z", "order.refunded", ORDER_ID("1")},
	     "request basket task:basket due 2026-07-09T14:00:00Z order 1\n"
	     "cancel order 1: order.refunded\n"},
	    {{"2026-12-31T00:00:00Z"}, ""},
	};
	static const struct scene complained[] = {
	    {{"2026-01-05T10:00:00Z", "order.placed", JULY}, ""},
	    {{"2026-07-12T13:00:00Z", "complaint.opened",
	      "\"case\":{\"id\":\"9\",\"order\":\"1\"}"},
	     "request basket task:basket due 2026-07-09T14:00:00Z order 1\n"
	     "request thanks email:thanks due 2026-07-12T12:00:00Z order 1\n"
	     "cancel thanks order 1: complaint.opened\n"},
	};

	(void)state;
	PLAY(STAYS, cancelled);
	PLAY(STAYS, refunded);
	PLAY(STAYS, complained);
}

/* Told too late for its instant: made up while the date is to come, and not after. */
static void what_was_told_late_is_made_up(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-07-10T09:00:00Z", "order.placed",
	      STAY("1", "2026-07-10T14:00:00Z", "2026-07-12T10:00:00Z")},
	     "request basket task:basket due 2026-07-10T09:00:00Z order 1\n"},
	    /* the guest is there already, and this one has been home for long */
	    {{"2026-07-10T15:00:00Z", "order.placed",
	      STAY("2", "2026-07-10T14:00:00Z", "2026-07-11T10:00:00Z")},
	     ""},
	    {{"2026-07-10T15:00:00Z", "order.placed",
	      STAY("3", "2026-01-10T14:00:00Z", "2026-01-11T10:00:00Z")},
	     ""},
	    {{"2026-12-31T00:00:00Z"},
	     "request thanks email:thanks due 2026-07-11T12:00:00Z order 2\n"
	     "request thanks email:thanks due 2026-07-12T12:00:00Z order 1\n"},
	};

	(void)state;
	PLAY(STAYS, scenes);
}

/* By the shop's clock, whatever the guest's shows. */
static void the_time_of_day_is_the_shops(void **state)
{
	static const char policy[] =
	    "shop: {name: S, time_zone: Europe/Vienna, sender: \"S <s@s.example>\", "
	    "postal_address: A, currency: EUR}\nclasses: {care: {}}\ncaps: off\n"
	    "quiet_hours: off\njust_bought: off\nprogrammes:\n"
	    "  note: {owner: g, on_date: order.starts_at, before: 1d, at: \"09:00\", task: note,"
	    " class: care, value: order, if: {order_amount: {at_least: \"200\"}}}\n"
	    "  day: {owner: g, on_date: order.starts_at, at: \"18:30\", task: day, class: care,"
	    " if: {order_category: suite}, category: order}\n";
	static const struct scene scenes[] = {
	    {{"2026-01-05T10:00:00Z", "order.placed",
	      "\"order\":{\"id\":\"1\",\"amount\":\"300\",\"starts_at\":\"2026-07-10T23:30:00Z\","
	      "\"items\":[{\"category\":\"suite\",\"price\":\"300\"}]}",
	      "\"time_zone\":\"America/New_York\""},
	     ""},
	    {{"2026-01-05T11:00:00Z", "order.placed",
	      "\"order\":{\"id\":\"2\",\"amount\":\"199\",\"starts_at\":\"2026-07-10T23:30:00Z\"}"},
	     ""},
	    /* half past one on the eleventh, in Vienna */
	    {{"2026-07-10T07:00:00Z"},
	     "request note task:note due 2026-07-10T07:00:00Z order 1 value 3000000\n"},
	    {{"2026-07-11T16:30:00Z"},
	     "request day task:day due 2026-07-11T16:30:00Z order 1 category suite\n"},
	};

	(void)state;
	PLAY(policy, scenes);
}

/* Once a year: but a basket that was taken back was none. */
static void what_was_taken_back_may_come_again(void **state)
{
	static const char policy[] =
	    POLICY("programmes:\n"
		   "  basket: {owner: g, on_date: order.starts_at, before: 1d, task: basket,"
		   " class: care, again_after: 365d}\n");
	static const struct scene scenes[] = {
	    {{"2026-01-05T10:00:00Z", "order.placed", MOVED("1", "2026-07-10T14:00:00Z")}, ""},
	    {{"2026-07-09T15:00:00Z", "order.updated", MOVED("1", "2026-07-20T14:00:00Z")},
	     "request basket task:basket due 2026-07-09T14:00:00Z order 1\n"
	     "cancel basket order 1: order.updated\n"},
	    {{"2026-07-19T14:00:00Z"},
	     "request basket task:basket due 2026-07-19T14:00:00Z order 1\n"},
	    {{"2026-07-20T10:00:00Z", "order.placed", MOVED("2", "2026-09-10T14:00:00Z")}, ""},
	    {{"2026-12-31T00:00:00Z"}, ""},
	};

	(void)state;
	PLAY(policy, scenes);
}

/* Data for the task, and ids: the same for the same date, another for another. */
static void a_state_keeps_all_three_times_of_a_date(void **state)
{
	struct world world = world_with(STAYS);
	const struct seg_order *order;

	(void)state;
	tell(&world, (struct news){"2026-01-05T10:00:00Z", "order.placed", JULY});
	pass(&world, "2026-07-09T14:00:00Z");
	order = &profile_of(&world)->orders[0];
	assert_int_equal(order->dates[SEG_STARTS].at_ms, ms("2026-07-10T14:00:00Z"));
	assert_int_equal(order->dates[SEG_STARTS].told_ms, ms("2026-01-05T10:00:00Z"));
	assert_int_equal(order->dates[SEG_STARTS].done_ms, ms("2026-07-09T14:00:00Z"));
	assert_int_equal(order->dates[SEG_ENDS].at_ms, ms("2026-07-12T10:00:00Z"));
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_basket_is_made_when_the_guest_comes),
	    cmocka_unit_test(it_follows_when_the_booking_moves),
	    cmocka_unit_test(it_ends_with_the_order),
	    cmocka_unit_test(what_was_told_late_is_made_up),
	    cmocka_unit_test(the_time_of_day_is_the_shops),
	    cmocka_unit_test(what_was_taken_back_may_come_again),
	    cmocka_unit_test(a_state_keeps_all_three_times_of_a_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
