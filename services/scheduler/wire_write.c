/*
 * wire_write.c - see wire.h; the ledger to bytes.
 *
 * What did not change since it was read is copied, and room is reckoned
 * before writing, so a state is written in one pass.
 */
#include "wire.h"

#include "wire_answer.h"
#include "common/codec/protobuf_put.h"

enum {
	/* Of a Waiting without its request and texts: nine keys, lengths and numbers. */
	WAITING_MAX_BYTES = 9 * (1 + VARINT_MAX_BYTES),
};

static struct slice send_packed(const struct sched_ledger *ledger, size_t i, struct arena *arena)
{
	const struct ledger_send *counted = &ledger->counted[i];
	Nurture__V1__LedgerSend send = NURTURE__V1__LEDGER_SEND__INIT;

	if (ledger->sends[i].packed.len)
		return ledger->sends[i].packed;
	send.id = (char *)ledger->sends[i].id;
	send.at_ms = counted->at_ms;
	send.message_class = (char *)ledger->sends[i].message_class;
	send.channel = (char *)channel_text(counted->channel);
	send.programme = (char *)counted->programme;
	send.category = (char *)counted->category;
	send.exempt = counted->exempt;
	send.elsewhere = ledger->sends[i].elsewhere;
	send.lapses_ms = ledger->sends[i].lapses_ms;
	send.merged = counted->merged;
	return message_pack(&send, arena);
}

static struct slice task_packed(const struct sched_task *task, struct arena *arena)
{
	Nurture__V1__OpenTask open = NURTURE__V1__OPEN_TASK__INIT;

	if (task->packed.len)
		return task->packed;
	open.request = (char *)task->request;
	open.programme = (char *)task->programme;
	open.order = (char *)task->order;
	open.action = (char *)task->action;
	open.owner = (char *)task->owner;
	open.expires_ms = task->expires_ms;
	open.outlives_order = task->outlives_order;
	open.category = (char *)task->category;
	return message_pack(&open, arena);
}

/* A new deferral counts up; nothing else changes the reason. */
static bool is_as_stored(const struct sched_candidate *candidate)
{
	const struct sched_stored *stored = &candidate->stored;

	return stored->packed.len && stored->due_ms == candidate->due_ms &&
	       stored->next_ms == candidate->next_ms && stored->deferrals == candidate->deferrals;
}

static struct slice candidate_packed(const struct sched_candidate *candidate, struct arena *arena)
{
	const struct sched_reason *last = &candidate->last;
	size_t texts = 0;
	uint8_t *bytes, *at;

	if (is_as_stored(candidate))
		return candidate->stored.packed;
	if (last->by != BLOCKED_NOT)
		texts = strlen(last->rule) + strlen(last->won_by) + strlen(last->detail);
	bytes = arena_alloc(arena, candidate->packed.len + texts + WAITING_MAX_BYTES);
	at = put_message(bytes, 1, candidate->packed);
	at = put_number(at, 2, (uint64_t)candidate->next_ms);
	at = put_number(at, 3, candidate->due_ms == NEVER_MS ? 0 : (uint64_t)candidate->due_ms);
	at = put_number(at, 4, candidate->deferrals);
	if (last->by != BLOCKED_NOT) {
		at = put_number(at, 5, (uint64_t)last->by);
		at = put_text(at, 6, last->rule);
		at = put_text(at, 7, last->won_by);
		at = put_text(at, 8, last->detail);
		at = put_number(at, 9, (uint64_t)last->eligible_ms);
	}
	return slice_of(bytes, (size_t)(at - bytes));
}

static inline uint64_t ended_field(const struct sched_ended *ended, unsigned number)
{
	if (number == 4)
		return ended->request;
	return (uint64_t)(number == 5 ? ended->until_ms : ended->granted_ms);
}

/* Fields 4, 5 and 6, each a packed list. */
static uint8_t *put_ended(uint8_t *at, const struct sched_ledger *ledger)
{
	size_t count = ledger->ended_count;

	for (unsigned number = 4; number <= 6 && count; number++) {
		at = put_varint(put_key(at, number, WIRE_BYTES), count * FIXED64_BYTES);
		for (size_t i = 0; i < count; i++)
			at = put_fixed64(at, ended_field(&ledger->ended[i], number));
	}
	return at;
}

struct slice sched_ledger_encode(const struct sched_ledger *ledger, struct arena *arena)
{
	size_t count =
	    ledger->send_count + ledger->waiting_count + ledger->answer_count + ledger->task_count;
	struct slice *entries = arena_alloc(arena, (count + 1) * sizeof(*entries));
	size_t sends = ledger->send_count, used = 0, behind_waiting, behind_answers, size;
	uint8_t *bytes, *at;

	for (size_t i = 0; i < ledger->send_count; i++)
		entries[used++] = send_packed(ledger, i, arena);
	for (size_t i = 0; i < ledger->waiting_count; i++)
		if (!ledger->waiting[i]->gone)
			entries[used++] = candidate_packed(ledger->waiting[i], arena);
	behind_waiting = used;
	for (size_t i = 0; i < ledger->answer_count; i++)
		entries[used++] = sched_answer_packed(&ledger->answers[i], arena);
	behind_answers = used;
	for (size_t i = 0; i < ledger->task_count; i++)
		entries[used++] = task_packed(&ledger->tasks[i], arena);
	size = ledger->contact_packed.len + 3 * ledger->ended_count * FIXED64_BYTES +
	       (4 + used) * (2 + VARINT_MAX_BYTES);
	for (size_t i = 0; i < used; i++)
		size += entries[i].len;
	at = bytes = arena_alloc(arena, size);
	if (ledger->contact_packed.len)
		at = put_message(at, 1, ledger->contact_packed);
	for (size_t i = 0; i < behind_waiting; i++)
		at = put_message(at, i < sends ? 2 : 3, entries[i]);
	at = put_ended(at, ledger);
	for (size_t i = behind_waiting; i < used; i++)
		at = put_message(at, i < behind_answers ? 7 : 80, entries[i]);
	return slice_of(bytes, (size_t)(at - bytes));
}
