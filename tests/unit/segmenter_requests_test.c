/* Tests of what a request says beside whom and what: worth, hour, code, arm; and of stand-ins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/policy/experiments.h"
#include "segmenter_scene.h"

#define SHOP                                                                                       \
	POLICY("holdout: 5%\n"                                                                     \
	       "coupons: {codes: {signed: true}, better: {signed: true}}\n"                        \
	       "programmes:\n"                                                                     \
	       "  a: {owner: o, on: order.placed, do: [{task: t}, {email: e}], class: care, "      \
	       "value: order, send_at: {from: \"10:00\", to: \"12:00\"}, "                         \
	       "offer: {coupon: codes}, holdout: 10%}\n"                                           \
	       "  b: {owner: o, on: order.placed, email: e, class: care, value: \"4.25\", "        \
	       "send_at: best, offer: {coupon: FIXED}}\n"                                          \
	       "  c: {owner: o, on: order.delivered, task: t, class: transactional, "              \
	       "value: order, offer: {coupon: codes}, holdout: 10%}\n"                             \
	       "  d: {owner: o, on: order.shipped, email: plain, class: transactional, "           \
	       "offer: {coupon: codes}, variants: {one: {share: 25%}, "                            \
	       "two: {share: 75%, email: warm, coupon: better}}}\n"                                \
	       "  e: {owner: o, on: order.late, email: plain, class: care, holdout: 10%, "         \
	       "offer: {coupon: codes}, variants: {one: {share: 0.1%, coupon: TEXT}, "             \
	       "two: {share: 99.9%, coupon: MORE}}}\n"                                             \
	       "merge: [a, b]\n")

static void a_request_says_what_it_is_worth_and_when(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", ORDER("1", "12.5")},
	     "request a task:t due 2026-01-01T10:00:00Z order 1 value 125000 ppm 855000\n"
	     "request a email:e due 2026-01-01T10:00:00Z order 1 value 125000 merge a+b "
	     "from 600 to 720 ppm 855000 code of codes\n"
	     "request b email:e due 2026-01-01T10:00:00Z order 1 value 42500 merge a+b best "
	     "ppm 950000 coupon FIXED\n"},
	    /* no mail: the task has the code; what was placed counts, not what the parcel says */
	    {{"2026-01-02T10:00:00Z", "order.delivered", ORDER("1", "3")},
	     "request c task:t due 2026-01-02T10:00:00Z order 1 value 125000 code of codes\n"},
	    {{"2026-01-02T11:00:00Z", "order.delivered", ORDER("2", "3")},
	     "request c task:t due 2026-01-02T11:00:00Z order 2 value 30000 code of codes\n"},
	    {{"2026-01-02T12:00:00Z", "order.delivered", ORDER_ID("3")},
	     "request c task:t due 2026-01-02T12:00:00Z order 3 code of codes\n"},
	    /* dollars are not compared with euros */
	    {{"2026-01-03T10:00:00Z", "order.delivered",
	      "\"order\":{\"id\":\"4\",\"amount\":\"9\",\"currency\":\"USD\"}"},
	     "request c task:t due 2026-01-03T10:00:00Z order 4 code of codes\n"},
	    {{"2026-01-04T10:00:00Z", "order.late", ORDER_ID("5")},
	     "request e email:plain due 2026-01-04T10:00:00Z order 5 variant two ppm 854145 "
	     "coupon MORE\n"},
	};

	(void)state;
	PLAY(SHOP, scenes);
}

/* The arm is the customer's own: said by her id and the programme alone. */
static void an_arm_changes_template_and_code(void **state)
{
	struct world world = world_with(SHOP);
	const struct variant *arm =
	    experiment_variant(policy_programme(world.policy, slice_text("d")), "ann");
	bool warm = strcmp(arm->name, "two") == 0;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		char expected[200], order[32];

		snprintf(order, sizeof(order), "\"order\":{\"id\":\"%u\"}", i);
		tell(&world, (struct news){"2026-01-01T10:00:00Z", "order.shipped", order});
		snprintf(expected, sizeof(expected),
			 "request d email:%s due 2026-01-01T10:00:00Z order %u variant %s ppm %d "
			 "code of %s\n",
			 warm ? "warm" : "plain", i, arm->name, warm ? 750000 : 250000,
			 warm ? "better" : "codes");
		assert_string_equal(take(&world), expected);
	}
	world_free(&world);
}

