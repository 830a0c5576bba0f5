/* index_format.c - what index.h keeps as bytes beside the states: times of entries, and marks. Pure. */
#include <stdio.h>
#include <string.h>

#include "common/base/civil.h"
#include "index_internal.h"

/* Times from 1970 on for 8,900 years: two bytes less for nearly everybody. */
enum { SHORT_BYTES = 6 };

size_t index_due_put(int64_t due_ms, uint8_t ret[INDEX_DUE_ROOM])
{
	uint64_t due = (uint64_t)due_ms;
	uint8_t bytes = due >> (8 * SHORT_BYTES) ? INDEX_DUE_BYTES : SHORT_BYTES;

	ret[0] = due_ms == NEVER_MS ? 0 : bytes;
	for (int i = 0; i < ret[0]; i++, due >>= 8)
		ret[1 + i] = (uint8_t)due;
	return 1 + (size_t)ret[0];
}

size_t index_due_read(struct slice value, int64_t *ret_ms)
{
	uint8_t bytes = value.len ? value.bytes[0] : 1;
	uint64_t due = 0;

	if ((bytes != 0 && bytes != SHORT_BYTES && bytes != INDEX_DUE_BYTES) || value.len <= bytes)
		return 0;
	for (unsigned i = bytes; i > 0; i--)
		due = due << 8 | value.bytes[i];
	*ret_ms = bytes ? (int64_t)due : NEVER_MS;
	return 1 + (size_t)bytes;
}

struct slice index_entry_time(struct arena *arena, int64_t due_ms)
{
	uint8_t *bytes = arena_alloc(arena, INDEX_DUE_BYTES);
	uint64_t due = (uint64_t)due_ms ^ UINT64_C(1) << 63;

	for (int i = INDEX_DUE_BYTES - 1; i >= 0; i--, due >>= 8)
		bytes[i] = (uint8_t)due;
	return slice_of(bytes, INDEX_DUE_BYTES);
}

int64_t index_time_of(const uint8_t bytes[INDEX_DUE_BYTES])
{
	uint64_t due = 0;

	for (int i = 0; i < INDEX_DUE_BYTES; i++)
		due = due << 8 | bytes[i];
	return (int64_t)(due ^ UINT64_C(1) << 63);
}

struct slice index_mark(struct arena *arena, const char *checkpoint)
{
	size_t other = strlen(INDEX_OTHER_FORMAT);

	if (!*checkpoint)
		return slice_text("");
	if (strncmp(checkpoint, INDEX_OTHER_FORMAT, other) == 0)
		return slice_text(arena_printf(arena, "%s", checkpoint + other));
	return slice_text(arena_printf(arena, INDEX_FORMAT "%s", checkpoint));
}

void index_mark_read(const char *mark, char checkpoint[INDEX_CHECKPOINT_BYTES])
{
	size_t len = strlen(INDEX_FORMAT);
	bool is_ours = strncmp(mark, INDEX_FORMAT, len) == 0;

	snprintf(checkpoint, INDEX_CHECKPOINT_BYTES, "%s%s",
		 is_ours || !*mark ? "" : INDEX_OTHER_FORMAT, is_ours ? mark + len : mark);
}
