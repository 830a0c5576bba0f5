/*
 * fields.h - the keys of a mapping as one table: name, type, where it goes, range.
 *
 * fields_read() refuses keys that the table does not name and fills a struct
 * with those that the file has; defaults are what the struct held before.
 */
#ifndef NURTURE_POLICY_FILE_FIELDS_H
#define NURTURE_POLICY_FILE_FIELDS_H

#include <stddef.h>

#include "document.h"

enum field_kind {
	FIELD_OTHER,    /* a key that its own function reads */
	FIELD_TEXT,     /* const char * */
	FIELD_NAME,     /* const char * */
	FIELD_BOOL,     /* bool */
	FIELD_INT,      /* int or unsigned; min..max */
	FIELD_INT64,    /* int64_t; min..max */
	FIELD_DURATION, /* int64_t ms; min..max */
	FIELD_TIME,     /* int, minutes since midnight */
	FIELD_PERCENT,  /* uint32_t permille */
	FIELD_MONEY,    /* int64_t ten-thousandths */
	FIELD_COUNTRY,  /* const char * */
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t offset;
	int64_t min, max;
	const char *missing; /* what was expected when the key is required; NULL: it is not */
};

/* FIELD("limit", INT64, cap, limit, RANGE(0, 9)); KEY("classes") for one that is read elsewhere. */
#define FIELD(name, type, owner, member, ...)                                                      \
	{.key = name, .kind = FIELD_##type, .offset = offsetof(struct owner, member), __VA_ARGS__}
#define KEY(name, ...) {.key = name, __VA_ARGS__}
#define RANGE(low, high) .min = (low), .max = (high)

enum { FIELDS_MAX = 32 }; /* in one table */

int fields_read(const struct node *map, const struct field *fields, size_t count, void *ret,
		struct err *err);

#define FIELDS_COUNT(table) (sizeof(table) / sizeof((table)[0]))

#endif
