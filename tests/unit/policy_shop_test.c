/* policy_shop_test.c - the example policy, member by member. */
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

static char *read_file(const char *name)
{
	FILE *file = fopen(name, "r");
	char *text = calloc(1, 64 * 1024);

	if (!file)
		fail_msg("%s is missing; the tests run in the top folder", name);
	assert_non_null(text);
	assert_true(fread(text, 1, 64 * 1024 - 1, file) > 0);
	fclose(file);
	return text;
}

static struct policy *load_shop(void)
{
	char *text = read_file("deploy/policy/shop.yaml");
	struct policy *policy = NULL;
	struct err err;

	if (policy_load(slice_text(text), "shop.yaml", zones, fixture_templates(), &policy, &err) <
	    0)
		fail_msg("%s", err.text);
	free(text);
	return policy;
}

static uint64_t classes(const struct policy *policy, const char *a, const char *b, const char *c)
{
	const char *names[] = {a, b, c};
	uint64_t set = 0;

	for (size_t i = 0; i < 3; i++) {
		if (names[i])
			set |= UINT64_C(1) << policy_class(policy, slice_text(names[i]));
	}
	return set;
}

static void test_shop(void **state)
{
	struct policy *p = load_shop();

	(void)state;
	assert_string_equal(p->file, "shop.yaml");
	assert_int_equal(strlen(p->hash), 16);
	assert_int_equal(strspn(p->hash, "0123456789abcdef"), 16);
	assert_string_equal(p->shop.name, "Harbour Outdoor");
	assert_string_equal(p->shop.time_zone, "Europe/London");
	assert_string_equal(p->shop.country, "");
	assert_string_equal(p->shop.currency, "");
	assert_string_equal(p->shop.sender, "Harbour <care@harbour.example>");
	assert_string_equal(p->shop.sender_name, "Harbour");
	assert_string_equal(p->shop.sender_address, "care@harbour.example");
	assert_string_equal(p->shop.postal_address, "1 Quay, Bristol");
	assert_string_equal(p->shop.public_url, "http://localhost:8084");
	assert_ptr_equal(p->shop_zone, zones_find(zones, slice_text("Europe/London")));
	assert_ptr_equal(p->zones, zones);
	assert_int_equal(p->settle_ms, 2000);
	assert_int_equal(p->holdout_permille, 0);
	assert_int_equal(p->retry.first_ms, 15 * MINUTE_MS);
	assert_int_equal(p->retry.max_ms, 6 * HOUR_MS);
	assert_int_equal(p->retry.attempts, 12);
	policy_free(p);
}

static void test_shop_classes(void **state)
{
	static const struct message_class expected[] = {
	    {"transactional", .in_doubt_resend = true},
	    {"care", .needs_consent = true, .quiet_hours = true},
	    {"feedback", .needs_consent = true, .quiet_hours = true},
	    {"promotion", .needs_consent = true, .holds_on_open_case = true,
	     .skips_just_bought = true, .quiet_hours = true},
	};
	struct policy *p = load_shop();

	(void)state;
	assert_int_equal(p->class_count, 4);
	for (unsigned i = 0; i < 4; i++) {
		const struct message_class *class = &p->classes[i];

		assert_string_equal(class->name, expected[i].name);
		assert_int_equal(class->needs_consent, expected[i].needs_consent);
		assert_int_equal(class->holds_on_open_case, expected[i].holds_on_open_case);
		assert_int_equal(class->skips_just_bought, expected[i].skips_just_bought);
		assert_int_equal(class->in_doubt_resend, expected[i].in_doubt_resend);
		assert_int_equal(class->quiet_hours, expected[i].quiet_hours);
		assert_int_equal(policy_class(p, slice_text(class->name)), i);
	}
	assert_int_equal(policy_class(p, slice_text("car")), -1);
	policy_free(p);
}

