/*
 * wire_read.c - see wire_read.h.
 *
 * What the ledger holds by the dozen stays packed beside what was read of it: what a step does
 * not change is written again as it came.
 */
#include "wire_read.h"

#include "common/codec/protobuf_message.h"

enum { ROOM_BEYOND = 3 }; /* a send of this step, one of another tool, one that is only imagined */

/* What the parts of one decoding share. */
struct reading {
	struct message_source source;
	const struct policy *policy;
	struct sched_ledger *ledger;
	struct err *err;
};

/* Far beyond the year 9999, and no sum of a few of them overflows. */
static bool is_time(int64_t time_ms)
{
	return time_ms >= 0 && time_ms < INT64_C(1) << 60;
}

static int read_contact(struct reading *reading, struct slice packed)
{
	Nurture__V1__Contact *contact = arena_alloc(reading->source.arena, sizeof(*contact));

	nurture__v1__contact__init(contact);
	if (!message_fill_state(&reading->source, contact->base.descriptor, packed, contact) ||
	    !is_time(contact->paused_until_ms) || !is_time(contact->erased_ms))
		return err_set(reading->err, "contact: not a readable Contact");
	for (size_t i = 0; i < contact->n_allowances; i++)
		if (!is_time(contact->allowances[i]->window_ms))
			return err_set(reading->err, "contact: allowances[%zu]: no window", i);
	reading->ledger->contact = contact;
	reading->ledger->contact_packed = packed;
	return 0;
}

static int read_send(struct reading *reading, struct slice packed)
{
	Nurture__V1__LedgerSend sent = NURTURE__V1__LEDGER_SEND__INIT;
	struct sched_ledger *ledger = reading->ledger;
	size_t i = ledger->send_count;
	int channel;

	if (!message_fill_state(&reading->source, sent.base.descriptor, packed, &sent))
		return err_set(reading->err, "sends[%zu]: not a readable LedgerSend", i);
	channel = channel_from_text(slice_text(sent.channel));
	if (channel < 0 || !is_time(sent.at_ms) || !is_time(sent.lapses_ms))
		return err_set(reading->err, "sends[%zu]: no channel, or no time", i);
	ledger->counted[i] = (struct ledger_send){
	    .at_ms = sent.at_ms,
	    .message_class = policy_class(reading->policy, slice_text(sent.message_class)),
	    .channel = (enum channel)channel,
	    .programme = sent.programme,
	    .category = sent.category,
	    .exempt = sent.exempt,
	    .merged = sent.merged,
	};
	ledger->sends[i] = (struct sched_send){sent.id, sent.message_class, sent.lapses_ms,
					       sent.elsewhere, packed};
	ledger->send_count++;
	return 0;
}

/* A task needs the data of its request; a mail's request is sent on as the bytes that it is. */
static bool fill_request(const struct message_source *source, struct slice packed,
			 Nurture__V1__Request *ret)
{
	const ProtobufCMessageDescriptor *descriptor = &nurture__v1__request__descriptor;

	nurture__v1__request__init(ret);
	if (!message_fill_parts(source, descriptor, packed, ret))
		return false;
	ret->n_data = 0;
	if (strcmp(ret->channel, channel_text(CHANNEL_TASK)) != 0)
		return true;
	nurture__v1__request__init(ret);
	return message_fill_state(source, descriptor, packed, ret);
}

static int read_request(struct reading *reading, struct slice packed, struct sched_candidate *ret)
{
	Nurture__V1__Request *request = arena_alloc(reading->source.arena, sizeof(*request));
	int channel;

	if (!fill_request(&reading->source, packed, request))
		return err_set(reading->err, "request: not a readable Request");
	channel = channel_from_text(slice_text(request->channel));
	if (channel < 0 || !is_time(request->due_ms) || !is_time(request->expires_ms) ||
	    !is_time(request->follow_after_ms) || !is_time(request->reserve_ms) ||
	    request->send_from_min > DAY_MIN || request->send_to_min > DAY_MIN)
		return err_set(reading->err, "request: no channel, or a time is out of range");
	ret->request = request;
	ret->packed = packed;
	ret->channel = (enum channel)channel;
	ret->message_class = policy_class(reading->policy, slice_text(request->message_class));
	return 0;
}

static struct slice bytes_of(ProtobufCBinaryData field)
{
	return slice_of(field.data, field.len);
}

