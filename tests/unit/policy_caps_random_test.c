/*
 * Caps on random histories, against a count of every window by brute force:
 * allowed at eligible_ms, not allowed a millisecond before.
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

enum {
	CASES = 200000,
	SENDS_MAX = 24,
	CAPS_MAX = 4,
	OWN_MAX = 2,
	RULES_MAX = CAPS_MAX + 1 + OWN_MAX
};

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
	    .merged = random_below(4) == 0,
	};
}

/* As ledgers mostly are; the other half is in any order. */
static void sort_sends(struct ledger_send *sends, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct ledger_send send = sends[i];
		size_t at = i;

		for (; at > 0 && sends[at - 1].at_ms > send.at_ms; at--)
			sends[at] = sends[at - 1];
		sends[at] = send;
	}
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
		    (!s->merged || cap->programme[0] || cap->category[0]) &&
		    concerns(cap, s->message_class, s->channel, s->programme, s->category))
			in_window++;
	}
	return in_window;
}

/* Those of the file, the ceiling, the person's own. */
static unsigned cap_count(const struct policy *policy)
{
	return policy->caps_off ? 0 : policy->cap_count;
}

static unsigned rule_count(const struct policy *policy, const struct send_question *q)
{
	return cap_count(policy) + 1 + q->own_cap_count;
}

static const struct cap *rule(const struct policy *policy, unsigned i,
			      const struct send_question *q)
{
	if (i < cap_count(policy))
		return &policy->caps[i];
	return i == cap_count(policy) ? &policy->ceiling : &q->own_caps[i - cap_count(policy) - 1];
}

static bool plain_binds(const struct policy *policy, unsigned i, const struct send_question *q)
{
	const struct cap *cap = rule(policy, i, q);

	if (q->exempt && i != cap_count(policy))
		return false;
	if (q->merged && !cap->programme[0] && !cap->category[0])
		return false;
	return concerns(cap, q->message_class, q->channel, q->programme, q->category);
}

static bool plain_allows(const struct policy *policy, const struct ledger_send *sends, size_t count,
			 const struct send_question *q, int64_t at_ms)
{
	for (unsigned i = 0; i < rule_count(policy, q); i++)
		if (plain_binds(policy, i, q) &&
		    plain_count(rule(policy, i, q), i == cap_count(policy), sends, count, at_ms) >=
			rule(policy, i, q)->limit)
			return false;
	return true;
}

/* Each rule that binds, once, in order, as it stands alone. */
static void check_trials(const struct policy *policy, const struct ledger_send *sends, size_t count,
			 const struct send_question *q)
{
	struct cap_trial trials[RULES_MAX];
	size_t told = caps_trials(policy, sends, count, q, NOW, trials, RULES_MAX), at = 0;

	for (unsigned i = 0; i < rule_count(policy, q); i++) {
		const struct cap *cap = rule(policy, i, q);
		bool is_ceiling = i == cap_count(policy);
		int64_t at_ms = NOW;

		if (!plain_binds(policy, i, q))
			continue;
		assert_true(at < told);
		assert_ptr_equal(trials[at].cap, cap);
		assert_int_equal(trials[at].count, plain_count(cap, is_ceiling, sends, count, NOW));
		while (at_ms < NOW + 100 &&
		       plain_count(cap, is_ceiling, sends, count, at_ms) >= cap->limit)
			at_ms++;
		assert_true(trials[at++].eligible_ms == (at_ms == NOW + 100 ? NEVER_MS : at_ms));
	}
	assert_int_equal(told, at);
	/* Fewer are written than there are when there is no room, and none behind it. */
	trials[0].count = -1;
	assert_int_equal(caps_trials(policy, sends, count, q, NOW, trials, 0), told);
	assert_int_equal(trials[0].count, -1);
}

static void check_random_case(struct policy *policy)
{
	struct cap own[OWN_MAX] = {random_cap(), random_cap()};
	struct ledger_send sends[SENDS_MAX];
	size_t count = random_below(SENDS_MAX + 1);
	struct send_question q = {.message_class = (int)random_below(5) - 1,
				  .channel = (enum channel)random_below(CHANNEL_COUNT),
				  .programme = random_word(),
				  .category = random_word(),
				  .exempt = random_below(8) == 0,
				  .merged = random_below(8) == 0,
				  .own_caps = own,
				  .own_cap_count = (unsigned)random_below(OWN_MAX + 1)};
	struct cap_verdict verdict;
	int64_t at_ms = NOW;

	for (size_t i = 0; i < count; i++)
		sends[i] = random_send();
	if (random_below(2))
		sort_sends(sends, count);
	check_trials(policy, sends, count, &q);
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
		assert_int_equal(
		    plain_count(verdict.cap, verdict.cap == &policy->ceiling, sends, count, NOW),
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
		policy.caps_off = random_below(16) == 0;
		policy.ceiling = random_cap();
		check_random_case(&policy);
	}
}

/* The caps of the example in the design. */
#define CARING (UINT64_C(1) << 1 | UINT64_C(1) << 2 | UINT64_C(1) << 3)
#define MAILS (1u << CHANNEL_EMAIL | 1u << CHANNEL_EXTERNAL)
static struct cap example_caps[] = {
    {"breathing-space", true, 1, 20 * HOUR_MS, CARING, MAILS, "", "", true},
    {"week", false, 2, 7 * DAY_MS, CARING, MAILS, "", "", true},
    {"promotion-month", false, 3, 30 * DAY_MS, UINT64_C(1) << 3, MAILS, "", "", true},
};
static const struct policy example = {
    .caps = example_caps,
    .cap_count = COUNT_OF(example_caps),
    .ceiling = {"ceiling", false, 20, DAY_MS, ALL_CLASSES, MAILS, "", "", true}};

/* Grants made by asking never break a rule, in any window whatsoever. */
static void test_asking_keeps_every_window(void **state)
{
	enum { GRANTS = 400 };
	static struct ledger_send granted[GRANTS];
	size_t count = 0;
	int64_t at_ms = NOW;

	(void)state;
	while (count < GRANTS) {
		struct send_question question = {.message_class = 1 + (int)random_below(3)};
		struct cap_verdict verdict = caps_check(&example, granted, count, &question, at_ms);

		if (verdict.allowed) {
			granted[count++] = (struct ledger_send){
			    .at_ms = at_ms, .message_class = question.message_class};
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
	    cmocka_unit_test(test_random_histories),
	    cmocka_unit_test(test_asking_keeps_every_window),
	};

	return cmocka_run_group_tests_name("policy_caps_random", tests, NULL, NULL);
}
