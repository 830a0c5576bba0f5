/* wire.c - see wire.h; the ledger from bytes. */
#include "wire.h"

#include "../../common/wire/protobuf_scan.h"
#include "wire_fields.h"

enum { ROOM_BEYOND = 3 }; /* a send of this step, one from elsewhere, one that is only imagined */

#define FIELD(n, k, member) [n] = {WIRE_##k, offsetof(STRUCT, member)}

#define STRUCT Nurture__V1__LedgerSend
static const struct wire_field send_fields[] = {
	FIELD(1, TEXT, id),	    FIELD(2, WIDE, at_ms),     FIELD(3, TEXT, message_class),
	FIELD(4, TEXT, channel),    FIELD(5, TEXT, programme), FIELD(6, TEXT, category),
	FIELD(7, NARROW, exempt),   FIELD(8, NARROW, elsewhere),
};

#undef STRUCT
#define STRUCT Nurture__V1__Waiting
static const struct wire_field waiting_fields[] = {
	FIELD(1, BINARY, request),   FIELD(2, WIDE, next_ms),	    FIELD(3, WIDE, due_ms),
	FIELD(4, NARROW, deferrals), FIELD(5, NARROW, blocked_by), FIELD(6, TEXT, rule),
	FIELD(7, TEXT, won_by),	     FIELD(8, TEXT, detail),	    FIELD(9, WIDE, eligible_ms),
};

/* All but the data for the template, which no decision needs. */
#undef STRUCT
#define STRUCT Nurture__V1__Request
static const struct wire_field request_fields[] = {
	FIELD(1, TEXT, id),		  FIELD(2, TEXT, programme),
	FIELD(3, TEXT, message_class),	  FIELD(4, TEXT, channel),
	FIELD(5, TEXT, action),		  FIELD(6, TEXT, category),
	FIELD(7, NARROW, priority),	  FIELD(8, WIDE, triggered_ms),
	FIELD(9, WIDE, due_ms),		  FIELD(10, WIDE, expires_ms),
	FIELD(11, NARROW, holdout_permille), FIELD(12, NARROW, exempt),
	FIELD(13, TEXT, follows),	  FIELD(14, WIDE, follow_after_ms),
	FIELD(16, TEXT, owner),		  FIELD(17, TEXT, order),
};

#define READ(fields, bytes, arena, message)                                                        \
	sched_fields_read(fields, sizeof(fields) / sizeof((fields)[0]), bytes, arena, message)

/* Where the parts of a ledger are, and how many. */
struct parts {
	struct slice contact;
	struct slice ended[3];
	size_t send_count, waiting_count;
};

static int find_parts(struct slice bytes, struct parts *ret)
{
	struct protobuf_field field;
	int r;

	*ret = (struct parts){.contact = slice_of("", 0)};
	while ((r = protobuf_next(&bytes, &field)) == 1) {
		if (field.number > 6)
			continue;
		if (field.wire != WIRE_BYTES)
			return -1;
		if (field.number == 1)
			ret->contact = field.bytes;
		else if (field.number == 2)
			ret->send_count++;
		else if (field.number == 3)
			ret->waiting_count++;
		else
			ret->ended[field.number - 4] = field.bytes;
	}
	return r;
}

/* Far beyond the year 9999, and no sum of a few of them overflows. */
static bool is_time(int64_t time_ms)
{
	return time_ms >= 0 && time_ms < INT64_C(1) << 60;
}

static int read_contact(struct slice packed, struct arena *arena, struct sched_ledger *ret,
			struct err *err)
{
	ProtobufCAllocator allocator = arena_protobuf(arena);

	ret->contact_packed = packed;
	ret->contact = nurture__v1__contact__unpack(&allocator, packed.len, packed.bytes);
	return ret->contact ? 0 : err_set(err, "contact: not a readable Contact");
}

static int read_send(struct slice packed, const struct policy *policy, struct arena *arena,
		     struct sched_ledger *ret, struct err *err)
{
	Nurture__V1__LedgerSend send = NURTURE__V1__LEDGER_SEND__INIT;
	size_t i = ret->send_count;
	int channel;

	if (READ(send_fields, packed, arena, &send) < 0)
		return err_set(err, "sends[%zu]: not a readable LedgerSend", i);
	channel = channel_from_text(slice_text(send.channel));
	if (channel < 0 || !is_time(send.at_ms))
		return err_set(err, "sends[%zu]: no channel, or no time", i);
	ret->counted[i] = (struct ledger_send){
		.at_ms = send.at_ms,
		.message_class = policy_class(policy, slice_text(send.message_class)),
		.channel = (enum channel)channel,
		.programme = send.programme,
		.category = send.category,
		.exempt = send.exempt,
	};
	ret->sends[i] = (struct sched_send){send.id, send.message_class, send.elsewhere, packed};
	ret->send_count++;
	return 0;
}

/* A task carries its data along; a mail's request goes out as the bytes that it is. */
static Nurture__V1__Request *read_whole(struct slice packed, struct arena *arena)
{
	ProtobufCAllocator allocator = arena_protobuf(arena);

	return nurture__v1__request__unpack(&allocator, packed.len, packed.bytes);
}

