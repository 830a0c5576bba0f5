/* order_shares.c - see order_shares.h: all shares are counted first, then given out. */
#include "order_shares.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "common/base/civil.h"
#include "shares_internal.h"

enum {
	/* Of the memory. An order takes about 0.4 KB, and twice 0.4 KB in a report's tables. */
	PART_FOR_SORTING = 4,
	PART_FOR_TEXT = 32,
	ROW_BYTES = 5 << 10,
	/* How much larger than a file what it is compressed from may be. */
	INFLATED_PER_BYTE = 16,
};

/* What cannot be read twice, as a pipe, is read into memory. */
static bool is_larger(const char *path, size_t times, size_t bytes)
{
	struct stat status;

	return path && stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       (uint64_t)status.st_size * times > bytes;
}

size_t orders_memory_bytes(const struct orders_values *values)
{
	return (size_t)(values->memory_mib ? values->memory_mib : ORDERS_MEMORY_MIB) << 20;
}

static bool is_bulk(const struct orders_options *options, size_t memory_bytes)
{
	return is_larger(options->file, 1, memory_bytes / PART_FOR_TEXT) ||
	       is_larger(options->events, INFLATED_PER_BYTE, memory_bytes / PART_FOR_TEXT);
}

static int read_bulk(struct order_shares *shares, const struct orders_options *options,
		     size_t memory_bytes, struct err *err)
{
	struct orders *all = &shares->all;

	all->live_from_ms = options->live_from_ms;
	all->currency = options->currency;
	all->policy = options->policy;
	all->catalogue = options->catalogue;
	shares->is_bulk = true;
	shares->share_rows = memory_bytes / ROW_BYTES;
	shares->share_bytes = memory_bytes / PART_FOR_TEXT;
	shares->rows = record_sort_open(memory_bytes / PART_FOR_SORTING);
	if (orders_read_merges(all, options, err) < 0)
		return -1;
	if (options->file && shares_read_orders(all, options, memory_bytes / PART_FOR_SORTING,
						&shares->encoding, shares->rows, err) < 0)
		return -1;
	return options->events ? shares_read_events(all, options, shares->rows, err) : 0;
}

static bool is_full(const struct order_shares *shares)
{
	return shares->share.rows >= shares->share_rows ||
	       shares->share.text_len + shares->share.lines_len >= shares->share_bytes;
}

/* Reads rows until it is full and a customer has ended. */
static int fill_share(struct order_shares *shares, struct share_builder *builder, struct err *err)
{
	struct buf customer = BUF_MAX(SIZE_MAX / 2);
	int r = 1;

	for (;;) {
		struct share_row row;

		if (!shares->has_ahead) {
			r = record_sort_next(shares->rows, &shares->ahead, err);
			shares->has_ahead = r > 0;
		}
		if (r <= 0)
			break;
		row = share_row_of(&shares->ahead);
		if (is_full(shares) && !slice_equal(buf_slice(&customer), row.customer))
			break;
		buf_reset(&customer);
		buf_add(&customer, row.customer.bytes, row.customer.len);
		r = share_add(builder, &row, err);
		if (r < 0)
			break;
		shares->has_ahead = false;
		r = 1;
	}
	buf_free(&customer);
	return r < 0 ? -1 : 0;
}

/* As orders_read() does when it has read all rows. */
static void end_share(struct orders *share)
{
	if (share->reader && layout_has(share->reader->layout, COLUMN_ORDER))
		orders_drop_repeats(share);
	orders_by_customer(share);
}

static int next_share(struct order_shares *shares, struct err *err)
{
	struct orders *share = &shares->share;
	struct share_builder builder;
	int r;

	orders_free(share);
	share_begin(&builder, share, &shares->all);
	r = fill_share(shares, &builder, err);
	share_end(&builder);
	if (r < 0 || share->count == 0)
		return r;
	end_share(share);
	return 1;
}

/* What is from then on is not in the share. Returns the time of the first event, kept or not. */
static int64_t cut(struct orders *share, int64_t until_ms)
{
	int64_t first_ms = INT64_MAX;
	size_t kept = 0;

	for (size_t i = 0; i < share->count; i++) {
		if (share->events[i].time_ms < first_ms)
			first_ms = share->events[i].time_ms;
		if (share->events[i].time_ms < until_ms)
			share->events[kept++] = share->events[i];
	}
	share->count = kept;
	return first_ms;
}

static void add_counts(struct orders *all, const struct orders *share)
{
	if (all->count == 0 || share->first_ms < all->first_ms)
		all->first_ms = share->first_ms;
	if (all->count == 0 || share->last_ms > all->last_ms)
		all->last_ms = share->last_ms;
	if (share->placed && (all->placed == 0 || share->last_placed_ms > all->last_placed_ms))
		all->last_placed_ms = share->last_placed_ms;
	all->count += share->count;
	all->customers += share->customers;
	all->placed += share->placed;
}