static int read_waiting(struct reading *reading, struct slice packed)
{
	struct sched_candidate *candidate = arena_alloc(reading->source.arena, sizeof(*candidate));
	Nurture__V1__Waiting stored = NURTURE__V1__WAITING__INIT;
	size_t i = reading->ledger->waiting_count;

	if (!message_fill_state(&reading->source, stored.base.descriptor, packed, &stored) ||
	    !is_time(stored.next_ms) || !is_time(stored.due_ms))
		return err_set(reading->err, "waiting[%zu]: not a readable Waiting", i);
	*candidate = (struct sched_candidate){
	    .due_ms = stored.due_ms ? stored.due_ms : NEVER_MS,
	    .next_ms = stored.next_ms,
	    .deferrals = stored.deferrals,
	    .last = {.by = (enum sched_blocker)stored.blocked_by,
		     .rule = stored.rule,
		     .won_by = stored.won_by,
		     .detail = stored.detail,
		     .eligible_ms = stored.eligible_ms},
	};
	candidate->stored =
	    (struct sched_stored){packed, candidate->due_ms, stored.next_ms, stored.deferrals};
	if (read_request(reading, bytes_of(stored.request), candidate) < 0)
		return err_prefix(reading->err, "waiting[%zu]", i);
	reading->ledger->waiting[reading->ledger->waiting_count++] = candidate;
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
	ret->ended = arena_alloc(arena, (count + stored->n_waiting + 2) * sizeof(*ret->ended));
	for (size_t i = 0; i < count; i++) {
		ret->ended[i] = (struct sched_ended){
		    .request = stored->ended_request[i],
		    .until_ms = (int64_t)stored->ended_until_ms[i],
		    .granted_ms = (int64_t)stored->ended_granted_ms[i],
		};
		if (!is_time(ret->ended[i].until_ms) || !is_time(ret->ended[i].granted_ms))
			return err_set(err, "ended[%zu]: a time is out of range", i);
	}
	ret->ended_count = count;
	return 0;
}

static int read_answers(struct reading *reading, const Nurture__V1__Ledger *stored)
{
	struct sched_ledger *ledger = reading->ledger;

	ledger->answers =
	    arena_alloc(reading->source.arena, (stored->n_answers + 1) * sizeof(*ledger->answers));
	for (size_t i = 0; i < stored->n_answers; i++) {
		struct slice packed = message_bytes(stored->answers[i]);
		struct sched_answer answer = {NURTURE__V1__KEPT_ANSWER__INIT, packed};

		if (!message_fill_state(&reading->source, answer.kept.base.descriptor, packed,
					&answer.kept))
			return err_set(reading->err, "answers[%zu]: not a readable KeptAnswer", i);
		ledger->answers[i] = answer;
	}
	ledger->answer_count = stored->n_answers;
	return 0;
}

static int read_tasks(struct reading *reading, const Nurture__V1__Ledger *stored)
{
	struct sched_ledger *ledger = reading->ledger;
	/*
	 * Every candidate that waits may become a task in this step, and so may one that arrives.
	 */
	size_t room = stored->n_tasks + stored->n_waiting + 1;

	ledger->tasks = arena_alloc(reading->source.arena, room * sizeof(*ledger->tasks));
	for (size_t i = 0; i < stored->n_tasks; i++) {
		struct slice packed = message_bytes(stored->tasks[i]);
		struct sched_task task = {NURTURE__V1__OPEN_TASK__INIT, packed};

		if (!message_fill_state(&reading->source, task.open.base.descriptor, packed,
					&task.open) ||
		    !is_time(task.open.expires_ms))
			return err_set(reading->err, "tasks[%zu]: not a readable OpenTask", i);
		ledger->tasks[i] = task;
	}
	ledger->task_count = stored->n_tasks;
	return 0;
}

static void make_room(const Nurture__V1__Ledger *stored, struct arena *arena,
		      struct sched_ledger *ret)
{
	size_t room = stored->n_sends + stored->n_waiting + ROOM_BEYOND;

	ret->counted = arena_alloc(arena, room * sizeof(*ret->counted));
	ret->sends = arena_alloc(arena, room * sizeof(*ret->sends));
	ret->waiting = arena_alloc(arena, (stored->n_waiting + 1) * sizeof(ret->waiting[0]));
}

int sched_ledger_decode(struct slice bytes, const struct policy *policy, struct arena *arena,
			struct sched_ledger *ret, struct err *err)
{
	struct sched_ledger ledger = {.send_count = 0};
	struct reading reading = {message_source_of(bytes, arena), policy, &ledger, err};
	Nurture__V1__Ledger stored = NURTURE__V1__LEDGER__INIT;

	if (!message_fill_parts(&reading.source, stored.base.descriptor, bytes, &stored))
		return err_set(err, "not a readable Ledger (%zu bytes)", bytes.len);
	make_room(&stored, arena, &ledger);
	if (read_contact(&reading, bytes_of(stored.contact)) < 0 ||
	    read_ended(&stored, arena, &ledger, err) < 0 || read_answers(&reading, &stored) < 0 ||
	    read_tasks(&reading, &stored) < 0)
		return -1;
	for (size_t i = 0; i < stored.n_sends; i++)
		if (read_send(&reading, message_bytes(stored.sends[i])) < 0)
			return -1;
	for (size_t i = 0; i < stored.n_waiting; i++)
		if (read_waiting(&reading, message_bytes(stored.waiting[i])) < 0)
			return -1;
	*ret = ledger;
	return 0;
}
