/*
 * wire_fields.h - profile.proto by hand: its field numbers and how it writes times.
 *
 * A profile is read and written once for every event.  `make bench` (codec) compares: reading it
 * into the lists of profile.h, with every check, takes about as long as protobuf-c needs to unpack
 * the columns alone.  A unit test holds the numbers and kinds against profile.proto.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_WIRE_FIELDS_H
#define NURTURE_SEGMENTER_PROFILE_WIRE_FIELDS_H

#include "common/codec/protobuf_scan.h"
#include "profile.h"

enum wire_field {
	WIRE_ORDER_ID = 1,
	WIRE_ORDER_MS = 2,
	WIRE_ORDER_AMOUNT_E4 = 3,
	WIRE_ORDER_CATEGORIES = 4,
	WIRE_ORDER_TOP = 5,
	WIRE_ORDER_FLAGS = 6,
	WIRE_ORDER_REFUNDED_E4 = 7,
	WIRE_CATEGORY = 8,
	WIRE_ADDRESS = 9,
	WIRE_CONSENT_CLASS = 10,
	WIRE_CASE_ID = 11,
	WIRE_SEGMENT = 12,
	WIRE_PROGRAMME = 13,
	WIRE_CONTACT_FINGERPRINT = 14,
	WIRE_DUE_MS = 15,
	WIRE_EVENT_HASH = 16,
	WIRE_ORDER_DELIVERED_MS = 17,
	WIRE_ORDER_LATE_MS = 18,
	WIRE_ORDER_GONE_MS = 19,
	WIRE_OLDER_ORDERS = 20,
	WIRE_OLDER_SPENT_E4 = 21,
	WIRE_OLDER_FIRST_MS = 22,
	WIRE_OLDER_LAST_MS = 23,
	WIRE_CATEGORY_OLDER_MS = 24,
	WIRE_ADDRESS_MS = 25,
	WIRE_NAME = 26, /* and the next four attributes, in the order of SEG_ATTRIBUTES */
	WIRE_ATTRIBUTE_MS = 31,
	WIRE_CONSENT_GIVEN = 32,
	WIRE_CONSENT_MS = 33,
	WIRE_BOUNCED_MS = 34,
	WIRE_MERGED_INTO = 35,
	WIRE_MERGED_MS = 36,
	WIRE_CASE_OPENED_MS = 37,
	WIRE_CASE_CLOSED_MS = 38,
	WIRE_PROGRAMME_MS = 39,
	WIRE_PROGRAMME_EXPIRES_MS = 40,
	WIRE_EVENT_HOUR = 41,
	WIRE_MOMENT = 42,
	WIRE_SOFT_BOUNCE_MS = 43,
	WIRE_MOMENTS_EVER = 44,
	WIRE_PAUSED_UNTIL_MS = 45,
	WIRE_ALLOWANCE_LIMIT = 46,
	WIRE_ALLOWANCE_DAYS = 47,
	WIRE_PREFERENCES_MS = 48,
	WIRE_CONSENT_PROVEN = 60,
	WIRE_ERASED_MS = 61,
	WIRE_AHEAD_HASH = 62,
	WIRE_AHEAD_MS = 63,
	WIRE_ERASED_HASH = 64,
	WIRE_ATTRIBUTES_SAID = 65,
	WIRE_ORDER_CURRENCY = 70,
	WIRE_ORDER_AMOUNT_MS = 71,
	WIRE_ORDER_ITEMS_MS = 72,
	WIRE_ORDER_REFUNDS = 73,
	WIRE_REFUND_EVENT = 74,
	WIRE_REFUND_AMOUNT_E4 = 75,
	WIRE_REFUND_CURRENCY = 76,
	WIRE_ORDER_PARCELS = 77,
	WIRE_ORDER_PARCELS_NAMED = 78,
	WIRE_PARCEL = 79,
	WIRE_PHONE = 80, /* and the attributes behind it */
	WIRE_MORE_ATTRIBUTE_MS = 83,
	WIRE_ORDER_STARTS_MS = 84, /* and WIRE_ORDER_DATE_COLUMNS of it; then those of the end */
	WIRE_ORDER_ENDS_MS = 87,
	WIRE_FACT_HASH = 120,
	WIRE_FACT_MINUTE = 121,
	WIRE_FACT_FLOOR = 122,
	WIRE_CASE_ORDER = 123,
	WIRE_EVENT_MINUTE = 124,
	WIRE_EVENT_BODY = 125,
	WIRE_EVENT_FLOOR = 126,
	WIRE_ORDER_RETURNED = 127,
	WIRE_FIELDS
};
enum { WIRE_ORDER_DATE_COLUMNS = 3 }; /* of one date: at, told, done */

static inline unsigned wire_attribute(unsigned kind)
{
	return kind < SEG_PHONE ? WIRE_NAME + kind : WIRE_PHONE + (kind - SEG_PHONE);
}

/* No time is farther from 1970: beyond year 9999 and whatever is added to it. */
#define WIRE_TIME_LIMIT_MS INT64_C(1000000000000000)

static inline bool wire_is_time(int64_t time_ms)
{
	return time_ms > -WIRE_TIME_LIMIT_MS && time_ms < WIRE_TIME_LIMIT_MS;
}

enum { WIRE_VARINT_BYTES = 10, WIRE_TAG_BYTES = 2 }; /* at most */

enum {
	SEG_FLAG_UNPLACED = 1,
	SEG_FLAG_WHOLE_GONE = 2,
	SEG_FLAG_FOREIGN = 4,
	SEG_FLAG_SHIPPED = 8,
	SEG_FLAG_CANCELLED = 16,
	SEG_FLAG_DELIVERED = 32,
	SEG_FLAG_WHOLE_REFUND = 64,
};

/* Small numbers of either sign become small ones without. */
static inline uint64_t wire_zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static inline int64_t wire_unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

static inline uint64_t wire_fixed64(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	return value;
}

/* "since": a time that may be never, as the difference to another one. */
static inline uint64_t wire_since(int64_t time_ms, int64_t base_ms)
{
	if (time_ms == SEG_NEVER)
		return 0;
	return wire_zigzag(time_ms >= base_ms ? time_ms - base_ms + 1 : time_ms - base_ms);
}

/* When something of an order was said; nearly always it is as usual, which is 0. */
static inline uint64_t wire_word(int64_t time_ms, int64_t order_ms, bool with_order)
{
	if (time_ms == (with_order ? order_ms : SEG_NEVER))
		return 0;
	return time_ms == SEG_NEVER ? 1 : 2 + wire_zigzag(time_ms - order_ms);
}

static inline int64_t wire_word_of(uint64_t word, int64_t order_ms, bool with_order)
{
	if (word == 0)
		return with_order ? order_ms : SEG_NEVER;
	return word == 1 ? SEG_NEVER : seg_sum(order_ms, wire_unzigzag(word - 2));
}

/* Are the amount and the items usually said with the placing? */
static inline bool wire_has_amount(const struct seg_order *order)
{
	return order->placed && order->amount_e4 != 0;
}

static inline bool wire_has_items(const struct seg_order *order)
{
	return order->placed && order->categories != 0;
}

/* Out of range instead of overflowing when the bytes are not ours. */
static inline int64_t wire_time_of(int64_t since, int64_t base_ms)
{
	if (since == 0)
		return SEG_NEVER;
	return seg_sum(base_ms, since > 0 ? since - 1 : since);
}

#endif
