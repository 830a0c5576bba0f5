/* policy_warn_test.c - what is legal and surely not meant, by lines of a policy file. */
#include "policy_refusal.h"

static const struct refusal rows[] = {
    {"{segment: big}", "{orders: {at_least: 3}}", "10: segments.both: nothing uses this segment"},
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
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("policy_warn", tests, NULL, NULL);
}
