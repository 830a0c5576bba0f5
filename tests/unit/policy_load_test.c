/* policy_load_test.c - every key of the policy file, with a value that is not its default. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy_fixture.h"

static struct zones *zones;

static int set_up(void **state)
{
	(void)state;
	zones = fixture_zones();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	zones_free(zones);
	return 0;
}

static struct policy *load(const char *text)
{
	struct policy *policy = NULL;
	struct err err;

	if (policy_load(slice_text(text), "test.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	return policy;
}

static const struct programme *programme(const struct policy *p, const char *name)
{
	const struct programme *ret = policy_programme(p, slice_text(name));

	assert_non_null(ret);
	assert_string_equal(ret->name, name);
	return ret;
}

/* Every key once, with a value that is not its default. */
static const char everything[] =
    "shop: {name: S, time_zone: Europe/Vienna, country: AT, currency: EUR, sender: a@b.example,\n"
    "       postal_address: X, public_url: 'https://s.example/fb/'}\n"
    "classes:\n"
    "  transactional: {}\n"
    "  care: {needs_consent: false, holds_on_open_case: true, skips_just_bought: false,\n"
    "         in_doubt_resend: false, quiet_hours: true}\n"
    "  promotion: {quiet_hours: false, in_doubt_resend: true, skips_just_bought: true}\n"
    "caps:\n"
    "  - {name: a, limit: 0, per: 1s, channels: [task], programme: calls, classes: [care],\n"
    "     category: tents}\n"
    "  - {name: b, min_gap: 400d, category: tents, counts_exempt: false}\n"
    "  - {name: c, limit: 5, per: 2w, programme: feedback, classes: [care, promotion]}\n"
    "ceiling: {limit: 7, per: 3d}\n"
    "quiet_hours: {from: 01:30, to: \"05:00\"}\n"
    "just_bought: off\n"
    "segments:\n"
    "  all-of-it:\n"
    "    all: [{stage: active}, {country: \"DE\"}]\n"
    "    not: {segment: later}\n"
    "    bought: Bags & Packs\n"
    "    orders: {at_least: 1, at_most: 3}\n"
    "    spent: {at_most: 99.5}\n"
    "    days_since_order: {at_least: 30d, at_most: 60d}\n"
    "  later: {not: {any: [{stage: prospect}, {bought: tents}]}}\n"
    "programmes:\n"
    "  calls: {owner: o, on: feedback.received, if: {score: {at_most: 2}}, do: [{task: call}],\n"
    "          class: care, category: order}\n"
    "  big: {owner: o, on: order.placed, if: {order_amount: {at_least: '100'}}, email: big,\n"
    "        class: promotion, priority: 0, exempt: true, again_after: 90d, holdout: 0.5%,\n"
    "        category: tents, cancel_on: [order.cancelled, order.refunded]}\n"
    "  first: {owner: o, on_date: customer.first_order, task: card, class: care}\n"
    "  leap: {owner: o, on_date: \"02-29\", at: 17:05, task: card, class: care}\n"
    "  back: {owner: o, on_enter: later, email: e, class: care, again_after: 0s}\n"
    "feedback:\n"
    "  ask: {wait: 0s, remind_after: 1h}\n"
    "  class: care\n"
    "  priority: 100\n"
    "  expires: 1d\n"
    "  low_score: 0\n"
    "  low_task: write\n"
    "  owner: sam\n"
    "  public_link: https://reviews.example/s\n"
    "settle: 0s\n"
    "cases: {late: 3d, complaint: 400d}\n"
    "holdout: 12.5%\n"
    "retry: {first: 1m, max: 1h, attempts: 3}\n";

