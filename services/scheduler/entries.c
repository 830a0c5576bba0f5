/* entries.c - see entries.h. */
#include "entries.h"

#include "common/base/hash.h"
#include "common/policy/memory.h"
#include "common/policy/person.h"
#include "wake.h"

/* Does a new entry go before the one at `at`? */
static bool goes_before(const struct sched_ledger *ledger, const struct ledger_send *counted,
			const struct sched_send *send, size_t at)
{
	struct sched_send *other = &ledger->sends[at];

	if (counted->at_ms != ledger->counted[at].at_ms)
		return counted->at_ms < ledger->counted[at].at_ms;
	return send->elsewhere && other->elsewhere &&
	       strcmp(send->id, sched_send_id(ledger, other)) < 0;
}

void sched_count(struct sched_decision *decision, struct ledger_send counted,
		 struct sched_send send)
{
	struct sched_ledger *ledger = &decision->ledger;
	size_t at = ledger->send_count++;

	/*
	 * Entries are sorted by time, so that caps_check() can skip the old ones. Only mail of
	 * other tools comes late; entries of one instant are sorted by id, so that no reason
	 * depends on which arrived first.
	 */
	for (; at > 0 && goes_before(ledger, &counted, &send, at - 1); at--) {
		ledger->counted[at] = ledger->counted[at - 1];
		ledger->sends[at] = ledger->sends[at - 1];
	}
	ledger->counted[at] = counted;
	ledger->sends[at] = send;
	decision->entries++;
	decision->changed = true;
}

void sched_uncount(struct sched_decision *decision, size_t at)
{
	struct sched_ledger *ledger = &decision->ledger;
	size_t behind = --ledger->send_count - at;

	memmove(&ledger->counted[at], &ledger->counted[at + 1], behind * sizeof(*ledger->counted));
	memmove(&ledger->sends[at], &ledger->sends[at + 1], behind * sizeof(*ledger->sends));
	decision->entries++;
	decision->changed = true;
	sched_wake(decision, BLOCKED_BY_CAP, NULL);
	sched_wake(decision, BLOCKED_BY_LOOK_AHEAD, NULL);
}

void sched_remember_ended(struct sched_decision *decision, const Nurture__V1__Request *request,
			  int64_t granted_ms)
{
	int64_t from_ms =
	    request->expires_ms > decision->now_ms ? request->expires_ms : decision->now_ms;

	decision->ledger.ended[decision->ledger.ended_count++] = (struct sched_ended){
	    .request = hash64(slice_text(request->id)),
	    .until_ms = from_ms + REQUEST_REMEMBERED_MS,
	    .granted_ms = granted_ms,
	};
	decision->changed = true;
}

struct ledger_send sched_entry(const struct sched_candidate *candidate, int64_t at_ms)
{
	return (struct ledger_send){
	    .at_ms = at_ms,
	    .message_class = candidate->message_class,
	    .channel = candidate->channel,
	    .programme = candidate->request->programme,
	    .category = candidate->request->category,
	    .exempt = candidate->request->exempt,
	};
}

void sched_take(struct sched_decision *decision, struct sched_candidate *candidate, bool merged)
{
	const Nurture__V1__Request *request = candidate->request;
	struct ledger_send entry = sched_entry(candidate, decision->now_ms);

	entry.merged = merged;
	sched_count(
	    decision, entry,
	    (struct sched_send){
		.id = request->id,
		.message_class = request->message_class,
		.lapses_ms = request->reserve_ms ? decision->now_ms + request->reserve_ms : 0,
	    });
	candidate->gone = candidate->granted = true;
	sched_remember_ended(decision, request, decision->now_ms);
	/* Looks again at those that waited for this one to go out. */
	sched_wake(decision, BLOCKED_BY_LOOK_AHEAD, request->id);
}
