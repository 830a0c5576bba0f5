/*
 * wire_write.c - see wire_write.h.
 *
 * What did not change since it was read goes in as the bytes that it came as.
 */
#include "wire_write.h"

#include "common/codec/protobuf_message.h"
#include "common/message/kept_contact.h"
#include "common/message/ledger_version.h"
#include "wire_internal.h"

/* Writes the ended requests as three columns. */
static void put_ended(const struct sched_ledger *ledger, struct arena *arena,
		      Nurture__V1__Ledger *ret)
{
	size_t count = ledger->ended_count;
	uint64_t *columns = arena_alloc(arena, 3 * count * sizeof(*columns));

	ret->ended_request = columns;
	ret->ended_until_ms = columns + count;
	ret->ended_granted_ms = columns + 2 * count;
	ret->n_ended_request = ret->n_ended_until_ms = ret->n_ended_granted_ms = count;
	for (size_t i = 0; i < count; i++) {
		ret->ended_request[i] = ledger->ended[i].request;
		ret->ended_until_ms[i] = (uint64_t)ledger->ended[i].until_ms;
		ret->ended_granted_ms[i] = (uint64_t)ledger->ended[i].granted_ms;
	}
}

/* The ledger itself holds the messages of answers and tasks. */
static void put_answers_and_tasks(const struct sched_ledger *ledger, struct arena *arena,
				  Nurture__V1__Ledger *ret)
{
	ret->answers = arena_alloc(arena, ledger->answer_count * sizeof(*ret->answers));
	ret->tasks = arena_alloc(arena, ledger->task_count * sizeof(*ret->tasks));
	for (size_t i = 0; i < ledger->answer_count; i++) {
		struct sched_answer *answer = &ledger->answers[i];

		ret->answers[ret->n_answers++] =
		    answer->packed.len ? message_packed(answer->packed, arena) : &answer->kept;
	}
	for (size_t i = 0; i < ledger->task_count; i++) {
		struct sched_task *task = &ledger->tasks[i];

		ret->tasks[ret->n_tasks++] =
		    task->packed.len ? message_packed(task->packed, arena) : &task->open;
	}
}

static void put_cancels(const struct sched_ledger *ledger, struct arena *arena,
			Nurture__V1__Ledger *ret)
{
	if (!ledger->cancel_count)
		return;
	ret->cancels = arena_alloc(arena, ledger->cancel_count * sizeof(*ret->cancels));
	for (size_t i = 0; i < ledger->cancel_count; i++) {
		struct sched_cancelled *cancel = &ledger->cancels[i];

		ret->cancels[ret->n_cancels++] =
		    cancel->packed.len ? message_packed(cancel->packed, arena) : &cancel->kept;
	}
}

static void put_contact(struct sched_ledger *ledger, struct arena *arena, Nurture__V1__Ledger *ret)
{
	if (ledger->contact_kept.len) {
		ret->person = message_packed(ledger->contact_kept, arena);
		return;
	}
	ret->person = arena_alloc(arena, sizeof(*ret->person));
	nurture__v1__kept_contact__init(ret->person);
	kept_contact_write(&ledger->words, ledger->contact, arena, ret->person);
	ledger->contact_kept = message_pack(ret->person, arena);
	/* Of a person of whom nothing is known there is nothing to be kept. */
	ret->person = ledger->contact_kept.len ? message_packed(ledger->contact_kept, arena) : NULL;
}

static bool is_empty(const Nurture__V1__Ledger *ledger)
{
	return !ledger->person && ledger->n_send_what + ledger->n_candidates + ledger->n_waiting +
					  ledger->n_ended_request + ledger->n_answers +
					  ledger->n_tasks + ledger->n_cancels ==
				      0;
}

/* Begins anew with the state's own words: then only those that are still used come back. */
static void forget_words(struct sched_ledger *ledger)
{
	if (!wire_forget_words(ledger))
		return;
	ledger->contact_kept.len = 0;
	for (size_t i = 0; i < ledger->send_count; i++)
		ledger->sends[i].words = (struct sched_send_words){0, 0, 0};
}

struct slice sched_ledger_encode(struct sched_ledger *ledger, struct arena *arena)
{
	Nurture__V1__Ledger to = NURTURE__V1__LEDGER__INIT;

	if (ledger->words.count > WORDS_MANY)
		forget_words(ledger);
	put_contact(ledger, arena, &to);
	wire_write_sends(ledger, arena, &to);
	wire_write_waiting(ledger, arena, &to);
	put_ended(ledger, arena, &to);
	put_answers_and_tasks(ledger, arena, &to);
	put_cancels(ledger, arena, &to);
	if (is_empty(&to))
		return slice_of(NULL, 0);
	to.words = ledger->words.own;
	to.n_words = ledger->words.count;
	to.contact = wire_binary(ledger_version_mark());
	return message_pack(&to, arena);
}