static void test_everything_shop_and_rules(void **state)
{
	struct policy *p = load(everything);

	(void)state;
	assert_int_equal(p->cases.late_ms, 3 * DAY_MS);
	assert_int_equal(p->cases.return_ms, 60 * DAY_MS); /* as it is when nobody says */
	assert_int_equal(p->cases.complaint_ms, 400 * DAY_MS);
	assert_string_equal(p->shop.country, "AT");
	assert_string_equal(p->shop.currency, "EUR");
	assert_string_equal(p->shop.sender_name, "");
	assert_string_equal(p->shop.sender_address, "a@b.example");
	assert_string_equal(p->shop.public_url, "https://s.example/fb");
	assert_false(p->classes[0].needs_consent);
	assert_true(p->classes[1].holds_on_open_case && !p->classes[1].skips_just_bought);
	assert_true(!p->classes[1].in_doubt_resend && p->classes[1].quiet_hours);
	assert_true(p->classes[2].in_doubt_resend && !p->classes[2].quiet_hours);
	assert_true(p->classes[2].skips_just_bought && !p->classes[2].holds_on_open_case);
	assert_int_equal(p->caps[0].limit, 0);
	assert_int_equal(p->caps[0].channels, 1U << CHANNEL_TASK);
	assert_string_equal(p->caps[0].programme, "calls");
	assert_int_equal(p->caps[1].window_ms, 400 * DAY_MS);
	assert_int_equal(p->caps[1].classes, 4); /* promotion alone needs consent */
	assert_string_equal(p->caps[1].category, "tents");
	assert_false(p->caps[1].counts_exempt);
	assert_string_equal(p->caps[2].programme, "feedback");
	assert_int_equal(p->ceiling.limit, 7);
	assert_int_equal(p->ceiling.window_ms, 3 * DAY_MS);
	assert_int_equal(policy_longest_window_ms(p), 400 * DAY_MS);
	assert_int_equal(p->quiet_hours.from_min, 90);
	assert_true(p->just_bought.off);
	assert_int_equal(policy_just_bought_ms(p, slice_text("x")), 0);
	assert_int_equal(p->settle_ms, 0);
	assert_int_equal(p->holdout_permille, 125);
	assert_int_equal(p->retry.first_ms, MINUTE_MS);
	assert_int_equal(p->retry.max_ms, HOUR_MS);
	assert_int_equal(p->retry.attempts, 3);
	policy_free(p);
}

static void test_everything_conditions(void **state)
{
	struct policy *p = load(everything);
	const struct condition *c = p->segments[0].condition.children;

	(void)state;
	assert_int_equal(p->segments[0].condition.kind, CONDITION_ALL);
	assert_int_equal(p->segments[0].condition.child_count, 6);
	assert_int_equal(c[0].kind, CONDITION_ALL);
	assert_int_equal(c[0].children[0].kind, CONDITION_STAGE);
	assert_string_equal(c[0].children[0].text, "active");
	assert_int_equal(c[0].children[1].kind, CONDITION_COUNTRY);
	assert_string_equal(c[0].children[1].text, "DE");
	assert_int_equal(c[1].kind, CONDITION_NOT);
	assert_int_equal(c[1].child_count, 1);
	assert_int_equal(c[1].children[0].kind, CONDITION_SEGMENT);
	assert_int_equal(c[1].children[0].segment, 1);
	assert_int_equal(c[2].kind, CONDITION_BOUGHT);
	assert_string_equal(c[2].text, "Bags & Packs");
	assert_true(c[3].range.has_min && c[3].range.has_max);
	assert_int_equal(c[3].range.max, 3);
	assert_int_equal(c[4].kind, CONDITION_SPENT);
	assert_true(!c[4].range.has_min && c[4].range.has_max);
	assert_int_equal(c[4].range.max, 995000);
	assert_int_equal(c[5].kind, CONDITION_DAYS_SINCE_ORDER);
	assert_int_equal(c[5].range.min, 30 * DAY_MS);
	assert_int_equal(c[5].range.max, 60 * DAY_MS);
	assert_int_equal(c[5].over_usual_gap_permille, 0);
	policy_free(p);
}

