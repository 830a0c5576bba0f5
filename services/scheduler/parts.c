/*
 * parts.c - which requests go out in another one's mail of their merge group.
 *
 * The mail counts once.  So neither caps over classes nor look-ahead are asked
 * about a part, but only rules that name a programme or a category; they are
 * asked with the lead and the earlier parts in the ledger.
 */
#include "parts.h"

#include "coupon.h"
#include "end.h"
#include "entries.h"
#include "blocker.h"
#include "limits.h"
#include "verdict.h"

static bool may_add(struct sched_decision *decision, const struct sched_candidate *candidate,
		    const struct sched_candidate *lead)
{
	struct sched_verdict verdict;

	return candidate != lead && !candidate->gone && candidate->channel == CHANNEL_EMAIL &&
	       strcmp(candidate->request->merge, lead->request->merge) == 0 &&
	       candidate->due_ms <= decision->now_ms &&
	       !sched_must_end(decision, candidate, decision->now_ms, &verdict) &&
	       sched_blocker_of(decision, candidate) == BLOCKED_NOT &&
	       sched_window_is_open(decision, candidate);
}

/*
 * Sorts the candidates into the order of sched_precedes(): a follower that this instant has made
 * due may not be in its place yet.
 */
static void put_in_order(struct sched_candidate **found, size_t count,
			 struct sched_candidate *candidate)
{
	for (; count > 0 && sched_precedes(candidate, found[count - 1]); count--)
		found[count] = found[count - 1];
	found[count] = candidate;
}

struct sched_candidate **sched_find_parts(struct sched_decision *decision,
					  const struct sched_candidate *lead, size_t *ret_count)
{
	const struct sched_ledger *ledger = &decision->ledger;
	struct sched_candidate **found = NULL;

	*ret_count = 0;
	if (!lead->request->merge[0])
		return NULL;
	for (size_t i = 0; i < ledger->waiting_count; i++) {
		if (!may_add(decision, ledger->waiting[i], lead))
			continue;
		if (!found)
			found = arena_alloc(decision->step->arena,
					    ledger->waiting_count * sizeof(*found));
		put_in_order(found, (*ret_count)++, ledger->waiting[i]);
	}
	return found;
}

void sched_add_parts(struct sched_decision *decision, struct sched_candidate **found, size_t count,
		     struct sched_parts *ret)
{
	for (size_t i = 0; i < count && ret->count < SHAPE_PARTS_MAX; i++) {
		struct sched_part *part = &ret->items[ret->count];
		struct send_question question = sched_question(decision, found[i]);
		struct sched_reason none_left;

		question.merged = true;
		if (!caps_check(decision->policy, decision->ledger.counted,
				decision->ledger.send_count, &question, decision->now_ms)
			 .allowed)
			continue;
		part->candidate = found[i];
		part->coupon = sched_draw_coupon(decision, found[i], &none_left);
		if (!part->coupon) {
			sched_end(decision, found[i], STATUS_UNDELIVERABLE, none_left);
			continue;
		}
		sched_explain(decision, found[i], &question, NULL, &part->explanation);
		sched_take(decision, found[i], true);
		ret->count++;
	}
}
