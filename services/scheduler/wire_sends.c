/*
 * wire_sends.c - what was granted, as columns: one entry of each for every send.
 *
 * A send that the columns have no place for (a permit that lapses, an id of another tool) stands
 * as a message of its own in the list that version 1 had for all of them; its place among the
 * others is an entry of send_what without a channel.
 */
#include "wire_internal.h"

#include "common/codec/protobuf_message.h"

/* An entry of send_what: 1 + the channel, and flags. */
enum { WHAT_CHANNEL = 3, WHAT_EXEMPT = 4, WHAT_ELSEWHERE = 8, WHAT_MERGED = 16 };

_Static_assert(WHAT_CHANNEL - CHANNEL_COUNT >= 0, "1 + the last channel fits into its bits");

static int read_message(struct wire_reading *reading, struct slice packed)
{
	Nurture__V1__LedgerSend sent = NURTURE__V1__LEDGER_SEND__INIT;
	struct sched_ledger *ledger = reading->ledger;
	size_t i = ledger->send_count;
	int channel;

	if (!message_fill_state(&ledger->source, sent.base.descriptor, packed, &sent))
		return err_set(reading->err, "sends[%zu]: not a readable LedgerSend", i);
	channel = channel_from_text(slice_text(sent.channel));
	if (channel < 0 || !wire_is_time(sent.at_ms) || !wire_is_time(sent.lapses_ms))
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
	ledger->sends[i] = (struct sched_send){.id = sent.id,
					       .message_class = sent.message_class,
					       .lapses_ms = sent.lapses_ms,
					       .elsewhere = sent.elsewhere};
	ledger->send_count++;
	return 0;
}

/* Sends of one class follow each other: the policy is asked once. */
static int class_of(const struct wire_reading *reading, const struct sched_send *send)
{
	const struct sched_ledger *ledger = reading->ledger;
	size_t i = ledger->send_count;

	if (i > 0 && ledger->sends[i - 1].message_class == send->message_class)
		return ledger->counted[i - 1].message_class;
	return policy_class(reading->policy, slice_text(send->message_class));
}

/* Entry `at` of the columns. */
static int read_entry(struct wire_reading *reading, const Nurture__V1__Ledger *stored,
		      uint64_t what, size_t at, uint64_t time_ms)
{
	struct sched_ledger *ledger = reading->ledger;
	const uint64_t word[] = {stored->send_class[at], stored->send_programme[at],
				 stored->n_send_category ? stored->send_category[at] : 0};
	struct sched_send *send = &ledger->sends[ledger->send_count];
	struct ledger_send *counted = &ledger->counted[ledger->send_count];
	const char *text[3];

	for (int i = 0; i < 3; i++) {
		text[i] = words_text(&ledger->words, word[i]);
		if (!text[i])
			return err_set(reading->err, "sends[%zu]: an unknown word",
				       ledger->send_count);
	}
	if (!wire_is_time((int64_t)time_ms))
		return err_set(reading->err, "sends[%zu]: no time", ledger->send_count);
	*send = (struct sched_send){
	    .message_class = text[0],
	    .elsewhere = what & WHAT_ELSEWHERE,
	    .words = {(uint32_t)word[0], (uint32_t)word[1], (uint32_t)word[2]},
	    .id_bytes = stored->send_id.data + at * WORDS_ID_BYTES,
	};
	*counted = (struct ledger_send){
	    .at_ms = (int64_t)time_ms,
	    .message_class = class_of(reading, send),
	    .channel = (enum channel)((what & WHAT_CHANNEL) - 1),
	    .programme = text[1],
	    .category = text[2],
	    .exempt = what & WHAT_EXEMPT,
	    .merged = what & WHAT_MERGED,
	};
	ledger->send_count++;
	return 0;
}

/* Are there as many entries in each column as send_what asks for? */
static bool is_even(const Nurture__V1__Ledger *stored)
{
	size_t messages = 0, entries;

	for (size_t i = 0; i < stored->n_send_what; i++)
		messages += (stored->send_what[i] & WHAT_CHANNEL) == 0;
	entries = stored->n_send_what - messages;
	return messages == stored->n_sends && stored->n_send_at_ms == entries &&
	       stored->n_send_class == entries && stored->n_send_programme == entries &&
	       (stored->n_send_category == entries || stored->n_send_category == 0) &&
	       stored->send_id.len == entries * WORDS_ID_BYTES;
}

