/*
 * wire_waiting.c - what waits, each a Candidate, or a Waiting as version 1 had it.
 *
 * A step changes few of those that wait: the others are written again as the bytes that they came
 * as, with the words that these name.  A request with fields that this build does not know stays
 * a Waiting, which holds its bytes, so that they reach whoever knows them; and so does one that
 * comes when the state has words enough.
 */
#include "wire_internal.h"

#include "common/codec/protobuf_message.h"
#include "common/message/kept_request.h"

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

/* What every request must be, whichever way it came. */
static int check_request(const struct wire_reading *reading, struct sched_candidate *candidate)
{
	const Nurture__V1__Request *request = candidate->request;
	int channel = channel_from_text(slice_text(request->channel));

	if (channel < 0 || !wire_is_time(request->due_ms) || !wire_is_time(request->expires_ms) ||
	    !wire_is_time(request->follow_after_ms) || !wire_is_time(request->reserve_ms) ||
	    request->send_from_min > DAY_MIN || request->send_to_min > DAY_MIN)
		return err_set(reading->err, "request: no channel, or a time is out of range");
	candidate->channel = (enum channel)channel;
	candidate->message_class =
	    policy_class(reading->policy, slice_text(request->message_class));
	return 0;
}

static int read_request(struct wire_reading *reading, struct slice packed,
			struct sched_candidate *ret)
{
	const struct message_source *source = &reading->ledger->source;

	ret->request = arena_alloc(source->arena, sizeof(*ret->request));
	if (!fill_request(source, packed, ret->request))
		return err_set(reading->err, "request: not a readable Request");
	ret->packed = packed;
	return check_request(reading, ret);
}

static void enter(struct sched_ledger *ledger, struct sched_candidate *candidate,
		  struct slice packed)
{
	candidate->stored = (struct sched_stored){packed, candidate->due_ms, candidate->next_ms,
						  candidate->deferrals};
	ledger->waiting[ledger->waiting_count++] = candidate;
}

/* A Waiting. */
static int read_waiting(struct wire_reading *reading, struct slice packed)
{
	struct sched_ledger *ledger = reading->ledger;
	struct sched_candidate *candidate = arena_alloc(ledger->source.arena, sizeof(*candidate));
	Nurture__V1__Waiting stored = NURTURE__V1__WAITING__INIT;
	size_t i = ledger->waiting_count;

	if (!message_fill_state(&ledger->source, stored.base.descriptor, packed, &stored) ||
	    !wire_is_time(stored.next_ms) || !wire_is_time(stored.due_ms))
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
	if (read_request(reading, wire_slice(stored.request), candidate) < 0)
		return err_prefix(reading->err, "waiting[%zu]", i);
	enter(ledger, candidate, packed);
	return 0;
}

static bool read_reason(const struct sched_ledger *ledger, const Nurture__V1__Candidate *kept,
			struct sched_reason *ret)
{
	char *won_by;

	*ret = sched_reason((enum sched_blocker)kept->blocked_by,
			    words_text(&ledger->words, kept->rule), kept->detail);
	if (!ret->rule ||
	    !kept_id_read(kept->won_by, kept->other_won_by, ledger->source.arena, &won_by))
		return false;
	ret->won_by = won_by;
	ret->eligible_ms = kept->eligible_ms;
	return true;
}

static bool read_kept(const struct sched_ledger *ledger, struct slice packed,
		      struct sched_candidate *ret)
{
	const struct message_source *source = &ledger->source;
	Nurture__V1__Candidate *kept = arena_alloc(source->arena, sizeof(*kept));
	Nurture__V1__Request *request = arena_alloc(source->arena, sizeof(*request));

