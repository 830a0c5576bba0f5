/*
 * columns.h - a list in memory, and the columns that profile.proto keeps of it.
 *
 * A table has one row for each column: which list of the message it is, which member of an entry it
 * holds, and how.  Reading and writing both follow it.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_COLUMNS_H
#define NURTURE_SEGMENTER_PROFILE_COLUMNS_H

#include "nurture/v1/profile.pb-c.h"
#include "profile.h"

enum column_kind {
	/* One for each entry. */
	COLUMN_TEXT,        /* const char * */
	COLUMN_TEXT_IF_ANY, /* the same, but none at all when every one is "" */
	COLUMN_HASH,        /* uint64_t */
	/* Zeros at the end are left out. */
	COLUMN_NUMBER,  /* uint64_t or int64_t */
	COLUMN_SMALL,   /* uint32_t */
	COLUMN_STEPS,   /* a time: as the difference to that of the entry before */
	COLUMN_MINUTES, /* the same of minutes since 1970 */
	COLUMN_HOURS,   /* the hour of such minutes, likewise; the minute of it is another column */
	COLUMN_SINCE,   /* a time, or never: since that of another member */
	COLUMN_DATE,    /* the same since 1970 */
	COLUMN_OWN,     /* whatever its two functions say */
};

struct column {
	enum column_kind kind;
	uint16_t list, count; /* where the message has it, and its length */
	uint16_t member;
	uint16_t base; /* of SINCE: the other member, whose column comes before */
	uint64_t (*get)(const void *entry);
	bool (*set)(void *entry, uint64_t number); /* false: that cannot be */
};

/* A column of the table of ENTRY, which whoever includes this defines. */
#define COLUMN_LIST(column)                                                                        \
	.list = offsetof(Nurture__V1__Profile, column),                                            \
	.count = offsetof(Nurture__V1__Profile, n_##column)
#define COLUMN(kind_, column, member_)                                                             \
	{.kind = COLUMN_##kind_, COLUMN_LIST(column), .member = offsetof(ENTRY, member_)}
#define COLUMN_SINCE_OF(column, member_, base_)                                                    \
	{.kind = COLUMN_SINCE,                                                                     \
	 COLUMN_LIST(column),                                                                      \
	 .member = offsetof(ENTRY, member_),                                                       \
	 .base = offsetof(ENTRY, base_)}
#define COLUMN_BY(column, get_, set_)                                                              \
	{.kind = COLUMN_OWN, COLUMN_LIST(column), .get = get_, .set = set_}

/* The entries, all cleared before they are read. */
struct entries {
	void *items;
	size_t size;
	unsigned count;
};

#define ENTRIES(items, count) ((struct entries){items, sizeof(*(items)), count})
#define TABLE(columns) (columns), sizeof(columns) / sizeof((columns)[0])

/* False when a column has more numbers than there are entries, or one that cannot be. */
bool seg_columns_read(const Nurture__V1__Profile *message, const struct column *columns,
		      size_t column_count, struct entries entries);
/* Into lists of the arena. */
void seg_columns_write(struct entries entries, const struct column *columns, size_t column_count,
		       struct arena *arena, Nurture__V1__Profile *message);

/* How many of the numbers stand before the zeros at the end. */
static inline size_t seg_column_length(const void *numbers, size_t count)
{
	while (count > 0 && ((const uint64_t *)numbers)[count - 1] == 0)
		count--;
	return count;
}

#endif