static int read_columns(struct wire_reading *reading, const Nurture__V1__Ledger *stored)
{
	size_t at = 0, message = 0;
	uint64_t time_ms = 0;

	if (!is_even(stored))
		return err_set(reading->err, "sends: columns of unequal length");
	for (size_t i = 0; i < stored->n_send_what; i++) {
		uint64_t what = stored->send_what[i];
		int r;

		if ((what & WHAT_CHANNEL) == 0) {
			r = read_message(reading, message_bytes(stored->sends[message++]));
		} else {
			time_ms += (uint64_t)stored->send_at_ms[at];
			r = read_entry(reading, stored, what, at++, time_ms);
		}
		if (r < 0)
			return -1;
	}
	return 0;
}

int wire_read_sends(struct wire_reading *reading, const Nurture__V1__Ledger *stored)
{
	struct sched_ledger *ledger = reading->ledger;
	size_t room = stored->n_sends + stored->n_send_what + stored->n_waiting +
		      stored->n_candidates + WIRE_ROOM_BEYOND;

	ledger->counted = arena_alloc(ledger->source.arena, room * sizeof(*ledger->counted));
	ledger->sends = arena_alloc(ledger->source.arena, room * sizeof(*ledger->sends));
	if (stored->n_send_what)
		return read_columns(reading, stored);
	for (size_t i = 0; i < stored->n_sends; i++)
		if (read_message(reading, message_bytes(stored->sends[i])) < 0)
			return -1;
	return 0;
}

static Nurture__V1__LedgerSend *message_of(const struct sched_ledger *ledger, size_t i,
					   struct arena *arena)
{
	const struct ledger_send *counted = &ledger->counted[i];
	Nurture__V1__LedgerSend *send = arena_alloc(arena, sizeof(*send));

	nurture__v1__ledger_send__init(send);
	send->id = (char *)sched_send_id(ledger, &ledger->sends[i]);
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

/* The bytes of the send's id; NULL: it is no usual one. */
static const uint8_t *id_bytes(struct sched_send *send, struct arena *arena)
{
	uint8_t *bytes;

	if (send->id_bytes)
		return send->id_bytes;
	bytes = arena_alloc(arena, WORDS_ID_BYTES);
	if (!words_id_bytes(send->id, bytes))
		return NULL;
	send->id_bytes = bytes;
	return bytes;
}

static void number_words(struct words *words, struct sched_send *send,
			 const struct ledger_send *counted)
{
	if (send->words.message_class)
		return;
	send->words.message_class = words_number(words, send->message_class);
	send->words.programme = words_number(words, counted->programme);
	send->words.category = words_number(words, counted->category);
}

static uint64_t what_of(const struct ledger_send *counted, const struct sched_send *send)
{
	return (uint64_t)counted->channel + 1 + (counted->exempt ? WHAT_EXEMPT : 0) +
	       (send->elsewhere ? WHAT_ELSEWHERE : 0) + (counted->merged ? WHAT_MERGED : 0);
}

static void make_columns(size_t count, struct arena *arena, Nurture__V1__Ledger *ret)
{
	uint64_t *columns = arena_alloc(arena, 5 * count * sizeof(*columns));

	ret->send_what = columns;
	ret->send_class = columns + count;
	ret->send_programme = columns + 2 * count;
	ret->send_category = columns + 3 * count;
	ret->send_at_ms = (int64_t *)(columns + 4 * count);
	ret->send_id.data = arena_alloc(arena, count * WORDS_ID_BYTES);
	ret->sends = arena_alloc(arena, count * sizeof(*ret->sends));
}

void wire_write_sends(struct sched_ledger *ledger, struct arena *arena, Nurture__V1__Ledger *ret)
{
	int64_t before_ms = 0;
	bool has_category = false;

	make_columns(ledger->send_count, arena, ret);
	for (size_t i = 0; i < ledger->send_count; i++) {
		struct sched_send *send = &ledger->sends[i];
		const struct ledger_send *counted = &ledger->counted[i];
		const uint8_t *id = send->lapses_ms ? NULL : id_bytes(send, arena);
		size_t at = ret->n_send_at_ms;

		if (!id) {
			ret->send_what[ret->n_send_what++] = 0;
			ret->sends[ret->n_sends++] = message_of(ledger, i, arena);
			continue;
		}
		number_words(&ledger->words, send, counted);
		ret->send_what[ret->n_send_what++] = what_of(counted, send);
		ret->send_at_ms[ret->n_send_at_ms++] = counted->at_ms - before_ms;
		before_ms = counted->at_ms;
		ret->send_class[ret->n_send_class++] = send->words.message_class;
		ret->send_programme[ret->n_send_programme++] = send->words.programme;
		ret->send_category[at] = send->words.category;
		has_category |= send->words.category != 0;
		memcpy(ret->send_id.data + at * WORDS_ID_BYTES, id, WORDS_ID_BYTES);
	}
	ret->send_id.len = ret->n_send_at_ms * WORDS_ID_BYTES;
	ret->n_send_category = has_category ? ret->n_send_at_ms : 0;
}