	nurture__v1__candidate__init(kept);
	nurture__v1__request__init(request);
	*ret = (struct sched_candidate){.request = request, .kept = kept};
	if (!message_fill_parts(source, kept->base.descriptor, packed, kept) ||
	    !kept_request_read(&ledger->words, kept, source->arena, request) ||
	    !read_reason(ledger, kept, &ret->last))
		return false;
	ret->due_ms = kept->awaits ? NEVER_MS : kept_time(request->due_ms, kept->led_after_ms);
	ret->next_ms = kept_time(request->due_ms, kept->next_after_ms);
	ret->deferrals = kept->deferrals;
	return strcmp(request->channel, channel_text(CHANNEL_TASK)) != 0 ||
	       kept_request_data(&ledger->words, kept, source, request);
}

/* A Candidate. */
static int read_candidate(struct wire_reading *reading, struct slice packed)
{
	struct sched_ledger *ledger = reading->ledger;
	struct sched_candidate *candidate = arena_alloc(ledger->source.arena, sizeof(*candidate));
	size_t i = ledger->waiting_count;

	if (!read_kept(ledger, packed, candidate) || !wire_is_time(candidate->next_ms) ||
	    (candidate->due_ms != NEVER_MS && !wire_is_time(candidate->due_ms)))
		return err_set(reading->err, "waiting[%zu]: not a readable Candidate", i);
	if (check_request(reading, candidate) < 0)
		return err_prefix(reading->err, "waiting[%zu]", i);
	enter(ledger, candidate, packed);
	return 0;
}

int wire_read_waiting(struct wire_reading *reading, const Nurture__V1__Ledger *stored)
{
	struct sched_ledger *ledger = reading->ledger;
	size_t room = stored->n_waiting + stored->n_candidates + 1;

	ledger->waiting = arena_alloc(ledger->source.arena, room * sizeof(ledger->waiting[0]));
	for (size_t i = 0; i < stored->n_candidates; i++)
		if (read_candidate(reading, message_bytes(stored->candidates[i])) < 0)
			return -1;
	for (size_t i = 0; i < stored->n_waiting; i++)
		if (read_waiting(reading, message_bytes(stored->waiting[i])) < 0)
			return -1;
	if (stored->n_waiting && stored->n_candidates)
		sched_reorder(ledger);
	return 0;
}

int sched_pack_request(const struct sched_ledger *ledger, struct sched_candidate *candidate,
		       struct err *err)
{
	const struct message_source *source = &ledger->source;
	Nurture__V1__Request whole = *candidate->request;

	if (candidate->packed.len)
		return 0;
	if (!kept_request_data(&ledger->words, candidate->kept, source, &whole)) {
		err_set(err, "state: waiting: the data of request %s is not readable", whole.id);
		err->kind = ERR_ENVIRONMENT;
		return -1;
	}
	candidate->packed = message_pack(&whole, source->arena);
	return 0;
}

/* Every new deferral raises the count, and nothing else changes the reason. */
static bool has_stored_reason(const struct sched_candidate *candidate)
{
	return candidate->kept && candidate->stored.packed.len &&
	       candidate->stored.deferrals == candidate->deferrals;
}

static bool has_stored_times(const struct sched_candidate *candidate)
{
	return candidate->stored.due_ms == candidate->due_ms &&
	       candidate->stored.next_ms == candidate->next_ms;
}