/* Goes through all shares: the end of time follows from the last event of them all. */
static int count_shares(struct order_shares *shares, int64_t until_ms, int64_t *ret_first_ms,
			struct err *err)
{
	struct orders *all = &shares->all, *share = &shares->share;
	int64_t first_ms;
	int r;

	*ret_first_ms = INT64_MAX;
	if (record_sort_rewind(shares->rows, err) < 0)
		return -1;
	while ((r = next_share(shares, err)) > 0) {
		left_out_join(&all->left, share->left, &all->arena);
		first_ms = cut(share, until_ms);
		if (first_ms < *ret_first_ms)
			*ret_first_ms = first_ms;
		if (share->count == 0)
			continue;
		orders_count(share);
		add_counts(all, share);
	}
	if (r == 0 && all->placed == 0)
		all->last_placed_ms = all->last_ms;
	return r;
}

static int open_bulk(struct order_shares *shares, const struct orders_options *options,
		     const struct orders_values *values, struct err *err)
{
	bool has_until = values->until_ms != OPTION_ABSENT;
	int64_t until_ms = has_until ? values->until_ms : INT64_MAX, first_ms;
	char text[RFC3339_BYTES];

	if (read_bulk(shares, options, orders_memory_bytes(values), err) < 0 ||
	    count_shares(shares, until_ms, &first_ms, err) < 0)
		return -1;
	if (first_ms == INT64_MAX)
		return orders_fail_empty(&shares->all, orders_file_name(values), err);
	orders_say_notes(&shares->all, values);
	if (shares->all.count == 0)
		return err_config(err, "--until: expected a time after the first event, %s",
				  rfc3339_text(first_ms, text));
	shares->until_ms = has_until ? until_ms : orders_default_until_ms(&shares->all);
	return order_shares_rewind(shares, err);
}

int order_shares_open(struct settings *settings, const struct orders_values *values,
		      struct order_shares *ret, struct err *err)
{
	struct orders_options options;
	int r;

	*ret = (struct order_shares){0};
	if (orders_options_read(settings, values, &options, err) < 0)
		return -1;
	if (!is_bulk(&options, orders_memory_bytes(values)))
		return orders_open(settings, values, &ret->all, &ret->until_ms, err);
	r = open_bulk(ret, &options, values, err);
	if (r < 0)
		order_shares_close(ret);
	return r;
}

int order_shares_rewind(struct order_shares *shares, struct err *err)
{
	shares->is_at_end = shares->has_ahead = false;
	return shares->is_bulk ? record_sort_rewind(shares->rows, err) : 0;
}

int order_shares_next(struct order_shares *shares, struct orders **ret, struct err *err)
{
	int r;

	if (!shares->is_bulk) {
		orders_by_customer(&shares->all);
		*ret = &shares->all;
		r = !shares->is_at_end;
		shares->is_at_end = true;
		return r;
	}
	do {
		r = next_share(shares, err);
		if (r > 0)
			cut(&shares->share, shares->until_ms);
	} while (r > 0 && shares->share.count == 0);
	*ret = &shares->share;
	return r;
}

static int compare_to_customer(const void *customer, const void *listed)
{
	const struct slice *a = customer;
	struct slice b = slice_text(*(const char *const *)listed);
	int order = memcmp(a->bytes, b.bytes, a->len < b.len ? a->len : b.len);

	return order ? order : (a->len > b.len) - (a->len < b.len);
}

int order_shares_of(struct order_shares *shares, const char *const *customers, size_t count,
		    struct orders **ret, struct err *err)
{
	struct orders *share = &shares->share;
	struct share_builder builder;
	struct record record;
	int r = order_shares_rewind(shares, err);

	*ret = shares->is_bulk ? share : &shares->all;
	if (!shares->is_bulk || r < 0)
		return r;
	orders_free(share);
	share_begin(&builder, share, &shares->all);
	while (r == 0 && (r = record_sort_next(shares->rows, &record, err)) > 0) {
		struct share_row row = share_row_of(&record);
		bool is_listed = bsearch(&row.customer, customers, count, sizeof(*customers),
					 compare_to_customer);

		r = is_listed ? share_add(&builder, &row, err) : 0;
	}
	share_end(&builder);
	end_share(share);
	cut(share, shares->until_ms);
	return r;
}

void order_shares_close(struct order_shares *shares)
{
	orders_free(&shares->share);
	orders_free(&shares->all);
	record_sort_close(shares->rows);
	*shares = (struct order_shares){0};
}
