/* policy_words_test.c - when and how things are said: send times, coupons, variants, merging. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "policy_fixture.h"

static const char text[] =
    "shop: {name: S, time_zone: UTC, sender: S <s@s.example>}\n"
    "classes: {care: {}, offers: {}}\n"
    "caps: off\n"
    "quiet_hours: off\n"
    "quiet_days: [sunday, monday, \"12-25\", 2026-05-01]\n"
    "send_time: {fallback: \"11:30\", window: 90m, evidence: 5}\n"
    "just_bought: {default: 90d, related: {laptops: [ultrabooks, Tablets & more], bags: [cases]}}\n"
    "segments:\n"
    "  vip: {customer_for: {at_least: 730d, at_most: 36500d}}\n"
    "  due: {since_bought: {category: laptops, at_least: 700d}, orders: {at_least: 1}}\n"
    "coupons:\n"
    "  back10: {pool: coupons/back10.txt}\n"
    "  birthday.v_2: {signed: true}\n"
    "  long: {signed: true, prefix: LONG-1, length: 20}\n"
    "addresses:\n"
    "  - {segment: vip, class: offers, reply_to: \"Anna <anna@s.example>\"}\n"
    "  - {segment: vip, sender: Anna at S <care@s.example>, reply_to: x@s.example}\n"
    "  - {class: care, reply_to: y@s.example}\n"
    "programmes:\n"
    "  thanks: {owner: o, on: order.placed, if: {order_category: tents}, email: t, class: care,\n"
    "           value: order, send_at: \"10:00\"}\n"
    "  tips: {owner: o, on: order.delivered, email: tips, class: care, send_at: best}\n"
    "  late: {owner: o, on: order.placed, email: l, class: care, send_at: \"23:00\"}\n"
    "  offer: {owner: o, on: order.placed, email: offer, class: offers, category: order,\n"
    "          instead: tips, offer: {coupon: back10}, value: \"4.50\",\n"
    "          send_at: {from: \"08:15\", to: \"24:00\"},\n"
    "          variants: {plain: {share: 33.4%},\n"
    "                     warm: {share: 66.6%, email: warm, coupon: long}}}\n"
    "  friday: {owner: o, on_date: 2026-11-20, email: f, class: offers, offer: {coupon: BLACK},\n"
    "           variants: {a: {share: 50%, coupon: RED}, b: {share: 50%}}}\n"
    "merge: [[thanks, tips], [offer, friday]]\n";

static struct zones *zones;
static struct policy *policy;

static int set_up(void **state)
{
	struct err err;

	(void)state;
	zones = fixture_zones();
	if (policy_load(slice_text(text), "test.yaml", zones, NULL, &policy, &err) == 0)
		return 0;
	print_error("%s\n", err.text);
	return -1;
}

static int tear_down(void **state)
{
	(void)state;
	policy_free(policy);
	zones_free(zones);
	return 0;
}

static const struct programme *programme(const char *name)
{
	const struct programme *ret = policy_programme(policy, slice_text(name));

	assert_non_null(ret);
	return ret;
}

static void test_days_and_times(void **state)
{
	const struct quiet_day *days = policy->quiet_days;

	(void)state;
	assert_int_equal(policy->quiet_day_count, 4);
	assert_true(days[0].kind == QUIET_WEEKDAY && days[0].weekday == 7);
	assert_true(days[1].kind == QUIET_WEEKDAY && days[1].weekday == 1);
	assert_true(days[2].kind == QUIET_YEARLY && days[2].month == 12 && days[2].day == 25);
	assert_int_equal(days[2].year, 0);
	assert_true(days[3].kind == QUIET_DATE && days[3].year == 2026);
	assert_true(days[3].month == 5 && days[3].day == 1);
	assert_int_equal(policy->send_time.fallback_min, 11 * 60 + 30);
	assert_int_equal(policy->send_time.window_min, 90);
	assert_int_equal(policy->send_time.evidence, 5);
}

static void test_send_at(void **state)
{
	const struct programme *p = programme("thanks");

	(void)state;
	assert_int_equal(p->send_at, SEND_AT_TIME);
	assert_int_equal(p->send_window.from_min, 600);
	assert_int_equal(p->send_window.to_min, 690); /* a window long */
	assert_int_equal(programme("tips")->send_at, SEND_AT_BEST);
	assert_int_equal(programme("tips")->send_window.to_min, 0);
	assert_int_equal(programme("late")->send_window.to_min, 1440);
	p = programme("offer");
	assert_int_equal(p->send_window.from_min, 8 * 60 + 15);
	assert_int_equal(p->send_window.to_min, 1440);
	assert_int_equal(programme("friday")->send_at, SEND_AT_ANY);
}

