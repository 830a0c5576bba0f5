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

/* The contact does not change while a step decides, so an answer stays true. */
static int64_t night_end(struct sched_work *work, int64_t from_ms)
{
	const Nurture__V1__Contact *contact = work->ledger.contact;
	struct sched_night *night = &work->nights[from_ms != work->now_ms];

	if (night->from_ms != from_ms || !night->end_ms)
		*night = (struct sched_night){
			from_ms, quiet_hours_end(work->policy, slice_text(contact->time_zone),
						 slice_text(contact->country), from_ms)};
	return night->end_ms;
}

static int64_t awake_from(struct sched_work *work, const struct sched_candidate *candidate,
			  int64_t from_ms)
{
	if (from_ms == NEVER_MS || candidate->channel == CHANNEL_TASK ||
	    !sched_class_of(work, candidate)->quiet_hours)
		return from_ms;
	return night_end(work, from_ms);
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
const char *sched_winner(const struct sched_work *work, const struct sched_candidate *candidate,
			 const struct cap *cap)
{
	const struct sched_ledger *ledger = &work->ledger;
	const struct send_question question = sched_question(candidate);
	struct policy alone = *work->policy;
	struct cap one = *cap;
	int64_t newest_ms = work->now_ms - cap->window_ms; /* older ones do not count */
	const char *winner = "";

	one.limit = 1;
	alone.cap_count = cap == &work->policy->ceiling ? 0 : 1;
	alone.caps = &one;
	if (alone.cap_count == 0)
		alone.ceiling = one;
	else
		alone.ceiling.limit = INT64_MAX;
	for (size_t i = ledger->send_count; i-- > 0;) {
		const struct ledger_send *send = &ledger->counted[i];

		if (send->at_ms <= newest_ms ||
		    caps_check(&alone, send, 1, &question, work->now_ms).allowed)
			continue;
		newest_ms = send->at_ms;
		winner = ledger->sends[i].id;
	}
	return winner;
}

bool sched_limits_allow(struct sched_work *work, const struct sched_candidate *candidate,
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
	ret->cap = caps.cap;
	return false;
}

int64_t sched_earliest(struct sched_work *work, const struct sched_candidate *candidate,
		       int64_t from_ms)
{
	struct cap_verdict caps = ask_caps(work, candidate, from_ms);

	return awake_from(work, candidate, caps.allowed ? from_ms : caps.eligible_ms);
}
