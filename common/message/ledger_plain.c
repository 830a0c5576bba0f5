/* ledger_plain.c - see ledger_plain.h. */
#include "ledger_plain.h"

#include "common/codec/protobuf_message.h"
#include "common/policy/policy.h"
#include "kept_contact.h"
#include "kept_request.h"
#include "ledger_version.h"

/* The bits of send_what: proto/nurture/v1/ledger.proto. */
enum { WHAT_CHANNEL = 3, WHAT_EXEMPT = 4, WHAT_ELSEWHERE = 8, WHAT_MERGED = 16 };

struct reading {
	const Nurture__V1__Ledger *from;
	struct words words;
	struct message_source source;
	struct arena *arena;
};

static ProtobufCBinaryData binary(struct slice bytes)
{
	return (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.bytes};
}

static bool read_contact(const struct reading *reading, ProtobufCBinaryData *ret)
{
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;

	*ret = (ProtobufCBinaryData){0, NULL};
	if (!reading->from->person)
		return true;
	if (!kept_contact_read(&reading->words, reading->from->person, reading->arena, &contact))
		return false;
	*ret = binary(message_pack(&contact, reading->arena));
	return true;
}

/* The reason, and the times that a step may change. */
static bool read_rest(const struct reading *reading, const Nurture__V1__Candidate *kept,
		      int64_t due_ms, Nurture__V1__Waiting *ret)
{
	ret->next_ms = kept_time(due_ms, kept->next_after_ms);
	ret->due_ms = kept->awaits ? 0 : kept_time(due_ms, kept->led_after_ms);
	ret->deferrals = kept->deferrals;
	ret->blocked_by = kept->blocked_by;
	ret->rule = (char *)words_text(&reading->words, kept->rule);
	ret->detail = kept->detail;
	ret->eligible_ms = kept->eligible_ms;
	return ret->rule &&
	       kept_id_read(kept->won_by, kept->other_won_by, reading->arena, &ret->won_by);
}

static Nurture__V1__Waiting *read_waiting(const struct reading *reading,
					  const Nurture__V1__Candidate *kept)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Waiting *waiting = arena_alloc(reading->arena, sizeof(*waiting));

	nurture__v1__waiting__init(waiting);
	if (!kept_request_read(&reading->words, kept, reading->arena, &request) ||
	    !kept_request_data(&reading->words, kept, &reading->source, &request) ||
	    !read_rest(reading, kept, request.due_ms, waiting))
		return NULL;
	waiting->request = binary(message_pack(&request, reading->arena));
	return waiting;
}

static bool read_all_waiting(const struct reading *reading, Nurture__V1__Ledger *ret)
{
	const Nurture__V1__Ledger *from = reading->from;

	ret->n_waiting = 0;
	ret->waiting = arena_alloc(reading->arena,
				   (from->n_candidates + from->n_waiting) * sizeof(*ret->waiting));
	for (size_t i = 0; i < from->n_candidates; i++) {
		ret->waiting[ret->n_waiting] = read_waiting(reading, from->candidates[i]);
		if (!ret->waiting[ret->n_waiting++])
			return false;
	}
	for (size_t i = 0; i < from->n_waiting; i++)
		ret->waiting[ret->n_waiting++] = from->waiting[i];
	return true;
}

/* Entry `at` of the columns. */
static Nurture__V1__LedgerSend *read_send(const struct reading *reading, uint64_t what, size_t at,
					  int64_t at_ms)
{
	const Nurture__V1__Ledger *from = reading->from;
	Nurture__V1__LedgerSend *send = arena_alloc(reading->arena, sizeof(*send));

	nurture__v1__ledger_send__init(send);
	send->id = words_id_text(from->send_id.data + at * WORDS_ID_BYTES, reading->arena);
	send->at_ms = at_ms;
	send->channel = (char *)channel_text((enum channel)((what & WHAT_CHANNEL) - 1));
	send->message_class = (char *)words_text(&reading->words, from->send_class[at]);
	send->programme = (char *)words_text(&reading->words, from->send_programme[at]);
	if (from->n_send_category)
		send->category = (char *)words_text(&reading->words, from->send_category[at]);
	send->exempt = (what & WHAT_EXEMPT) != 0;
	send->elsewhere = (what & WHAT_ELSEWHERE) != 0;
	send->merged = (what & WHAT_MERGED) != 0;
	return send->message_class && send->programme && send->category ? send : NULL;
}

static bool is_even(const Nurture__V1__Ledger *from)
{
	size_t entries = from->n_send_at_ms;

	return from->n_send_what == entries + from->n_sends && from->n_send_class == entries &&
	       from->n_send_programme == entries &&
	       (from->n_send_category == entries || from->n_send_category == 0) &&
	       from->send_id.len == entries * WORDS_ID_BYTES;
}

static bool read_sends(const struct reading *reading, Nurture__V1__Ledger *ret)
{
	const Nurture__V1__Ledger *from = reading->from;
	size_t at = 0, message = 0;
	int64_t at_ms = 0;

	if (!is_even(from))
		return false;
	ret->sends = arena_alloc(reading->arena, from->n_send_what * sizeof(*ret->sends));
	ret->n_sends = 0;
	for (size_t i = 0; i < from->n_send_what; i++) {
		Nurture__V1__LedgerSend *send = NULL;

		if ((from->send_what[i] & WHAT_CHANNEL) && at < from->n_send_at_ms) {
			at_ms = kept_time(at_ms, from->send_at_ms[at]);
			send = read_send(reading, from->send_what[i], at++, at_ms);
		} else if (message < from->n_sends) {
			send = from->sends[message++];
		}
		if (!send)
			return false;
		ret->sends[ret->n_sends++] = send;
	}
	return true;
}

/* What version 1 has not. */
static void clear_words(Nurture__V1__Ledger *ledger)
{
	ledger->n_words = 0;
	ledger->person = NULL;
	ledger->n_candidates = 0;
	ledger->n_send_what = ledger->n_send_at_ms = ledger->n_send_class = 0;
	ledger->n_send_programme = ledger->n_send_category = 0;
	ledger->send_id.len = 0;
}

Nurture__V1__Ledger *ledger_plain(struct slice bytes, struct arena *arena)
{
	Nurture__V1__Ledger *from = message_unpack(&nurture__v1__ledger__descriptor, bytes, arena);
	Nurture__V1__Ledger *ret = arena_alloc(arena, sizeof(*ret));
	struct reading reading;

	if (!from)
		return NULL;
	*ret = *from;
	switch (ledger_version(slice_of(from->contact.data, from->contact.len))) {
	case LEDGER_TEXTS:
		return ret;
	case LEDGER_WORDS:
		break;
	case LEDGER_NEWER:
		return NULL;
	}
	reading = (struct reading){.from = from,
				   .words = words_of(from->words, from->n_words, arena),
				   .source = {.arena = arena},
				   .arena = arena};
	clear_words(ret);
	return read_contact(&reading, &ret->contact) && read_sends(&reading, ret) &&
		       read_all_waiting(&reading, ret)
		   ? ret
		   : NULL;
}
