/* policy_refuse_model_test.c - what is wrong with a model, or with asking one. */
#include "policy_refusal.h"

/* The rest of a policy whose line 9 is a segment that asks. */
#define ASKING(condition) "segments:\n  big: " condition "\n"
#define MODEL(kind, orders, value, rfm)                                                            \
	"model: {kind: " kind ", orders: " orders ", value: " value ", rfm: " rfm "}\nsegments:"
#define ORDERS "{r: 0.6, alpha_days: 51.1, a: 0.8, b: 1.2}"
#define VALUE "{p: 6.2, q: 3.7, v: 15.4}"
#define RFM "{days: [1, 2, 3, 4], orders: [1, 1, 2, 3], spent: [1, 2, 3, 4.50]}"

static const struct refusal models[] = {
    {"segments:", "model: m.json\nsegments:",
     "8: model: \"m.json\" stands beside the policy, and was not read"},
    {"segments:", "model: a/m.json\nsegments:",
     "8: model: expected a name (up to 64 letters, digits, - _ .), found \"a/m.json\""},
    {"segments:", "model: []\nsegments:",
     "8: model: expected a mapping (key: value), found a list"},
    {"segments:", MODEL("pareto", ORDERS, VALUE, RFM),
     "8: model.kind: unknown kind \"pareto\"; expected one of: mbg-nbd, bg-nbd"},
    {"segments:", MODEL("mbg-nbd", "{r: 0.6, alpha_days: 51.1, a: 0.8}", VALUE, RFM),
     "8: model.orders: b is missing; expected a number"},
    {"segments:", MODEL("mbg-nbd", "{r: 0.6, alpha_days: nan, a: 0.8, b: 1}", VALUE, RFM),
     "8: model.orders.alpha_days: expected a number from 0.000001 to 1000000000, found \"nan\""},
    {"segments:", MODEL("mbg-nbd", "{r: -0.6, alpha_days: 1, a: 0.8, b: 1}", VALUE, RFM),
     "8: model.orders.r: expected a number from 0.000001 to 1000000000, found \"-0.6\""},
    {"segments:", MODEL("mbg-nbd", "{r: 0.6, alpha_days: 0x1p4, a: 0.8, b: 1}", VALUE, RFM),
     "8: model.orders.alpha_days: expected a number from 0.000001 to 1000000000, found \"0x1p4\""},
    {"segments:", MODEL("mbg-nbd", ORDERS, "{p: 6.2, q: 1.0, v: 15.4}", RFM),
     "8: model.value: q is not more than 1: such values have no mean"},
    {"segments:", MODEL("mbg-nbd", ORDERS, VALUE, "{days: [1, 2, 3], orders: [1], spent: [1]}"),
     "8: model.rfm.days: 3 entries; expected 4, where the fifths end"},
    {"segments:", MODEL("mbg-nbd", ORDERS, VALUE, "{days: [1, 2, 3, 2], orders: [1], spent: [1]}"),
     "8: model.rfm.days[3]: less than the one before it"},
    {"segments:",
     "model: {kind: bg-nbd, orders: " ORDERS ", rfm: " RFM ", related: {tents: []}}\nsegments:",
     "8: model.related.tents: an empty list; expected at least one entry"},
    {"segments:",
     "model: {kind: bg-nbd, orders: " ORDERS ", rfm: " RFM
     ", related: {tents: [{category: stoves, people: 12, lift: 2}]}}\nsegments:",
     "8: model.related.tents[0]: strength is missing; expected a number"},
    {"shop: {",
     "model: {kind: bg-nbd, orders: " ORDERS ", rfm: " RFM ", learnt: {currency: USD}}\n"
     "shop: {currency: GBP, ",
     "1: model.learnt.currency: learnt from amounts in \"USD\"; expected GBP, as in shop"},
};

static const struct refusal questions[] = {
    {"{segment: big}", "{expected_orders: {within: 180d, at_least: 0.3}}",
     "10: segments.both.expected_orders: there is no model; expected `model: FILE` beside "
     "segments, a file that nurturectl fit writes"},
    {"{segment: big}", "{rfm: champions}",
     "10: segments.both.rfm: there is no model; expected `model: FILE` beside segments, a file "
     "that nurturectl fit writes"},
    {ASKING("{orders: {at_least: 2}}"),
     MODEL("bg-nbd", ORDERS, VALUE, RFM) "\n  big: {rfm: champion}\n",
     "10: segments.big.rfm: unknown group \"champion\"; did you mean \"champions\"?"},
    {ASKING("{orders: {at_least: 2}}"),
     MODEL("bg-nbd", ORDERS, VALUE, RFM) "\n  big: {expected_orders: {at_least: 1}}\n",
     "10: segments.big.expected_orders: within is missing; expected a time such as 180d"},
    {ASKING("{orders: {at_least: 2}}"),
     MODEL("bg-nbd", ORDERS, VALUE, RFM) "\n  big: {expected_value: {within: 90d}}\n",
     "10: segments.big.expected_value: expected at_least, at_most or both"},
    {ASKING("{orders: {at_least: 2}}"),
     "model: {kind: bg-nbd, orders: " ORDERS ", rfm: " RFM "}\nsegments:\n"
     "  big: {expected_value: {within: 90d, at_least: 1}}\n",
     "10: segments.big.expected_value: the model knows no values: it was learnt from orders "
     "without amounts; expected expected_orders"},
};

static void test_models(void **state)
{
	(void)state;
	refusal_check_all(models, sizeof(models) / sizeof(models[0]));
}

static void test_questions(void **state)
{
	(void)state;
	refusal_check_all(questions, sizeof(questions) / sizeof(questions[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_models),
	    cmocka_unit_test(test_questions),
	};

	return cmocka_run_group_tests_name("policy_refuse_model", tests, NULL, NULL);
}
