/* policy_refuse_conditions_test.c - what is wrong with a segment, or with the feedback rules. */
#include "policy_refusal.h"

static const struct refusal segments[] = {
    {"segments:\n  big: {orders: {at_least: 2}}", "segments: [big]\nx:\n  big: {}",
     "9: unknown key \"x\"; expected one of: shop, classes, caps, ceiling, quiet_hours, "
     "quiet_days, send_time, clicks, just_bought, model, segments, coupons, addresses, programmes, "
     "merge, "
     "feedback, cases, desk, people, tags, settle, holdout, retry"},
    {"{segment: big}", "{segment: bigg}",
     "10: segments.both.segment: unknown segment \"bigg\"; did you mean \"big\"?"},
    {"{segment: big}", "{segment: both}",
     "10: segments.both: segments that need each other in a circle: both -> both"},
    {"big: {orders: {at_least: 2}}", "big: {not: {segment: both}}",
     "9: segments.big: segments that need each other in a circle: big -> both -> big"},
    {"big: {orders: {at_least: 2}}",
     "big: {any: [{stage: new}, {all: [{segment: c}]}]}\n  c: {segment: d, stage: new}\n  d: {not: "
     "{segment: c}}",
     "10: segments.c: segments that need each other in a circle: c -> d -> c"},
    {"{segment: big}", "{}",
     "10: segments.both: an empty condition; expected an entry such as orders: {at_least: 2}"},
    {"{segment: big}", "[]", "10: segments.both: expected a mapping (key: value), found a list"},
    {"{segment: big}", "{any: []}",
     "10: segments.both.any: an empty list; expected at least one entry"},
    {"{segment: big}", "{any: {stage: new}}",
     "10: segments.both.any: expected a list ([a, b] or lines with -), found a mapping"},
    {"{segment: big}", "{not: [{stage: new}]}",
     "10: segments.both.not: expected a mapping (key: value), found a list"},
    {"{segment: big}", "{ordrs: {at_least: 1}}",
     "10: segments.both: unknown condition \"ordrs\"; did you mean \"orders\"?"},
    {"{segment: big}", "{stage: loyl}",
     "10: segments.both.stage: unknown stage \"loyl\"; did you mean \"loyal\"?"},
    {"{segment: big}", "{country: EU}",
     "10: segments.both.country: expected a country of ISO 3166 in two capitals, such as DE, found "
     "\"EU\""},
    {"{segment: big}", "{bought: [a]}", "10: segments.both.bought: expected a text, found a list"},
    {"{segment: big}", "{score: {at_most: 2}}",
     "10: segments.both.score: a segment cannot depend on a score; expected it in the `if` of a "
     "programme on: feedback.received whose actions are all tasks"},
    {"{segment: big}", "{order_amount: {at_most: 2}}",
     "10: segments.both.order_amount: a segment has no order of its own; expected spent, or "
     "order_amount in the `if` of a programme"},
    {"{segment: big}", "{orders: 2}",
     "10: segments.both.orders: expected a mapping (key: value), found a text"},
    {"{segment: big}", "{orders: {}}",
     "10: segments.both.orders: expected at_least, at_most or both"},
    {"{segment: big}", "{orders: {at_least: 3, at_most: 2}}",
     "10: segments.both.orders: at_least is more than at_most: nobody can match"},
    {"{segment: big}", "{orders: {min: 3}}",
     "10: segments.both.orders: unknown key \"min\"; expected one of: at_least, at_most"},
    {"{segment: big}", "{orders: {at_least: 1.5}}",
     "10: segments.both.orders.at_least: expected a whole number from 0 to 1000000 (without "
     "quotes), found \"1.5\""},
    {"{segment: big}", "{spent: {at_least: \"1,000\"}}",
     "10: segments.both.spent.at_least: expected an amount such as \"1000.00\", found \"1,000\""},
    {"{segment: big}", "{spent: {at_least: -5}}",
     "10: segments.both.spent.at_least: expected an amount such as \"1000.00\", found \"-5\""},
    {"{segment: big}", "{days_since_order: {at_least: 30}}",
     "10: segments.both.days_since_order.at_least: expected a duration from 0s to 400d such as "
     "90s, 20h or 7d, found \"30\""},
    {"{segment: big}", "{days_since_order: {over_usual_gap: 0}}",
     "10: segments.both.days_since_order.over_usual_gap: expected a factor from 0.1 to 100 such as "
     "2.0, found \"0\""},
    {"{segment: big}", "{days_since_order: {over_usual_gap: 2.0, at_least: 3d}}",
     "10: segments.both.days_since_order: over_usual_gap stands alone; expected either it, or "
     "at_least and at_most"},
    {"{segment: big}", "{days_since_order: {over_gap: 2.0}}",
     "10: segments.both.days_since_order: unknown key \"over_gap\"; expected one of: at_least, "
     "at_most, over_usual_gap"},
};

