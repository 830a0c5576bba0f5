/* unite.c - see unite.h. */
#include "unite.h"

#include "admit.h"
#include "cancel.h"
#include "common/base/hash.h"
#include "entries.h"
#include "common/policy/event_type.h"
#include "pass_on.h"
#include "tasks.h"

/* Moves a list into one with room for what both ledgers and the rest of the step may put there. */
static void *with_room(struct sched_decision *decision, const void *list, size_t count, size_t size,
		       size_t room)
{
	void *ret = arena_alloc(decision->step->arena, (count + room) * size);

	if (count)
		memcpy(ret, list, count * size);
	return ret;
}

/* Each that waits may be granted, end, and become a task. */
static void make_room(struct sched_decision *decision, const struct sched_ledger *other)
{
	enum { BEYOND = 4 };
	struct sched_ledger *own = &decision->ledger;
	size_t waiting = own->waiting_count + other->waiting_count + BEYOND;

#define ROOM(list, count_)                                                                         \
	own->list = with_room(decision, own->list, own->count_, sizeof(*own->list),                \
			      other->count_ + waiting)
	ROOM(counted, send_count);
	ROOM(sends, send_count);
	ROOM(waiting, waiting_count);
	ROOM(ended, ended_count);
	ROOM(answers, answer_count);
	ROOM(tasks, task_count);
	ROOM(cancels, cancel_count);
#undef ROOM
}

static bool is_counted(const struct sched_ledger *ledger, const struct sched_send *send)
{
	for (size_t i = 0; i < ledger->send_count; i++)
		if (ledger->sends[i].elsewhere == send->elsewhere &&
		    strcmp(sched_send_id(ledger, &ledger->sends[i]), send->id) == 0)
			return true;
	return false;
}

static void unite_sends(struct sched_decision *decision, const struct sched_ledger *other)
{
	for (size_t i = 0; i < other->send_count; i++) {
		struct sched_send send = other->sends[i];

		send.id = sched_send_id(other, &send);
		send.words = (struct sched_send_words){0, 0, 0};
		if (!is_counted(&decision->ledger, &send))
			sched_count(decision, other->counted[i], send);
	}
}

static void unite_ended(struct sched_ledger *own, const struct sched_ledger *other)
{
	for (size_t i = 0; i < other->ended_count; i++)
		if (!sched_ended_of(own, other->ended[i].request))
			own->ended[own->ended_count++] = other->ended[i];
}

/* The newest of both are kept; nobody knows any more which of them came first. */
static void unite_answers(struct sched_ledger *own, const struct sched_ledger *other)
{
	size_t own_most = SCHED_ANSWERS_MAX / 2, taken = other->answer_count, over;

	if (own->answer_count < own_most)
		own_most = own->answer_count;
	if (taken > SCHED_ANSWERS_MAX - own_most)
		taken = SCHED_ANSWERS_MAX - own_most;
	over = own->answer_count + taken > SCHED_ANSWERS_MAX
		   ? own->answer_count + taken - SCHED_ANSWERS_MAX
		   : 0;
	memmove(own->answers, own->answers + over,
		(own->answer_count -= over) * sizeof(*own->answers));
	for (size_t i = other->answer_count - taken; i < other->answer_count; i++)
		own->answers[own->answer_count++] = other->answers[i];
}

/* In the order of their ends, since the oldest go when there are too many. */
static void unite_tasks(struct sched_decision *decision, const struct sched_ledger *other)
{
	struct sched_ledger *own = &decision->ledger;

	for (size_t i = 0; i < other->task_count; i++) {
		size_t at = own->task_count++;

		for (;
		     at > 0 && own->tasks[at - 1].open.expires_ms > other->tasks[i].open.expires_ms;
		     at--)
			own->tasks[at] = own->tasks[at - 1];
		own->tasks[at] = other->tasks[i];
	}
}

