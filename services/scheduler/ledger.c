/* ledger.c - see ledger.h. */
#include "ledger.h"

#include <string.h>

#include "common/base/hash.h"

bool sched_is_higher(const struct sched_candidate *a, const struct sched_candidate *b)
{
	if (a->request->priority != b->request->priority)
		return a->request->priority > b->request->priority;
	return a->request->value_e4 > b->request->value_e4;
}

bool sched_precedes(const struct sched_candidate *a, const struct sched_candidate *b)
{
	if (a->request->priority != b->request->priority)
		return a->request->priority > b->request->priority;
	if (a->request->value_e4 != b->request->value_e4)
		return a->request->value_e4 > b->request->value_e4;
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	return strcmp(a->request->id, b->request->id) < 0;
}

/* Moves the entry at `at` forward to its place among the ones before it. */
static void settle_in(struct sched_candidate **waiting, size_t at)
{
	struct sched_candidate *candidate = waiting[at];

	for (; at > 0 && sched_precedes(candidate, waiting[at - 1]); at--)
		waiting[at] = waiting[at - 1];
	waiting[at] = candidate;
}

void sched_enter(struct sched_ledger *ledger, struct sched_candidate *candidate)
{
	ledger->waiting[ledger->waiting_count] = candidate;
	settle_in(ledger->waiting, ledger->waiting_count++);
}

void sched_reorder(struct sched_ledger *ledger)
{
	for (size_t i = 1; i < ledger->waiting_count; i++)
		settle_in(ledger->waiting, i);
}

void sched_look_at(struct sched_candidate *candidate, int64_t time_ms)
{
	int64_t expires_ms = candidate->request->expires_ms;

	candidate->next_ms = time_ms < expires_ms ? time_ms : expires_ms;
}

const char *sched_send_id(const struct sched_ledger *ledger, struct sched_send *send)
{
	if (!send->id)
		send->id = words_id_text(send->id_bytes, ledger->source.arena);
	return send->id;
}

const struct sched_ended *sched_ended_of(const struct sched_ledger *ledger, uint64_t request)
{
	for (size_t i = 0; i < ledger->ended_count; i++)
		if (ledger->ended[i].request == request)
			return &ledger->ended[i];
	return NULL;
}

const struct sched_ended *sched_find_ended(const struct sched_ledger *ledger, const char *request)
{
	return sched_ended_of(ledger, hash64(slice_text(request)));
}
