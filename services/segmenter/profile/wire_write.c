/* wire_write.c - a profile into bytes. See wire.h. */
#include "wire.h"

#include "wire_fields.h"

struct writer {
	uint8_t *at;
	uint8_t *tag, *body; /* of the column that is being written */
	uint8_t *kept;       /* end of its last number that is not 0 */
};

static void put_varint(struct writer *w, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*w->at++ = (uint8_t)(value | 0x80);
	*w->at++ = (uint8_t)value;
}

static void put_tag(struct writer *w, unsigned field, unsigned type)
{
	put_varint(w, field << 3 | type);
}

static void put_text(struct writer *w, unsigned field, const char *text)
{
	size_t len = strlen(text);

	put_tag(w, field, WIRE_BYTES);
	put_varint(w, len);
	memcpy(w->at, text, len);
	w->at += len;
}

static void put_text_if_any(struct writer *w, unsigned field, const char *text)
{
	if (*text)
		put_text(w, field, text);
}

static void put_number(struct writer *w, unsigned field, uint64_t value)
{
	if (value == 0)
		return;
	put_tag(w, field, WIRE_VARINT);
	put_varint(w, value);
}

static void put_fixed64(struct writer *w, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		*w->at++ = (uint8_t)(value >> 8 * i);
}

static void column_begin(struct writer *w, unsigned field)
{
	w->tag = w->at;
	put_tag(w, field, WIRE_BYTES);
	w->body = w->kept = ++w->at; /* one byte for its length, as nearly all have */
}

static void column_add(struct writer *w, uint64_t value)
{
	put_varint(w, value);
	if (value)
		w->kept = w->at;
}

/* For a list whose length nothing else tells: its zeros stand. */
static void column_keep(struct writer *w, uint64_t value)
{
	put_varint(w, value);
	w->kept = w->at;
}

/* Ends a column. Zeros at its end are not written, and neither is a column of nothing but zeros. */
static void column_end(struct writer *w)
{
	size_t len = (size_t)(w->kept - w->body);
	struct writer length = {.at = w->body - 1};
	size_t more = len < 0x80 ? 0 : len < 0x4000 ? 1 : 2;

	w->at = len ? w->kept + more : w->tag;
	if (more)
		memmove(w->body + more, w->body, len);
	if (len)
		put_varint(&length, len);
}

/* A column of a number for each i below count. */
#define COLUMN(w, field, count, value)                                                             \
	do {                                                                                       \
		column_begin(w, field);                                                            \
		for (unsigned i = 0; i < (count); i++)                                             \
			column_add(w, value);                                                      \
		column_end(w);                                                                     \
	} while (0)
/* Times as steps: each as the difference to the one before. */
#define STEPS(w, field, list, count, member)                                                       \
	COLUMN(w, field, count, wire_zigzag((list)[i].member - (i > 0 ? (list)[i - 1].member : 0)))
#define TEXTS(w, field, list, count, member)                                                       \
	do {                                                                                       \
		for (unsigned i = 0; i < (count); i++)                                             \
			put_text(w, field, (list)[i].member);                                      \
	} while (0)

static uint64_t flags_of(const struct seg_order *order)
{
	return (order->placed ? 0 : SEG_FLAG_UNPLACED) |
	       (order->whole_gone ? SEG_FLAG_WHOLE_GONE : 0) |
	       (order->foreign ? SEG_FLAG_FOREIGN : 0) |
	       (order->told_shipped ? SEG_FLAG_SHIPPED : 0) |
	       (order->told_cancelled ? SEG_FLAG_CANCELLED : 0) |
	       (order->told_delivered ? SEG_FLAG_DELIVERED : 0) |
	       (order->told_whole_refund ? SEG_FLAG_WHOLE_REFUND : 0);
}

static void write_dates(struct writer *w, const struct seg_profile *profile,
			enum seg_order_date_kind kind)
{
	const struct seg_order *orders = profile->orders;
	unsigned field = WIRE_ORDER_STARTS_MS + WIRE_ORDER_DATE_COLUMNS * kind;
	unsigned count = profile->order_count;