/* What a holdout could keep back says how likely it was; what is owed does not. */
static void a_task_about_trouble_is_owed(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "feedback.received",
	      "\"feedback\":{\"order\":\"1\",\"score\":2}"},
	     "request f task:call due 2026-01-01T10:00:00Z order 1\n"},
	    {{"2026-01-01T11:00:00Z", "feedback.received",
	      "\"feedback\":{\"order\":\"2\",\"score\":3}"},
	     "request f task:call due 2026-01-01T11:00:00Z order 2 ppm 900000\n"},
	    {{"2026-01-01T12:00:00Z", "review.published",
	      "\"feedback\":{\"order\":\"3\",\"score\":2}"},
	     "request r task:call due 2026-01-01T12:00:00Z order 3\n"},
	    {{"2026-01-01T13:00:00Z", "review.published",
	      "\"feedback\":{\"order\":\"4\",\"score\":5}"},
	     "request r task:call due 2026-01-01T13:00:00Z order 4 ppm 900000\n"},
	    {{"2026-01-01T14:00:00Z", "complaint.opened", "\"case\":{\"id\":\"1\"}"},
	     "request c task:call due 2026-01-01T14:00:00Z\n"},
	};

	(void)state;
	PLAY(POLICY(
		 "programmes:\n"
		 "  f: {owner: o, on: feedback.received, task: call, class: care, holdout: 10%}\n"
		 "  r: {owner: o, on: review.published, task: call, class: care, holdout: 10%}\n"
		 "  c: {owner: o, on: complaint.opened, task: call, class: care, holdout: 10%}\n"),
	     scenes);
}

#define STAND_INS                                                                                  \
	"just_bought: {default: 90d, related: {laptops: [ultrabooks, bags]}}\n"                    \
	"segments: {quiet: {orders: {at_least: 1}, days_since_order: {at_least: 30d}}}\n"          \
	"programmes:\n"                                                                            \
	"  sell: {owner: o, on: referral.made, email: buy, class: promotion, category: "           \
	"ultrabooks, "                                                                             \
	"instead: tips, again_after: 10d}\n"                                                       \
	"  tips: {owner: o, on: review.published, email: tips, class: care, again_after: 5d, "     \
	"if: {orders: {at_most: 2}}, cancel_on: [complaint.opened]}\n"                             \
	"  late: {owner: o, on_enter: quiet, email: buy, class: promotion, category: laptops, "    \
	"instead: more}\n"                                                                         \
	"  more: {owner: o, on: coupon.redeemed, task: more, class: care, category: bags, "        \
	"instead: last}\n"                                                                         \
	"  last: {owner: o, on: coupon.redeemed, task: last, class: care}\n"                       \
	"  day: {owner: o, on_date: \"06-01\", email: buy, class: promotion, "                     \
	"category: ultrabooks, instead: june}\n"                                                   \
	"  june: {owner: o, on: coupon.redeemed, task: june, class: care}\n"

#define STAND_IN_SHOP                                                                              \
	"shop: {name: S, time_zone: UTC, sender: \"S <s@s.example>\", postal_address: A}\n"        \
	"classes: {care: {}, promotion: {}}\ncaps: off\nquiet_hours: off\n" STAND_INS

static void care_stands_in_for_an_offer(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "referral.made", NULL},
	     "request sell email:buy due 2026-01-01T10:00:00Z category ultrabooks\n"},
	    {{"2026-01-12T10:00:00Z", "order.placed", BUYS("1", "900", "laptops")}, ""},
	    /* a laptop counts as an ultrabook */
	    {{"2026-01-13T10:00:00Z", "referral.made", NULL},
	     "request tips email:tips due 2026-01-13T10:00:00Z instead of sell\n"},
	    /* its own again_after, and not that of the offer which was not heard */
	    {{"2026-01-18T09:59:59.999Z", "referral.made", NULL}, ""},
	    {{"2026-01-18T10:00:00Z", "referral.made", NULL},
	     "request tips email:tips due 2026-01-18T10:00:00Z instead of sell\n"},
	    {{"2026-01-18T11:00:00Z", "review.published", NULL}, ""},
	    /* its own cancel_on; the offer has nothing that waits */
	    {{"2026-01-18T12:00:00Z", "complaint.opened", "\"case\":{\"id\":\"1\"}"},
	     "cancel tips: complaint.opened\n"},
	    /* a stand-in that was just bought has a stand-in too; the first one is named */
	    {{"2026-02-11T10:00:00Z", NULL, NULL},
	     "request last task:last due 2026-02-11T10:00:00Z instead of late\n"},
	    {{"2026-04-12T09:59:59.999Z", "referral.made", NULL},
	     "request tips email:tips due 2026-04-12T09:59:59.999Z instead of sell\n"},
	    /* 90 days are over, and the offer was never too soon */
	    {{"2026-04-12T10:00:00Z", "referral.made", NULL},
	     "request sell email:buy due 2026-04-12T10:00:00Z category ultrabooks\n"},
	    {{"2026-05-01T10:00:00Z", "order.placed", BUYS("2", "900", "ultrabooks")}, ""},
	    {{"2026-05-02T10:00:00Z", "referral.made", NULL},
	     "request tips email:tips due 2026-05-02T10:00:00Z instead of sell\n"},
	    /* an ultrabook is no laptop; who was not heard in February is not too soon */
	    {{"2026-05-31T10:00:00Z", NULL, NULL},
	     "request late email:buy due 2026-05-31T10:00:00Z category laptops\n"},
	    {{"2026-06-01T09:00:00Z", NULL, NULL},
	     "request june task:june due 2026-06-01T09:00:00Z instead of day\n"},
	    /* the day was dealt with */
	    {{"2026-06-01T09:00:00Z", "message.opened", NULL}, ""},
	    {{"2026-06-01T09:00:00Z", NULL, NULL}, ""},
	    /* its own condition: then nobody speaks */
	    {{"2026-06-02T10:00:00Z", "order.placed", BUYS("3", "900", "ultrabooks")}, ""},
	    {{"2026-06-03T10:00:00Z", "referral.made", NULL}, ""},
	};

	(void)state;
	PLAY(STAND_IN_SHOP, scenes);
}

