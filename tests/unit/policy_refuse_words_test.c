/* policy_refuse_words_test.c - what is wrong with send times, coupons, variants and merging. */
#include "policy_refusal.h"

static const struct refusal times[] = {
    {"just_bought:", "quiet_days: sunday\njust_bought:",
     "7: quiet_days: expected a list ([a, b] or lines with -), found a text"},
    {"just_bought:", "quiet_days: [sundey]\njust_bought:",
     "7: quiet_days[0]: expected a weekday, a day of each year such as \"12-25\" or of one such as "
     "\"2026-05-01\", found \"sundey\"; did you mean \"sunday\"?"},
    {"just_bought:", "quiet_days: [\"02-30\"]\njust_bought:",
     "7: quiet_days[0]: expected a weekday, a day of each year such as \"12-25\" or of one such as "
     "\"2026-05-01\", found \"02-30\""},
    {"just_bought:", "quiet_days: [{day: x}]\njust_bought:",
     "7: quiet_days[0]: expected a weekday, a day of each year such as \"12-25\" or of one such as "
     "\"2026-05-01\", found no text"},
    {"just_bought:", "quiet_days: [\"12-25\", sunday, \"12-25\"]\njust_bought:",
     "7: quiet_days[2]: \"12-25\" is there twice"},
    {"just_bought:", "send_time: {fallback: ten}\njust_bought:",
     "7: send_time.fallback: expected a time of day such as \"09:00\" (00:00 to 23:59), found "
     "\"ten\""},
    {"just_bought:", "send_time: {window: 25h}\njust_bought:",
     "7: send_time.window: expected a duration from 1m to 1d such as 90s, 20h or 7d, found "
     "\"25h\""},
    {"just_bought:", "send_time: {window: 90s}\njust_bought:",
     "7: send_time.window: expected whole minutes, found \"90s\""},
    {"just_bought:", "send_time: {fallback: \"22:30\"}\njust_bought:",
     "7: send_time: fallback and window reach beyond midnight; expected an earlier fallback or a "
     "shorter window"},
    {"just_bought:", "clicks: true\njust_bought:",
     "7: clicks: unknown way of counting \"true\"; expected one of: off, counted, with_consent"},
    {"just_bought:", "clicks: {counted: true}\njust_bought:",
     "7: clicks: expected the name of one way of counting"},
    {"just_bought:", "send_time: {evidence: 0}\njust_bought:",
     "7: send_time.evidence: expected a whole number from 1 to 100 (without quotes), found \"0\""},
    {"email: tips,", "email: tips, send_at: noon,",
     "12: programmes.tips.send_at: expected a time of day such as \"10:00\", {from: \"10:00\", to: "
     "\"12:00\"} or best, found \"noon\""},
    {"email: tips,", "email: tips, send_at: [\"10:00\"],",
     "12: programmes.tips.send_at: expected a time of day such as \"10:00\", {from: \"10:00\", to: "
     "\"12:00\"} or best, found a list"},
    {"email: tips,", "email: tips, send_at: {from: \"10:00\"},",
     "12: programmes.tips.send_at: to is missing; expected a time of day such as \"12:00\""},
    {"email: tips,", "email: tips, send_at: {from: \"22:00\", to: \"06:00\"},",
     "12: programmes.tips.send_at: from is not before to; expected a part of one day, at the "
     "latest until \"24:00\""},
    {"email: tips,", "task: tips, send_at: best,",
     "12: programmes.tips: send_at is about mails, and all actions are tasks; expected an email, "
     "or at with on_date"},
};

static const struct refusal coupons[] = {
    {"segments:", "coupons: {a: {}}\nsegments:",
     "8: coupons.a: expected pool: FILE or signed: true"},
    {"segments:", "coupons: {a: {pool: /etc/passwd}}\nsegments:",
     "8: coupons.a.pool: expected a path relative to the policy file, found \"/etc/passwd\""},
    {"segments:", "coupons: {a: {pool: a.txt, length: 9}}\nsegments:",
     "8: coupons.a: length is about signed codes; expected pool alone"},
    {"segments:", "coupons: {a: {signed: false}}\nsegments:",
     "8: coupons.a.signed: neither signed nor from a pool; expected signed: true, or pool: FILE"},
    {"segments:", "coupons: {a: {signed: true, length: 7}}\nsegments:",
     "8: coupons.a.length: expected a whole number from 8 to 20 (without quotes), found \"7\""},
    {"segments:", "coupons: {a: {signed: true, prefix: back}}\nsegments:",
     "8: coupons.a.prefix: expected a prefix of at most 20 capitals, digits and '-', found "
     "\"back\""},
    {"segments:", "coupons: {a-name-that-is-too-long: {signed: true}}\nsegments:",
     "8: coupons.a-name-that-is-too-long: expected a prefix of at most 20 capitals, digits and "
     "'-', found \"A-NAME-THAT-IS-TOO-LONG\""},
    {"segments:", "coupons: {a: {file: a.txt}}\nsegments:",
     "8: coupons.a: unknown key \"file\"; expected one of: pool, signed, prefix, length"},
};

