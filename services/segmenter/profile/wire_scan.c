/* wire_scan.c - see wire_scan.h. */
#include "wire_scan.h"

#include "common/codec/protobuf_take.h"

const uint8_t wire_kinds[WIRE_FIELDS] = {
    [WIRE_ORDER_ID] = WIRE_IS_TEXT,
    [WIRE_ORDER_MS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_AMOUNT_E4] = WIRE_IS_COLUMN,
    [WIRE_ORDER_CATEGORIES] = WIRE_IS_COLUMN,
    [WIRE_ORDER_TOP] = WIRE_IS_COLUMN,
    [WIRE_ORDER_FLAGS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_REFUNDED_E4] = WIRE_IS_COLUMN,
    [WIRE_CATEGORY] = WIRE_IS_TEXT,
    [WIRE_ADDRESS] = WIRE_IS_TEXT,
    [WIRE_CONSENT_CLASS] = WIRE_IS_TEXT,
    [WIRE_CASE_ID] = WIRE_IS_TEXT,
    [WIRE_SEGMENT] = WIRE_IS_TEXT,
    [WIRE_PROGRAMME] = WIRE_IS_TEXT,
    [WIRE_CONTACT_FINGERPRINT] = WIRE_IS_FIXED,
    [WIRE_DUE_MS] = WIRE_IS_NUMBER,
    [WIRE_EVENT_HASH] = WIRE_IS_COLUMN,
    [WIRE_ORDER_DELIVERED_MS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_LATE_MS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_GONE_MS] = WIRE_IS_COLUMN,
    [WIRE_OLDER_ORDERS] = WIRE_IS_NUMBER,
    [WIRE_OLDER_SPENT_E4] = WIRE_IS_NUMBER,
    [WIRE_OLDER_FIRST_MS] = WIRE_IS_NUMBER,
    [WIRE_OLDER_LAST_MS] = WIRE_IS_NUMBER,
    [WIRE_CATEGORY_OLDER_MS] = WIRE_IS_COLUMN,
    [WIRE_ADDRESS_MS] = WIRE_IS_COLUMN,
    [WIRE_NAME + SEG_NAME] = WIRE_IS_TEXT,
    [WIRE_NAME + SEG_LOCALE] = WIRE_IS_TEXT,
    [WIRE_NAME + SEG_TIME_ZONE] = WIRE_IS_TEXT,
    [WIRE_NAME + SEG_COUNTRY] = WIRE_IS_TEXT,
    [WIRE_NAME + SEG_BIRTHDAY] = WIRE_IS_TEXT,
    [WIRE_ATTRIBUTE_MS] = WIRE_IS_COLUMN,
    [WIRE_CONSENT_GIVEN] = WIRE_IS_COLUMN,
    [WIRE_CONSENT_MS] = WIRE_IS_COLUMN,
    [WIRE_BOUNCED_MS] = WIRE_IS_NUMBER,
    [WIRE_MERGED_INTO] = WIRE_IS_TEXT,
    [WIRE_MERGED_MS] = WIRE_IS_NUMBER,
    [WIRE_CASE_OPENED_MS] = WIRE_IS_COLUMN,
    [WIRE_CASE_CLOSED_MS] = WIRE_IS_COLUMN,
    [WIRE_PROGRAMME_MS] = WIRE_IS_COLUMN,
    [WIRE_PROGRAMME_EXPIRES_MS] = WIRE_IS_COLUMN,
    [WIRE_EVENT_HOUR] = WIRE_IS_COLUMN,
    [WIRE_MOMENT] = WIRE_IS_COLUMN,
    [WIRE_SOFT_BOUNCE_MS] = WIRE_IS_COLUMN,
    [WIRE_MOMENTS_EVER] = WIRE_IS_NUMBER,
    [WIRE_PAUSED_UNTIL_MS] = WIRE_IS_NUMBER,
    [WIRE_ALLOWANCE_LIMIT] = WIRE_IS_COLUMN,
    [WIRE_ALLOWANCE_DAYS] = WIRE_IS_COLUMN,
    [WIRE_PREFERENCES_MS] = WIRE_IS_NUMBER,
    [WIRE_CONSENT_PROVEN] = WIRE_IS_COLUMN,
    [WIRE_ERASED_MS] = WIRE_IS_NUMBER,
    [WIRE_AHEAD_HASH] = WIRE_IS_COLUMN,
    [WIRE_AHEAD_MS] = WIRE_IS_COLUMN,
    [WIRE_ERASED_HASH] = WIRE_IS_COLUMN,
    [WIRE_ATTRIBUTES_SAID] = WIRE_IS_NUMBER,
    [WIRE_ORDER_CURRENCY] = WIRE_IS_COLUMN,
    [WIRE_ORDER_AMOUNT_MS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_ITEMS_MS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_REFUNDS] = WIRE_IS_COLUMN,
    [WIRE_REFUND_EVENT] = WIRE_IS_COLUMN,
    [WIRE_REFUND_AMOUNT_E4] = WIRE_IS_COLUMN,
    [WIRE_REFUND_CURRENCY] = WIRE_IS_COLUMN,
    [WIRE_ORDER_PARCELS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_PARCELS_NAMED] = WIRE_IS_COLUMN,
    [WIRE_PARCEL] = WIRE_IS_COLUMN,
    [WIRE_PHONE + SEG_PHONE - SEG_PHONE] = WIRE_IS_TEXT,
    [WIRE_PHONE + SEG_ADDRESS - SEG_PHONE] = WIRE_IS_TEXT,
    [WIRE_PHONE + SEG_REGION - SEG_PHONE] = WIRE_IS_TEXT,
    [WIRE_MORE_ATTRIBUTE_MS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_STARTS_MS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_STARTS_MS + 1] = WIRE_IS_COLUMN,
    [WIRE_ORDER_STARTS_MS + 2] = WIRE_IS_COLUMN,
    [WIRE_ORDER_ENDS_MS] = WIRE_IS_COLUMN,
    [WIRE_ORDER_ENDS_MS + 1] = WIRE_IS_COLUMN,
    [WIRE_ORDER_ENDS_MS + 2] = WIRE_IS_COLUMN,
    [WIRE_FACT_HASH] = WIRE_IS_COLUMN,
    [WIRE_FACT_MINUTE] = WIRE_IS_COLUMN,
    [WIRE_FACT_FLOOR] = WIRE_IS_NUMBER,
    [WIRE_CASE_ORDER] = WIRE_IS_TEXT,
    [WIRE_EVENT_MINUTE] = WIRE_IS_COLUMN,
    [WIRE_EVENT_BODY] = WIRE_IS_COLUMN,
    [WIRE_EVENT_FLOOR] = WIRE_IS_NUMBER,
    [WIRE_ORDER_RETURNED] = WIRE_IS_COLUMN,
};

