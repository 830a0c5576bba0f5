/* order_feed.c - see order_feed.h: a second sort on the disk, of what the shares have. */
#include "order_feed.h"

#include "orders_identity.h"
#include "services/nurturectl/bulk/record_key.h"
#include "shares_internal.h"
#include "text_rows.h"

enum {
	PART_FOR_SORTING = 4, /* of the memory */
	TIME_BYTES = 8,
	/* Time, which file, line, and which event of that line. */
	KEY_BYTES = TIME_BYTES + 1 + 4 + 4,
};

/* As bytes are compared: what is before 1970 has the highest bit 0. */
static void put_time(uint8_t *to, int64_t time_ms)
{
	record_key_put(to, (uint64_t)time_ms ^ UINT64_C(1) << 63, TIME_BYTES);
}

/* The order of orders_count(): by time, then as they stand in the files. */
static int add_event(struct order_feed *feed, const struct orders *share,
		     const struct order_event *event, struct err *err)
{
	struct share_row row = share_row_of_event(share, event);
	uint8_t kind = (uint8_t)event->kind;
	struct buf value = BUF_MAX(SIZE_MAX / 2);
	uint8_t key[KEY_BYTES], head[8];
	int r;

	put_time(key, event->time_ms);
	key[TIME_BYTES] = (uint8_t)row.source;
	record_key_put(key + TIME_BYTES + 1, (uint64_t)row.line, 4);
	record_key_put(key + TIME_BYTES + 5, event->sequence, 4);
	record_key_put(head, row.count, 4);
	record_key_put(head + 4, row.customer.len, 4);
	buf_add(&value, &kind, 1);
	buf_add(&value, head, sizeof(head));
	buf_add(&value, row.customer.bytes, row.customer.len);
	buf_add(&value, row.text.bytes, row.text.len);
	r = record_sort_add(feed->by_time, slice_of(key, sizeof(key)), buf_slice(&value), err);
	buf_free(&value);
	return r;
}

static int64_t time_of(const struct record *record)
{
	return (int64_t)(record_key_number(record->key.bytes, TIME_BYTES) ^ UINT64_C(1) << 63);
}

static struct share_row row_of(const struct record *record, enum order_kind *ret_kind)
{
	const uint8_t *key = record->key.bytes, *value = record->value.bytes;
	size_t customer = (size_t)record_key_number(value + 5, 4);

	*ret_kind = (enum order_kind)value[0];
	return (struct share_row){
	    .source = (enum share_source)key[TIME_BYTES],
	    .line = (int)record_key_number(key + TIME_BYTES + 1, 4),
	    .count = (unsigned)record_key_number(value + 1, 4),
	    .customer = slice_of(value + 9, customer),
	    .text = slice_of(value + 9 + customer, record->value.len - 9 - customer)};
}

static int sort_by_time(struct order_feed *feed, size_t memory_bytes, struct err *err)
{
	struct orders *share;
	int r;

	feed->by_time = record_sort_open(memory_bytes / PART_FOR_SORTING);
	while ((r = order_shares_next(&feed->shares, &share, err)) > 0)
		for (size_t i = 0; i < share->count; i++)
			if (add_event(feed, share, &share->events[i], err) < 0)
				return -1;
	orders_free(&feed->shares.share);
	record_sort_close(feed->shares.rows); /* the disk is needed no more */
	feed->shares.rows = NULL;
	return r;
}

int order_feed_open(struct settings *settings, const struct orders_values *values,
		    struct order_feed *ret, struct err *err)
{
	*ret = (struct order_feed){0};
	if (order_shares_open(settings, values, &ret->shares, err) < 0)
		return -1;
	if (!ret->shares.is_bulk)
		return 0;
	if (sort_by_time(ret, orders_memory_bytes(values), err) == 0 &&
	    order_feed_rewind(ret, err) == 0)
		return 0;
	order_feed_close(ret);
	return -1;
}

int order_feed_rewind(struct order_feed *feed, struct err *err)
{
	feed->at = 0;
	return feed->by_time ? record_sort_rewind(feed->by_time, err) : 0;
}

/* Of a row's events the one of that kind; a row has each kind once. */
static const struct order_event *event_of(const struct orders *row, enum order_kind kind,
					  int64_t time_ms)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->events[i].kind == kind && row->events[i].time_ms == time_ms)
			return &row->events[i];
	return NULL;
}

static int read_event(struct order_feed *feed, const struct record *record,
		      const struct order_event **ret, struct err *err)
{
	enum order_kind kind;
	struct share_row row = row_of(record, &kind);
	struct share_builder builder;
	int r;

	orders_free(&feed->row);
	share_begin(&builder, &feed->row, &feed->shares.all);
	r = share_add(&builder, &row, err);
	share_end(&builder);
	if (r < 0)
		return -1;
	*ret = event_of(&feed->row, kind, time_of(record));
	return *ret ? 1 : err_environment(err, "a temporary file has changed");
}

int order_feed_next(struct order_feed *feed, const struct orders **ret_orders,
		    const struct order_event **ret, struct err *err)
{
	const struct orders *all = &feed->shares.all;
	struct record record;
	int r;

	if (!feed->by_time) {
		*ret_orders = all;
		*ret = feed->at < all->count ? &all->events[feed->at++] : NULL;
		return *ret != NULL;
	}
	r = record_sort_next(feed->by_time, &record, err);
	*ret_orders = &feed->row;
	return r > 0 ? read_event(feed, &record, ret, err) : r;
}

int order_feed_skip(struct order_feed *feed, size_t count, struct err *err)
{
	struct record record;
	int r = 1;

	if (!feed->by_time) {
		feed->at += count;
		return 0;
	}
	for (; count > 0 && r > 0; count--)
		r = record_sort_next(feed->by_time, &record, err);
	return r < 0 ? -1 : 0;
}

int order_feed_count_before(struct order_feed *feed, int64_t time_ms, size_t *ret, struct err *err)
{
	const struct orders *all = &feed->shares.all;
	struct record record;
	int r = 1;

	*ret = 0;
	if (!feed->by_time) {
		while (*ret < all->count && all->events[*ret].time_ms < time_ms)
			++*ret;
		return 0;
	}
	if (order_feed_rewind(feed, err) < 0)
		return -1;
	while ((r = record_sort_next(feed->by_time, &record, err)) > 0 &&
	       time_of(&record) < time_ms)
		++*ret;
	return r < 0 ? -1 : order_feed_rewind(feed, err);
}

struct id_parts *order_feed_identify(const struct order_feed *feed,
				     const struct orders_values *values, struct err *err)
{
	struct id_parts *parts = id_parts_begin();
	char ignored[ID_TEXT_BYTES];

	if (!feed->shares.is_bulk) {
		orders_identity_add(parts, &feed->shares.all);
		return parts;
	}
	if (text_rows_identify(values->orders, feed->shares.encoding, parts, err) == 0 &&
	    text_rows_identify(values->events, TEXT_UTF_8, parts, err) == 0)
		return parts;
	id_parts_end(parts, ignored);
	return NULL;
}

void order_feed_close(struct order_feed *feed)
{
	orders_free(&feed->row);
	record_sort_close(feed->by_time);
	order_shares_close(&feed->shares);
	*feed = (struct order_feed){0};
}
