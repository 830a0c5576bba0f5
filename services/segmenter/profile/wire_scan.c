/* wire_scan.c - see wire_scan.h. */
#include "wire_scan.h"

#include "common/codec/protobuf_take.h"

enum kind { NOTHING, TEXT, COLUMN, NUMBER, FIXED };

static const uint8_t kinds[WIRE_FIELDS] = {
    [WIRE_ORDER_ID] = TEXT,
    [WIRE_ORDER_MS] = COLUMN,
    [WIRE_ORDER_AMOUNT_E4] = COLUMN,
    [WIRE_ORDER_CATEGORIES] = COLUMN,
    [WIRE_ORDER_TOP] = COLUMN,
    [WIRE_ORDER_FLAGS] = COLUMN,
    [WIRE_ORDER_REFUNDED_E4] = COLUMN,
    [WIRE_CATEGORY] = TEXT,
    [WIRE_ADDRESS] = TEXT,
    [WIRE_CONSENT_CLASS] = TEXT,
    [WIRE_CASE_ID] = TEXT,
    [WIRE_SEGMENT] = TEXT,
    [WIRE_PROGRAMME] = TEXT,
    [WIRE_CONTACT_FINGERPRINT] = FIXED,
    [WIRE_DUE_MS] = NUMBER,
    [WIRE_EVENT_HASH] = COLUMN,
    [WIRE_ORDER_DELIVERED_MS] = COLUMN,
    [WIRE_ORDER_LATE_MS] = COLUMN,
    [WIRE_ORDER_GONE_MS] = COLUMN,
    [WIRE_OLDER_ORDERS] = NUMBER,
    [WIRE_OLDER_SPENT_E4] = NUMBER,
    [WIRE_OLDER_FIRST_MS] = NUMBER,
    [WIRE_OLDER_LAST_MS] = NUMBER,
    [WIRE_CATEGORY_OLDER_MS] = COLUMN,
    [WIRE_ADDRESS_MS] = COLUMN,
    [WIRE_NAME + SEG_NAME] = TEXT,
    [WIRE_NAME + SEG_LOCALE] = TEXT,
    [WIRE_NAME + SEG_TIME_ZONE] = TEXT,
    [WIRE_NAME + SEG_COUNTRY] = TEXT,
    [WIRE_NAME + SEG_BIRTHDAY] = TEXT,
    [WIRE_ATTRIBUTE_MS] = COLUMN,
    [WIRE_CONSENT_GIVEN] = COLUMN,
    [WIRE_CONSENT_MS] = COLUMN,
    [WIRE_BOUNCED_MS] = NUMBER,
    [WIRE_MERGED_INTO] = TEXT,
    [WIRE_MERGED_MS] = NUMBER,
    [WIRE_CASE_OPENED_MS] = COLUMN,
    [WIRE_CASE_CLOSED_MS] = COLUMN,
    [WIRE_PROGRAMME_MS] = COLUMN,
    [WIRE_PROGRAMME_EXPIRES_MS] = COLUMN,
    [WIRE_EVENT_HOUR] = COLUMN,
    [WIRE_MOMENT] = COLUMN,
    [WIRE_SOFT_BOUNCE_MS] = COLUMN,
    [WIRE_MOMENTS_EVER] = NUMBER,
    [WIRE_PAUSED_UNTIL_MS] = NUMBER,
    [WIRE_ALLOWANCE_LIMIT] = COLUMN,
    [WIRE_ALLOWANCE_DAYS] = COLUMN,
    [WIRE_PREFERENCES_MS] = NUMBER,
    [WIRE_CONSENT_PROVEN] = COLUMN,
    [WIRE_ERASED_MS] = NUMBER,
    [WIRE_AHEAD_HASH] = COLUMN,
    [WIRE_AHEAD_MS] = COLUMN,
    [WIRE_ERASED_HASH] = COLUMN,
    [WIRE_ATTRIBUTES_SAID] = NUMBER,
    [WIRE_ORDER_CURRENCY] = COLUMN,
    [WIRE_ORDER_AMOUNT_MS] = COLUMN,
    [WIRE_ORDER_ITEMS_MS] = COLUMN,
    [WIRE_ORDER_REFUNDS] = COLUMN,
    [WIRE_REFUND_EVENT] = COLUMN,
    [WIRE_REFUND_AMOUNT_E4] = COLUMN,
    [WIRE_REFUND_CURRENCY] = COLUMN,
    [WIRE_ORDER_PARCELS] = COLUMN,
    [WIRE_ORDER_PARCELS_NAMED] = COLUMN,
    [WIRE_PARCEL] = COLUMN,
    [WIRE_PHONE + SEG_PHONE - SEG_PHONE] = TEXT,
    [WIRE_PHONE + SEG_ADDRESS - SEG_PHONE] = TEXT,
    [WIRE_PHONE + SEG_REGION - SEG_PHONE] = TEXT,
    [WIRE_MORE_ATTRIBUTE_MS] = COLUMN,
    [WIRE_ORDER_STARTS_MS] = COLUMN,
    [WIRE_ORDER_STARTS_MS + 1] = COLUMN,
    [WIRE_ORDER_STARTS_MS + 2] = COLUMN,
    [WIRE_ORDER_ENDS_MS] = COLUMN,
    [WIRE_ORDER_ENDS_MS + 1] = COLUMN,
    [WIRE_ORDER_ENDS_MS + 2] = COLUMN,
    [WIRE_FACT_HASH] = COLUMN,
    [WIRE_FACT_MINUTE] = COLUMN,
    [WIRE_FACT_FLOOR] = NUMBER,
    [WIRE_CASE_ORDER] = TEXT,
    [WIRE_EVENT_MINUTE] = COLUMN,
    [WIRE_EVENT_BODY] = COLUMN,
    [WIRE_EVENT_FLOOR] = NUMBER,
    [WIRE_ORDER_RETURNED] = COLUMN,
};

/* NULL when there is none before the end. */
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

/* Somebody newer may have written it. */
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
	switch ((enum kind)kinds[field]) {
	case NUMBER:
		return type == WIRE_VARINT ? read_varint(at, end, &scan->numbers[field]) : NULL;
	case FIXED:
		return type == WIRE_FIXED64 ? read_fixed64(at, end, &scan->numbers[field]) : NULL;
	case TEXT:
	case COLUMN:
		at = type == WIRE_BYTES ? read_varint(at, end, &len) : NULL;
		if (!at || len > (uint64_t)(end - at))
			return NULL;
		if (kinds[field] == TEXT)
			add_text(scan, field, arena, at);
		else if (scan->columns[field].bytes)
			return NULL;
		else
			scan->columns[field] = slice_of(at, len);
		return at + len;
	case NOTHING:
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
