/* policy_refuse_caps_test.c - what is wrong with a cap. */
#include "policy_refusal.h"

#include "common/policy/rule.h"

static const struct refusal caps[] = {
    {"caps:\n  - {name: week, limit: 2, per: 7d}\n  - {name: gap, min_gap: 20h, classes: [care]}\n",
     "", "1: caps is missing; expected a list of rules, or off written out"},
    {"caps:\n  - {name: week, limit: 2, per: 7d}\n  - {name: gap, min_gap: 20h, classes: [care]}\n",
     "caps: []\n", "3: caps: expected a list of rules, or off written out"},
    {"caps:\n  - {name: week, limit: 2, per: 7d}\n  - {name: gap, min_gap: 20h, classes: [care]}\n",
     "caps: \"off\"\n", "3: caps: expected a list of rules, or off written out"},
    {"caps:\n  - {name: week, limit: 2, per: 7d}\n  - {name: gap, min_gap: 20h, classes: [care]}\n",
     "caps: none\n", "3: caps: expected a list of rules, or off written out"},
    {"- {name: week, limit: 2, per: 7d}", "- week",
     "4: caps[0]: expected a mapping (key: value), found a text"},
    {"name: week, ", "", "4: caps[0]: name is missing; expected a name, for reasons and reports"},
    {"limit: 2, per: 7d", "classes: [care]",
     "4: caps[0]: a cap without a rule; expected limit and per, or min_gap"},
    {"limit: 2, per: 7d", "limit: 2",
     "4: caps[0]: limit without per; expected per, such as per: 7d"},
    {"limit: 2, per: 7d", "per: 7d",
     "4: caps[0]: per without limit; expected limit, such as limit: 2"},
    {"min_gap: 20h", "min_gap: 20h, limit: 1",
     "5: caps[1]: min_gap together with limit; expected either min_gap, or limit and per"},
    {"min_gap: 20h", "min_gap: 20h, per: 1d",
     "5: caps[1]: min_gap together with per; expected either min_gap, or limit and per"},
    {"limit: 2", "limit: -1",
     "4: caps[0].limit: expected a whole number from 0 to 1000000 (without quotes), found \"-1\""},
    {"limit: 2", "limit: 2.5",
     "4: caps[0].limit: expected a whole number from 0 to 1000000 (without quotes), found \"2.5\""},
    {"limit: 2", "limit: \"2\"",
     "4: caps[0].limit: expected a whole number from 0 to 1000000 (without quotes), found \"2\""},
    {"limit: 2", "limit: off",
     "4: caps[0].limit: expected a whole number from 0 to 1000000 (without quotes), found \"off\""},
    {"limit: 2", "limt: 2", "4: caps[0]: unknown key \"limt\"; did you mean \"limit\"?"},
    {"per: 7d", "per: 7x",
     "4: caps[0].per: expected a duration from 1s to 400d such as 90s, 20h or 7d, found \"7x\""},
    {"per: 7d", "per: 7",
     "4: caps[0].per: expected a duration from 1s to 400d such as 90s, 20h or 7d, found \"7\""},
    {"per: 7d", "per: 401d",
     "4: caps[0].per: expected a duration from 1s to 400d such as 90s, 20h or 7d, found \"401d\""},
    {"per: 7d", "per: 0s",
     "4: caps[0].per: expected a duration from 1s to 400d such as 90s, 20h or 7d, found \"0s\""},
    {"per: 7d", "per: 500ms",
     "4: caps[0].per: expected a duration from 1s to 400d such as 90s, 20h or 7d, found \"500ms\""},
    {"min_gap: 20h", "min_gap: 0h",
     "5: caps[1].min_gap: expected a duration from 1s to 400d such as 90s, 20h or 7d, found "
     "\"0h\""},
    {"min_gap: 20h", "min_gap: 20h, min_gpa: 1",
     "5: caps[1]: unknown key \"min_gpa\"; did you mean \"min_gap\"?"},
    {"name: gap", "name: week",
     "5: caps[1].name: two caps are called \"week\"; expected different names"},
    {"name: gap", "name: ceiling",
     "5: caps[1].name: ceiling is a rule of its own; expected another name"},
    {"name: gap", "name: a b",
     "5: caps[1].name: expected a name (up to 64 letters, digits, - _ .), found \"a b\""},
    {"classes: [care]", "classes: [cares]",
     "5: caps[1].classes[0]: unknown class \"cares\"; did you mean \"care\"?"},
    {"classes: [care]", "classes: [xxxxxxxx]",
     "5: caps[1].classes[0]: unknown class \"xxxxxxxx\"; expected one of: transactional, care, "
     "feedback, promotion"},
    {"classes: [care]", "classes: care",
     "5: caps[1].classes: expected a list ([a, b] or lines with -), found a text"},
    {"classes: [care]", "classes: []",
     "5: caps[1].classes: an empty list; expected at least one entry"},
    {"classes: [care]", "classes: [care, care]", "5: caps[1].classes[1]: \"care\" is there twice"},
    {"classes: [care]", "classes: [{care: 1}]",
     "5: caps[1].classes[0]: expected the name of one class"},
    {"classes: [care]", "channels: [mail]",
     "5: caps[1].channels[0]: unknown channel \"mail\"; did you mean \"email\"?"},
    {"classes: [care]", "programme: tps",
     "5: caps[1].programme: unknown programme \"tps\"; did you mean \"tips\"?"},
    {"classes: [care]", "classes: [care], programme: win",
     "5: caps[1].programme: the programme is of class promotion, which this cap does not bind; "
     "expected it among classes"},
    {"classes: [care]", "category: [a]", "5: caps[1].category: expected a text, found a list"},
    {"classes: [care]", "counts_exempt: 1",
     "5: caps[1].counts_exempt: expected true or false (without quotes), found \"1\""},
    {"limit: 2", "limit: 0",
     "4: caps[0].limit: a limit of 0 lets nothing of class care out; never sent: tips; expected at "
     "least 1, a narrower cap, or no such programme"},
    {"limit: 2, per: 7d", "limit: 0, per: 7d, programme: win",
     "4: caps[0].limit: a limit of 0 lets nothing of class promotion out; never sent: win; "
     "expected at least 1, a narrower cap, or no such programme"},
    {"quiet_hours", "ceiling: {limit: 0, per: 1d}\nquiet_hours",
     "6: ceiling.limit: a limit of 0 lets nothing of class care out; never sent: tips; expected at "
     "least 1, a narrower cap, or no such programme"},
    {"quiet_hours", "ceiling: {limit: 3}\nquiet_hours",
     "6: ceiling: per is missing; expected a duration such as 1d"},
};

static void test_caps(void **state)
{
	(void)state;
	refusal_check_all(caps, sizeof(caps) / sizeof(caps[0]));
}

/* A reason names its rule, so a cap of that name could not be told from it. */
static void no_cap_is_called_like_a_rule(void **state)
{
	(void)state;
	for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
		char put[80], error[160];
		const struct refusal refusal = {"name: gap", put, error};

		snprintf(put, sizeof(put), "name: %s", rule_texts[rule]);
		snprintf(error, sizeof(error),
			 "5: caps[1].name: %s is a rule of its own; expected another name",
			 rule_texts[rule]);
		refusal_check_all(&refusal, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_caps),
	    cmocka_unit_test(no_cap_is_called_like_a_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