static Nurture__V1__Waiting *waiting_message(struct sched_candidate *candidate, struct arena *arena)
{
	const struct sched_reason *last = &candidate->last;
	Nurture__V1__Waiting *waiting = arena_alloc(arena, sizeof(*waiting));

	/* It was a Candidate until its words were forgotten. */
	if (!candidate->packed.len)
		candidate->packed = message_pack(candidate->request, arena);
	nurture__v1__waiting__init(waiting);
	waiting->request = wire_binary(candidate->packed);
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

/* The request with all that it came with; NULL: it has fields that this build does not know. */
static const Nurture__V1__Request *whole_request(const struct sched_candidate *candidate,
						 struct arena *arena)
{
	const Nurture__V1__Request *request = candidate->request;

	if (candidate->stored.packed.len) /* of a Waiting: not all was read */
		request =
		    message_unpack(&nurture__v1__request__descriptor, candidate->packed, arena);
	return request && request->base.n_unknown_fields == 0 ? request : NULL;
}

static void update_times(const struct sched_candidate *candidate, Nurture__V1__Candidate *ret)
{
	int64_t due_ms = candidate->request->due_ms;

	ret->awaits = candidate->due_ms == NEVER_MS;
	ret->led_after_ms = ret->awaits ? 0 : candidate->due_ms - due_ms;
	ret->next_after_ms = candidate->next_ms - due_ms;
}

static void update_reason(struct sched_ledger *ledger, const struct sched_candidate *candidate,
			  struct arena *arena, Nurture__V1__Candidate *ret)
{
	const struct sched_reason *last = &candidate->last;

	ret->deferrals = candidate->deferrals;
	if (last->by == BLOCKED_NOT)
		return;
	ret->blocked_by = (Nurture__V1__Blocker)last->by;
	ret->rule = words_number(&ledger->words, last->rule);
	ret->won_by = (ProtobufCBinaryData){0, NULL};
	ret->other_won_by = (char *)protobuf_c_empty_string;
	kept_id_write(last->won_by, arena, &ret->won_by, &ret->other_won_by);
	ret->detail = (char *)last->detail;
	ret->eligible_ms = last->eligible_ms;
}

/* Gives the candidate its message, unless it has one. false: it must stay a Waiting. */
static bool make_kept(struct sched_ledger *ledger, struct sched_candidate *candidate,
		      struct arena *arena)
{
	const Nurture__V1__Request *request;

	if (candidate->kept)
		return true;
	if (ledger->words.count >= WORDS_ENOUGH)
		return false;
	request = whole_request(candidate, arena);
	if (!request)
		return false;
	candidate->kept = arena_alloc(arena, sizeof(*candidate->kept));
	nurture__v1__candidate__init(candidate->kept);
	kept_request_write(&ledger->words, request, arena, candidate->kept);
	return true;
}

static void *candidate_message(struct sched_ledger *ledger, struct sched_candidate *candidate,
			       struct arena *arena)
{
	bool is_reason_kept = has_stored_reason(candidate);

	if (is_reason_kept && has_stored_times(candidate))
		return message_packed(candidate->stored.packed, arena);
	if (!make_kept(ledger, candidate, arena))
		return NULL;
	update_times(candidate, candidate->kept);
	if (!is_reason_kept)
		update_reason(ledger, candidate, arena, candidate->kept);
	return candidate->kept;
}

void wire_write_waiting(struct sched_ledger *ledger, struct arena *arena, Nurture__V1__Ledger *ret)
{
	ret->candidates = arena_alloc(arena, ledger->waiting_count * sizeof(*ret->candidates));
	ret->waiting = arena_alloc(arena, ledger->waiting_count * sizeof(*ret->waiting));
	for (size_t i = 0; i < ledger->waiting_count; i++) {
		struct sched_candidate *candidate = ledger->waiting[i];
		void *message;

		if (candidate->gone)
			continue;
		message = candidate_message(ledger, candidate, arena);
		if (message)
			ret->candidates[ret->n_candidates++] = message;
		else
			ret->waiting[ret->n_waiting++] = waiting_message(candidate, arena);
	}
}

bool wire_forget_words(struct sched_ledger *ledger)
{
	struct arena *arena = ledger->source.arena;

	for (size_t i = 0; i < ledger->waiting_count; i++) {
		struct sched_candidate *candidate = ledger->waiting[i];
		Nurture__V1__Request *whole;

		if (candidate->gone || !candidate->kept)
			continue;
		whole = arena_alloc(arena, sizeof(*whole));
		*whole = *candidate->request;
		if (!kept_request_data(&ledger->words, candidate->kept, &ledger->source, whole))
			return false;
		candidate->request = whole;
		candidate->kept = NULL;
		candidate->stored.packed.len = 0;
	}
	ledger->words = words_of(NULL, 0, arena);
	return true;
}
