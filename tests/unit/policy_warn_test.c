/* policy_warn_test.c - what is legal and surely not meant, by lines of a policy file. */
#include "policy_refusal.h"

static const struct refusal rows[] = {
    {"{segment: big}", "{orders: {at_least: 3}}", "10: segments.both: nothing uses this segment"},
    {"big: {orders: {at_least: 2}}",
     "big: {any: [{orders: {at_least: 3}}, {spent: {at_least: \"10\"}}]}",
     "9: segments.big: compares amounts, but shop.currency is not set: orders of all currencies "
     "are added up as if they were one"},
    {"class: promotion}", "class: promotion, if: {order_amount: {at_least: \"10\"}}}",
     "13: programmes.win: compares amounts, but shop.currency is not set: orders of all currencies "
     "are added up as if they were one"},
    {"classes: [care]", "classes: [transactional]",
     "5: caps[1]: gap binds no programme of this file"},
    {"classes: [care]", "channels: [task]", "5: caps[1]: gap binds no programme of this file"},
    {"classes: [care]", "category: tents", "5: caps[1]: gap binds no programme of this file"},
    {"email: tips,", "email: tips, category: order,", ""},
    {"limit: 2, per: 7d", "limit: 2, per: 7d, classes: [care, feedback]",
     "13: programmes.win: no cap binds its mails, though class promotion needs consent"},
    {"limit: 2, per: 7d", "limit: 2, per: 7d, classes: [care, promotion]",
     "14: feedback: no cap binds its mails, though class feedback needs consent"},
    {"limit: 2, per: 7d", "limit: 2, per: 7d, programme: win",
     "14: feedback: no cap binds its mails, though class feedback needs consent"},
    {"class: promotion}", "class: promotion, exempt: true}", ""},
    {"feedback:\n", "coupons: {back10: {signed: true}}\nfeedback:\n",
     "14: coupons.back10: no programme offers these codes"},
    {"email: we-miss-you,", "email: we-miss-you, offer: {coupon: BACK10},", ""},
    {"feedback:\n",
     "  more: {owner: o, on: order.late, email: tips, class: care, offer: {coupon: back10}}\n"
     "  less: {owner: o, on: order.late, email: tips, class: care, offer: {coupon: back1O}}\n"
     "coupons: {back10: {signed: true}}\nfeedback:\n",
     "15: programmes.less.offer.coupon: a text that is the same for everybody; did you mean the "
     "codes of back10?"},
    {"email: tips,", "email: tips, holdout: 100%,",
     "12: programmes.tips.holdout: everybody is held out: nobody gets it"},
    {"feedback:\n", "holdout: 100%\nfeedback:\n",
     "14: holdout: everybody is held out: nobody gets anything"},
    {"feedback:\n", "send_time: {evidence: 2}\nfeedback:\n",
     "14: send_time: no programme has send_at"},
    {"email: tips,", "email: tips, expires: 11h,",
     "12: programmes.tips.expires: what is due at 21:00 may go out at 08:00, but expires after "
     "11h: it is never sent"},
    {"email: tips,", "email: tips, expires: 12h,", ""},
    {"email: tips,", "email: tips, send_at: {from: \"10:00\", to: \"12:00\"}, expires: 12h,",
     "12: programmes.tips.expires: what is due at 12:00 may go out at 10:00, but expires after "
     "12h: it is never sent"},
    {"email: tips,", "email: tips, send_at: {from: \"10:00\", to: \"12:00\"}, expires: 1d,", ""},
    {"on: order.placed, email: tips,", "on_date: \"12-06\", email: tips, expires: 2h,", ""},
    {"on: order.placed,", "on: order.deliverd,",
     "12: programmes.tips.on: order.deliverd is a type of your own: nothing of Nurture's publishes "
     "it; did you mean order.delivered?"},
    {"email: tips,", "email: tips, cancel_on: [order.late, order.refund],",
     "12: programmes.tips.cancel_on[1]: order.refund is a type of your own: nothing of Nurture's "
     "publishes it; did you mean order.refunded?"},
    {"on: order.placed,", "on: warehouse.counted,", ""},
    {"on: order.placed,", "on: order.packed-up,", ""},
    {"on: order.placed,", "on: order.shipped,", ""},
    {"on: order.placed, email: tips,",
     "on_date: \"12-06\", at: \"21:00\", email: tips, expires: 10h,",
     "12: programmes.tips.expires: what is due at 21:00 may go out at 08:00, but expires after "
     "10h: it is never sent"},
    {"feedback:\n",
     "  day: {owner: o, on_date: customer.birthday, email: tips, class: care, expires: 1d}\n"
     "quiet_days: [sunday]\nfeedback:\n",
     "14: programmes.day.expires: expires after 1d, but with quiet days it may be 1d 11h before "
     "anything goes out: some of it is never sent"},
    {"class: promotion}",
     "class: promotion}\n  more: {owner: o, on: order.placed, email: tips, class: promotion, "
     "category: order, wait: 14d}",
     "14: programmes.more: always ends just_bought: what sets it off is a purchase of what it is "
     "about, that counts for 90d, and it waits 14d"},
    {"class: promotion}",
     "class: promotion}\n  more: {owner: o, on: order.placed, email: tips, class: promotion, "
     "category: order, wait: 90d}",
     ""},
    {"class: promotion}",
     "class: promotion}\n  more: {owner: o, on: order.placed, email: tips, class: care, "
     "category: order, wait: 14d}",
     ""},
    {"class: promotion}",
     "class: promotion}\n  more: {owner: o, on: order.placed, email: tips, class: promotion, "
     "category: tents, wait: 14d}",
     ""},
    {"class: promotion}",
     "class: promotion}\n  more: {owner: o, on: order.delivered, if: {order_category: tents}, "
     "email: tips, class: promotion, category: tents, wait: 59d}",
     "14: programmes.more: always ends just_bought: what sets it off is a purchase of what it is "
     "about, that counts for 90d, and it waits 59d"},
    {"class: promotion}",
     "class: promotion}\n  more: {owner: o, on: order.delivered, if: {order_category: tents}, "
     "email: tips, class: promotion, category: tents, wait: 61d}",
     ""},
    {"class: promotion}",
     "class: promotion}\n  more: {owner: o, on: order.delivered, if: {order_category: tents}, "
     "email: tips, class: promotion, category: tents, wait: 39d}\ncases: {late: 60d}",
     ""},
    {"class: promotion}",
     "class: promotion}\n  more: {owner: o, on: order.delivered, if: {order_category: tents}, "
     "email: tips, class: promotion, category: tents, wait: 39d}",
     "14: programmes.more: always ends just_bought: what sets it off is a purchase of what it is "
     "about, that counts for 90d, and it waits 39d"},
    {"just_bought: {default: 90d}\nsegments:",
     "just_bought: {default: 90d, categories: {coffee: 7d}, related: {tents: [stoves]}}\nsegments:",
     ""},
    {"feedback:\n",
     "  day: {owner: o, on: order.late, email: tips, class: care, expires: 2d}\n"
     "quiet_days: [sunday, \"12-25\", \"12-26\"]\nfeedback:\n",
     "14: programmes.day.expires: expires after 2d, but with quiet days it may be 3d 11h before "
     "anything goes out: some of it is never sent"},
};

