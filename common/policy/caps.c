/* caps.c - see caps.h. */
#include "caps.h"

#include <string.h>

/* What a rule looks at, in a send and in a question alike. */
struct subject {
	int message_class;
	enum channel channel;
	const char *programme, *category;
};

/* What was sent, and the question about it. */
struct books {
	const struct policy *policy;
	const struct ledger_send *sends;
	size_t send_count;
	const struct send_question *question;
	bool is_ordered; /* oldest first, as ledgers mostly are */
};

static struct books books_of(const struct policy *policy, const struct ledger_send *sends,
			     size_t send_count, const struct send_question *question)
{
	struct books books = {policy, sends, send_count, question, true};

	for (size_t i = 1; i < send_count && books.is_ordered; i++)
		books.is_ordered = sends[i - 1].at_ms <= sends[i].at_ms;
	return books;
}

/*
 * Under a class that the policy no longer has, every class is meant: when in
 * doubt, a send counts and a question is bound.
 */
static inline bool has_class(uint64_t classes, int message_class)
{
	if (message_class < 0 || message_class >= POLICY_CLASSES_MAX)
		return true;
	return classes >> message_class & 1;
}

/* A rule with "" or NULL is about any. */
static inline bool is_about(const char *wanted, const char *text)
{
	return !wanted || !*wanted || (text && strcmp(wanted, text) == 0);
}

static inline bool covers(const struct cap *cap, struct subject subject)
{
	return has_class(cap->classes, subject.message_class) &&
	       (cap->channels >> subject.channel & 1) &&
	       is_about(cap->programme, subject.programme) &&
	       is_about(cap->category, subject.category);
}

/* Only such a rule looks at a merged part of another one's mail. */
static bool is_narrow(const struct cap *cap)
{
	return (cap->programme && *cap->programme) || (cap->category && *cap->category);
}

/* All rules: those of the file, the ceiling, the person's own; NULL at the end. */
static inline const struct cap *rule_at(const struct books *books, unsigned index)
{
	const struct policy *policy = books->policy;
	unsigned count = policy->caps_off ? 0 : policy->cap_count;

	if (index < count)
		return &policy->caps[index];
	if (index == count)
		return &policy->ceiling;
	index -= count + 1;
	return index < books->question->own_cap_count ? &books->question->own_caps[index] : NULL;
}

static inline bool binds(const struct books *books, const struct cap *cap)
{
	const struct send_question *question = books->question;

	if (question->exempt && cap != &books->policy->ceiling)
		return false;
	if (question->merged && !is_narrow(cap))
		return false;
	return covers(cap, (struct subject){question->message_class, question->channel,
					    question->programme, question->category});
}

static bool counts(const struct policy *policy, const struct cap *cap,
		   const struct ledger_send *send)
{
	if (send->exempt && !cap->counts_exempt && cap != &policy->ceiling)
		return false;
	if (send->merged && !is_narrow(cap))
		return false;
	return covers(cap, (struct subject){send->message_class, send->channel, send->programme,
					    send->category});
}

/* Counts the sends in the rule's window at at_ms. */
static int64_t count_at(const struct books *books, const struct cap *cap, int64_t at_ms)
{
	int64_t count = 0;

	for (size_t i = books->send_count; i-- > 0;) {
		const struct ledger_send *send = &books->sends[i];

		if (send->at_ms <= at_ms - cap->window_ms) {
			if (books->is_ordered)
				break; /* all before it are older still */
			continue;
		}
		count += send->at_ms <= at_ms && counts(books->policy, cap, send);
	}
	return count;
}

/*
 * The time of the send that uses up the rule at at_ms: until it leaves the window there is no room;
 * NEVER_MS when there is room. When the sends are in order, it is the limit-th from the end; else
 * it is the oldest in the window, after which one looks again.
 */
static int64_t blocked_by(const struct books *books, const struct cap *cap, int64_t at_ms)
{
	int64_t count = 0, oldest_ms = NEVER_MS;

	for (size_t i = books->send_count; i-- > 0;) {
		const struct ledger_send *send = &books->sends[i];

		if (send->at_ms <= at_ms - cap->window_ms) {
			if (books->is_ordered)
				return NEVER_MS;
			continue;
		}
		if (send->at_ms > at_ms || !counts(books->policy, cap, send))
			continue;
		count++;
		if (send->at_ms < oldest_ms)
			oldest_ms = send->at_ms;
		if (books->is_ordered && count == cap->limit)
			return oldest_ms;
	}
	return count >= cap->limit ? oldest_ms : NEVER_MS;
}

/*
 * The first instant at or after at_ms at which the rule allows.  Time alone
 * makes room only when a send leaves the window, so these are the instants
 * to look at; a send dated later than at_ms joins when it is passed.
 */
static int64_t allows_from(const struct books *books, const struct cap *cap, int64_t at_ms)
{
	int64_t send_ms;

	if (cap->limit <= 0)
		return NEVER_MS;
	while ((send_ms = blocked_by(books, cap, at_ms)) != NEVER_MS)
		at_ms = send_ms + cap->window_ms;
	return at_ms;
}

/* Puts off the verdict's instant as far as each rule alone demands. */
static void ask_all(const struct books *books, struct cap_verdict *verdict)
{
	const struct cap *cap;

	for (unsigned i = 0; (cap = rule_at(books, i)); i++) {
		int64_t from_ms;

		if (verdict->eligible_ms == NEVER_MS)
			return;
		if (!binds(books, cap))
			continue;
		from_ms = allows_from(books, cap, verdict->eligible_ms);
		if (from_ms > verdict->eligible_ms) {
			verdict->eligible_ms = from_ms;
			verdict->cap = cap;
		}
	}
}

struct cap_verdict caps_check(const struct policy *policy, const struct ledger_send *sends,
			      size_t send_count, const struct send_question *question,
			      int64_t now_ms)
{
	struct books books = books_of(policy, sends, send_count, question);
	struct cap_verdict verdict = {.eligible_ms = now_ms};
	int64_t before_ms;

	/*
	 * At the instant that one rule demands, a later send may use up another rule: all allow it
	 * once a round moves nothing.
	 */
	do {
		before_ms = verdict.eligible_ms;
		ask_all(&books, &verdict);
	} while (verdict.eligible_ms != before_ms && verdict.eligible_ms != NEVER_MS &&
		 !(books.is_ordered && send_count && sends[send_count - 1].at_ms <= now_ms));
	verdict.allowed = !verdict.cap;
	if (verdict.cap)
		verdict.count = count_at(&books, verdict.cap, now_ms);
	return verdict;
}

size_t caps_trials(const struct policy *policy, const struct ledger_send *sends, size_t send_count,
		   const struct send_question *question, int64_t now_ms, struct cap_trial *ret,
		   size_t max)
{
	struct books books = books_of(policy, sends, send_count, question);
	const struct cap *cap;
	size_t count = 0;

	for (unsigned i = 0; (cap = rule_at(&books, i)); i++) {
		if (!binds(&books, cap))
			continue;
		if (count < max)
			ret[count] = (struct cap_trial){cap, count_at(&books, cap, now_ms),
							allows_from(&books, cap, now_ms)};
		count++;
	}
	return count;
}

bool cap_counts(const struct policy *policy, const struct cap *cap, const struct ledger_send *send)
{
	return counts(policy, cap, send);
}