	COLUMN(w, field, count, wire_since(orders[i].dates[kind].at_ms, orders[i].time_ms));
	COLUMN(w, field + 1, count, wire_since(orders[i].dates[kind].told_ms, orders[i].time_ms));
	COLUMN(w, field + 2, count, wire_since(orders[i].dates[kind].done_ms, orders[i].time_ms));
}

static void write_orders(struct writer *w, const struct seg_profile *profile)
{
	const struct seg_order *orders = profile->orders;
	unsigned count = profile->order_count;

	TEXTS(w, WIRE_ORDER_ID, orders, count, id);
	STEPS(w, WIRE_ORDER_MS, orders, count, time_ms);
	COLUMN(w, WIRE_ORDER_AMOUNT_E4, count, wire_zigzag(orders[i].amount_e4));
	COLUMN(w, WIRE_ORDER_CATEGORIES, count, orders[i].categories);
	COLUMN(w, WIRE_ORDER_RETURNED, count, orders[i].returned);
	COLUMN(w, WIRE_ORDER_TOP, count, orders[i].top);
	COLUMN(w, WIRE_ORDER_FLAGS, count, flags_of(&orders[i]));
	COLUMN(w, WIRE_ORDER_REFUNDED_E4, count, wire_zigzag(orders[i].refunded_e4));
	COLUMN(w, WIRE_ORDER_DELIVERED_MS, count,
	       wire_since(orders[i].delivered_ms, orders[i].time_ms));
	COLUMN(w, WIRE_ORDER_LATE_MS, count, wire_since(orders[i].late_ms, orders[i].time_ms));
	COLUMN(w, WIRE_ORDER_GONE_MS, count, wire_since(orders[i].gone_ms, orders[i].time_ms));
	put_number(w, WIRE_OLDER_ORDERS, profile->older.orders);
	put_number(w, WIRE_OLDER_SPENT_E4, wire_zigzag(profile->older.spent_e4));
	put_number(w, WIRE_OLDER_FIRST_MS, wire_since(profile->older.first_ms, 0));
	put_number(w, WIRE_OLDER_LAST_MS, wire_since(profile->older.last_ms, 0));
	TEXTS(w, WIRE_CATEGORY, profile->categories, profile->category_count, name);
	COLUMN(w, WIRE_CATEGORY_OLDER_MS, profile->category_count,
	       wire_since(profile->categories[i].older_ms, 0));
}

/* A hash has no zeros to leave out. */
static void column_hash(struct writer *w, uint64_t hash)
{
	put_fixed64(w, hash);
	w->kept = w->at;
}

static void column_byte(struct writer *w, uint8_t byte)
{
	*w->at++ = byte;
	w->kept = w->at;
}

/* A column over the refunds, or the parcels, of all orders, one order after the other. */
#define OF_ALL(w, field, list, statement)                                                          \
	do {                                                                                       \
		column_begin(w, field);                                                            \
		for (unsigned i = 0; i < profile->order_count; i++)                                \
			for (unsigned j = 0; j < orders[i].list.count; j++)                        \
				statement;                                                         \
		column_end(w);                                                                     \
	} while (0)

static void write_contents(struct writer *w, const struct seg_profile *profile)
{
	const struct seg_order *orders = profile->orders;
	unsigned count = profile->order_count;

	COLUMN(w, WIRE_ORDER_CURRENCY, count, orders[i].currency);
	COLUMN(w, WIRE_ORDER_AMOUNT_MS, count,
	       wire_word(orders[i].amount_ms, orders[i].time_ms, wire_has_amount(&orders[i])));
	COLUMN(w, WIRE_ORDER_ITEMS_MS, count,
	       wire_word(orders[i].items_ms, orders[i].time_ms, wire_has_items(&orders[i])));
}

