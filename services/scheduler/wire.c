/* wire.c - see wire.h; the ledger. */
#include "wire.h"

enum { ROOM_BEYOND = 3 }; /* a send of this step, one from elsewhere, one that is only imagined */

struct slice sched_pack(const void *message, struct arena *arena)
{
	size_t len = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(arena, len + 1);

	protobuf_c_message_pack(message, bytes);
	return slice_of(bytes, len);
}

static struct slice of_binary(ProtobufCBinaryData data)
{
	return slice_of(data.data, data.len);
}

static ProtobufCBinaryData to_binary(struct slice bytes)
{
	return (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)bytes.bytes};
}

/* Far beyond the year 9999, and no sum of a few of them overflows. */
static bool is_time(int64_t time_ms)
{
	return time_ms >= 0 && time_ms < INT64_C(1) << 60;
}

static int read_contact(const Nurture__V1__Ledger *stored, struct arena *arena,
			struct sched_ledger *ret, struct err *err)
{
	ProtobufCAllocator allocator = arena_protobuf(arena);

	ret->contact_packed = of_binary(stored->contact);
	ret->contact = nurture__v1__contact__unpack(&allocator, stored->contact.len,
						    stored->contact.data);
	return ret->contact ? 0 : err_set(err, "contact: not a readable Contact");
}

static int read_sends(const Nurture__V1__Ledger *stored, const struct policy *policy,
		      struct arena *arena, struct sched_ledger *ret, struct err *err)
{
	size_t room = stored->n_sends + stored->n_waiting + ROOM_BEYOND;

	ret->counted = arena_alloc(arena, room * sizeof(*ret->counted));
	ret->sends = arena_alloc(arena, room * sizeof(*ret->sends));
	for (size_t i = 0; i < stored->n_sends; i++) {
		const Nurture__V1__LedgerSend *send = stored->sends[i];
		int channel = channel_from_text(slice_text(send->channel));

		if (channel < 0)
			return err_set(err, "sends[%zu].channel: not a channel", i);
		if (!is_time(send->at_ms))
			return err_set(err, "sends[%zu].at_ms: not a time", i);
		ret->counted[i] = (struct ledger_send){
			.at_ms = send->at_ms,
			.message_class = policy_class(policy, slice_text(send->message_class)),
			.channel = (enum channel)channel,
			.programme = send->programme,
			.category = send->category,
			.exempt = send->exempt,
		};
		ret->sends[i] = (struct sched_send){send->id, send->message_class, send->elsewhere};
	}
	ret->send_count = stored->n_sends;
	return 0;
}

static int read_candidate(const Nurture__V1__Waiting *stored, const struct policy *policy,
			  struct arena *arena, struct sched_candidate *ret, struct err *err)
{
	ProtobufCAllocator allocator = arena_protobuf(arena);
	Nurture__V1__Request *request = nurture__v1__request__unpack(
		&allocator, stored->request.len, stored->request.data);
	int channel;

	if (!request)
		return err_set(err, "request: not a readable Request");
	channel = channel_from_text(slice_text(request->channel));
	if (channel < 0)
		return err_set(err, "request.channel: not a channel");
	if (!is_time(stored->next_ms) || !is_time(stored->due_ms) ||
	    !is_time(request->due_ms) || !is_time(request->expires_ms) ||
	    !is_time(request->follow_after_ms))
		return err_set(err, "a time is out of range");
	*ret = (struct sched_candidate){
		.request = request,
		.packed = of_binary(stored->request),
		.message_class = policy_class(policy, slice_text(request->message_class)),
		.channel = (enum channel)channel,
		.due_ms = stored->due_ms ? stored->due_ms : NEVER_MS,
		.next_ms = stored->next_ms,
		.deferrals = stored->deferrals,
		.last = {.by = (enum sched_blocker)stored->blocked_by, .rule = stored->rule,
			 .won_by = stored->won_by, .detail = stored->detail,
			 .eligible_ms = stored->eligible_ms},
	};
	return 0;
}

static int read_waiting(const Nurture__V1__Ledger *stored, const struct policy *policy,
			struct arena *arena, struct sched_ledger *ret, struct err *err)
{
	struct sched_candidate *candidates =
		arena_alloc(arena, stored->n_waiting * sizeof(*candidates));

	ret->waiting = arena_alloc(arena, (stored->n_waiting + 1) * sizeof(struct sched_candidate *));
	for (size_t i = 0; i < stored->n_waiting; i++) {
		if (read_candidate(stored->waiting[i], policy, arena, &candidates[i], err) < 0)
			return err_prefix(err, "waiting[%zu]", i);
		ret->waiting[i] = &candidates[i];
	}
	ret->waiting_count = stored->n_waiting;
	return 0;
}

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

