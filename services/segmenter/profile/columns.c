/*
 * columns.c - see columns.h.
 *
 * A step reads and writes some forty columns, of a few entries each: what a column is decides the
 * loop, not every turn of it.
 */
#include "columns.h"

#include "times.h"

/* Goes through the entries; then a member of the one that it is at. */
#define EACH(entries)                                                                              \
	for (char *entry = (entries).items, *end = entry + (entries).count * (entries).size;       \
	     entry < end; entry += (entries).size)
#define AT(type, offset) (*(type *)(void *)(entry + (offset)))

static bool read_texts(const struct column *column, char *const *texts, size_t count,
		       struct entries entries)
{
	bool is_empty = column->kind == COLUMN_TEXT_IF_ANY && count == 0;

	if (count != entries.count && !is_empty)
		return false;
	EACH(entries)
	AT(const char *, column->member) = is_empty ? "" : *texts++;
	return true;
}

/* Zeros follow behind the last number. */
#define NUMBER (count ? count--, *numbers++ : 0)

static bool read_plain(const struct column *column, const uint64_t *numbers, size_t count,
		       struct entries entries)
{
	bool is_small = true;

	if (column->kind == COLUMN_HASH && count < entries.count)
		return false;
	if (count == 0)
		return true; /* they are cleared */
	if (column->kind != COLUMN_SMALL) {
		EACH(entries)
		AT(uint64_t, column->member) = NUMBER;
		return true;
	}
	EACH(entries)
	{
		uint64_t number = NUMBER;

		AT(uint32_t, column->member) = (uint32_t)number;
		is_small = is_small && number <= UINT32_MAX;
	}
	return is_small;
}

static bool read_steps(const struct column *column, const uint64_t *numbers, size_t count,
		       struct entries entries)
{
	const int64_t unit = column->kind == COLUMN_HOURS ? 60 : 1;
	const int64_t limit =
	    column->kind == COLUMN_STEPS ? SEG_TIME_LIMIT_MS : SEG_TIME_LIMIT_MS / MINUTE_MS;
	int64_t sum = 0;

	EACH(entries)
	{
		sum = seg_sum(sum, (int64_t)NUMBER);
		if (sum <= -limit || sum >= limit)
			return false;
		AT(int64_t, column->member) = unit * sum;
	}
	return true;
}

static bool read_dates(const struct column *column, const uint64_t *numbers, size_t count,
		       struct entries entries)
{
	EACH(entries)
	{
		int64_t base_ms = column->kind == COLUMN_SINCE ? AT(int64_t, column->base) : 0;
		int64_t time_ms = seg_of_since((int64_t)NUMBER, base_ms);

		if (!seg_is_time_or_never(time_ms))
			return false;
		AT(int64_t, column->member) = time_ms;
	}
	return true;
}

static bool read_own(const struct column *column, const uint64_t *numbers, size_t count,
		     struct entries entries)
{
	EACH(entries)
	if (!column->set(entry, NUMBER))
		return false;
	return true;
}

static bool read_column(const struct column *column, void *list, size_t count,
			struct entries entries)
{
	if (count > entries.count)
		return false;
	switch (column->kind) {
	case COLUMN_TEXT:
	case COLUMN_TEXT_IF_ANY:
		return read_texts(column, list, count, entries);
	case COLUMN_HASH:
	case COLUMN_NUMBER:
	case COLUMN_SMALL:
		return read_plain(column, list, count, entries);
	case COLUMN_STEPS:
	case COLUMN_MINUTES:
	case COLUMN_HOURS:
		return read_steps(column, list, count, entries);
	case COLUMN_SINCE:
	case COLUMN_DATE:
		return read_dates(column, list, count, entries);
	case COLUMN_OWN:
		return read_own(column, list, count, entries);
	}
	return false;
}

bool seg_columns_read(const Nurture__V1__Profile *message, const struct column *columns,
		      size_t column_count, struct entries entries)
{
	const char *from = (const char *)message;

	for (const struct column *c = columns; c < columns + column_count; c++)
		if (!read_column(c, *(void *const *)(const void *)(from + c->list),
				 *(const size_t *)(const void *)(from + c->count), entries))
			return false;
	return true;
}

static size_t write_texts(const struct column *column, struct entries entries, const char **texts)
{
	bool is_any = column->kind == COLUMN_TEXT;

	EACH(entries)
	{
		const char *text = AT(const char *, column->member);

		is_any = is_any || *text;
		*texts++ = text;
	}
	return is_any ? entries.count : 0;
}

static int64_t hour_of(int64_t minute)
{
	int64_t hour = minute / 60;

	return minute < 60 * hour ? hour - 1 : hour;
}

static void write_steps(const struct column *column, struct entries entries, int64_t *steps)
{
	int64_t before = 0;

	EACH(entries)
	{
		int64_t here = AT(int64_t, column->member);

		if (column->kind == COLUMN_HOURS)
			here = hour_of(here);
		*steps++ = here - before;
		before = here;
	}
}

static size_t write_column(const struct column *column, struct entries entries, void *list)
{
	uint64_t *numbers = list;

	switch (column->kind) {
	case COLUMN_TEXT:
	case COLUMN_TEXT_IF_ANY:
		return write_texts(column, entries, list);
	case COLUMN_HASH:
	case COLUMN_NUMBER:
		EACH(entries)
		*numbers++ = AT(uint64_t, column->member);
		break;
	case COLUMN_SMALL:
		EACH(entries)
		*numbers++ = AT(uint32_t, column->member);
		break;
	case COLUMN_STEPS:
	case COLUMN_MINUTES:
	case COLUMN_HOURS:
		write_steps(column, entries, list);
		break;
	case COLUMN_SINCE:
		EACH(entries)
		*numbers++ =
		    (uint64_t)seg_to_since(AT(int64_t, column->member), AT(int64_t, column->base));
		break;
	case COLUMN_DATE:
		EACH(entries)
		*numbers++ = (uint64_t)seg_to_since(AT(int64_t, column->member), 0);
		break;
	case COLUMN_OWN:
		EACH(entries)
		*numbers++ = column->get(entry);
		break;
	}
	return column->kind == COLUMN_HASH ? entries.count : seg_column_length(list, entries.count);
}

void seg_columns_write(struct entries entries, const struct column *columns, size_t column_count,
		       struct arena *arena, Nurture__V1__Profile *message)
{
	char *to = (char *)message;

	if (entries.count == 0)
		return;
	for (const struct column *c = columns; c < columns + column_count; c++) {
		void *list = arena_alloc(arena, entries.count * sizeof(uint64_t));

		*(void **)(void *)(to + c->list) = list;
		*(size_t *)(void *)(to + c->count) = write_column(c, entries, list);
	}
}