/* The base says nothing of `both`, so each file uses it. */
static void check_row(const struct refusal *row, struct zones *zones)
{
	static const char used[] = "addresses: [{segment: both, reply_to: a@b.example}]\n";
	struct buf text = BUF_MAX(64 * 1024);
	struct policy *policy = NULL;
	struct err err;
	char expected[512];

	refusal_text(row, &text);
	if (strcmp(row->find, "{segment: big}") != 0)
		buf_text(&text, used);
	if (policy_load(buf_slice(&text), "t.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s: %s", row->put, err.text);
	if (row->error[0] == '\0') {
		if (policy->warning_count)
			fail_msg("%s: %s", row->put, policy->warnings[0]);
	} else {
		snprintf(expected, sizeof(expected), "t.yaml:%s", row->error);
		if (policy->warning_count == 0)
			fail_msg("no warning: %s", row->put);
		assert_string_equal(policy->warnings[policy->warning_count - 1], expected);
	}
	policy_free(policy);
	buf_free(&text);
}

static void test_rows(void **state)
{
	struct zones *zones = fixture_zones();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i], zones);
	zones_free(zones);
}

#define BUT_WEDNESDAY "\nquiet_days: [monday, tuesday, thursday, friday, saturday, sunday]"

/*
 * Of people of whom only the country is known: where it is never day in all
 * zones, and where it is too late.  Brazil spans three hours here, Russia ten.
 */
