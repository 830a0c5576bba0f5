/*
 * grant.c - it may be heard: into the ledger, and out.
 *
 * A mail's terminal outcome is the email-sender's to write; a task and a
 * permit are over with the grant.
 */
#include "decide.h"

#include "../../common/base/hash.h"
#include "wire.h"

enum { TASK_MAX_BYTES = 1024 * 1024 };

void sched_count(struct sched_work *work, struct ledger_send counted, struct sched_send send)
{
	struct sched_ledger *ledger = &work->ledger;

	ledger->counted[ledger->send_count] = counted;
	ledger->sends[ledger->send_count] = send;
	ledger->send_count++;
	work->changed = true;
}

static void dispatch(struct sched_work *work, const struct sched_candidate *candidate)
{
	const Nurture__V1__Contact *contact = work->ledger.contact;
	Nurture__V1__Dispatch body = NURTURE__V1__DISPATCH__INIT;
	char id[ID_TEXT_BYTES];

	id_of_texts(id, candidate->request->id, channel_text(candidate->channel), NULL);
	body.id = id;
	body.email = contact->email;
	body.name = contact->name;
	body.locale = contact->locale;
	body.time_zone = contact->time_zone;
	body.country = contact->country;
	body.granted_ms = work->now_ms;
	body.policy = (char *)work->policy->hash;
	step_emit(work->step, SCHED_DISPATCH,
		  sched_dispatch_encode(&body, candidate->packed, work->now_ms,
					work->step->arena));
}

static void create_task(struct sched_work *work, const struct sched_candidate *candidate)
{
	const Nurture__V1__Request *request = candidate->request;
	struct arena *arena = work->step->arena;
	struct buf bytes = BUF_MAX(TASK_MAX_BYTES);
	Nurture__V1__Task task = NURTURE__V1__TASK__INIT;
	char id[ID_TEXT_BYTES];

	id_of_texts(id, request->id, channel_text(candidate->channel), NULL);
	task.time_ms = (uint64_t)work->now_ms;
	task.id = id;
	task.request = request->id;
	task.customer = (char *)work->customer;
	task.programme = request->programme;
	task.owner = request->owner;
	task.action = request->action;
	task.name = work->ledger.contact->name;
	task.email = work->ledger.contact->email;
	task.due_ms = candidate->due_ms;
	task.expires_ms = request->expires_ms;
	task.data = request->data;
	task.n_data = request->n_data;
	task_encode(&task, work->service->format, &bytes);
	step_emit(work->step, SCHED_TASKS,
		  slice_of(arena_copy(arena, bytes.bytes, bytes.len), bytes.len));
	buf_free(&bytes);
	sched_put_outcome(work, candidate, STATUS_TASK_CREATED, NULL, "end");
}

/* Their due time is known from now on. */
static void lead_followers(struct sched_work *work, const char *request)
{
	for (size_t i = 0; i < work->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = work->ledger.waiting[i];
		const Nurture__V1__Request *asked = candidate->request;
		int64_t due_ms = work->now_ms + asked->follow_after_ms;

		if (candidate->gone || candidate->due_ms != NEVER_MS ||
		    strcmp(asked->follows, request) != 0)
			continue;
		candidate->due_ms = due_ms > asked->due_ms ? due_ms : asked->due_ms;
		sched_look_at(candidate, candidate->due_ms);
	}
}

void sched_grant(struct sched_work *work, struct sched_candidate *candidate)
{
	const Nurture__V1__Request *request = candidate->request;

	sched_count(work,
		    (struct ledger_send){
			    .at_ms = work->now_ms,
			    .message_class = candidate->message_class,
			    .channel = candidate->channel,
			    .programme = request->programme,
			    .category = request->category,
			    .exempt = request->exempt,
		    },
		    (struct sched_send){.id = request->id,
					.message_class = request->message_class});
	candidate->gone = true;
	sched_remember_ended(work, request, work->now_ms);
	lead_followers(work, request->id);
	switch (candidate->channel) {
	case CHANNEL_EMAIL:
		dispatch(work, candidate);
		break;
	case CHANNEL_TASK:
		create_task(work, candidate);
		break;
	case CHANNEL_EXTERNAL:
		sched_put_outcome(work, candidate, STATUS_PERMITTED, NULL, "end");
		break;
	case CHANNEL_COUNT:
		break;
	}
}
