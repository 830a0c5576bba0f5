/*
 * Caps: a table of what binds and counts what, and random histories against a
 * count of every window by brute force.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/policy/caps.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define NOW (INT64_C(20000) * DAY_MS)

enum { TRANSACTIONAL, CARE, FEEDBACK, PROMOTION };
#define CARING (UINT64_C(1) << CARE | UINT64_C(1) << FEEDBACK | UINT64_C(1) << PROMOTION)
#define MAILS (1u << CHANNEL_EMAIL | 1u << CHANNEL_EXTERNAL)
#define CEILING                                                                                    \
	{                                                                                          \
		.name = "ceiling", .limit = 20, .window_ms = DAY_MS, .classes = ALL_CLASSES,       \
		.channels = MAILS, .programme = "", .category = "", .counts_exempt = true          \
	}

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
	return (struct ledger_send){.at_ms = NOW - ago_ms, .message_class = message_class,
				    .channel = CHANNEL_EMAIL, .programme = "p", .category = "c"};
}

static struct send_question ask(int message_class)
{
	return (struct send_question){.message_class = message_class, .channel = CHANNEL_EMAIL,
				      .programme = "p", .category = "c"};
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

/* ---- random histories ---- */

enum { CASES = 200000, SENDS_MAX = 24, CAPS_MAX = 4 };

static uint64_t seed = 88172645463325252u;

static uint64_t random_below(uint64_t end)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % end;
}

static const char *random_word(void)
{
	static const char *const words[] = {"", "", "", "p", "q"};

	return words[random_below(COUNT_OF(words))];
}

static struct cap random_cap(void)
{
	return (struct cap){
		.name = "random",
		.limit = random_below(20) ? 1 + (int64_t)random_below(4) : 0,
		.window_ms = 1 + (int64_t)random_below(40),
		.classes = random_below(16),
		.channels = (uint32_t)random_below(8),
		.programme = random_word(),
		.category = random_word(),
		.counts_exempt = random_below(2),
	};
}

static struct ledger_send random_send(void)
{
	return (struct ledger_send){
		.at_ms = NOW - 50 + (int64_t)random_below(random_below(4) ? 51 : 80),
		.message_class = (int)random_below(5) - 1,
		.channel = (enum channel)random_below(CHANNEL_COUNT),
		.programme = random_word(),
		.category = random_word(),
		.exempt = random_below(4) == 0,
	};
}

/* The header's words, once more and in the plainest way. */
static bool concerns(const struct cap *cap, int message_class, enum channel channel,
		     const char *programme, const char *category)
{
	if (message_class != NO_CLASS && !(cap->classes & UINT64_C(1) << message_class))
		return false;
	if (!(cap->channels & 1u << channel))
		return false;
	if (cap->programme[0] && strcmp(cap->programme, programme) != 0)
		return false;
	return !cap->category[0] || strcmp(cap->category, category) == 0;
}

static int64_t plain_count(const struct cap *cap, bool is_ceiling, const struct ledger_send *sends,
			   size_t count, int64_t at_ms)
{
	int64_t in_window = 0;

	for (size_t i = 0; i < count; i++) {
		const struct ledger_send *s = &sends[i];

		if (s->at_ms > at_ms - cap->window_ms && s->at_ms <= at_ms &&
		    (!s->exempt || cap->counts_exempt || is_ceiling) &&
		    concerns(cap, s->message_class, s->channel, s->programme, s->category))
			in_window++;
	}
	return in_window;
}

static bool plain_allows(const struct policy *policy, const struct ledger_send *sends, size_t count,
			 const struct send_question *q, int64_t at_ms)
{
	for (unsigned i = 0; i <= policy->cap_count; i++) {
		bool is_ceiling = i == policy->cap_count;
		const struct cap *cap = is_ceiling ? &policy->ceiling : &policy->caps[i];

		if (q->exempt && !is_ceiling)
			continue;
		if (!concerns(cap, q->message_class, q->channel, q->programme, q->category))
			continue;
		if (plain_count(cap, is_ceiling, sends, count, at_ms) >= cap->limit)
			return false;
	}
	return true;
}

static void check_random_case(struct policy *policy)
{
	struct ledger_send sends[SENDS_MAX];
	size_t count = random_below(SENDS_MAX + 1);
	struct send_question q = {(int)random_below(5) - 1, (enum channel)random_below(CHANNEL_COUNT),
				  random_word(), random_word(), random_below(8) == 0};
	struct cap_verdict verdict;
	int64_t at_ms = NOW;

	for (size_t i = 0; i < count; i++)
		sends[i] = random_send();
	verdict = caps_check(policy, sends, count, &q, NOW);
	assert_int_equal(verdict.allowed, plain_allows(policy, sends, count, &q, NOW));
	assert_int_equal(verdict.allowed, verdict.cap == NULL);
	/* Everything that there is has left the longest window after 100 ms. */
	while (at_ms < NOW + 100 && !plain_allows(policy, sends, count, &q, at_ms))
		at_ms++;
	if (at_ms == NOW + 100)
		at_ms = NEVER_MS;
	if (verdict.eligible_ms != at_ms)
		fail_msg("eligible at %" PRId64 ", should be %" PRId64, verdict.eligible_ms - NOW,
			 at_ms - NOW);
	if (at_ms != NOW && at_ms != NEVER_MS) {
		/* So it is: allowed then, by the one named only then. */
		assert_true(caps_check(policy, sends, count, &q, at_ms).allowed);
		assert_false(caps_check(policy, sends, count, &q, at_ms - 1).allowed);
		assert_int_equal(plain_count(verdict.cap, verdict.cap == &policy->ceiling, sends,
					     count, NOW),
				 verdict.count);
		assert_true(plain_count(verdict.cap, verdict.cap == &policy->ceiling, sends, count,
					at_ms - 1) >= verdict.cap->limit);
	}
}

static void test_random_histories(void **state)
{
	struct cap caps[CAPS_MAX];
	struct policy policy = {.caps = caps};

	(void)state;
	for (int i = 0; i < CASES; i++) {
		policy.cap_count = (unsigned)random_below(CAPS_MAX + 1);
		for (unsigned c = 0; c < policy.cap_count; c++)
			caps[c] = random_cap();
		policy.ceiling = random_cap();
		check_random_case(&policy);
	}
}

/* Grants made by asking never break a rule, in any window whatsoever. */
static void test_asking_keeps_every_window(void **state)
{
	enum { GRANTS = 400 };
	static struct ledger_send granted[GRANTS];
	size_t count = 0;
	int64_t at_ms = NOW;

	(void)state;
	while (count < GRANTS) {
		struct send_question question = ask(CARE + (int)random_below(3));
		struct cap_verdict verdict =
			caps_check(&example, granted, count, &question, at_ms);

		if (verdict.allowed) {
			granted[count] = mail(0, question.message_class);
			granted[count++].at_ms = at_ms;
		}
		at_ms = random_below(2) ? verdict.eligible_ms
					: at_ms + (int64_t)random_below(3 * DAY_MS);
	}
	for (size_t i = 0; i < count; i++)
		for (size_t c = 0; c < COUNT_OF(example_caps); c++)
			assert_true(plain_count(&example_caps[c], false, granted, count,
						granted[i].at_ms) <= example_caps[c].limit);
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
		cmocka_unit_test(test_random_histories),
		cmocka_unit_test(test_asking_keeps_every_window),
	};

	return cmocka_run_group_tests_name("policy_caps", tests, NULL, NULL);
}