static void write_lists(struct writer *w, const struct seg_profile *profile)
{
	const struct seg_order *orders = profile->orders;
	unsigned count = profile->order_count;

	COLUMN(w, WIRE_ORDER_REFUNDS, count, orders[i].refunds.count);
	OF_ALL(w, WIRE_REFUND_EVENT, refunds, column_hash(w, orders[i].refunds.items[j].event));
	OF_ALL(w, WIRE_REFUND_AMOUNT_E4, refunds,
	       column_add(w, wire_zigzag(orders[i].refunds.items[j].amount_e4)));
	OF_ALL(w, WIRE_REFUND_CURRENCY, refunds,
	       column_add(w, orders[i].refunds.items[j].currency));
	COLUMN(w, WIRE_ORDER_PARCELS, count, orders[i].parcels.said);
	COLUMN(w, WIRE_ORDER_PARCELS_NAMED, count, orders[i].parcels.count);
	OF_ALL(w, WIRE_PARCEL, parcels, column_hash(w, orders[i].parcels.items[j]));
}

/* Writes the attributes from `from` to before `to`, with their times in one column. */
static void write_attributes(struct writer *w, const struct seg_profile *profile, unsigned from,
			     unsigned to, unsigned times_field)
{
	int64_t before_ms = 0;

	for (unsigned i = from; i < to; i++)
		put_text_if_any(w, wire_attribute(i), profile->attributes[i].text);
	column_begin(w, times_field);
	for (unsigned i = from; i < to; i++) {
		if (!*profile->attributes[i].text)
			continue;
		column_add(w, wire_zigzag(profile->attributes[i].time_ms - before_ms));
		before_ms = profile->attributes[i].time_ms;
	}
	column_end(w);
}

static uint64_t attributes_said(const struct seg_profile *profile)
{
	uint64_t said = 0;

	for (unsigned i = 0; i < SEG_ATTRIBUTE_COUNT; i++)
		said |= (uint64_t)profile->attributes[i].is_said << i;
	return said;
}

/* Of each address two times: when it was seen last, and first. */
static int64_t address_ms(const struct seg_profile *profile, unsigned i)
{
	const struct seg_address *address = &profile->addresses[i / 2];

	return i % 2 ? address->first_ms : address->last_ms;
}

static bool any_case_order(const struct seg_profile *profile)
{
	for (unsigned i = 0; i < profile->case_count; i++)
		if (*profile->cases[i].order)
			return true;
	return false;
}

static void write_person(struct writer *w, const struct seg_profile *profile)
{
	const struct seg_consent *consents = profile->consents;
	const struct seg_case *cases = profile->cases;

	TEXTS(w, WIRE_ADDRESS, profile->addresses, profile->address_count, text);
	COLUMN(w, WIRE_ADDRESS_MS, 2 * profile->address_count,
	       wire_zigzag(address_ms(profile, i) - (i ? address_ms(profile, i - 1) : 0)));
	write_attributes(w, profile, 0, SEG_PHONE, WIRE_ATTRIBUTE_MS);
	TEXTS(w, WIRE_CONSENT_CLASS, consents, profile->consent_count, message_class);
	COLUMN(w, WIRE_CONSENT_GIVEN, profile->consent_count, consents[i].word != SEG_WITHDRAWN);
	COLUMN(w, WIRE_CONSENT_PROVEN, profile->consent_count, consents[i].word == SEG_PROVEN);
	STEPS(w, WIRE_CONSENT_MS, consents, profile->consent_count, time_ms);
	put_number(w, WIRE_BOUNCED_MS, wire_since(profile->bounced_ms, 0));
	put_text_if_any(w, WIRE_MERGED_INTO, profile->merged_into);
	put_number(w, WIRE_MERGED_MS, wire_since(profile->merged_ms, 0));
	TEXTS(w, WIRE_CASE_ID, cases, profile->case_count, id);
	COLUMN(w, WIRE_CASE_OPENED_MS, profile->case_count, wire_since(cases[i].opened_ms, 0));
	COLUMN(w, WIRE_CASE_CLOSED_MS, profile->case_count, wire_since(cases[i].closed_ms, 0));
	if (any_case_order(profile))
		TEXTS(w, WIRE_CASE_ORDER, cases, profile->case_count, order);
}

static void write_ascending(struct writer *w, unsigned field, const int64_t *list, unsigned count)
{
	column_begin(w, field);
	for (unsigned i = 0; i < count; i++)
		column_keep(w, wire_zigzag(list[i] - (i > 0 ? list[i - 1] : 0)));
	column_end(w);
}