int sched_ledger_decode(struct slice bytes, const struct policy *policy, struct arena *arena,
			struct sched_ledger *ret, struct err *err)
{
	ProtobufCAllocator allocator = arena_protobuf(arena);
	struct sched_ledger ledger;
	Nurture__V1__Ledger *stored =
		nurture__v1__ledger__unpack(&allocator, bytes.len, bytes.bytes);

	if (!stored)
		return err_set(err, "not a readable Ledger (%zu bytes)", bytes.len);
	if (read_contact(stored, arena, &ledger, err) < 0 ||
	    read_sends(stored, policy, arena, &ledger, err) < 0 ||
	    read_waiting(stored, policy, arena, &ledger, err) < 0 ||
	    read_ended(stored, arena, &ledger, err) < 0)
		return -1;
	*ret = ledger;
	return 0;
}

static void write_sends(const struct sched_ledger *ledger, struct arena *arena,
			Nurture__V1__Ledger *stored)
{
	Nurture__V1__LedgerSend *sends = arena_alloc(arena, ledger->send_count * sizeof(*sends));

	stored->sends = arena_alloc(arena, ledger->send_count * sizeof(*stored->sends));
	for (size_t i = 0; i < ledger->send_count; i++) {
		const struct ledger_send *counted = &ledger->counted[i];

		nurture__v1__ledger_send__init(&sends[i]);
		sends[i].id = (char *)ledger->sends[i].id;
		sends[i].at_ms = counted->at_ms;
		sends[i].message_class = (char *)ledger->sends[i].message_class;
		sends[i].channel = (char *)channel_text(counted->channel);
		sends[i].programme = (char *)counted->programme;
		sends[i].category = (char *)counted->category;
		sends[i].exempt = counted->exempt;
		sends[i].elsewhere = ledger->sends[i].elsewhere;
		stored->sends[i] = &sends[i];
	}
	stored->n_sends = ledger->send_count;
}

static void write_candidate(const struct sched_candidate *candidate, Nurture__V1__Waiting *stored)
{
	nurture__v1__waiting__init(stored);
	stored->request = to_binary(candidate->packed);
	stored->next_ms = candidate->next_ms;
	stored->due_ms = candidate->due_ms == NEVER_MS ? 0 : candidate->due_ms;
	stored->deferrals = candidate->deferrals;
	if (candidate->last.by == BLOCKED_NOT)
		return;
	stored->blocked_by = (Nurture__V1__Blocker)candidate->last.by;
	stored->rule = (char *)candidate->last.rule;
	stored->won_by = (char *)candidate->last.won_by;
	stored->detail = (char *)candidate->last.detail;
	stored->eligible_ms = candidate->last.eligible_ms;
}

static void write_waiting(const struct sched_ledger *ledger, struct arena *arena,
			  Nurture__V1__Ledger *stored)
{
	Nurture__V1__Waiting *waiting = arena_alloc(arena, ledger->waiting_count * sizeof(*waiting));

	stored->waiting = arena_alloc(arena, ledger->waiting_count * sizeof(*stored->waiting));
	for (size_t i = 0; i < ledger->waiting_count; i++) {
		if (ledger->waiting[i]->gone)
			continue;
		write_candidate(ledger->waiting[i], &waiting[i]);
		stored->waiting[stored->n_waiting++] = &waiting[i];
	}
}

static void write_ended(const struct sched_ledger *ledger, struct arena *arena,
			Nurture__V1__Ledger *stored)
{
	size_t count = ledger->ended_count;
	uint64_t *numbers = arena_alloc(arena, 3 * count * sizeof(*numbers));

	stored->ended_request = numbers;
	stored->ended_until_ms = numbers + count;
	stored->ended_granted_ms = numbers + 2 * count;
	for (size_t i = 0; i < count; i++) {
		stored->ended_request[i] = ledger->ended[i].request;
		stored->ended_until_ms[i] = (uint64_t)ledger->ended[i].until_ms;
		stored->ended_granted_ms[i] = (uint64_t)ledger->ended[i].granted_ms;
	}
	stored->n_ended_request = count;
	stored->n_ended_until_ms = count;
	stored->n_ended_granted_ms = count;
}

struct slice sched_ledger_encode(const struct sched_ledger *ledger, struct arena *arena)
{
	Nurture__V1__Ledger stored = NURTURE__V1__LEDGER__INIT;

	stored.contact = to_binary(ledger->contact_packed);
	write_sends(ledger, arena, &stored);
	write_waiting(ledger, arena, &stored);
	write_ended(ledger, arena, &stored);
	return sched_pack(&stored, arena);
}