/* Takes back tasks of the other: whoever has one must hear of it. */
static void take_back_tasks(struct sched_decision *decision, struct sched_ledger *other,
			    const Nurture__V1__Cancel *cancel)
{
	struct sched_ledger *own = &decision->ledger;
	struct sched_task *tasks = own->tasks;
	size_t count = own->task_count;

	own->tasks = other->tasks;
	own->task_count = other->task_count;
	sched_cancel_tasks(decision, cancel);
	other->task_count = own->task_count;
	own->tasks = tasks;
	own->task_count = count;
}

/* What was heard under the id that lives before the other's tasks came. */
static void take_back_as_own(struct sched_decision *decision, struct sched_ledger *other)
{
	const struct sched_ledger *own = &decision->ledger;

	for (size_t i = 0; i < own->cancel_count; i++) {
		const Nurture__V1__Cancel cancel = sched_cancel_of(&own->cancels[i].kept);

		if (sched_is_about_one(&cancel))
			take_back_tasks(decision, other, &cancel);
	}
}

static bool is_known(const struct sched_ledger *ledger, const char *request)
{
	for (size_t i = 0; i < ledger->waiting_count; i++)
		if (strcmp(ledger->waiting[i]->request->id, request) == 0)
			return true;
	return sched_find_ended(ledger, request) != NULL;
}

/* The candidate as if it had just been read from the topic, with what became of it so far. */
static int detach(const struct sched_ledger *other, struct sched_candidate *candidate,
		  struct err *err)
{
	Nurture__V1__Request *whole;

	if (sched_pack_request(other, candidate, err) < 0) {
		err->kind = ERR_INPUT; /* of the other, not of the customer's own ledger */
		return -1;
	}
	whole = message_unpack(&nurture__v1__request__descriptor, candidate->packed,
			       other->source.arena);
	if (!whole)
		return err_set(err, "waiting: a request is not readable");
	candidate->request = whole;
	candidate->kept = NULL;
	candidate->stored = (struct sched_stored){.packed = slice_of(NULL, 0)};
	return 0;
}

static int unite_waiting(struct sched_decision *decision, const struct sched_ledger *other,
			 struct err *err)
{
	int64_t soonest_ms = decision->now_ms + decision->service->settle_ms;

	for (size_t i = 0; i < other->waiting_count; i++) {
		struct sched_candidate *candidate = other->waiting[i];
		bool waits_longer =
		    candidate->last.by == BLOCKED_NOT && candidate->next_ms > soonest_ms;

		if (is_known(&decision->ledger, candidate->request->id))
			continue;
		if (detach(other, candidate, err) < 0)
			return -1;
		if (sched_cancel_candidate(decision, candidate))
			continue;
		if (!sched_has_room(decision)) {
			sched_turn_away(decision, candidate);
			continue;
		}
		sched_look_at(candidate, waits_longer ? candidate->next_ms : soonest_ms);
		sched_enter(&decision->ledger, candidate);
	}
	return 0;
}

int sched_unite(struct sched_decision *decision, struct sched_ledger *other, int64_t merged_ms,
		struct err *err)
{
	struct sched_ledger *own = &decision->ledger;
	const Nurture__V1__Contact *before = own->contact;
	Nurture__V1__Cancel everything = NURTURE__V1__CANCEL__INIT;

	make_room(decision, other);
	/* Of who was erased after the merge nothing is known; what waits still has its end. */
	if (merged_ms > own->contact->erased_ms) {
		sched_unite_contact(decision, other->contact, merged_ms);
		sched_pass_on_contact(decision, before, own->contact);
	} else {
		everything.reason = event_type_text(EVENT_CUSTOMER_ERASED);
		take_back_tasks(decision, other, &everything);
		other->cancel_count = 0;
	}
	sched_cancel_as(decision, other);
	take_back_as_own(decision, other);
	unite_sends(decision, other);
	unite_ended(own, other);
	unite_answers(own, other);
	unite_tasks(decision, other);
	decision->changed = true;
	if (unite_waiting(decision, other, err) < 0)
		return -1;
	sched_unite_cancels(own, other);
	return 0;
}