static void test_everything_programmes(void **state)
{
	struct policy *p = load(everything);
	const struct programme *g = programme(p, "calls");

	(void)state;
	assert_int_equal(g->condition.kind, CONDITION_SCORE);
	assert_int_equal(g->condition.range.max, 2);
	assert_int_equal(g->priority, 50);
	assert_string_equal(g->category, "order");
	g = programme(p, "big");
	assert_int_equal(g->condition.kind, CONDITION_ORDER_AMOUNT);
	assert_int_equal(g->condition.range.min, 1000000);
	assert_int_equal(g->priority, 0);
	assert_true(g->exempt);
	assert_int_equal(g->again_after_ms, 90 * DAY_MS);
	assert_int_equal(g->holdout_permille, 5);
	assert_string_equal(g->category, "tents");
	assert_int_equal(g->cancel_count, 2);
	g = programme(p, "first");
	assert_int_equal(g->trigger.date, DATE_FIRST_ORDER);
	assert_int_equal(g->trigger.at_min, 9 * 60);
	g = programme(p, "leap");
	assert_int_equal(g->trigger.date, DATE_YEARLY);
	assert_int_equal(g->trigger.month * 100 + g->trigger.day, 229);
	assert_int_equal(g->trigger.at_min, 17 * 60 + 5);
	g = programme(p, "back");
	assert_int_equal(g->again_after_ms, 0);
	assert_string_equal(g->category, "");
	assert_string_equal(g->coupon, "");
	assert_false(g->exempt);
	assert_null(policy_programme(p, slice_text("bac")));
	assert_int_equal(policy_class(p, slice_text("care ")), -1);
	policy_free(p);
}

static void test_everything_feedback(void **state)
{
	struct policy *p = load(everything);
	const struct feedback *f = &p->feedback;

	(void)state;
	assert_int_equal(f->wait_ms, 0);
	assert_int_equal(f->remind_after_ms, HOUR_MS);
	assert_int_equal(f->reminders, 1);
	assert_int_equal(f->rung_count, 0);
	assert_int_equal(f->message_class, 1);
	assert_int_equal(f->priority, 100);
	assert_int_equal(f->expires_ms, DAY_MS);
	assert_int_equal(f->low_score, 0);
	assert_string_equal(f->low_task, "write");
	assert_string_equal(f->owner, "sam");
	assert_string_equal(f->public_link, "https://reviews.example/s");
	policy_free(p);
}

static void test_off(void **state)
{
	struct policy *p = load("shop: {name: S, time_zone: UTC}\nclasses: {care: {}}\ncaps: off\n"
				"ceiling: false\nquiet_hours: off\njust_bought: false\n");

	(void)state;
	assert_true(p->caps_off);
	assert_int_equal(p->cap_count, 0);
	assert_true(p->quiet_hours.off);
	assert_true(p->just_bought.off);
	assert_true(p->feedback.off);
	assert_string_equal(p->feedback.public_link, ""); /* the pages ask for it all the same */
	assert_true(p->ceiling.limit == INT64_MAX);
	assert_int_equal(p->programme_count, 0);
	assert_string_equal(p->shop.sender_address, "");
	policy_free(p);
}

static void test_hash_is_of_the_text(void **state)
{
	char text[sizeof(everything)];
	struct policy *a = load(everything), *b, *c;

	(void)state;
	memcpy(text, everything, sizeof(text));
	b = load(text);
	strstr(text, "attempts: 3")[10] = '4';
	c = load(text);
	assert_string_equal(a->hash, b->hash);
	assert_string_not_equal(a->hash, c->hash);
	policy_free(a);
	policy_free(b);
	policy_free(c);
	policy_free(NULL);
}

static void test_channels(void **state)
{
	(void)state;
	for (int i = 0; i < CHANNEL_COUNT; i++)
		assert_int_equal(channel_from_text(slice_text(channel_text((enum channel)i))), i);
	assert_int_equal(channel_from_text(slice_text("sms")), -1);
	assert_int_equal(channel_from_text(slice_text("")), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_everything_shop_and_rules),
	    cmocka_unit_test(test_everything_conditions),
	    cmocka_unit_test(test_everything_programmes),
	    cmocka_unit_test(test_everything_feedback),
	    cmocka_unit_test(test_off),
	    cmocka_unit_test(test_hash_is_of_the_text),
	    cmocka_unit_test(test_channels),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