#define VARIANTS(text) "email: tips, variants: {" text "},"
static const struct refusal variants[] = {
    {"email: tips,", VARIANTS("a: {share: 100%}"),
     "12: programmes.tips.variants: 1 variant; expected at least two"},
    {"email: tips,", VARIANTS("a: {share: 50%}, b: {share: 49.9%}"),
     "12: programmes.tips.variants: the shares add up to 99.9%; expected 100%"},
    {"email: tips,", VARIANTS("a: {share: 50%}, b: {}"),
     "12: programmes.tips.variants.b: share is missing; expected the part of the customers, such "
     "as 50%"},
    {"email: tips,", VARIANTS("a: {share: 100%}, b: {share: 0%}"),
     "12: programmes.tips.variants.b.share: nobody is told so; expected more than 0%"},
    {"email: tips,", VARIANTS("a: {share: 50%}, a: {share: 50%}"),
     "12: programmes.tips.variants: \"a\" is there twice (first on line 12)"},
    {"email: tips,", VARIANTS("a: {share: 50%}, b: {share: 50%, email: tip}"),
     "12: programmes.tips.variants.b.email: no template \"tip\"; did you mean \"tips\"?"},
    {"email: tips,", "task: tips, variants: {a: {share: 50%}, b: {share: 50%}},",
     "12: programmes.tips.variants: variants are of mails, and all actions are tasks; expected an "
     "email"},
    {"email: tips,",
     "do: [{email: tips}, {email: we-miss-you}], variants: {a: {share: 50%}, b: {share: 50%, "
     "email: tips}},",
     "12: programmes.tips.variants.b.email: in place of which of the 2 mails? expected a programme "
     "with one"},
};

static const struct refusal merge_groups[] = {
    {"feedback:\n", "merge: tips\nfeedback:\n",
     "14: merge: expected a list ([a, b] or lines with -), found a text"},
    {"feedback:\n", "merge: [tips]\nfeedback:\n",
     "14: merge: one programme alone; expected at least two"},
    {"feedback:\n", "merge: [tips, winn]\nfeedback:\n",
     "14: merge[1]: unknown programme \"winn\"; did you mean \"win\"?"},
    {"feedback:\n", "merge: [tips, tips]\nfeedback:\n",
     "14: merge[1]: \"tips\" is there twice; expected it in one group only"},
    {"feedback:\n", "merge: [tips, win]\nfeedback:\n",
     "14: merge[1]: win is of class promotion, but tips of care; expected programmes of one class"},
    {"feedback:\n",
     "  loud: {owner: o, on: order.late, email: tips, class: care, exempt: true}\n"
     "merge: [tips, loud]\nfeedback:\n",
     "15: merge[1]: loud is exempt, and tips is not; expected programmes that are exempt "
     "alike"},
    {"feedback:\n",
     "  call: {owner: o, on: order.late, task: call, class: care}\n"
     "merge: [[tips, call]]\nfeedback:\n",
     "15: merge[0][1]: \"call\" sends no mail; expected programmes that do"},
    {"email: tips,", "email: tips, instead: win,",
     "12: programmes.tips.instead: the programme is about no category that could have been just "
     "bought; expected category"},
    {"email: tips,", "email: tips, category: order, instead: tips,",
     "12: programmes.tips.instead: a programme cannot stand in for itself; expected another one"},
    {"email: tips,", "email: tips, category: order, instead: wni,",
     "12: programmes.tips.instead: unknown programme \"wni\"; did you mean \"win\"?"},
    {"class: care}\n  win: {",
     "class: care, category: a, instead: win}\n  win: {category: a, instead: tips, ",
     "12: programmes.tips.instead: programmes that stand in for each other in a circle: tips -> "
     "win -> tips"},
    {"email: tips,", "email: tips, value: cheap,",
     "12: programmes.tips.value: expected an amount such as \"4.00\", or order, found \"cheap\""},
    {"on: order.placed,", "on_date: \"12-06\", value: order,",
     "12: programmes.tips.value: a date has no order; expected an amount such as \"4.00\""},
};

