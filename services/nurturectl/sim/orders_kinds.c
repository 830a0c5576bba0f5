/* orders_kinds.c - see orders_kinds.h. */
#include "orders_kinds.h"

#include "orders_fields.h"

/* Words of exports, or the type itself. */
static const struct {
	const char *word;
	enum order_kind kind;
} kind_words[] = {
    {"", ORDER_PLACED},
    {"order", ORDER_PLACED},
    {"placed", ORDER_PLACED},
    {"shipped", ORDER_SHIPPED},
    {"delivered", ORDER_DELIVERED},
    {"late", ORDER_LATE},
    {"cancellation", ORDER_CANCELLED},
    {"cancelled", ORDER_CANCELLED},
    {"refund", ORDER_REFUNDED},
    {"refunded", ORDER_REFUNDED},
    {"updated", ORDER_UPDATED},
    {"return", ORDER_RETURN_OPENED},
    {"complaint", ORDER_COMPLAINT_OPENED},
};

static int kind_of(struct slice word)
{
	for (size_t i = 0; i < sizeof(kind_words) / sizeof(*kind_words); i++)
		if (slice_equal(word, slice_text(kind_words[i].word)))
			return (int)kind_words[i].kind;
	for (int kind = 0; kind < ORDER_KINDS; kind++)
		if (slice_is(word, order_kind_type((enum order_kind)kind)))
			return kind;
	return -1;
}

bool row_kinds_have(const struct row_kinds *kinds, enum order_kind kind)
{
	for (unsigned i = 0; i < kinds->count; i++)
		if (kinds->kinds[i] == kind)
			return true;
	return false;
}

/* The order itself comes first. False: such a kind can stand only alone. */
static bool add_kind(struct row_kinds *ret, enum order_kind kind)
{
	if (row_kinds_have(ret, kind))
		return true;
	if (ret->count && (row_kind_column(kind) == COLUMN_COUNT ||
			   row_kind_column(ret->kinds[0]) == COLUMN_COUNT))
		return false;
	ret->kinds[ret->count++] = kind;
	if (kind == ORDER_PLACED) {
		ret->kinds[ret->count - 1] = ret->kinds[0];
		ret->kinds[0] = kind;
	}
	return true;
}

/* "order+cancelled"; false: one of the words is none. */
static bool read_words(struct slice words, struct row_kinds *ret)
{
	ret->count = 0;
	do {
		const uint8_t *plus = memchr(words.bytes, '+', words.len);
		size_t len = plus ? (size_t)(plus - words.bytes) : words.len;
		int kind = kind_of(slice_of(words.bytes, len));

		if (kind < 0 || !add_kind(ret, (enum order_kind)kind))
			return false;
		len += plus != NULL;
		words = slice_of(words.bytes + len, words.len - len);
	} while (words.len);
	return true;
}

int row_kinds_read(struct orders_reader *reader, struct row_kinds *ret, struct err *err)
{
	struct slice words = field(reader, COLUMN_KIND);
	struct slice raw = field_raw(reader, COLUMN_KIND);
	bool may_be_unknown = reader->layout->columns[COLUMN_KIND].words &&
			      (slice_is(words, "-") || slice_equal(words, raw));

	if (!slice_is(words, "-") && read_words(words, ret))
		return 0;
	ret->count = 0;
	if (!may_be_unknown)
		return field_complain(
		    reader, COLUMN_KIND, words,
		    "order, updated, cancellation, refund, shipped, "
		    "delivered, late, return, complaint, return.closed or complaint.closed",
		    err);
	orders_leave_out(reader, LEFT_KIND, raw);
	return 0;
}

enum column row_kind_column(enum order_kind kind)
{
	static const enum column columns[ORDER_KINDS] = {
	    [ORDER_PLACED] = COLUMN_TIME,
	    [ORDER_SHIPPED] = COLUMN_SHIPPED_AT,
	    [ORDER_DELIVERED] = COLUMN_DELIVERED_AT,
	    [ORDER_LATE] = COLUMN_LATE_AT,
	    [ORDER_CANCELLED] = COLUMN_CANCELLED_AT,
	    [ORDER_REFUNDED] = COLUMN_REFUNDED_AT,
	    [ORDER_UPDATED] = COLUMN_COUNT,
	    [ORDER_RETURN_OPENED] = COLUMN_RETURNED_AT,
	    [ORDER_RETURN_CLOSED] = COLUMN_COUNT,
	    [ORDER_COMPLAINT_OPENED] = COLUMN_COUNT,
	    [ORDER_COMPLAINT_CLOSED] = COLUMN_COUNT,
	};

	return columns[kind];
}
