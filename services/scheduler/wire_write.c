/*
 * wire_write.c - see wire_write.h.
 *
 * What did not change since it was read goes in as the bytes that it came as.
 */
#include "wire_write.h"

#include "common/codec/protobuf_message.h"

static ProtobufCBinaryData binary(struct slice bytes)
{
	return (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.bytes};
}

static void *send_message(const struct sched_ledger *ledger, size_t i, struct arena *arena)
{
	const struct ledger_send *counted = &ledger->counted[i];
	Nurture__V1__LedgerSend *send;

	if (ledger->sends[i].packed.len)
		return message_packed(ledger->sends[i].packed, arena);
	send = arena_alloc(arena, sizeof(*send));
	nurture__v1__ledger_send__init(send);
	send->id = (char *)ledger->sends[i].id;
	send->at_ms = counted->at_ms;
	send->message_class = (char *)ledger->sends[i].message_class;
	send->channel = (char *)channel_text(counted->channel);
	send->programme = (char *)counted->programme;
	send->category = (char *)counted->category;
	send->exempt = counted->exempt;
	send->elsewhere = ledger->sends[i].elsewhere;
	send->lapses_ms = ledger->sends[i].lapses_ms;
	send->merged = counted->merged;
	return send;
}

/*
 * Is the candidate as it was stored? Every new deferral raises the count, and nothing else changes
 * the reason.
 */
static bool is_as_stored(const struct sched_candidate *candidate)
{
	const struct sched_stored *stored = &candidate->stored;

	return stored->packed.len && stored->due_ms == candidate->due_ms &&
	       stored->next_ms == candidate->next_ms && stored->deferrals == candidate->deferrals;
}

static void *waiting_message(const struct sched_candidate *candidate, struct arena *arena)
{
	const struct sched_reason *last = &candidate->last;
	Nurture__V1__Waiting *waiting;

	if (is_as_stored(candidate))
		return message_packed(candidate->stored.packed, arena);
	waiting = arena_alloc(arena, sizeof(*waiting));
	nurture__v1__waiting__init(waiting);
	waiting->request = binary(candidate->packed);
	waiting->next_ms = candidate->next_ms;
	waiting->due_ms = candidate->due_ms == NEVER_MS ? 0 : candidate->due_ms;
	waiting->deferrals = candidate->deferrals;
	if (last->by == BLOCKED_NOT)
		return waiting;
	waiting->blocked_by = (Nurture__V1__Blocker)last->by;
	waiting->rule = (char *)last->rule;
	waiting->won_by = (char *)last->won_by;
	waiting->detail = (char *)last->detail;
	waiting->eligible_ms = last->eligible_ms;
	return waiting;
}

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

struct slice sched_ledger_encode(const struct sched_ledger *ledger, struct arena *arena)
{
	Nurture__V1__Ledger to = NURTURE__V1__LEDGER__INIT;

	to.contact = binary(ledger->contact_packed);
	to.sends = arena_alloc(arena, ledger->send_count * sizeof(*to.sends));
	for (size_t i = 0; i < ledger->send_count; i++)
		to.sends[to.n_sends++] = send_message(ledger, i, arena);
	to.waiting = arena_alloc(arena, ledger->waiting_count * sizeof(*to.waiting));
	for (size_t i = 0; i < ledger->waiting_count; i++)
		if (!ledger->waiting[i]->gone)
			to.waiting[to.n_waiting++] = waiting_message(ledger->waiting[i], arena);
	put_ended(ledger, arena, &to);
	put_answers_and_tasks(ledger, arena, &to);
	return message_pack(&to, arena);
}