static int read_request(struct slice packed, const struct policy *policy, struct arena *arena,
			struct sched_candidate *ret, struct err *err)
{
	Nurture__V1__Request *request = arena_alloc(arena, sizeof(*request));
	int channel;

	nurture__v1__request__init(request);
	if (READ(request_fields, packed, arena, request) < 0)
		return err_set(err, "request: not a readable Request");
	channel = channel_from_text(slice_text(request->channel));
	if (channel < 0 || !is_time(request->due_ms) || !is_time(request->expires_ms) ||
	    !is_time(request->follow_after_ms))
		return err_set(err, "request: no channel, or a time is out of range");
	if (channel == CHANNEL_TASK && !(request = read_whole(packed, arena)))
		return err_set(err, "request: not a readable Request");
	ret->request = request;
	ret->packed = packed;
	ret->channel = (enum channel)channel;
	ret->message_class = policy_class(policy, slice_text(request->message_class));
	return 0;
}

static int read_waiting(struct slice packed, const struct policy *policy, struct arena *arena,
			struct sched_ledger *ret, struct err *err)
{
	struct sched_candidate *candidate = arena_zalloc(arena, sizeof(*candidate));
	Nurture__V1__Waiting stored = NURTURE__V1__WAITING__INIT;

	if (READ(waiting_fields, packed, arena, &stored) < 0 || !is_time(stored.next_ms) ||
	    !is_time(stored.due_ms))
		return err_set(err, "waiting[%zu]: not a readable Waiting", ret->waiting_count);
	if (read_request(slice_of(stored.request.data, stored.request.len), policy, arena,
			 candidate, err) < 0)
		return err_prefix(err, "waiting[%zu]", ret->waiting_count);
	candidate->due_ms = stored.due_ms ? stored.due_ms : NEVER_MS;
	candidate->next_ms = stored.next_ms;
	candidate->deferrals = stored.deferrals;
	candidate->last = sched_reason((enum sched_blocker)stored.blocked_by, stored.rule,
				       stored.detail);
	candidate->last.won_by = stored.won_by;
	candidate->last.eligible_ms = stored.eligible_ms;
	ret->waiting[ret->waiting_count++] = candidate;
	return 0;
}

static int64_t fixed64_at(struct slice numbers, size_t i)
{
	uint64_t number = 0;

	for (unsigned k = 0; k < 8; k++)
		number |= (uint64_t)numbers.bytes[8 * i + k] << (8 * k);
	return (int64_t)number;
}

static int read_ended(const struct parts *parts, struct arena *arena, struct sched_ledger *ret,
		      struct err *err)
{
	size_t count = parts->ended[0].len / 8;

	if (parts->ended[0].len % 8 || parts->ended[1].len != parts->ended[0].len ||
	    parts->ended[2].len != parts->ended[0].len)
		return err_set(err, "ended: %zu bytes of requests, but %zu and %zu of times",
			       parts->ended[0].len, parts->ended[1].len, parts->ended[2].len);
	ret->ended = arena_alloc(arena, (count + parts->waiting_count + 2) * sizeof(*ret->ended));
	for (size_t i = 0; i < count; i++) {
		ret->ended[i] = (struct sched_ended){
			.request = (uint64_t)fixed64_at(parts->ended[0], i),
			.until_ms = fixed64_at(parts->ended[1], i),
			.granted_ms = fixed64_at(parts->ended[2], i),
		};
		if (!is_time(ret->ended[i].until_ms) || !is_time(ret->ended[i].granted_ms))
			return err_set(err, "ended[%zu]: a time is out of range", i);
	}
	ret->ended_count = count;
	return 0;
}

static void make_room(const struct parts *parts, struct arena *arena, struct sched_ledger *ret)
{
	size_t room = parts->send_count + parts->waiting_count + ROOM_BEYOND;

	ret->counted = arena_alloc(arena, room * sizeof(*ret->counted));
	ret->sends = arena_alloc(arena, room * sizeof(*ret->sends));
	ret->waiting = arena_alloc(arena, (parts->waiting_count + 1) * sizeof(ret->waiting[0]));
}

int sched_ledger_decode(struct slice bytes, const struct policy *policy, struct arena *arena,
			struct sched_ledger *ret, struct err *err)
{
	struct sched_ledger ledger = {.send_count = 0};
	struct protobuf_field field;
	struct parts parts;

	if (find_parts(bytes, &parts) < 0)
		return err_set(err, "not a readable Ledger (%zu bytes)", bytes.len);
	make_room(&parts, arena, &ledger);
	if (read_contact(parts.contact, arena, &ledger, err) < 0 ||
	    read_ended(&parts, arena, &ledger, err) < 0)
		return -1;
	while (protobuf_next(&bytes, &field) == 1) {
		if (field.number == 2 && read_send(field.bytes, policy, arena, &ledger, err) < 0)
			return -1;
		if (field.number == 3 && read_waiting(field.bytes, policy, arena, &ledger, err) < 0)
			return -1;
	}
	*ret = ledger;
	return 0;
}
