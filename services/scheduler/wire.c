/* wire.c - see wire.h; the ledger from bytes. */
#include "wire.h"

#include <endian.h>

#include "wire_answer.h"
#include "wire_tables.h"

enum { DAY_MIN = 24 * 60 };
enum { ROOM_BEYOND = 3 }; /* a send of this step, one from elsewhere, one that is only imagined */

/* One of each as it is stored. */
struct sent {
	char *id, *message_class, *channel, *programme, *category;
	int64_t at_ms, lapses_ms;
	int32_t exempt, elsewhere, merged;
};

struct stored {
	struct slice request;
	int64_t next_ms, due_ms, eligible_ms;
	uint32_t deferrals;
	int32_t blocked_by;
	char *rule, *won_by, *detail;
};

/* Where the parts of a ledger are. */
struct parts {
	struct slice contact;
	struct slice *sends, *waiting, *answers, *tasks;
	size_t send_count, waiting_count, answer_count, task_count;
	struct slice ended[3];
};

#define FIELD(n, k, member) [n] = {.kind = WIRE_##k, .offset = offsetof(STRUCT, member)}

#define STRUCT struct sent
static const struct wire_field send_fields[] = {
    FIELD(1, TEXT, id),        FIELD(2, WIDE, at_ms),       FIELD(3, TEXT, message_class),
    FIELD(4, TEXT, channel),   FIELD(5, TEXT, programme),   FIELD(6, TEXT, category),
    FIELD(7, NARROW, exempt),  FIELD(8, NARROW, elsewhere), FIELD(9, WIDE, lapses_ms),
    FIELD(10, NARROW, merged),
};

#undef STRUCT
#define STRUCT struct stored
static const struct wire_field waiting_fields[] = {
    FIELD(1, RAW, request),      FIELD(2, WIDE, next_ms),      FIELD(3, WIDE, due_ms),
    FIELD(4, NARROW, deferrals), FIELD(5, NARROW, blocked_by), FIELD(6, TEXT, rule),
    FIELD(7, TEXT, won_by),      FIELD(8, TEXT, detail),       FIELD(9, WIDE, eligible_ms),
};

#undef STRUCT
#define STRUCT struct sched_task
static const struct wire_field task_fields[] = {
    FIELD(1, TEXT, request),          FIELD(2, TEXT, programme), FIELD(3, TEXT, order),
    FIELD(4, TEXT, action),           FIELD(5, TEXT, owner),     FIELD(6, WIDE, expires_ms),
    FIELD(7, NARROW, outlives_order), FIELD(8, TEXT, category),
};

#undef STRUCT
#define STRUCT struct parts
static const struct wire_field ledger_fields[] = {
    FIELD(1, RAW, contact),
    [2] = {WIRE_RAWS, offsetof(STRUCT, sends), offsetof(STRUCT, send_count), NULL},
    [3] = {WIRE_RAWS, offsetof(STRUCT, waiting), offsetof(STRUCT, waiting_count), NULL},
    FIELD(4, RAW, ended[0]),
    FIELD(5, RAW, ended[1]),
    FIELD(6, RAW, ended[2]),
    [7] = {WIRE_RAWS, offsetof(STRUCT, answers), offsetof(STRUCT, answer_count), NULL},
    [80] = {WIRE_RAWS, offsetof(STRUCT, tasks), offsetof(STRUCT, task_count), NULL},
};

static const struct wire_table send_table = WIRE_TABLE(send_fields);
static const struct wire_table waiting_table = WIRE_TABLE(waiting_fields);
static const struct wire_table task_table = WIRE_TABLE(task_fields);
static const struct wire_table ledger_table = WIRE_TABLE(ledger_fields);

/* Of one decoding. */
struct reading {
	struct sched_wire_source source;
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
	/* Segments choose an address, and nothing else. */
	const struct wire_table *table =
	    reading->policy->address_count ? &sched_whole_contact_table : &sched_contact_table;