static void write_behaviour(struct writer *w, const struct seg_profile *profile)
{
	const struct seg_preferences *preferences = &profile->preferences;

	write_ascending(w, WIRE_MOMENT, profile->moments, profile->moment_count);
	put_number(w, WIRE_MOMENTS_EVER, profile->moments_ever);
	write_ascending(w, WIRE_SOFT_BOUNCE_MS, profile->soft_bounces_ms,
			profile->soft_bounce_count);
	if (preferences->time_ms == SEG_NEVER)
		return;
	if (preferences->paused_until_ms)
		put_number(w, WIRE_PAUSED_UNTIL_MS, wire_since(preferences->paused_until_ms, 0));
	COLUMN(w, WIRE_ALLOWANCE_DAYS, preferences->count, preferences->allowances[i].days);
	COLUMN(w, WIRE_ALLOWANCE_LIMIT, preferences->count, preferences->allowances[i].limit);
	put_number(w, WIRE_PREFERENCES_MS, wire_since(preferences->time_ms, 0));
}

/* Writes the fields that were added later. */
static void write_more(struct writer *w, const struct seg_profile *profile)
{
	write_attributes(w, profile, SEG_PHONE, SEG_ATTRIBUTE_COUNT, WIRE_MORE_ATTRIBUTE_MS);
	put_number(w, WIRE_ATTRIBUTES_SAID, attributes_said(profile));
	write_dates(w, profile, SEG_STARTS);
	write_dates(w, profile, SEG_ENDS);
}

static void write_decided(struct writer *w, const struct seg_profile *profile)
{
	const struct seg_memory *memories = profile->memories;

	for (unsigned i = 0; i < profile->segment_count; i++)
		put_text(w, WIRE_SEGMENT, profile->segments[i]);
	TEXTS(w, WIRE_PROGRAMME, memories, profile->memory_count, programme);
	STEPS(w, WIRE_PROGRAMME_MS, memories, profile->memory_count, last_ms);
	COLUMN(w, WIRE_PROGRAMME_EXPIRES_MS, profile->memory_count,
	       wire_since(memories[i].expires_ms, memories[i].last_ms));
	if (profile->contact_fingerprint) {
		put_tag(w, WIRE_CONTACT_FINGERPRINT, WIRE_FIXED64);
		put_fixed64(w, profile->contact_fingerprint);
	}
	put_number(w, WIRE_DUE_MS, wire_since(profile->due_ms, 0));
}

/* The hash is the first member of each; an empty list may have no items at all. */
static void write_hashes(struct writer *w, unsigned field, const void *first, size_t stride,
			 unsigned count)
{
	if (count == 0)
		return;
	put_tag(w, field, WIRE_BYTES);
	put_varint(w, 8 * count);
	for (unsigned i = 0; i < count; i++) {
		uint64_t hash;

		memcpy(&hash, (const char *)first + i * stride, sizeof(hash));
		put_fixed64(w, hash);
	}
}

static void write_floor(struct writer *w, unsigned field, const struct seg_dedup *known)
{
	put_number(w, field,
		   wire_since(known->floor == SEG_NO_FLOOR ? SEG_NEVER : known->floor, 0));
}

static int64_t hour_of(const struct seg_dedup *events, unsigned i)
{
	int64_t minute = events->items[i].minute, hour = minute / 60;

	return minute < 60 * hour ? hour - 1 : hour;
}

static void write_bodies(struct writer *w, const struct seg_dedup *events)
{
	column_begin(w, WIRE_EVENT_BODY);
	for (unsigned i = 0; i < events->count; i++)
		for (unsigned j = 0; j < 4; j++)
			column_byte(w, (uint8_t)(events->items[i].body >> 8 * j));
	column_end(w);
}