static void test_countries(void **state)
{
	static const struct {
		const char *hours, *programme, *warning, *second;
	} cases[] = {
	    {"{from: \"20:00\", to: \"10:00\"}", "on: order.placed",
	     "t.yaml:4: quiet_hours: it is never day in all zones of RU at once: mail without "
	     "send_at is "
	     "never sent to people there of whom only the country is known",
	     NULL},
	    {"{from: \"21:00\", to: \"08:00\"}", "on: order.placed", NULL, NULL},
	    {"{from: \"20:00\", to: \"10:00\"}",
	     "on: order.placed, send_at: {from: \"10:00\", to: \"12:00\"}", NULL, NULL},
	    {"{from: \"21:00\", to: \"08:00\"}", "on_date: \"05-01\", at: \"13:00\", expires: 4h",
	     "t.yaml:7: programmes.p: is never sent to people in RU of whom only the country is "
	     "known: it "
	     "expires before it is day in all zones",
	     NULL},
	    {"{from: \"21:00\", to: \"08:00\"}", "on_date: \"05-01\", at: \"13:00\", expires: 1d",
	     NULL, NULL},
	    /* What the hours alone keep back is no word about the programme; the rest is. */
	    {"{from: \"20:00\", to: \"10:00\"}", "on_date: \"05-01\", at: \"10:00\", expires: 1h",
	     "t.yaml:4: quiet_hours: it is never day in all zones of RU at once: mail without "
	     "send_at is "
	     "never sent to people there of whom only the country is known",
	     "t.yaml:7: programmes.p: is never sent to people in BR, FR of whom only the country "
	     "is known: it "
	     "expires before it is day in all zones"},
	    {"{from: \"20:00\", to: \"10:00\"}", "on_date: \"05-01\", at: \"13:00\", expires: 4h",
	     "t.yaml:4: quiet_hours: it is never day in all zones of RU at once: mail without "
	     "send_at is "
	     "never sent to people there of whom only the country is known",
	     NULL},
	    /* 22 hours lie between the two of FR: when both have Wednesday it is night in both. */
	    {"{from: \"22:00\", to: \"02:00\"}" BUT_WEDNESDAY, "on: order.placed, expires: 30d",
	     "t.yaml:4: quiet_hours: it is never day, and no quiet day, in all zones of FR at "
	     "once: mail "
	     "without send_at is never sent to people there of whom only the country is known",
	     NULL},
	    {"{from: \"03:00\", to: \"05:00\"}" BUT_WEDNESDAY, "on: order.placed, expires: 30d",
	     NULL, NULL},
	    {"{from: \"22:00\", to: \"02:00\"}" BUT_WEDNESDAY,
	     "on: order.placed, expires: 30d, send_at: {from: \"10:00\", to: \"12:00\"}", NULL,
	     NULL},
	};
	struct zones *zones = fixture_zones();

	(void)state;
	fixture_zone(zones, "America/Sao_Paulo", "<-03>3");
	fixture_zone(zones, "America/Rio_Branco", "<-05>5");
	fixture_zone(zones, "Europe/Moscow", "MSK-3");
	fixture_zone(zones, "Europe/Kaliningrad", "EET-2");
	fixture_zone(zones, "Asia/Kamchatka", "<+12>-12");
	zones_add_country(zones, "BR", "America/Rio_Branco");
	zones_add_country(zones, "BR", "America/Sao_Paulo");
	zones_add_country(zones, "RU", "Europe/Kaliningrad");
	zones_add_country(zones, "RU", "Europe/Moscow");
	zones_add_country(zones, "RU", "Asia/Kamchatka");
	fixture_zone(zones, "Pacific/Tahiti", "<-10>10");
	fixture_zone(zones, "Pacific/Wallis", "<+12>-12");
	zones_add_country(zones, "FR", "Pacific/Tahiti");
	zones_add_country(zones, "FR", "Pacific/Wallis");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf text = BUF_MAX(4096);
		struct policy *policy = NULL;
		struct err err;

		buf_printf(
		    &text,
		    "shop: {name: S, time_zone: UTC, sender: a@b.example}\nclasses: {care: {}}\n"
		    "caps: off\nquiet_hours: %s\njust_bought: off\nprogrammes:\n"
		    "  p: {owner: o, %s, email: tips, class: care}\n",
		    cases[i].hours, cases[i].programme);
		if (policy_load(buf_slice(&text), "t.yaml", zones, NULL, &policy, &err) < 0)
			fail_msg("%s", err.text);
		if (policy->warning_count !=
		    (unsigned)(cases[i].warning != NULL) + (cases[i].second != NULL))
			fail_msg("%s: %u warnings: %s", text.bytes, policy->warning_count,
				 policy->warning_count ? policy->warnings[0] : "");
		if (cases[i].warning)
			assert_string_equal(policy->warnings[0], cases[i].warning);
		if (cases[i].second)
			assert_string_equal(policy->warnings[1], cases[i].second);
		policy_free(policy);
		buf_free(&text);
	}
	zones_free(zones);
}

/* However many there are, a hundred are told. */
static void test_many(void **state)
{
	struct zones *zones = fixture_zones();
	struct buf text = BUF_MAX(64 * 1024);
	struct policy *policy = NULL;
	struct err err;

	(void)state;
	buf_text(&text, "shop: {name: S, time_zone: UTC}\nclasses: {care: {}}\ncaps: off\n"
			"quiet_hours: off\njust_bought: off\nsegments:\n");
	for (int i = 0; i < 150; i++)
		buf_printf(&text, "  s%d: {orders: {at_least: %d}}\n", i, i);
	assert_int_equal(policy_load(buf_slice(&text), "t.yaml", zones, NULL, &policy, &err), 0);
	assert_int_equal(policy->warning_count, 100);
	assert_string_equal(policy->warnings[99],
			    "t.yaml:106: segments.s99: nothing uses this segment");
	policy_free(policy);
	buf_free(&text);
	zones_free(zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_countries),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("policy_warn", tests, NULL, NULL);
}