	nurture__v1__contact__init(contact);
	if (sched_fields_read(table, &reading->source, packed, contact) < 0 ||
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
	struct sched_ledger *ledger = reading->ledger;
	struct sent sent = {
	    .id = "", .message_class = "", .channel = "", .programme = "", .category = ""};
	size_t i = ledger->send_count;
	int channel;

	if (sched_fields_read(&send_table, &reading->source, packed, &sent) < 0)
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

static int read_request(struct reading *reading, struct slice packed, struct sched_candidate *ret)
{
	Nurture__V1__Request *request = arena_alloc(reading->source.arena, sizeof(*request));
	const struct sched_wire_source *source = &reading->source;
	int channel;

	nurture__v1__request__init(request);
	if (sched_fields_read(&sched_mail_table, source, packed, request) < 0)
		return err_set(reading->err, "request: not a readable Request");
	channel = channel_from_text(slice_text(request->channel));
	if (channel < 0 || !is_time(request->due_ms) || !is_time(request->expires_ms) ||
	    !is_time(request->follow_after_ms) || !is_time(request->reserve_ms) ||
	    request->send_from_min > DAY_MIN || request->send_to_min > DAY_MIN)
		return err_set(reading->err, "request: no channel, or a time is out of range");
	/* A task carries its data along; a mail's request goes out as the bytes that it is. */
	if (channel == CHANNEL_TASK &&
	    sched_fields_read(&sched_request_table, source, packed, request) < 0)
		return err_set(reading->err, "request: not a readable Request");
	ret->request = request;
	ret->packed = packed;
	ret->channel = (enum channel)channel;
	ret->message_class = policy_class(reading->policy, slice_text(request->message_class));
	return 0;
}

static int read_waiting(struct reading *reading, struct slice packed)
{
	struct sched_candidate *candidate = arena_alloc(reading->source.arena, sizeof(*candidate));
	struct stored stored = {.rule = "", .won_by = "", .detail = ""};
	size_t i = reading->ledger->waiting_count;

	if (sched_fields_read(&waiting_table, &reading->source, packed, &stored) < 0 ||
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
	if (read_request(reading, stored.request, candidate) < 0)
		return err_prefix(reading->err, "waiting[%zu]", i);
	reading->ledger->waiting[reading->ledger->waiting_count++] = candidate;
	return 0;
}

static int64_t fixed64_at(struct slice numbers, size_t i)
{
	uint64_t number;

	memcpy(&number, numbers.bytes + 8 * i, sizeof(number));
	return (int64_t)le64toh(number);
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

static int read_answers(struct reading *reading, const struct parts *parts)
{
	struct sched_ledger *ledger = reading->ledger;

	ledger->answers = arena_alloc(reading->source.arena,
				      (parts->answer_count + 1) * sizeof(*ledger->answers));
	for (size_t i = 0; i < parts->answer_count; i++)
		if (sched_answer_read(&reading->source, parts->answers[i], &ledger->answers[i]) < 0)
			return err_set(reading->err, "answers[%zu]: not a readable KeptAnswer", i);
	ledger->answer_count = parts->answer_count;
	return 0;
}

static int read_tasks(struct reading *reading, const struct parts *parts)
{
	struct sched_ledger *ledger = reading->ledger;
	/* Whatever waits may become one in this step, and so may what arrives. */
	size_t room = parts->task_count + parts->waiting_count + 1;

	ledger->tasks = arena_alloc(reading->source.arena, room * sizeof(*ledger->tasks));
	for (size_t i = 0; i < parts->task_count; i++) {
		struct sched_task task = {.request = "",
					  .programme = "",
					  .order = "",
					  .action = "",
					  .owner = "",
					  .packed = parts->tasks[i]};

		if (sched_fields_read(&task_table, &reading->source, parts->tasks[i], &task) < 0 ||
		    !is_time(task.expires_ms))
			return err_set(reading->err, "tasks[%zu]: not a readable OpenTask", i);
		ledger->tasks[i] = task;
	}
	ledger->task_count = parts->task_count;
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
	struct reading reading = {sched_wire_source(bytes, arena), policy, &ledger, err};
	struct parts parts = {.send_count = 0};

	if (sched_fields_read(&ledger_table, &reading.source, bytes, &parts) < 0)
		return err_set(err, "not a readable Ledger (%zu bytes)", bytes.len);
	make_room(&parts, arena, &ledger);
	if (read_contact(&reading, parts.contact) < 0 ||
	    read_ended(&parts, arena, &ledger, err) < 0 || read_answers(&reading, &parts) < 0 ||
	    read_tasks(&reading, &parts) < 0)
		return -1;
	for (size_t i = 0; i < parts.send_count; i++)
		if (read_send(&reading, parts.sends[i]) < 0)
			return -1;
	for (size_t i = 0; i < parts.waiting_count; i++)
		if (read_waiting(&reading, parts.waiting[i]) < 0)
			return -1;
	*ret = ledger;
	return 0;
}
