/* policy_refuse_programmes_test.c - what is wrong with a programme. */
#include "policy_refusal.h"

static const struct refusal programmes[] = {
    {"owner: care, ", "",
     "12: programmes.tips: owner is missing; expected who answers for the programme"},
    {"on: order.placed, ", "",
     "12: programmes.tips: expected exactly one of on, on_enter and on_date"},
    {"on: order.placed, ", "on: order.placed, on_enter: big, ",
     "12: programmes.tips: expected exactly one of on, on_enter and on_date"},
    {"on: order.placed", "on: Order.Placed",
     "12: programmes.tips.on: expected an event type of 1 to 100 of a-z 0-9 . _ -, found "
     "\"Order.Placed\""},
    {"on: order.placed", "on: \"order placed\"",
     "12: programmes.tips.on: expected an event type of 1 to 100 of a-z 0-9 . _ -, found "
     "\"order placed\""},
    {"on: order.placed", "on: customer.erased",
     "12: programmes.tips.on: who is erased cannot hear from the shop; expected another event "
     "type"},
    {"on: order.placed", "on: [order.placed]", "12: programmes.tips.on: expected one event type"},
    {"on: order.placed", "on: order.placed, at: \"09:00\"",
     "12: programmes.tips: at is the time of day of on_date; expected wait or nothing"},
    {"on: order.placed", "on_date: customer.birthdate",
     "12: programmes.tips.on_date: expected customer.birthday, customer.first_order, "
     "order.starts_at, order.ends_at, a day of each year such as \"12-06\" or of one such as "
     "\"2026-11-20\", found "
     "\"customer.birthdate\""},
    {"on: order.placed", "on_date: \"02-30\"",
     "12: programmes.tips.on_date: expected customer.birthday, customer.first_order, "
     "order.starts_at, order.ends_at, a day of each year such as \"12-06\" or of one such as "
     "\"2026-11-20\", found \"02-30\""},
    {"on: order.placed", "on_date: \"2-3\"",
     "12: programmes.tips.on_date: expected customer.birthday, customer.first_order, "
     "order.starts_at, order.ends_at, a day of each year such as \"12-06\" or of one such as "
     "\"2026-11-20\", found \"2-3\""},
    {"on: order.placed", "on_date: customer.birthday, at: \"9\"",
     "12: programmes.tips.at: expected a time of day such as \"09:00\" (00:00 to 23:59), found "
     "\"9\""},
    {"on: order.placed", "on: order.placed, before: 1d",
     "12: programmes.tips: only an order's date has a before and an after; expected on_date: "
     "order.starts_at or order.ends_at"},
    {"on: order.placed", "on_date: customer.birthday, after: 1d",
     "12: programmes.tips: only an order's date has a before and an after; expected on_date: "
     "order.starts_at or order.ends_at"},
    {"on: order.placed", "on_date: order.starts_at, before: 1d, after: 1d",
     "12: programmes.tips: expected before or after, not both"},
    {"on: order.placed", "on_date: order.starts_at, wait: 1d",
     "12: programmes.tips: wait is for events; expected before or after"},
    {"on: order.placed", "on_date: order.ends_at, after: 90m, at: \"09:00\"",
     "12: programmes.tips.after: at is a time of day; expected whole days such as 1d, found "
     "\"90m\""},
    {"on_enter: big", "on_enter: bog",
     "13: programmes.win.on_enter: unknown segment \"bog\"; did you mean \"big\"?"},
    {"email: tips, ", "",
     "12: programmes.tips: expected exactly one of email, task and do (a list of several)"},
    {"email: tips", "email: tips, task: call",
     "12: programmes.tips: expected exactly one of email, task and do (a list of several)"},
    {"email: tips", "do: []", "12: programmes.tips.do: an empty list; expected at least one entry"},
    {"email: tips", "do: {email: tips}",
     "12: programmes.tips.do: expected a list ([a, b] or lines with -), found a mapping"},
    {"email: tips", "do: [{email: tips, task: call}]",
     "12: programmes.tips.do[0]: expected email: TEMPLATE or task: WHAT"},
    {"email: tips", "do: [{mail: tips}]",
     "12: programmes.tips.do[0]: unknown key \"mail\"; did you mean \"email\"?"},
    {"email: tips", "do: [{task: call}, {task: call}]",
     "12: programmes.tips.do[1]: task \"call\" is there twice"},
    {"email: tips", "email: ../../etc/passwd",
     "12: programmes.tips.email: expected a name (up to 64 letters, digits, - _ .), found "
     "\"../../etc/passwd\""},
    {"email: tips", "email: tipps",
     "12: programmes.tips.email: no template \"tipps\"; did you mean \"tips\"?"},
    {"email: tips", "do: [{task: call}, {email: welcome}]",
     "12: programmes.tips.do[1].email: no template \"welcome\"; expected one of: tips, "
     "we-miss-you, feedback-rating"},
    {"class: care", "", "12: programmes.tips: class is missing; expected one of the classes above"},
    {"class: care", "class: car",
     "12: programmes.tips.class: unknown class \"car\"; did you mean \"care\"?"},
    {"class: care", "class: care, priority: 101",
     "12: programmes.tips.priority: expected a whole number from 0 to 100 (without quotes), found "
     "\"101\""},
    {"class: care", "class: care, priority: high",
     "12: programmes.tips.priority: expected a whole number from 0 to 100 (without quotes), found "
     "\"high\""},
    {"class: care", "class: care, expires: 0s",
     "12: programmes.tips.expires: expected a duration from 1s to 400d such as 90s, 20h or 7d, "
     "found \"0s\""},
    {"class: care", "class: care, wait: soon",
     "12: programmes.tips.wait: expected a duration from 0s to 400d such as 90s, 20h or 7d, found "
     "\"soon\""},
    {"class: care", "class: care, cancel_on: order.refunded",
     "12: programmes.tips.cancel_on: expected a list ([a, b] or lines with -), found a text"},
    {"class: care", "class: care, cancel_on: [order/refunded]",
     "12: programmes.tips.cancel_on[0]: expected an event type of 1 to 100 of a-z 0-9 . _ -, found "
     "\"order/refunded\""},
    {"class: care", "class: care, cancel_on: [order.late, order.late]",
     "12: programmes.tips.cancel_on[1]: order.late is there twice"},
    {"class: care", "class: care, holdout: ten",
     "12: programmes.tips.holdout: expected a percentage from 0% to 100% with at most one decimal, "
     "such as 10%, found \"ten\""},
    {"class: care", "class: care, offer: BACK10",
     "12: programmes.tips.offer: expected a mapping (key: value), found a text"},
    {"class: care", "class: care, offer: {coupon: \"\"}",
     "12: programmes.tips.offer.coupon: expected a text, found \"\""},
    {"class: care", "class: care, offer: {}",
     "12: programmes.tips.offer: coupon is missing; expected the coupon's name"},
    {"class: care", "class: care, exempt: maybe",
     "12: programmes.tips.exempt: expected true or false (without quotes), found \"maybe\""},
    {"class: care", "class: care, again_after: 2 weeks",
     "12: programmes.tips.again_after: expected a duration from 0s to 400d such as 90s, 20h or 7d, "
     "found \"2 weeks\""},
    {"class: care", "class: care, trigger: x",
     "12: programmes.tips: unknown key \"trigger\"; expected one of: owner, title, on, on_enter, "
     "on_date, "
     "at, before, after, if, wait, do, email, task, class, priority, expires, cancel_on, holdout, "
     "offer, "
     "variants, value, "
     "send_at, instead, category, exempt, again_after"},
    {"class: care", "class: care, if: {score: {at_least: 4}}",
     "12: programmes.tips.if.score: a score must not decide who gets mail; expected a programme "
     "whose actions are all tasks"},
    {"on: order.placed, email: tips, class: care",
     "on: order.placed, task: call, class: care, if: {not: {score: {at_least: 4}}}",
     "12: programmes.tips.if.not.score: there is no score; expected a programme on: "
     "feedback.received or review.published"},
    {"on: order.placed, email: tips, class: care",
     "on: feedback.received, task: call, class: care, if: {score: {at_least: 6}}",
     "12: programmes.tips.if.score.at_least: expected a whole number from 1 to 5 (without quotes), "
     "found \"6\""},
    {"on: order.placed, email: tips, class: care",
     "on: feedback.received, do: [{task: call}, {email: tips}], class: care, if: {score: "
     "{at_least: 4}}",
     "12: programmes.tips.if.score: a score must not decide who gets mail; expected a programme "
     "whose actions are all tasks"},
    {"on: order.placed, email: tips", "on_date: \"12-06\", category: order, email: tips",
     "12: programmes.tips.category: a date has no order to take the category from; expected the "
     "name of a category"},
    {"on: order.placed, email: tips",
     "on_date: \"12-06\", if: {order_amount: {at_least: 5}}, email: tips",
     "12: programmes.tips.if.order_amount: a date has no order; expected spent, or a programme "
     "with on: EVENT"},
    {"  win:", "  tips:", "13: programmes: \"tips\" is there twice (first on line 12)"},
    {"  win:", "  feedback:",
     "13: programmes: \"feedback\" is the name of the feedback rules; expected another name"},
    {"  win:", "  \"win back\":",
     "13: programmes: expected a name (up to 64 letters, digits, - _ .), found \"win back\""},
    {"programmes:\n", "programmes: [\n",
     "13: not readable as YAML: did not find expected ',' or ']', while parsing a flow sequence"},
};

static void test_programmes(void **state)
{
	(void)state;
	refusal_check_all(programmes, sizeof(programmes) / sizeof(programmes[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_programmes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