/* Returns NULL when the number does not end before the message does. */
static const uint8_t *read_varint(const uint8_t *at, const uint8_t *end, uint64_t *ret)
{
	return take_varint(&at, end, TAKE_NUMBER_BYTES, ret) ? at : NULL;
}

static const uint8_t *read_fixed64(const uint8_t *at, const uint8_t *end, uint64_t *ret)
{
	if (end - at < 8)
		return NULL;
	*ret = wire_fixed64(at);
	return at + 8;
}

static void add_text(struct wire_scan *scan, unsigned field, struct arena *arena,
		     const uint8_t *text)
{
	unsigned at = scan->texts[field].count++;

	scan->texts[field].items =
	    seg_list_open(arena, scan->texts[field].items, at, &scan->texts[field].room,
			  sizeof(*scan->texts[field].items), at);
	scan->texts[field].items[at] = (const char *)text;
}

/* Skips a field that is not ours: a newer version may have written it. */
static const uint8_t *skip(const uint8_t *at, const uint8_t *end, unsigned type)
{
	uint64_t value, len = 0;

	switch (type) {
	case WIRE_VARINT:
		return read_varint(at, end, &value);
	case WIRE_BYTES:
		at = read_varint(at, end, &len);
		break;
	case WIRE_FIXED64:
		len = 8;
		break;
	case WIRE_FIXED32:
		len = 4;
		break;
	default:
		return NULL;
	}
	return at && len <= (uint64_t)(end - at) ? at + len : NULL;
}

/* The value behind a tag. A text is not ended yet: its NUL goes where the next tag begins. */
static const uint8_t *read_field(const uint8_t *at, const uint8_t *end, uint64_t tag,
				 struct arena *arena, struct wire_scan *scan)
{
	unsigned field = (unsigned)(tag >> 3), type = tag & 7;
	uint64_t len;

	if (tag >> 3 >= WIRE_FIELDS)
		return skip(at, end, type);
	switch ((enum wire_kind)wire_kinds[field]) {
	case WIRE_IS_NUMBER:
		return type == WIRE_VARINT ? read_varint(at, end, &scan->numbers[field]) : NULL;
	case WIRE_IS_FIXED:
		return type == WIRE_FIXED64 ? read_fixed64(at, end, &scan->numbers[field]) : NULL;
	case WIRE_IS_TEXT:
	case WIRE_IS_COLUMN:
		at = type == WIRE_BYTES ? read_varint(at, end, &len) : NULL;
		if (!at || len > (uint64_t)(end - at))
			return NULL;
		if (wire_kinds[field] == WIRE_IS_TEXT)
			add_text(scan, field, arena, at);
		else if (scan->columns[field].bytes)
			return NULL;
		else
			scan->columns[field] = slice_of(at, len);
		return at + len;
	case WIRE_IS_NOTHING:
		return skip(at, end, type);
	}
	return NULL;
}

bool wire_scan(struct slice bytes, struct arena *arena, struct wire_scan *ret)
{
	uint8_t *copy = (uint8_t *)arena_copy(arena, bytes.bytes, bytes.len);
	const uint8_t *at = copy, *end = copy + bytes.len;

	memset(ret, 0, sizeof(*ret));
	while (at < end) {
		uint8_t *tag_at = copy + (at - copy);
		uint64_t tag;

		at = read_varint(at, end, &tag);
		if (!at)
			return false;
		*tag_at = '\0'; /* ends the text before it */
		at = read_field(at, end, tag, arena, ret);
		if (!at)
			return false;
	}
	return true;
}

const char *wire_text(const struct wire_scan *scan, unsigned field)
{
	unsigned count = scan->texts[field].count;

	return count ? scan->texts[field].items[count - 1] : "";
}

struct wire_column wire_column(const struct wire_scan *scan, unsigned field)
{
	struct slice column = scan->columns[field];

	if (!column.bytes)
		column = slice_text("");
	return (struct wire_column){.at = column.bytes, .end = column.bytes + column.len};
}

uint64_t wire_next_long(struct wire_column *column)
{
	uint64_t value;
	const uint8_t *at = read_varint(column->at, column->end, &value);

	if (at) {
		column->at = at;
		return value;
	}
	column->bad = true;
	column->at = column->end;
	return 0;
}
