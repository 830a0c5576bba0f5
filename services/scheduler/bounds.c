/* bounds.c - see bounds.h. */
#include "bounds.h"

#include <stdlib.h>

#include "common/stream/step_size.h"

/* What one takes in the state, with a margin; the ids of other tools' mails may have 200 bytes. */
enum { SEND_BYTES = 48, ENDED_BYTES = 24, ELSEWHERE_BYTES = 208 };

_Static_assert(SCHED_STATE_MAX_BYTES + SCHED_SENDS_MAX * SEND_BYTES +
		       SCHED_ENDED_MAX * ENDED_BYTES <
		   STEP_BYTES_MAX_USUAL - STEP_ROOM_BYTES,
	       "a ledger that is full must fit into a record");
_Static_assert(SCHED_ELSEWHERE_MAX *ELSEWHERE_BYTES < SCHED_STATE_MAX_BYTES / 2,
	       "mails of other tools must leave room for what waits");

/* Of what a rule counts the newest are needed, as many as use it up. */
static void mark_needed(const struct sched_decision *decision, const struct cap *cap, bool *needed)
{
	const struct sched_ledger *ledger = &decision->ledger;
	int64_t left = cap->limit == INT64_MAX ? 0 : cap->limit;

	for (size_t i = ledger->send_count; i-- > 0 && left > 0;) {
		const struct ledger_send *send = &ledger->counted[i];

		if (send->at_ms <= decision->now_ms - cap->window_ms)
			break; /* they are in the order of their times */
		if (!cap_counts(decision->policy, cap, send))
			continue;
		needed[i] = true;
		left--;
	}
}

/* A permit that may be given back or confirmed is needed as well. */
static const bool *needed_sends(const struct sched_decision *decision)
{
	const struct sched_ledger *ledger = &decision->ledger;
	const struct policy *policy = decision->policy;
	bool *needed = arena_zalloc(decision->step->arena, ledger->send_count * sizeof(*needed));

	for (unsigned i = 0; !policy->caps_off && i < policy->cap_count; i++)
		mark_needed(decision, &policy->caps[i], needed);
	mark_needed(decision, &policy->ceiling, needed);
	for (unsigned i = 0; i < decision->own_cap_count; i++)
		mark_needed(decision, &decision->own_caps[i], needed);
	for (size_t i = 0; i < ledger->send_count; i++)
		needed[i] |= ledger->sends[i].lapses_ms != 0;
	return needed;
}

static size_t count_elsewhere(const struct sched_ledger *ledger)
{
	size_t count = 0;

	for (size_t i = 0; i < ledger->send_count; i++)
		count += ledger->sends[i].elsewhere;
	return count;
}

/* Some more of them than must be, so that not every step looks for what can go. */
static void bound_sends(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;
	size_t count = ledger->send_count, elsewhere, kept = 0;
	const bool *needed;

	if (count <= SCHED_ELSEWHERE_MAX)
		return;
	elsewhere = count_elsewhere(ledger);
	if (count <= SCHED_SENDS_MAX && elsewhere <= SCHED_ELSEWHERE_MAX)
		return;
	needed = needed_sends(decision);
	for (size_t i = 0; i < ledger->send_count; i++) {
		bool is_elsewhere = ledger->sends[i].elsewhere;

		if (!needed[i] && (count > SCHED_SENDS_MAX / 4 * 3 ||
				   (is_elsewhere && elsewhere > SCHED_ELSEWHERE_MAX))) {
			count--;
			elsewhere -= is_elsewhere;
			continue;
		}
		ledger->counted[kept] = ledger->counted[i];
		ledger->sends[kept++] = ledger->sends[i];
	}
	ledger->send_count = kept;
	decision->entries++;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void bound_ended(struct sched_decision *decision)
{
	enum { LEFT = SCHED_ENDED_MAX / 4 * 3 };
	struct sched_ledger *ledger = &decision->ledger;
	size_t count = ledger->ended_count, kept = 0;
	int64_t *until_ms, last_ms;

	if (count <= SCHED_ENDED_MAX)
		return;
	until_ms = arena_alloc(decision->step->arena, count * sizeof(*until_ms));
	for (size_t i = 0; i < count; i++)
		until_ms[i] = ledger->ended[i].until_ms;
	qsort(until_ms, count, sizeof(*until_ms), compare);
	last_ms = until_ms[count - LEFT];
	for (size_t i = 0; i < ledger->ended_count; i++) {
		bool goes = ledger->ended[i].until_ms < last_ms ||
			    (ledger->ended[i].until_ms == last_ms && count > LEFT);

		count -= goes;
		if (!goes)
			ledger->ended[kept++] = ledger->ended[i];
	}
	ledger->ended_count = kept;
}

void sched_bound(struct sched_decision *decision)
{
	bound_sends(decision);
	bound_ended(decision);
}
