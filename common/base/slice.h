/*
 * slice.h - a borrowed run of bytes: a pointer and how many.
 *
 * Kafka values and keys are not NUL-terminated; a slice never is either.
 */
#ifndef NURTURE_BASE_SLICE_H
#define NURTURE_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const uint8_t *bytes;
	size_t len;
};

static inline struct slice slice_of(const void *bytes, size_t len)
{
	return (struct slice){(const uint8_t *)bytes, len};
}

static inline struct slice slice_text(const char *text)
{
	return slice_of(text, strlen(text));
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.bytes, b.bytes, a.len) == 0);
}

/* Do the slice and the text say the same? Most that do not differ in the first byte. */
static inline bool slice_is(struct slice slice, const char *text)
{
	if (slice.len == 0)
		return *text == '\0';
	return (uint8_t)*text == *slice.bytes && slice_equal(slice, slice_text(text));
}

/* Without the characters of blanks at its ends; a NUL is none of them. */
static inline struct slice slice_trim(struct slice slice, const char *blanks)
{
	size_t count = strlen(blanks);

	while (slice.len && memchr(blanks, slice.bytes[0], count))
		slice = slice_of(slice.bytes + 1, slice.len - 1);
	while (slice.len && memchr(blanks, slice.bytes[slice.len - 1], count))
		slice.len--;
	return slice;
}

/* For printf's "%.*s". */
#define SLICE_ARGS(s) (int)(s).len, (const char *)(s).bytes

#endif