static void assert_cap(const struct cap *cap, const char *name, int64_t limit, int64_t window_ms,
		       uint64_t set)
{
	assert_string_equal(cap->name, name);
	assert_int_equal(cap->limit, limit);
	assert_int_equal(cap->window_ms, window_ms);
	assert_int_equal(cap->classes, set);
	assert_int_equal(cap->channels, 1U << CHANNEL_EMAIL | 1U << CHANNEL_EXTERNAL);
	assert_string_equal(cap->programme, "");
	assert_string_equal(cap->category, "");
	assert_true(cap->counts_exempt);
}

static void test_shop_rules(void **state)
{
	struct policy *p = load_shop();
	uint64_t three = classes(p, "care", "feedback", "promotion");

	(void)state;
	assert_false(p->caps_off);
	assert_int_equal(p->cap_count, 3);
	assert_cap(&p->caps[0], "breathing-space", 1, 20 * HOUR_MS, three);
	assert_true(p->caps[0].is_min_gap);
	assert_cap(&p->caps[1], "week", 2, 7 * DAY_MS, three);
	assert_false(p->caps[1].is_min_gap);
	assert_cap(&p->caps[2], "promotion-month", 3, 30 * DAY_MS, classes(p, "promotion", 0, 0));
	assert_cap(&p->ceiling, "ceiling", 20, DAY_MS, ALL_CLASSES);
	assert_int_equal(policy_longest_window_ms(p), 30 * DAY_MS);
	assert_false(p->quiet_hours.off);
	assert_int_equal(p->quiet_hours.from_min, 21 * 60);
	assert_int_equal(p->quiet_hours.to_min, 8 * 60);
	assert_false(p->just_bought.off);
	assert_int_equal(p->just_bought.default_ms, 90 * DAY_MS);
	assert_int_equal(p->just_bought.category_count, 1);
	assert_int_equal(policy_just_bought_ms(p, slice_text("coffee")), 14 * DAY_MS);
	assert_int_equal(policy_just_bought_ms(p, slice_text("tents")), 90 * DAY_MS);
	policy_free(p);
}

static void test_shop_segments(void **state)
{
	struct policy *p = load_shop();
	const struct condition *c;

	(void)state;
	assert_int_equal(p->segment_count, 3);
	assert_string_equal(p->segments[1].name, "vip");
	c = &p->segments[0].condition;
	assert_string_equal(p->segments[0].name, "returning");
	assert_int_equal(c->kind, CONDITION_ORDERS);
	assert_true(c->range.has_min);
	assert_false(c->range.has_max);
	assert_int_equal(c->range.min, 2);
	c = &p->segments[1].condition;
	assert_int_equal(c->kind, CONDITION_ANY);
	assert_int_equal(c->child_count, 2);
	assert_int_equal(c->children[0].kind, CONDITION_SPENT);
	assert_int_equal(c->children[0].range.min, 10000000);
	assert_int_equal(c->children[1].kind, CONDITION_ORDERS);
	assert_int_equal(c->children[1].range.min, 8);
	c = &p->segments[2].condition;
	assert_int_equal(c->kind, CONDITION_ALL);
	assert_int_equal(c->child_count, 2);
	assert_int_equal(c->children[0].kind, CONDITION_ORDERS);
	assert_int_equal(c->children[1].kind, CONDITION_DAYS_SINCE_ORDER);
	assert_int_equal(c->children[1].over_usual_gap_permille, 2000);
	policy_free(p);
}

static const struct programme *programme(const struct policy *p, const char *name)
{
	const struct programme *ret = policy_programme(p, slice_text(name));

	assert_non_null(ret);
	assert_string_equal(ret->name, name);
	return ret;
}

