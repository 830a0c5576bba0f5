/*
 * wire_read.c - see wire_read.h.
 *
 * What the ledger holds by the dozen stays packed beside what was read of it: what a step does
 * not change is written again as it came.
 */
#include "wire_read.h"

#include "common/codec/protobuf_message.h"
#include "common/message/kept_contact.h"
#include "common/message/ledger_version.h"
#include "wire_internal.h"

/* false: it is not as its version says. */
static bool fill_contact(struct sched_ledger *ledger, const Nurture__V1__Ledger *stored,
			 Nurture__V1__Contact *ret)
{
	const struct message_source *source = &ledger->source;
	Nurture__V1__KeptContact kept = NURTURE__V1__KEPT_CONTACT__INIT;
	struct slice packed = wire_slice(stored->contact);

	switch (ledger_version(packed)) {
	case LEDGER_TEXTS:
		return message_fill_state(source, ret->base.descriptor, packed, ret);
	case LEDGER_WORDS:
		break;
	case LEDGER_NEWER:
		return false;
	}
	if (!stored->person)
		return true;
	ledger->contact_kept = message_bytes(stored->person);
	return message_fill_state(source, kept.base.descriptor, ledger->contact_kept, &kept) &&
	       kept_contact_read(&ledger->words, &kept, source->arena, ret);
}

static int read_contact(struct wire_reading *reading, const Nurture__V1__Ledger *stored)
{
	struct sched_ledger *ledger = reading->ledger;
	Nurture__V1__Contact *contact = arena_alloc(ledger->source.arena, sizeof(*contact));

	if (ledger_version(wire_slice(stored->contact)) == LEDGER_NEWER) {
		err_set(reading->err, "contact: of a version that this build does not know");
		reading->err->kind = ERR_ENVIRONMENT;
		return -1;
	}
	nurture__v1__contact__init(contact);
	if (!fill_contact(ledger, stored, contact) || !wire_is_time(contact->paused_until_ms) ||
	    !wire_is_time(contact->erased_ms))
		return err_set(reading->err, "contact: not a readable Contact");
	for (size_t i = 0; i < contact->n_allowances; i++)
		if (!wire_is_time(contact->allowances[i]->window_ms))
			return err_set(reading->err, "contact: allowances[%zu]: no window", i);
	ledger->contact = contact;
	return 0;
}

/*
 * Ended requests are stored as three columns; entry i of each column belongs to the same request.
 */
static int read_ended(const Nurture__V1__Ledger *stored, struct arena *arena,
		      struct sched_ledger *ret, struct err *err)
{
	size_t count = stored->n_ended_request;

	if (stored->n_ended_until_ms != count || stored->n_ended_granted_ms != count)
		return err_set(err, "ended: %zu requests, but %zu and %zu times", count,
			       stored->n_ended_until_ms, stored->n_ended_granted_ms);
	ret->ended = arena_alloc(arena, (count + stored->n_waiting + stored->n_candidates + 2) *
					    sizeof(*ret->ended));
	for (size_t i = 0; i < count; i++) {
		ret->ended[i] = (struct sched_ended){
		    .request = stored->ended_request[i],
		    .until_ms = (int64_t)stored->ended_until_ms[i],
		    .granted_ms = (int64_t)stored->ended_granted_ms[i],
		};
		if (!wire_is_time(ret->ended[i].until_ms) ||
		    !wire_is_time(ret->ended[i].granted_ms))
			return err_set(err, "ended[%zu]: a time is out of range", i);
	}
	ret->ended_count = count;
	return 0;
}

static int read_answers(struct wire_reading *reading, const Nurture__V1__Ledger *stored)
{
	struct sched_ledger *ledger = reading->ledger;

	/*
	 * A question is answered when it arrives. If one stands among those that wait, by whatever
	 * damage, its end is an answer as well.
	 */
	size_t room = stored->n_answers + stored->n_waiting + stored->n_candidates + 1;

	ledger->answers =
	    arena_alloc(reading->ledger->source.arena, room * sizeof(*ledger->answers));
	for (size_t i = 0; i < stored->n_answers; i++) {
		struct slice packed = message_bytes(stored->answers[i]);
		struct sched_answer answer = {NURTURE__V1__KEPT_ANSWER__INIT, packed};

		if (!message_fill_state(&reading->ledger->source, answer.kept.base.descriptor,
					packed, &answer.kept))
			return err_set(reading->err, "answers[%zu]: not a readable KeptAnswer", i);
		ledger->answers[i] = answer;
	}
	ledger->answer_count = stored->n_answers;
	return 0;
}

static int read_tasks(struct wire_reading *reading, const Nurture__V1__Ledger *stored)
{
	struct sched_ledger *ledger = reading->ledger;
	/*
	 * Every candidate that waits may become a task in this step, and so may one that arrives.
	 */
	size_t room = stored->n_tasks + stored->n_waiting + stored->n_candidates + 1;

	ledger->tasks = arena_alloc(reading->ledger->source.arena, room * sizeof(*ledger->tasks));
	for (size_t i = 0; i < stored->n_tasks; i++) {
		struct slice packed = message_bytes(stored->tasks[i]);
		struct sched_task task = {NURTURE__V1__OPEN_TASK__INIT, packed};

		if (!message_fill_state(&reading->ledger->source, task.open.base.descriptor, packed,
					&task.open) ||
		    !wire_is_time(task.open.expires_ms))
			return err_set(reading->err, "tasks[%zu]: not a readable OpenTask", i);
		ledger->tasks[i] = task;
	}
	ledger->task_count = stored->n_tasks;
	return 0;
}

static int read_cancels(struct wire_reading *reading, const Nurture__V1__Ledger *stored)
{
	struct sched_ledger *ledger = reading->ledger;

	if (!stored->n_cancels)
		return 0;
	ledger->cancels =
	    arena_alloc(ledger->source.arena, stored->n_cancels * sizeof(*ledger->cancels));
	for (size_t i = 0; i < stored->n_cancels; i++) {
		struct slice packed = message_bytes(stored->cancels[i]);
		struct sched_cancelled cancel = {NURTURE__V1__KEPT_CANCEL__INIT, packed};

		if (!message_fill_state(&ledger->source, cancel.kept.base.descriptor, packed,
					&cancel.kept) ||
		    !wire_is_time(cancel.kept.at_ms))
			return err_set(reading->err, "cancels[%zu]: not a readable KeptCancel", i);
		ledger->cancels[i] = cancel;
	}
	ledger->cancel_count = stored->n_cancels;
	return 0;
}

int sched_ledger_decode(struct slice bytes, const struct policy *policy, struct arena *arena,
			struct sched_ledger *ret, struct err *err)
{
	struct sched_ledger ledger = {.source = message_source_of(bytes, arena)};
	struct wire_reading reading = {policy, &ledger, err};
	Nurture__V1__Ledger stored = NURTURE__V1__LEDGER__INIT;

	if (!message_fill_parts(&ledger.source, stored.base.descriptor, bytes, &stored))
		return err_set(err, "not a readable Ledger (%zu bytes)", bytes.len);
	ledger.words = words_of(stored.words, stored.n_words, arena);
	if (read_contact(&reading, &stored) < 0 || read_ended(&stored, arena, &ledger, err) < 0 ||
	    read_answers(&reading, &stored) < 0 || read_tasks(&reading, &stored) < 0 ||
	    read_cancels(&reading, &stored) < 0 || wire_read_sends(&reading, &stored) < 0 ||
	    wire_read_waiting(&reading, &stored) < 0)
		return -1;
	*ret = ledger;
	return 0;
}
