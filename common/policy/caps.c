/* caps.c - see caps.h. */
#include "caps.h"

#include <string.h>

/* What a rule looks at; of a send and of a question alike. */
struct subject {
	int message_class;
	enum channel channel;
	const char *programme, *category;
};

struct books {
	const struct policy *policy;
	const struct ledger_send *sends;
	size_t send_count;
};

/*
 * Under a class that the policy no longer has, every class is meant: when in
 * doubt, a send counts and a question is bound.
 */
static bool has_class(uint64_t classes, int message_class)
{
	if (message_class < 0 || message_class >= POLICY_CLASSES_MAX)
		return true;
	return classes >> message_class & 1;
}

/* "" and NULL: the rule is about any. */
static bool is_about(const char *wanted, const char *text)
{
	return !wanted || !*wanted || (text && strcmp(wanted, text) == 0);
}

static bool covers(const struct cap *cap, struct subject subject)
{
	return has_class(cap->classes, subject.message_class) &&
	       (cap->channels >> subject.channel & 1) &&
	       is_about(cap->programme, subject.programme) &&
	       is_about(cap->category, subject.category);
}

/* All rules in the order of the file, the ceiling behind them; NULL at the end. */
static const struct cap *rule_at(const struct policy *policy, unsigned index)
{
	unsigned count = policy->caps_off ? 0 : policy->cap_count;

	if (index < count)
		return &policy->caps[index];
	return index == count ? &policy->ceiling : NULL;
}

static bool binds(const struct policy *policy, const struct cap *cap,
		  const struct send_question *question)
{
	if (question->exempt && cap != &policy->ceiling)
		return false;
	return covers(cap, (struct subject){question->message_class, question->channel,
					    question->programme, question->category});
}

static bool counts(const struct policy *policy, const struct cap *cap,
		   const struct ledger_send *send)
{
	if (send->exempt && !cap->counts_exempt && cap != &policy->ceiling)
		return false;
	return covers(cap, (struct subject){send->message_class, send->channel, send->programme,
					    send->category});
}

/* Sends in the rule's window at at_ms, and when the oldest of them was. */
static int64_t count_at(const struct books *books, const struct cap *cap, int64_t at_ms,
			int64_t *ret_oldest_ms)
{
	int64_t count = 0, oldest_ms = NEVER_MS;

	for (size_t i = 0; i < books->send_count; i++) {
		const struct ledger_send *send = &books->sends[i];

		if (send->at_ms > at_ms || send->at_ms <= at_ms - cap->window_ms ||
		    !counts(books->policy, cap, send))
			continue;
		count++;
		if (send->at_ms < oldest_ms)
			oldest_ms = send->at_ms;
	}
	*ret_oldest_ms = oldest_ms;
	return count;
}

/*
 * The first instant at or after at_ms at which the rule allows.  Time alone
 * makes room only when the oldest send leaves the window, so these are the
 * instants to look at; a send dated later than at_ms joins when it is passed.
 */
static int64_t allows_from(const struct books *books, const struct cap *cap, int64_t at_ms)
{
	int64_t oldest_ms;

	if (cap->limit <= 0)
		return NEVER_MS;
	while (count_at(books, cap, at_ms, &oldest_ms) >= cap->limit)
		at_ms = oldest_ms + cap->window_ms;
	return at_ms;
}

struct cap_verdict caps_check(const struct policy *policy, const struct ledger_send *sends,
			      size_t send_count, const struct send_question *question,
			      int64_t now_ms)
{
	struct books books = {policy, sends, send_count};
	struct cap_verdict verdict = {.eligible_ms = now_ms};
	const struct cap *cap;
	int64_t before_ms, oldest_ms;

	/* Each rule may only put the instant off: once a round moves nothing, all allow. */
	do {
		before_ms = verdict.eligible_ms;
		for (unsigned i = 0; (cap = rule_at(policy, i)); i++) {
			int64_t from_ms;

			if (verdict.eligible_ms == NEVER_MS || !binds(policy, cap, question))
				continue;
			from_ms = allows_from(&books, cap, verdict.eligible_ms);
			if (from_ms > verdict.eligible_ms) {
				verdict.eligible_ms = from_ms;
				verdict.cap = cap;
			}
		}
	} while (verdict.eligible_ms != before_ms && verdict.eligible_ms != NEVER_MS);
	verdict.allowed = !verdict.cap;
	if (verdict.cap)
		verdict.count = count_at(&books, verdict.cap, now_ms, &oldest_ms);
	return verdict;
}
