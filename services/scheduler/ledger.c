/* ledger.c - see ledger.h. */
#include "ledger.h"

#include "common/base/hash.h"
#include "common/policy/person.h"

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

void sched_remember_ended(struct sched_work *work, const Nurture__V1__Request *request,
			  int64_t granted_ms)
{
	int64_t from_ms = request->expires_ms > work->now_ms ? request->expires_ms : work->now_ms;

	work->ledger.ended[work->ledger.ended_count++] = (struct sched_ended){
	    .request = hash64(slice_text(request->id)),
	    .until_ms = from_ms + AFTERLIFE_MS,
	    .granted_ms = granted_ms,
	};
	work->changed = true;
}

const struct message_class *sched_class_of(const struct sched_work *work,
					   const struct sched_candidate *candidate)
{
	static const struct message_class none = {.name = ""};

	if (candidate->message_class == NO_CLASS)
		return &none;
	return &work->policy->classes[candidate->message_class];
}

struct send_question sched_question(const struct sched_work *work,
				    const struct sched_candidate *candidate)
{
	return (struct send_question){
	    .message_class = candidate->message_class,
	    .channel = candidate->channel,
	    .programme = candidate->request->programme,
	    .category = candidate->request->category,
	    .exempt = candidate->request->exempt,
	    .own_caps = work->own_caps,
	    .own_cap_count = work->own_cap_count,
	};
}

void sched_read_allowances(struct sched_work *work)
{
	const Nurture__V1__Contact *contact = work->ledger.contact;

	work->own_cap_count = (unsigned)contact->n_allowances;
	work->own_caps = person_own_caps(work->policy, contact->allowances, contact->n_allowances,
					 work->step->arena);
}

int64_t sched_memory_ms(const struct sched_work *work)
{
	const Nurture__V1__Contact *contact = work->ledger.contact;

	return person_memory_ms(work->policy,
				person_own_window_ms(contact->allowances, contact->n_allowances));
}