static const struct refusal others[] = {
    {"{default: 90d}", "{default: 90d, related: {a: [a]}}",
     "7: just_bought.related.a[0]: related to itself; expected another category"},
    {"{default: 90d}", "{default: 90d, related: {a: [b, b]}}",
     "7: just_bought.related.a[1]: \"b\" is there twice"},
    {"{default: 90d}", "{default: 90d, related: {a: b}}",
     "7: just_bought.related.a: expected a list ([a, b] or lines with -), found a text"},
    {"feedback:\n", "addresses: [{class: care}]\nfeedback:\n",
     "14: addresses[0]: expected sender, reply_to or both"},
    {"feedback:\n", "addresses: [{reply_to: nobody}]\nfeedback:\n",
     "14: addresses[0].reply_to: expected \"Name <address>\", found \"nobody\""},
    {"feedback:\n", "addresses: [{segment: bih, reply_to: a@b.c}]\nfeedback:\n",
     "14: addresses[0].segment: unknown segment \"bih\"; did you mean \"big\"?"},
    {"feedback:\n",
     "addresses: [{class: care, reply_to: a@b.c}, {class: care, segment: big, reply_to: "
     "b@b.c}]\nfeedback:\n",
     "14: addresses[1]: never reached, since addresses[0] always fits before it; expected the "
     "narrower one first"},
    {"{segment: big}", "{customer_for: {at_least: 36501d}}",
     "10: segments.both.customer_for.at_least: expected a duration from 0s to 36500d such as 90s, "
     "20h or 7d, found \"36501d\""},
    {"{segment: big}", "{customer_for: {over_usual_gap: 2.0}}",
     "10: segments.both.customer_for: unknown key \"over_usual_gap\"; expected one of: at_least, "
     "at_most"},
    {"{segment: big}", "{since_bought: {at_least: 30d}}",
     "10: segments.both.since_bought: category is missing; expected what was bought"},
    {"{segment: big}", "{since_bought: {category: tents}}",
     "10: segments.both.since_bought: expected at_least, at_most or both"},
    {"{segment: big}", "{order_category: tents}",
     "10: segments.both.order_category: a segment has no order of its own; expected bought, or "
     "order_category in the `if` of a programme"},
    {"{segment: big}", "{channel: call}",
     "10: segments.both.channel: a segment has no interaction; expected channel in the `if` of a "
     "programme on: interaction.recorded"},
    {"on: order.placed,", "on: order.placed, if: {channel: call},",
     "12: programmes.tips.if.channel: nobody was spoken to; expected a programme on: "
     "interaction.recorded"},
    {"on: order.placed,", "on_date: \"12-06\", if: {order_category: tents},",
     "12: programmes.tips.if.order_category: a date has no order; expected bought, or a programme "
     "with on: EVENT"},
};

static const struct refusal wordings[] = {
    {"care: {}", "care: {title: []}",
     "2: classes.care.title: expected a text, or one for each language such as {en: ..., de: "
     "...}, found a list"},
    {"care: {}", "care: {title: {}}",
     "2: classes.care.title: no language; expected one such as {en: ...}"},
    {"care: {}", "care: {about: {english: Tips}}",
     "2: classes.care.about: expected a language such as en or de, found \"english\""},
    {"care: {}", "care: {title: {de: [a]}}",
     "2: classes.care.title.de: expected a text, found a list"},
    {"email: tips,", "email: tips, title: {en: {}},",
     "12: programmes.tips.title.en: expected a text, found a mapping"},
};

#define TEST(name)                                                                                 \
	static void test_##name(void **state)                                                      \
	{                                                                                          \
		(void)state;                                                                       \
		refusal_check_all(name, sizeof(name) / sizeof(name[0]));                           \
	}
TEST(times)
TEST(coupons)
TEST(variants)
TEST(merge_groups)
TEST(others)
TEST(wordings)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_times),    cmocka_unit_test(test_coupons),
	    cmocka_unit_test(test_variants), cmocka_unit_test(test_merge_groups),
	    cmocka_unit_test(test_others),   cmocka_unit_test(test_wordings),
	};

	return cmocka_run_group_tests_name("policy_refuse_words", tests, NULL, NULL);
}
