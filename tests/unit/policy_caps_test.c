/* Caps: when a window frees, which rule is named, what binds and counts what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/policy/caps.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define NOW (INT64_C(20000) * DAY_MS)

enum { TRANSACTIONAL, CARE, FEEDBACK, PROMOTION };
#define CARING (UINT64_C(1) << CARE | UINT64_C(1) << FEEDBACK | UINT64_C(1) << PROMOTION)
#define MAILS (1u << CHANNEL_EMAIL | 1u << CHANNEL_EXTERNAL)
#define CEILING                                                                                    \
	{.name = "ceiling",                                                                        \
	 .limit = 20,                                                                              \
	 .window_ms = DAY_MS,                                                                      \
	 .classes = ALL_CLASSES,                                                                   \
	 .channels = MAILS,                                                                        \
	 .programme = "",                                                                          \
	 .category = "",                                                                           \
	 .counts_exempt = true}

/* The caps of the example in the design. */
static struct cap example_caps[] = {
    {"breathing-space", true, 1, 20 * HOUR_MS, CARING, MAILS, "", "", true},
    {"week", false, 2, 7 * DAY_MS, CARING, MAILS, "", "", true},
    {"promotion-month", false, 3, 30 * DAY_MS, UINT64_C(1) << PROMOTION, MAILS, "", "", true},
};
static const struct policy example = {
    .caps = example_caps, .cap_count = COUNT_OF(example_caps), .ceiling = CEILING};

static struct ledger_send mail(int64_t ago_ms, int message_class)
{
	return (struct ledger_send){.at_ms = NOW - ago_ms,
				    .message_class = message_class,
				    .channel = CHANNEL_EMAIL,
				    .programme = "p",
				    .category = "c"};
}

static struct send_question ask(int message_class)
{
	return (struct send_question){.message_class = message_class,
				      .channel = CHANNEL_EMAIL,
				      .programme = "p",
				      .category = "c"};
}

static void check(const struct policy *policy, const struct ledger_send *sends, size_t count,
		  struct send_question question, const char *rule, int64_t rule_count,
		  int64_t eligible_ms)
{
	struct cap_verdict verdict = caps_check(policy, sends, count, &question, NOW);

	assert_int_equal(verdict.allowed, !rule);
	if (rule)
		assert_string_equal(verdict.cap->name, rule);
	else
		assert_null(verdict.cap);
	assert_int_equal(verdict.count, rule_count);
	assert_true(verdict.eligible_ms == eligible_ms);
}

static void test_windows_slide(void **state)
{
	struct ledger_send sends[3];

	(void)state;
	check(&example, NULL, 0, ask(CARE), NULL, 0, NOW);
	sends[0] = mail(20 * HOUR_MS, CARE); /* exactly one window old: no longer counts */
	check(&example, sends, 1, ask(CARE), NULL, 0, NOW);
	sends[0] = mail(20 * HOUR_MS - 1, CARE);
	check(&example, sends, 1, ask(CARE), "breathing-space", 1, NOW + 1);
	sends[0] = mail(0, CARE);
	check(&example, sends, 1, ask(CARE), "breathing-space", 1, NOW + 20 * HOUR_MS);
	sends[0] = mail(2 * DAY_MS, CARE);
	sends[1] = mail(6 * DAY_MS, PROMOTION);
	check(&example, sends, 2, ask(FEEDBACK), "week", 2, NOW + DAY_MS);
	/* Of three in the week two must leave it. */
	sends[2] = mail(3 * DAY_MS, CARE);
	check(&example, sends, 3, ask(FEEDBACK), "week", 3, NOW + 4 * DAY_MS);
}

static void test_the_rule_that_frees_last_is_named(void **state)
{
	struct ledger_send sends[] = {mail(HOUR_MS, CARE), mail(DAY_MS, PROMOTION),
				      mail(10 * DAY_MS, PROMOTION), mail(11 * DAY_MS, PROMOTION)};

	(void)state;
	check(&example, sends, 1, ask(PROMOTION), "breathing-space", 1, NOW + 19 * HOUR_MS);
	check(&example, sends, 2, ask(PROMOTION), "week", 2, NOW + 6 * DAY_MS);
	check(&example, sends, 4, ask(PROMOTION), "promotion-month", 3, NOW + 19 * DAY_MS);
	check(&example, sends, 4, ask(CARE), "week", 2, NOW + 6 * DAY_MS);
}

static void test_what_a_rule_does_not_bind(void **state)
{
	struct ledger_send sends[] = {mail(HOUR_MS, CARE), mail(HOUR_MS, CARE)};
	struct send_question task = ask(CARE);

	(void)state;
	task.channel = CHANNEL_TASK;
	check(&example, sends, 2, ask(TRANSACTIONAL), NULL, 0, NOW);
	check(&example, sends, 2, task, NULL, 0, NOW);
	sends[0].message_class = sends[1].message_class = TRANSACTIONAL;
	check(&example, sends, 2, ask(CARE), NULL, 0, NOW);
	sends[0].message_class = CARE;
	sends[0].channel = CHANNEL_TASK;
	check(&example, sends, 2, ask(CARE), NULL, 0, NOW);
	sends[0].channel = CHANNEL_EXTERNAL; /* what another tool sent counts */
	check(&example, sends, 2, ask(CARE), "breathing-space", 1, NOW + 19 * HOUR_MS);
}

