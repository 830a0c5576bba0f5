/* bounds.c - see bounds.h. */
#include "bounds.h"

#include <stdlib.h>

#include "common/stream/step_size.h"
#include "pass_on.h"

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

/* How much an entry is needed: the least goes first. */
enum need { NEEDED_NOT, NEEDED_BY_MAIL, NEEDED_BY_RULE, NEEDED_ALWAYS };

/*
 * A permit that may be given back or confirmed is needed by the rules as well.  Of a mail that may be
 * under way its inbox must hear what changes (pass_on.h).
 */
static const enum need *needs_of(const struct sched_decision *decision)
{
	const struct sched_ledger *ledger = &decision->ledger;
	const struct policy *policy = decision->policy;
	struct arena *arena = decision->step->arena;
	enum need *needs = arena_zalloc(arena, ledger->send_count * sizeof(*needs));
	bool *needed = arena_zalloc(arena, ledger->send_count * sizeof(*needed));

	for (unsigned i = 0; !policy->caps_off && i < policy->cap_count; i++)
		mark_needed(decision, &policy->caps[i], needed);
	mark_needed(decision, &policy->ceiling, needed);
	for (unsigned i = 0; i < decision->own_cap_count; i++)
		mark_needed(decision, &decision->own_caps[i], needed);
	for (size_t i = 0; i < ledger->send_count; i++)
		if (needed[i] || ledger->sends[i].lapses_ms)
			needs[i] = NEEDED_BY_RULE;
		else if (sched_is_under_way(decision, i))
			needs[i] = NEEDED_BY_MAIL;
	return needs;
}

static size_t count_elsewhere(const struct sched_ledger *ledger)
{
	size_t count = 0;

	for (size_t i = 0; i < ledger->send_count; i++)
		count += ledger->sends[i].elsewhere;
	return count;
}

/*
 * The oldest that are needed less than that go, until there is room.  Some more of them than must be,
 * so that not every step looks for what can go.
 */
static void drop(struct sched_ledger *ledger, const enum need *needs, enum need below)
{
	enum { LEFT = SCHED_SENDS_MAX / 4 * 3 };
	size_t count = ledger->send_count, elsewhere = count_elsewhere(ledger);

	ledger->send_count = 0;
	for (size_t i = 0, of = count; i < of; i++) {
		bool is_elsewhere = ledger->sends[i].elsewhere;

		if (needs[i] < below &&
		    (count > LEFT || (is_elsewhere && elsewhere > SCHED_ELSEWHERE_MAX))) {
			count--;
			elsewhere -= is_elsewhere;
			continue;
		}
		ledger->counted[ledger->send_count] = ledger->counted[i];
		ledger->sends[ledger->send_count++] = ledger->sends[i];
	}
}

static bool has_too_many(const struct sched_ledger *ledger)
{
	return ledger->send_count > SCHED_SENDS_MAX ||
	       (ledger->send_count > SCHED_ELSEWHERE_MAX &&
		count_elsewhere(ledger) > SCHED_ELSEWHERE_MAX);
}

/* What is needed goes as well where the rules together count more than a record has room for. */
static void bound_sends(struct sched_decision *decision)
{
	struct sched_ledger *ledger = &decision->ledger;

	if (!has_too_many(ledger))
		return;
	for (enum need below = NEEDED_BY_MAIL; below <= NEEDED_ALWAYS && has_too_many(ledger);
	     below++)
		drop(ledger, needs_of(decision), below);
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