static void write_known(struct writer *w, const struct seg_profile *profile)
{
	const struct seg_dedup *events = &profile->events, *facts = &profile->facts;

	write_hashes(w, WIRE_EVENT_HASH, events->items, sizeof(*events->items), events->count);
	COLUMN(w, WIRE_EVENT_HOUR, events->count,
	       wire_zigzag(hour_of(events, i) - (i > 0 ? hour_of(events, i - 1) : 0)));
	COLUMN(w, WIRE_EVENT_MINUTE, events->count,
	       (uint64_t)(events->items[i].minute - 60 * hour_of(events, i)));
	write_bodies(w, events);
	write_floor(w, WIRE_EVENT_FLOOR, events);
	write_hashes(w, WIRE_FACT_HASH, facts->items, sizeof(*facts->items), facts->count);
	STEPS(w, WIRE_FACT_MINUTE, facts->items, facts->count, minute);
	write_floor(w, WIRE_FACT_FLOOR, facts);
}

static void write_erasure(struct writer *w, const struct seg_profile *profile)
{
	put_number(w, WIRE_ERASED_MS, wire_since(profile->erased_ms, 0));
	write_hashes(w, WIRE_AHEAD_HASH, &profile->ahead[0].hash, sizeof(profile->ahead[0]),
		     profile->ahead_count);
	STEPS(w, WIRE_AHEAD_MS, profile->ahead, profile->ahead_count, claimed_ms);
	write_hashes(w, WIRE_ERASED_HASH, profile->erased_hashes, sizeof(profile->erased_hashes[0]),
		     profile->erased_hash_count);
}

/* An upper bound of the encoded size. */
static size_t room_for(const struct seg_profile *profile)
{
	enum { TEXT = WIRE_TAG_BYTES + WIRE_VARINT_BYTES, NUMBER = WIRE_VARINT_BYTES };
	size_t room = WIRE_FIELDS * (TEXT + NUMBER) + strlen(profile->merged_into) +
		      profile->order_count *
			  (TEXT + (16 + SEG_ORDER_DATES * WIRE_ORDER_DATE_COLUMNS) * NUMBER) +
		      profile->category_count * (TEXT + NUMBER) +
		      SEG_ADDRESSES_MAX * (TEXT + 2 * NUMBER) +
		      profile->consent_count * (TEXT + 3 * NUMBER) +
		      profile->case_count * (2 * TEXT + 2 * NUMBER) +
		      profile->segment_count * TEXT + profile->memory_count * (TEXT + 2 * NUMBER) +
		      profile->events.count * (8 + 4 + 2 * NUMBER) +
		      profile->facts.count * (8 + NUMBER) + profile->moment_count * NUMBER +
		      (SEG_SOFT_BOUNCES_MAX + 2 * SEG_ALLOWANCES_MAX) * NUMBER +
		      profile->ahead_count * (8 + NUMBER) + profile->erased_hash_count * 8;

#define ADD(list, count, member)                                                                   \
	for (unsigned i = 0; i < (count); i++)                                                     \
		room += strlen((list)[i].member);
	ADD(profile->orders, profile->order_count, id)
	ADD(profile->categories, profile->category_count, name)
	ADD(profile->addresses, profile->address_count, text)
	ADD(profile->attributes, SEG_ATTRIBUTE_COUNT, text)
	ADD(profile->consents, profile->consent_count, message_class)
	ADD(profile->cases, profile->case_count, id)
	ADD(profile->cases, profile->case_count, order)
	ADD(profile->memories, profile->memory_count, programme)
#undef ADD
	for (unsigned i = 0; i < profile->order_count; i++)
		room += profile->orders[i].refunds.count * (8 + 2 * NUMBER) +
			8 * profile->orders[i].parcels.count;
	for (unsigned i = 0; i < profile->segment_count; i++)
		room += strlen(profile->segments[i]);
	return room;
}

struct slice seg_profile_encode(const struct seg_profile *profile)
{
	uint8_t *bytes = arena_alloc(profile->arena, room_for(profile));
	struct writer w = {.at = bytes};

	write_orders(&w, profile);
	write_contents(&w, profile);
	write_lists(&w, profile);
	write_person(&w, profile);
	write_behaviour(&w, profile);
	write_more(&w, profile);
	write_decided(&w, profile);
	write_known(&w, profile);
	write_erasure(&w, profile);
	return slice_of(bytes, (size_t)(w.at - bytes));
}
