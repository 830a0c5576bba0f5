/* zone_file.h - TZif files made by hand. After cmocka.h. */
#ifndef NURTURE_TESTS_ZONE_FILE_H
#define NURTURE_TESTS_ZONE_FILE_H

#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/zone.h"

static inline void add_big_endian(struct buf *file, int64_t value, unsigned count)
{
	while (count--)
		buf_char(file, (char)((uint64_t)value >> (8 * count)));
}

struct file_change {
	int64_t at_s;
	int type;
};

static inline void add_block(struct buf *file, unsigned time_bytes,
			     const struct file_change *changes, unsigned change_count,
			     const int32_t *offsets_s, unsigned offset_count)
{
	buf_add(file, "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	add_big_endian(file, 0, 4);
	add_big_endian(file, 0, 4);
	add_big_endian(file, 0, 4);
	add_big_endian(file, change_count, 4);
	add_big_endian(file, offset_count, 4);
	add_big_endian(file, 4, 4);
	for (unsigned i = 0; i < change_count; i++)
		add_big_endian(file, changes[i].at_s, time_bytes);
	for (unsigned i = 0; i < change_count; i++)
		buf_char(file, (char)changes[i].type);
	for (unsigned i = 0; i < offset_count; i++) {
		add_big_endian(file, offsets_s[i], 4);
		buf_add(file, "\0", 2);
	}
	buf_add(file, "XXX", 4);
}

static inline void add_file(struct buf *file, const char *rule)
{
	const int32_t offset_s = 0;

	add_block(file, 4, NULL, 0, &offset_s, 1);
	add_block(file, 8, NULL, 0, &offset_s, 1);
	buf_printf(file, "\n%s\n", rule);
}

static inline struct zone *zone_of_rule(const char *rule)
{
	struct buf file = BUF_MAX(10000);
	struct zone *zone;
	struct err err;

	add_file(&file, rule);
	if (zone_parse(buf_slice(&file), &zone, &err) < 0)
		fail_msg("%s: %s", rule, err.text);
	buf_free(&file);
	return zone;
}

static inline int refuse(struct buf *file, struct err *err)
{
	struct zone *zone = NULL;
	/* A copy of exactly this size: a sanitizer sees a byte read too far. */
	char *bytes = malloc(file->len ? file->len : 1);
	int result;

	memcpy(bytes, file->bytes, file->len);
	result = zone_parse(slice_of(bytes, file->len), &zone, err);
	free(bytes);
	zone_free(zone);
	return result;
}

#endif
