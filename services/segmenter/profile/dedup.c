/* dedup.c - see dedup.h. */
#include "dedup.h"

#include <stdarg.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/message/event_authority.h"
#include "common/codec/protobuf_message.h"
#include "common/policy/event_type.h"

/* Seven days, and the hour that rounding may take. */
enum { KEPT_MINUTES = (7 * 24 + 1) * 60, FACT_PARTS_MAX = 6 };

const struct seg_dedup_entry *seg_dedup_find(const struct seg_dedup *known, uint64_t hash)
{
	for (unsigned i = known->count; i-- > 0;)
		if (known->items[i].hash == hash)
			return &known->items[i];
	return NULL;
}

int64_t seg_minute(int64_t time_ms)
{
	int64_t minute = time_ms / MINUTE_MS;

	return time_ms < minute * MINUTE_MS ? minute - 1 : minute;
}

bool seg_dedup_forgot(const struct seg_dedup *known, int64_t time_ms)
{
	return seg_minute(time_ms) <= known->floor;
}

static bool is_before(struct seg_dedup_entry a, struct seg_dedup_entry b)
{
	return a.minute != b.minute ? a.minute < b.minute : a.hash < b.hash;
}

static void insert(struct seg_dedup *known, struct seg_dedup_entry entry, struct arena *arena)
{
	unsigned at = known->count;

	while (at > 0 && is_before(entry, known->items[at - 1]))
		at--;
	known->items =
	    seg_list_open(arena, known->items, known->count, &known->room, sizeof(entry), at);
	known->items[at] = entry;
	known->count++;
}

/* Drops the oldest entries, and raises the floor to the newest of them. */
static void forget(struct seg_dedup *known, unsigned drop)
{
	if (drop == 0)
		return;
	if (known->items[drop - 1].minute > known->floor)
		known->floor = known->items[drop - 1].minute;
	known->items += drop;
	known->count -= drop;
	known->room -= drop;
}

static unsigned surplus(const struct seg_dedup *known)
{
	int64_t newest = known->items[known->count - 1].minute;
	unsigned count = known->count, drop = 0;

	while (count - drop > SEG_EVENTS_KEPT &&
	       (count - drop > SEG_EVENTS_MAX || known->items[drop].minute < newest - KEPT_MINUTES))
		drop++;
	return drop;
}

void seg_dedup_add_event(struct seg_profile *profile, struct seg_dedup_entry entry)
{
	insert(&profile->events, entry, profile->arena);
	forget(&profile->events, surplus(&profile->events));
}

void seg_dedup_add_fact(struct seg_profile *profile, uint64_t hash, int64_t time_ms)
{
	struct seg_dedup *facts = &profile->facts;

	if (seg_dedup_find(facts, hash))
		return;
	insert(facts, (struct seg_dedup_entry){.hash = hash, .minute = seg_minute(time_ms)},
	       profile->arena);
	forget(facts, facts->count > SEG_FACTS_MAX ? facts->count - SEG_FACTS_MAX : 0);
}

uint64_t seg_fact_hash(const char *kind, ...)
{
	struct slice parts[FACT_PARTS_MAX] = {slice_text(kind)};
	char id[ID_TEXT_BYTES];
	unsigned count = 1;
	va_list list;

	va_start(list, kind);
	for (const char *part; count < FACT_PARTS_MAX && (part = va_arg(list, const char *));)
		parts[count++] = slice_text(part);
	va_end(list);
	id_of(id, parts, count);
	return hash64(slice_text(id));
}

static bool begins_with(const char *text, const char *begin)
{
	return strncmp(text, begin, strlen(begin)) == 0;
}

static bool is_stamped_on_arrival(const Nurture__V1__Event *event)
{
	return begins_with(event->type, "message.") || begins_with(event->type, "feedback.") ||
	       begins_with(event->type, "preferences.") || begins_with(event->type, "consent.") ||
	       event_authority(event) == AUTHORITY_PERSON;
}

/* Several of our services read a bounce, and tell more or less about the mail. */
static bool is_what_came_back(const char *type)
{
	return event_type_is(type, EVENT_MESSAGE_BOUNCED) ||
	       event_type_is(type, EVENT_MESSAGE_COMPLAINED);
}

/* The part of the message that goes into the hash of the event's body. */
static Nurture__V1__MessageRef message_said(const Nurture__V1__Event *event)
{
	Nurture__V1__MessageRef said = *event->message;

	if (is_what_came_back(event->type)) {
		nurture__v1__message_ref__init(&said);
		said.kind = event->message->kind;
	}
	said.detail = (char *)"";
	return said;
}

uint32_t seg_event_body(const Nurture__V1__Event *event, struct arena *arena)
{
	Nurture__V1__Event said = *event;
	Nurture__V1__MessageRef message;
	Nurture__V1__Proof proof;
	uint32_t hash;

	said.base.n_unknown_fields = 0;
	said.live_from_ms = 0; /* an import that is run again begins to live later */
	if (is_stamped_on_arrival(event)) {
		said.time_ms = 0;
		if (event->message) {
			message = message_said(event);
			said.message = &message;
		}
		if (event->proof) {
			proof = *event->proof;
			proof.at_ms = 0;
			said.proof = &proof;
		}
	}
	hash = (uint32_t)hash64(message_pack(&said, arena));
	return hash ? hash : 1;
}