static void test_conditions(void **state)
{
	const struct condition *c = &policy->segments[0].condition;

	(void)state;
	assert_int_equal(c->kind, CONDITION_CUSTOMER_FOR);
	assert_true(c->range.min == 730 * DAY_MS && c->range.max == 36500 * DAY_MS);
	c = policy->segments[1].condition.children;
	assert_int_equal(c->kind, CONDITION_SINCE_BOUGHT);
	assert_string_equal(c->text, "laptops");
	assert_true(c->range.has_min && !c->range.has_max && c->range.min == 700 * DAY_MS);
	c = &programme("thanks")->condition;
	assert_int_equal(c->kind, CONDITION_ORDER_CATEGORY);
	assert_string_equal(c->text, "tents");
	assert_int_equal(programme("friday")->trigger.date, DATE_ONCE);
	assert_int_equal(programme("friday")->trigger.year, 2026);
	assert_int_equal(programme("friday")->trigger.month, 11);
	assert_int_equal(programme("friday")->trigger.day, 20);
}

static void test_coupons(void **state)
{
	const struct coupon *c = policy->coupons;

	(void)state;
	assert_int_equal(policy->coupon_count, 3);
	assert_int_equal(c[0].kind, COUPON_POOL);
	assert_string_equal(c[0].file, "coupons/back10.txt");
	assert_int_equal(c[1].kind, COUPON_SIGNED);
	assert_string_equal(c[1].prefix, "BIRTHDAY-V-2");
	assert_int_equal(c[1].length, 10);
	assert_string_equal(c[2].prefix, "LONG-1");
	assert_int_equal(c[2].length, 20);
	assert_ptr_equal(programme("offer")->source, &c[0]);
	assert_string_equal(programme("offer")->coupon, "");
	assert_null(programme("friday")->source);
	assert_string_equal(programme("friday")->coupon, "BLACK");
}

static void test_variants(void **state)
{
	const struct variant *v = programme("offer")->variants;

	(void)state;
	assert_int_equal(programme("offer")->variant_count, 2);
	assert_string_equal(v[0].name, "plain");
	assert_int_equal(v[0].share_permille, 334);
	assert_true(!v[0].email[0] && !v[0].coupon[0] && !v[0].source);
	assert_string_equal(v[1].email, "warm");
	assert_ptr_equal(v[1].source, &policy->coupons[2]);
	assert_string_equal(programme("friday")->variants[0].coupon, "RED");
	assert_int_equal(programme("tips")->variant_count, 0);
}

static void test_bonds_and_value(void **state)
{
	const struct programme *tips = programme("tips");

	(void)state;
	assert_int_equal(policy->merge_count, 2);
	assert_string_equal(policy->merges[0].name, "thanks+tips");
	assert_string_equal(policy->merges[1].programmes[1], "friday");
	assert_ptr_equal(tips->merge, &policy->merges[0]);
	assert_null(programme("late")->merge);
	assert_ptr_equal(programme("offer")->instead, tips);
	assert_null(tips->instead);
	assert_true(programme("thanks")->value_is_order && !programme("thanks")->value_e4);
	assert_int_equal(programme("offer")->value_e4, 45000);
	assert_true(!programme("offer")->value_is_order && tips->value_e4 == 0);
}