/* A contact has bought what it bought, and what that counts for: the newest time of each. */
static void related_goods_count_as_bought(void **state)
{
	static const struct scene scenes[] = {
	    {{"2026-01-01T10:00:00Z", "order.placed", BUYS("1", "20", "bags")},
	     "contact bought:bags@2026-01-01\n"},
	    {{"2026-01-02T10:00:00Z", "order.placed", BUYS("2", "20", "laptops")},
	     "contact bought:bags@2026-01-02 bought:laptops@2026-01-02 "
	     "bought:ultrabooks@2026-01-02\n"},
	    {{"2026-01-03T10:00:00Z", "order.placed", BUYS("3", "20", "bags")},
	     "contact bought:bags@2026-01-03 bought:laptops@2026-01-02 "
	     "bought:ultrabooks@2026-01-02\n"},
	    /* what is sent back was not bought, nor what it counted for */
	    {{"2026-01-04T10:00:00Z", "order.refunded", ORDER_ID("2")},
	     "contact bought:bags@2026-01-03\ncancel order 2: order.refunded\n"},
	};

	(void)state;
	PLAY_CONTACTS(STAND_IN_SHOP, scenes);
}

/* However much is related to however much: the newest 128, and the arbiter can read it. */
static void what_counts_as_bought_is_bounded(void **state)
{
	struct buf policy = BUF_MAX(1 << 18), order = BUF_MAX(1 << 16);
	struct world world;
	const char *lines;
	unsigned count = 0;

	(void)state;
	buf_text(&policy, "shop: {name: S, time_zone: UTC, sender: \"S <s@s.example>\"}\n"
			  "classes: {care: {}}\ncaps: off\nquiet_hours: off\n"
			  "just_bought: {default: 90d, related: {");
	for (unsigned i = 0; i < 20; i++) {
		buf_printf(&policy, "%sc%u: [", i ? ", " : "", i);
		for (unsigned j = 0; j < 50; j++)
			buf_printf(&policy, "%sr%u-%u", j ? ", " : "", i, j);
		buf_text(&policy, "]");
	}
	buf_text(&policy, "}}\n");
	world = world_with(policy.bytes);
	world.contacts = true;
	for (unsigned i = 0; i < 20; i++) {
		char time[RFC3339_BYTES];

		buf_reset(&order);
		buf_printf(&order, "\"order\":{\"id\":\"%u\",\"items\":[{\"category\":\"c%u\"}]}",
			   i, i);
		take(&world);
		rfc3339_text(ms("2026-01-01T10:00:00Z") + i * DAY_MS, time);
		tell(&world, (struct news){time, "order.placed", order.bytes});
	}
	lines = take(&world);
	assert_non_null(strstr(lines, "bought:r19-49@2026-01-20"));
	assert_non_null(strstr(lines, "bought:c19@2026-01-20"));
	assert_null(strstr(lines, "bought:r0-0@"));
	for (; (lines = strstr(lines, "bought:")); lines++)
		count++;
	assert_int_equal(count, 128);
	buf_free(&policy);
	buf_free(&order);
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_says_what_it_is_worth_and_when),
	    cmocka_unit_test(an_arm_changes_template_and_code),
	    cmocka_unit_test(a_task_about_trouble_is_owed),
	    cmocka_unit_test(care_stands_in_for_an_offer),
	    cmocka_unit_test(related_goods_count_as_bought),
	    cmocka_unit_test(what_counts_as_bought_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
