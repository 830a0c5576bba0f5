/*
 * limits.c - caps, nights and send windows together, to the millisecond.
 *
 * Caps count only what was sent, so without another send they can only
 * loosen as time goes by.  That is why the first instant that all allow is
 * found in one go: when the caps allow, and from there the first that is in
 * no night and inside the window.
 */
#include "limits.h"

#include "common/policy/quiet.h"
#include "common/policy/rule.h"

/* The hours of the day that a candidate keeps to. */
struct keeping {
	bool night;
	struct send_window window; /* all 0: none */
};

struct send_window sched_window(const struct sched_decision *decision,
				const struct sched_candidate *candidate)
{
	const Nurture__V1__Request *request = candidate->request;

	if (candidate->channel != CHANNEL_EMAIL)
		return (struct send_window){0, 0};
	if (request->send_best)
		return best_window(decision->policy, (int)decision->ledger.contact->best_hour - 1);
	return (struct send_window){(int)request->send_from_min, (int)request->send_to_min};
}

static struct keeping keeping_of(const struct sched_decision *decision,
				 const struct sched_candidate *candidate)
{
	return (struct keeping){candidate->channel != CHANNEL_TASK &&
				    sched_class_of(decision, candidate)->quiet_hours,
				sched_window(decision, candidate)};
}

static int64_t ask_hours(const struct sched_decision *decision, struct keeping keeping,
			 int64_t from_ms)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;
	const struct send_window *window = keeping.window.to_min ? &keeping.window : NULL;

	return (keeping.night ? sending_time
			      : window_time)(decision->policy, slice_text(contact->time_zone),
					     slice_text(contact->country), window, from_ms);
}

/* The contact does not change while a step decides, so an answer stays true. */
static int64_t hours_from(struct sched_decision *decision, struct keeping keeping, int64_t from_ms)
{
	bool has_window = keeping.window.to_min != 0;
	struct sched_hours *known =
	    &decision->hours[2 * has_window + (from_ms != decision->now_ms)];

	if (from_ms == NEVER_MS || (!keeping.night && !has_window))
		return from_ms;
	if (known->from_ms != from_ms || !known->at_ms || known->keeps_night != keeping.night ||
	    known->window.from_min != keeping.window.from_min ||
	    known->window.to_min != keeping.window.to_min)
		*known = (struct sched_hours){keeping.night, keeping.window, from_ms,
					      ask_hours(decision, keeping, from_ms)};
	return known->at_ms;
}

static struct cap_verdict ask_caps(const struct sched_decision *decision,
				   const struct sched_candidate *candidate, int64_t at_ms)
{
	const struct send_question question = sched_question(decision, candidate);

	return caps_check(decision->policy, decision->ledger.counted, decision->ledger.send_count,
			  &question, at_ms);
}

const char *sched_winner(const struct sched_decision *decision, const struct cap *cap)
{
	const struct sched_ledger *ledger = &decision->ledger;
	int64_t newest_ms = decision->now_ms - cap->window_ms; /* older ones do not count */
	size_t newest = ledger->send_count;

	for (size_t i = ledger->send_count; i-- > 0;) {
		const struct ledger_send *send = &ledger->counted[i];

		if (send->at_ms <= newest_ms || !cap_counts(decision->policy, cap, send))
			continue;
		newest_ms = send->at_ms;
		newest = i;
	}
	return newest < ledger->send_count ? sched_send_id(ledger, &ledger->sends[newest]) : "";
}

/* Says which of them is in the way now: the hour, the day or the window. */
static struct sched_reason hours_reason(const struct sched_decision *decision,
					struct keeping keeping)
{
	const Nurture__V1__Contact *contact = decision->ledger.contact;
	const char *rule = hours_rule(decision->policy, slice_text(contact->time_zone),
				      slice_text(contact->country), &keeping.window, keeping.night,
				      decision->now_ms);

	return sched_reason(rule_is(rule, RULE_SEND_AT) ? BLOCKED_BY_SEND_WINDOW
							: BLOCKED_BY_QUIET_HOURS,
			    rule, "");
}

bool sched_limits_allow(struct sched_decision *decision, const struct sched_candidate *candidate,
			struct sched_reason *ret)
{
	struct cap_verdict caps = ask_caps(decision, candidate, decision->now_ms);
	struct keeping keeping = keeping_of(decision, candidate);
	int64_t at_ms = hours_from(decision, keeping, caps.eligible_ms);

	if (!caps.allowed) {
		*ret = sched_reason(BLOCKED_BY_CAP, caps.cap->name, "");
		ret->count = caps.count;
		ret->limit = caps.cap->limit;
		ret->window_s = caps.cap->window_ms / SECOND_MS;
		ret->cap = caps.cap;
	} else if (at_ms == decision->now_ms) {
		return true;
	} else {
		*ret = hours_reason(decision, keeping);
	}
	ret->eligible_ms = at_ms;
	return false;
}

bool sched_window_is_open(struct sched_decision *decision, const struct sched_candidate *candidate)
{
	struct keeping keeping = {.window = sched_window(decision, candidate)};

	return hours_from(decision, keeping, decision->now_ms) == decision->now_ms;
}

int64_t sched_earliest(struct sched_decision *decision, const struct sched_candidate *candidate,
		       int64_t from_ms)
{
	struct cap_verdict caps = ask_caps(decision, candidate, from_ms);

	return hours_from(decision, keeping_of(decision, candidate), caps.eligible_ms);
}