static void test_related_and_addresses(void **state)
{
	const struct related_categories *related = policy->just_bought.related;
	const struct address_rule *a = policy->addresses;

	(void)state;
	assert_int_equal(policy->just_bought.related_count, 2);
	assert_string_equal(related[0].category, "laptops");
	assert_int_equal(related[0].related_count, 2);
	assert_string_equal(related[0].related[1], "Tablets & more");
	assert_string_equal(related[1].related[0], "cases");
	assert_int_equal(policy->address_count, 3);
	assert_true(a[0].segment == 0 && a[0].message_class == 1);
	assert_string_equal(a[0].reply_name, "Anna");
	assert_string_equal(a[0].reply_address, "anna@s.example");
	assert_string_equal(a[0].sender_address, "");
	assert_true(a[1].segment == 0 && a[1].message_class == -1);
	assert_string_equal(a[1].sender_name, "Anna at S");
	assert_string_equal(a[1].sender_address, "care@s.example");
	assert_true(a[2].segment == -1 && a[2].message_class == 0);
	assert_string_equal(a[2].reply_name, "");
}

static void test_defaults(void **state)
{
	struct policy *plain = NULL;
	struct err err;

	(void)state;
	assert_int_equal(
	    policy_load(slice_text("shop: {name: S, time_zone: UTC, sender: a@b.c}\n"
				   "classes: {care: {}}\ncaps: off\nquiet_hours: off\n"
				   "just_bought: off\n"
				   "programmes:\n"
				   "  a: {owner: o, on: order.placed, email: a, class: care}\n"
				   "  b: {owner: o, on: order.placed, email: b, class: care}\n"
				   "merge: [b, a]\n"),
			"t.yaml", zones, NULL, &plain, &err),
	    0);
	assert_int_equal(plain->merge_count, 1);
	assert_string_equal(plain->programmes[0].merge->name, "b+a");
	assert_int_equal(plain->send_time.fallback_min, 600);
	assert_int_equal(plain->send_time.window_min, 120);
	assert_int_equal(plain->send_time.evidence, 3);
	assert_int_equal(plain->quiet_day_count + plain->coupon_count + plain->address_count, 0);
	policy_free(plain);
}

/* Requests carry the name of their group, in at most 200 bytes. */
static void test_long_group(void **state)
{
	struct buf yaml = BUF_MAX(4096);
	struct policy *long_names = NULL;
	struct err err;

	(void)state;
	buf_text(&yaml, "shop: {name: S, time_zone: UTC, sender: a@b.c}\n"
			"classes: {care: {}}\ncaps: off\nquiet_hours: off\njust_bought: off\n"
			"programmes:\n");
	for (unsigned i = 0; i < 4; i++)
		buf_printf(&yaml, "  p%050u: {owner: o, on: order.placed, email: a, class: care}\n",
			   i);
	buf_printf(&yaml, "merge: [p%050u, p%050u, p%050u, p%050u]\n", 2, 0, 1, 3);
	assert_int_equal(policy_load(buf_slice(&yaml), "t.yaml", zones, NULL, &long_names, &err),
			 0);
	assert_string_equal(long_names->merges[0].name,
			    "p00000000000000000000000000000000000000000000000002+3 more");
	policy_free(long_names);
	buf_free(&yaml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_days_and_times),
	    cmocka_unit_test(test_send_at),
	    cmocka_unit_test(test_conditions),
	    cmocka_unit_test(test_coupons),
	    cmocka_unit_test(test_variants),
	    cmocka_unit_test(test_bonds_and_value),
	    cmocka_unit_test(test_related_and_addresses),
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_long_group),
	};

	return cmocka_run_group_tests_name("policy_words", tests, set_up, tear_down);
}