static void test_segments(void **state)
{
	(void)state;
	refusal_check_all(segments, sizeof(segments) / sizeof(segments[0]));
}

static const struct refusal feedback[] = {
    {"ask: {wait: 7d}", "class: care",
     "14: feedback: ask is missing; expected when to ask, such as {wait: 7d}"},
    {"ask: {wait: 7d}", "ask: {}",
     "15: feedback.ask: wait is missing; expected how long after delivery, such as 7d"},
    {"ask: {wait: 7d}", "ask: {wait: 7d, if: {score: {at_least: 4}}}",
     "15: feedback.ask: if: everybody is asked alike, whatever the score; expected no condition"},
    {"ask: {wait: 7d}", "ask: {wait: 7d}\n  min_score: 4",
     "16: feedback: min_score: everybody is asked alike, whatever the score; expected no "
     "condition"},
    {"{rung: rating}", "{rung: rating, score: 4}",
     "16: feedback.ladder[0]: score: everybody is asked alike, whatever the score; expected no "
     "condition"},
    {"{rung: rating}", "{rung: ratings}",
     "16: feedback.ladder[0].rung: unknown rung \"ratings\"; did you mean \"rating\"?"},
    {"{rung: rating}", "{gap: 3d}",
     "16: feedback.ladder[0]: rung is missing; expected what is asked for, such as review"},
    {"{rung: rating}", "{rung: rating}, {rung: rating}",
     "16: feedback.ladder[1].rung: the rung rating is there twice"},
    {"{rung: rating}", "{rung: review}",
     "16: feedback.ladder[0].rung: no template \"feedback-review\"; expected one of: tips, "
     "we-miss-you, feedback-rating"},
    {"{rung: rating}", "{rung: referral}, {rung: rating}",
     "16: feedback.ladder[1].rung: \"rating\" is asked of everybody, \"referral\" is a favour; "
     "expected rating and review before all favours"},
    {"{rung: rating}", "rating",
     "16: feedback.ladder[0]: expected a mapping (key: value), found a text"},
    {"[{rung: rating}]", "[]", "16: feedback.ladder: an empty list; expected at least one entry"},
    {"ask: {wait: 7d}", "ask: {wait: 7d, reminders: 2}",
     "15: feedback.ask.reminders: reminders without remind_after; expected both"},
    {"ask: {wait: 7d}", "ask: {wait: 7d, remind_after: 2d, reminders: 0}",
     "15: feedback.ask.remind_after: remind_after with 0 reminders; expected both or neither"},
    {"ask: {wait: 7d}", "ask: {wait: 7d, remind_after: 2d, reminders: 9}",
     "15: feedback.ask.reminders: expected a whole number from 0 to 5 (without quotes), found "
     "\"9\""},
    {"ask: {wait: 7d}", "ask: {wait: 7d, remind_after: 2d}",
     "15: feedback.ask: no template \"feedback-reminder\"; expected one of: tips, we-miss-you, "
     "feedback-rating"},
    {"  ladder: [{rung: rating}]\n", "  low_score: 6\n",
     "16: feedback.low_score: expected a whole number from 0 to 5 (without quotes), found \"6\""},
    {"ask: {wait: 7d}", "ask: {wait: 7d}\n  class: feedbak",
     "16: feedback.class: unknown class \"feedbak\"; did you mean \"feedback\"?"},
    {"feedback: {}, ", "",
     "14: feedback: there is no class \"feedback\"; expected it among classes, or class: NAME "
     "here"},
    {"ask: {wait: 7d}", "ask: {wait: 7d}\n  public_link: http://reviews.example",
     "16: feedback.public_link: expected an address that begins with https://, found "
     "\"http://reviews.example\""},
    {"ask: {wait: 7d}", "ask: {wait: 7d}\n  public_link: javascript:alert(1)",
     "16: feedback.public_link: expected an address such as https://shop.example, found "
     "\"javascript:alert(1)\""},
};

static void test_feedback(void **state)
{
	(void)state;
	refusal_check_all(feedback, sizeof(feedback) / sizeof(feedback[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_segments),
	    cmocka_unit_test(test_feedback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