static void test_shop_programmes(void **state)
{
	struct policy *p = load_shop();
	const struct programme *g;

	(void)state;
	assert_int_equal(p->programme_count, 4);
	g = programme(p, "welcome-back");
	assert_string_equal(g->owner, "guest-relations");
	assert_int_equal(g->trigger.kind, TRIGGER_EVENT);
	assert_string_equal(g->trigger.event, "order.placed");
	assert_true(g->has_condition);
	assert_int_equal(g->condition.kind, CONDITION_SEGMENT);
	assert_string_equal(g->condition.text, "returning");
	assert_int_equal(g->condition.segment, 0);
	assert_int_equal(g->action_count, 2);
	assert_int_equal(g->actions[0].channel, CHANNEL_TASK);
	assert_string_equal(g->actions[0].name, "gift-basket");
	assert_int_equal(g->actions[1].channel, CHANNEL_EMAIL);
	assert_string_equal(g->actions[1].name, "welcome-back");
	assert_int_equal(g->message_class, 1);
	assert_int_equal(g->priority, 80);
	assert_int_equal(g->wait_ms, 0);
	assert_int_equal(g->expires_ms, 30 * DAY_MS);
	assert_int_equal(g->again_after_ms, 0);
	g = programme(p, "tips");
	assert_int_equal(g->wait_ms, 3 * DAY_MS);
	assert_int_equal(g->expires_ms, 14 * DAY_MS);
	assert_int_equal(g->cancel_count, 1);
	assert_string_equal(g->cancel_on[0], "order.refunded");
	assert_false(g->has_condition);
	policy_free(p);
}

static void test_shop_occasions(void **state)
{
	struct policy *p = load_shop();
	const struct programme *g = programme(p, "birthday");

	(void)state;
	assert_int_equal(g->trigger.kind, TRIGGER_DATE);
	assert_int_equal(g->trigger.date, DATE_BIRTHDAY);
	assert_int_equal(g->trigger.at_min, 9 * 60);
	assert_int_equal(g->expires_ms, DAY_MS);
	assert_int_equal(g->again_after_ms, 0);
	g = programme(p, "win-back");
	assert_int_equal(g->trigger.kind, TRIGGER_ENTER);
	assert_int_equal(g->trigger.segment, 2);
	assert_string_equal(g->coupon, "BACK10");
	assert_int_equal(g->holdout_permille, 100);
	assert_int_equal(g->message_class, 3);
	assert_int_equal(g->again_after_ms, 365 * DAY_MS);
	policy_free(p);
}

static void test_shop_feedback(void **state)
{
	static const struct rung expected[] = {{"rating", 0},
					       {"review", 7 * DAY_MS},
					       {"referral", 30 * DAY_MS},
					       {"testimonial", 90 * DAY_MS},
					       {"event", 180 * DAY_MS}};
	struct policy *p = load_shop();
	const struct feedback *f = &p->feedback;

	(void)state;
	assert_false(f->off);
	assert_int_equal(f->wait_ms, 7 * DAY_MS);
	assert_int_equal(f->category_count, 1);
	assert_string_equal(f->categories[0].category, "tents");
	assert_int_equal(f->categories[0].window_ms, 30 * DAY_MS);
	assert_int_equal(f->remind_after_ms, 5 * DAY_MS);
	assert_int_equal(f->reminders, 1);
	assert_int_equal(f->rung_count, 5);
	for (unsigned i = 0; i < 5; i++) {
		assert_string_equal(f->ladder[i].name, expected[i].name);
		assert_int_equal(f->ladder[i].gap_ms, expected[i].gap_ms);
	}
	assert_int_equal(f->message_class, 2);
	assert_int_equal(f->priority, 50);
	assert_int_equal(f->expires_ms, 21 * DAY_MS);
	assert_int_equal(f->low_score, 2);
	assert_string_equal(f->low_task, "phone-call");
	assert_string_equal(f->owner, "care");
	assert_string_equal(f->public_link, "https://reviews.example/harbour");
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shop),
	    cmocka_unit_test(test_shop_classes),
	    cmocka_unit_test(test_shop_rules),
	    cmocka_unit_test(test_shop_segments),
	    cmocka_unit_test(test_shop_programmes),
	    cmocka_unit_test(test_shop_occasions),
	    cmocka_unit_test(test_shop_feedback),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
