/* trace_context.c - see trace_context.h. */
#include "trace_context.h"

#include <stdio.h>
#include <string.h>

/* Where the parts of 00-TRACE-SPAN-FLAGS begin. */
enum { AT_TRACE = 3, AT_SPAN = 36, AT_FLAGS = 53, TEXT_LEN = 55 };

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; /* upper case is refused by the page */
}

static bool read_hex(const uint8_t *text, size_t count, uint8_t *ret)
{
	for (size_t i = 0; i < count; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool is_zero(const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i])
			return false;
	return true;
}

bool trace_context_read(struct slice header, struct trace_context *ret)
{
	const uint8_t *text = header.bytes;
	uint8_t version;

	if (!text || header.len < TEXT_LEN || !read_hex(text, 1, &version) || version == 0xff)
		return false;
	if (version == 0 ? header.len != TEXT_LEN : header.len > TEXT_LEN && text[TEXT_LEN] != '-')
		return false;
	if (text[AT_TRACE - 1] != '-' || text[AT_SPAN - 1] != '-' || text[AT_FLAGS - 1] != '-')
		return false;
	if (!read_hex(text + AT_TRACE, TRACE_ID_BYTES, ret->trace) ||
	    !read_hex(text + AT_SPAN, TRACE_SPAN_BYTES, ret->span) ||
	    !read_hex(text + AT_FLAGS, 1, &ret->flags))
		return false;
	ret->flags &= TRACE_SAMPLED; /* other bits mean nothing yet */
	return !is_zero(ret->trace, TRACE_ID_BYTES) && !is_zero(ret->span, TRACE_SPAN_BYTES);
}

void trace_context_text(const struct trace_context *context, char ret[TRACE_TEXT_ROOM])
{
	char *at = ret + AT_TRACE;

	memcpy(ret, "00-", 3);
	for (size_t i = 0; i < TRACE_ID_BYTES; i++, at += 2)
		snprintf(at, 3, "%02x", context->trace[i]);
	*at++ = '-';
	for (size_t i = 0; i < TRACE_SPAN_BYTES; i++, at += 2)
		snprintf(at, 3, "%02x", context->span[i]);
	snprintf(at, 4, "-%02x", context->flags);
}
