/* buf.c - see buf.h. */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Apart from reserve(), which mostly finds the room that there is. */
__attribute__((noinline)) static void grow(struct buf *buf, size_t want)
{
	size_t room = buf->room ? buf->room : 256;
	char *bytes;

	while (room < want)
		room *= 2;
	bytes = buf->arena ? arena_alloc(buf->arena, room) : realloc(buf->bytes, room);
	if (!bytes)
		abort();
	if (buf->arena && buf->len)
		memcpy(bytes, buf->bytes, buf->len + 1);
	buf->bytes = bytes;
	buf->room = room;
}

/* Room for len more bytes and a NUL, or false with the failure noted. */
static bool reserve(struct buf *buf, size_t len)
{
	if (buf->failed || len > buf->max_bytes || buf->len > buf->max_bytes - len) {
		buf->failed = true;
		return false;
	}
	if (buf->len + len + 1 > buf->room)
		grow(buf, buf->len + len + 1);
	return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (!reserve(buf, len))
		return;
	if (len)
		memcpy(buf->bytes + buf->len, bytes, len);
	buf->len += len;
	buf->bytes[buf->len] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	size_t room = buf->room - buf->len;
	va_list args, again;
	int len;

	if (buf->failed)
		return;
	va_start(args, format);
	va_copy(again, args);
	/* As a rule it fits into the room that there is, and need not be printed twice. */
	len = vsnprintf(room ? buf->bytes + buf->len : NULL, room, format, args);
	va_end(args);
	if (len < 0)
		abort();
	if (!reserve(buf, (size_t)len)) {
		if (room)
			buf->bytes[buf->len] = '\0';
	} else {
		if ((size_t)len >= room)
			vsnprintf(buf->bytes + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->bytes)
		buf->bytes[0] = '\0';
}

void buf_free(struct buf *buf)
{
	if (!buf)
		return;
	if (!buf->arena)
		free(buf->bytes);
	*buf = BUF_IN(buf->arena, buf->max_bytes);
}