static void test_programme_and_category(void **state)
{
	struct cap caps[] = {
	    {"one-p", false, 1, DAY_MS, ALL_CLASSES, MAILS, "p", "", true},
	    {"one-tents", false, 1, DAY_MS, ALL_CLASSES, MAILS, "", "tents", true},
	};
	struct policy policy = {.caps = caps, .cap_count = 2, .ceiling = CEILING};
	struct ledger_send send = mail(HOUR_MS, CARE);
	struct send_question question = ask(CARE);

	(void)state;
	check(&policy, &send, 1, question, "one-p", 1, NOW + 23 * HOUR_MS);
	send.programme = "other";
	check(&policy, &send, 1, question, NULL, 0, NOW);
	send.category = question.category = "tents";
	check(&policy, &send, 1, question, "one-tents", 1, NOW + 23 * HOUR_MS);
	send.category = NULL;
	question.programme = question.category = NULL;
	check(&policy, &send, 1, question, NULL, 0, NOW);
}

static void test_exempt_messages(void **state)
{
	struct cap caps[] = {{"day", false, 1, DAY_MS, ALL_CLASSES, MAILS, "", "", true}};
	struct policy policy = {.caps = caps, .cap_count = 1, .ceiling = CEILING};
	struct ledger_send send = mail(HOUR_MS, CARE);
	struct send_question exempt = ask(CARE);

	(void)state;
	exempt.exempt = true;
	check(&policy, &send, 1, exempt, NULL, 0, NOW);
	send.exempt = true; /* still counted, unless the rule says otherwise */
	check(&policy, &send, 1, ask(CARE), "day", 1, NOW + 23 * HOUR_MS);
	caps[0].counts_exempt = false;
	check(&policy, &send, 1, ask(CARE), NULL, 0, NOW);
	policy.ceiling.limit = 1;
	policy.ceiling.counts_exempt = false; /* nothing is exempt from the ceiling */
	check(&policy, &send, 1, exempt, "ceiling", 1, NOW + 23 * HOUR_MS);
}

static void test_off_and_none(void **state)
{
	struct cap caps[] = {
	    {"day", false, 1, DAY_MS, ALL_CLASSES, MAILS, "", "", true},
	    {"none", false, 0, DAY_MS, ALL_CLASSES, MAILS, "", "", true},
	};
	struct policy policy = {.caps = caps, .cap_count = 2, .ceiling = CEILING};
	struct ledger_send send = mail(HOUR_MS, CARE);

	(void)state;
	check(&policy, NULL, 0, ask(CARE), "none", 0, NEVER_MS);
	check(&policy, &send, 1, ask(CARE), "none", 1, NEVER_MS);
	policy.caps_off = true;
	check(&policy, &send, 1, ask(CARE), NULL, 0, NOW);
	policy.ceiling.limit = 0;
	check(&policy, NULL, 0, ask(TRANSACTIONAL), "ceiling", 0, NEVER_MS);
}

/* When in doubt it counts: a class that the policy has lost is in every rule. */
static void test_lost_classes(void **state)
{
	struct ledger_send send = mail(HOUR_MS, NO_CLASS);
	struct ledger_send care = mail(HOUR_MS, CARE);

	(void)state;
	check(&example, &send, 1, ask(CARE), "breathing-space", 1, NOW + 19 * HOUR_MS);
	check(&example, &care, 1, ask(NO_CLASS), "breathing-space", 1, NOW + 19 * HOUR_MS);
	check(&example, &send, 1, ask(TRANSACTIONAL), NULL, 0, NOW);
}

static void test_sends_of_the_future(void **state)
{
	struct ledger_send sends[] = {mail(19 * HOUR_MS, CARE), mail(-30 * MINUTE_MS, CARE),
				      mail(INT64_MIN / 2, CARE), mail(INT64_MAX / 2, CARE)};

	(void)state;
	check(&example, sends + 1, 1, ask(CARE), NULL, 0, NOW);
	/* Room after 1 h, but by then a later mail has come; and with it the week is full. */
	check(&example, sends, 4, ask(CARE), "week", 1, NOW + 7 * DAY_MS - 19 * HOUR_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_windows_slide),
	    cmocka_unit_test(test_the_rule_that_frees_last_is_named),
	    cmocka_unit_test(test_what_a_rule_does_not_bind),
	    cmocka_unit_test(test_programme_and_category),
	    cmocka_unit_test(test_exempt_messages),
	    cmocka_unit_test(test_off_and_none),
	    cmocka_unit_test(test_lost_classes),
	    cmocka_unit_test(test_sends_of_the_future),
	};

	return cmocka_run_group_tests_name("policy_caps", tests, NULL, NULL);
}
