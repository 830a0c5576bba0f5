/*
 * buf.h - a growing buffer that cannot be made without a maximum.
 *
 * An append that would pass the maximum fails and appends nothing; it never
 * truncates.  A failure sticks: append on, and ask buf_failed() once at the
 * end.
 */
#ifndef NURTURE_BASE_BUF_H
#define NURTURE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

struct buf {
	char *bytes; /* NUL-terminated once anything was appended, else NULL */
	size_t len;
	size_t room;
	size_t max_bytes;
	bool failed;
	struct arena *arena; /* where the bytes are; NULL: malloc */
};

#define BUF_MAX(max) ((struct buf){.max_bytes = (max)})
/* The same in an arena: its bytes live as long as that, whatever buf_free() is told. */
#define BUF_IN(in, max) ((struct buf){.max_bytes = (max), .arena = (in)})

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool buf_failed(const struct buf *buf)
{
	return buf->failed;
}

static inline struct slice buf_slice(const struct buf *buf)
{
	return slice_of(buf->bytes ? buf->bytes : "", buf->len);
}

/* Empties the buffer, keeps its memory, forgets a failure. */
void buf_reset(struct buf *buf);
/* Frees the memory and leaves an empty buffer with the same maximum, in the same arena. NULL-safe. */
void buf_free(struct buf *buf);

#endif
