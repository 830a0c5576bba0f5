/*
 * limits.c - caps and quiet hours together, to the millisecond.
 *
 * Caps count only what was sent, so without another send they can only
 * loosen as time goes by.  That is why the first instant that both allow is
 * found in one go: when the caps allow, and from there the end of the quiet
 * hours.
 */
#include "decide.h"

#include "../../common/policy/quiet.h"

static int64_t awake_from(const struct sched_work *work, const struct sched_candidate *candidate,
			  int64_t from_ms)
{
	const Nurture__V1__Contact *contact = work->ledger.contact;

	if (from_ms == NEVER_MS || candidate->channel == CHANNEL_TASK ||
	    !sched_class_of(work, candidate)->quiet_hours)
		return from_ms;
	return quiet_hours_end(work->policy, slice_text(contact->time_zone),
			       slice_text(contact->country), from_ms);
}

static struct cap_verdict ask_caps(const struct sched_work *work,
				   const struct sched_candidate *candidate, int64_t at_ms)
{
	const struct send_question question = sched_question(candidate);

	return caps_check(work->policy, work->ledger.counted, work->ledger.send_count, &question,
			  at_ms);
}

/*
 * The newest send that the cap counts: the one that went first.  What a cap
 * counts is known to caps_check() alone, so it is asked of each send with a
 * policy that has this one rule, used up by one send.
 */
static const char *newest_counted(const struct sched_work *work,
				  const struct sched_candidate *candidate, const struct cap *cap)
{
	const struct sched_ledger *ledger = &work->ledger;
	const struct send_question question = sched_question(candidate);
	struct policy alone = *work->policy;
	struct cap one = *cap;
	size_t newest = ledger->send_count;

	one.limit = 1;
	alone.cap_count = cap == &work->policy->ceiling ? 0 : 1;
	alone.caps = &one;
	if (alone.cap_count == 0)
		alone.ceiling = one;
	else
		alone.ceiling.limit = INT64_MAX;
	for (size_t i = 0; i < ledger->send_count; i++) {
		if (newest < ledger->send_count &&
		    ledger->counted[i].at_ms < ledger->counted[newest].at_ms)
			continue;
		if (!caps_check(&alone, &ledger->counted[i], 1, &question, work->now_ms).allowed)
			newest = i;
	}
	return newest < ledger->send_count ? ledger->sends[newest].id : "";
}

bool sched_limits_allow(const struct sched_work *work, const struct sched_candidate *candidate,
			struct sched_reason *ret)
{
	struct cap_verdict caps = ask_caps(work, candidate, work->now_ms);
	int64_t awake_ms = awake_from(work, candidate, work->now_ms);

	if (caps.allowed && awake_ms == work->now_ms)
		return true;
	if (caps.allowed || caps.eligible_ms <= awake_ms) {
		*ret = sched_reason(BLOCKED_BY_QUIET_HOURS, "quiet_hours", "");
		ret->eligible_ms = awake_ms;
		return false;
	}
	*ret = sched_reason(BLOCKED_BY_CAP, caps.cap->name, "");
	ret->count = caps.count;
	ret->limit = caps.cap->limit;
	ret->window_s = caps.cap->window_ms / SECOND_MS;
	ret->eligible_ms = awake_from(work, candidate, caps.eligible_ms);
	ret->won_by = newest_counted(work, candidate, caps.cap);
	return false;
}

int64_t sched_earliest(const struct sched_work *work, const struct sched_candidate *candidate,
		       int64_t from_ms)
{
	struct cap_verdict caps = ask_caps(work, candidate, from_ms);

	return awake_from(work, candidate, caps.allowed ? from_ms : caps.eligible_ms);
}
