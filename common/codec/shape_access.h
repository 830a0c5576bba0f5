/* shape_access.h - members of a protobuf-c struct by their table entry; for shape*.c only. */
#ifndef NURTURE_CODEC_SHAPE_ACCESS_H
#define NURTURE_CODEC_SHAPE_ACCESS_H

#include "shape.h"

static inline const void *member_at(const struct member *m, const void *message)
{
	return (const char *)message + m->offset;
}

static inline void *member_in(const struct member *m, void *message)
{
	return (char *)message + m->offset;
}

static inline const char *member_text(const struct member *m, const void *message)
{
	return *(char *const *)member_at(m, message);
}

static inline int64_t member_time_ms(const struct member *m, const void *message)
{
	int64_t time_ms;

	memcpy(&time_ms, member_at(m, message), sizeof(time_ms));
	return time_ms;
}

/* Signed, but uint32_t: no table has a wider unsigned number. */
static inline int64_t member_whole(const struct member *m, const void *message)
{
	if (m->width == sizeof(int64_t))
		return *(const int64_t *)member_at(m, message);
	if (m->least < 0 || m->most <= INT32_MAX)
		return *(const int32_t *)member_at(m, message);
	return *(const uint32_t *)member_at(m, message);
}

static inline void member_set_whole(const struct member *m, int64_t value, void *message)
{
	if (m->width == sizeof(int64_t))
		*(int64_t *)member_in(m, message) = value;
	else if (m->least < 0 || m->most <= INT32_MAX)
		*(int32_t *)member_in(m, message) = (int32_t)value;
	else
		*(uint32_t *)member_in(m, message) = (uint32_t)value;
}

static inline const void *member_object(const struct member *m, const void *message)
{
	return *(void *const *)member_at(m, message);
}

static inline size_t member_count(const struct member *m, const void *message)
{
	return *(const size_t *)(const void *)((const char *)message + m->count_offset);
}

static inline void **member_entries(const struct member *m, const void *message)
{
	return *(void **const *)member_at(m, message);
}

/* Is the member written?  Asked of every member of every outcome, so it is no call. */
static inline bool shape_has(const struct member *m, const void *message)
{
	if (m->shown)
		return m->shown(message);
	switch (m->kind) {
	case MEMBER_TEXT:
		return *member_text(m, message) != '\0';
	case MEMBER_TIME:
		return member_time_ms(m, message) != 0;
	case MEMBER_WHOLE:
	case MEMBER_DECIMAL:
		return m->required || member_whole(m, message) != 0;
	case MEMBER_FLAG:
		return *(const protobuf_c_boolean *)member_at(m, message);
	case MEMBER_OBJECT:
		return member_object(m, message) &&
		       !shape_is_empty(m->shape, member_object(m, message));
	case MEMBER_LIST:
	case MEMBER_TEXTS:
	case MEMBER_MAP:
		return member_count(m, message) != 0;
	}
	return false;
}

#endif
