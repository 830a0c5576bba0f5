/* share_row.c - a row as a record on the disk, and back; see shares_internal.h. */
#include <string.h>

#include "common/base/buf.h"
#include "services/nurturectl/bulk/record_key.h"
#include "shares_internal.h"

/* The key: the customer, a NUL, which no customer has, and where the row stands. */
enum { KEY_TAIL_BYTES = 1 + 1 + 4 };

static void put_number(struct buf *to, uint32_t number)
{
	uint8_t bytes[sizeof(number)];

	record_key_put(bytes, number, sizeof(bytes));
	buf_add(to, bytes, sizeof(bytes));
}

int share_row_add(struct record_sort *sort, const struct share_row *row, struct err *err)
{
	struct buf key = BUF_MAX(SIZE_MAX / 2), value = BUF_MAX(SIZE_MAX / 2);
	int r;

	buf_add(&key, row->customer.bytes, row->customer.len);
	buf_char(&key, '\0');
	buf_char(&key, (char)row->source);
	put_number(&key, (uint32_t)row->line);
	put_number(&value, row->count);
	buf_add(&value, row->text.bytes, row->text.len);
	r = record_sort_add(sort, buf_slice(&key), buf_slice(&value), err);
	buf_free(&key);
	buf_free(&value);
	return r;
}

struct share_row share_row_of(const struct record *record)
{
	size_t len = record->key.len - KEY_TAIL_BYTES;
	const uint8_t *tail = record->key.bytes + len, *value = record->value.bytes;

	return (struct share_row){
	    .customer = slice_of(record->key.bytes, len),
	    .source = (enum share_source)tail[1],
	    .line = (int)record_key_number(tail + 2, sizeof(uint32_t)),
	    .count = (unsigned)record_key_number(value, sizeof(uint32_t)),
	    .text = slice_of(value + sizeof(uint32_t), record->value.len - sizeof(uint32_t))};
}
