/* trace_context.c - see trace_context.h. */
#include "trace_context.h"

#include <string.h>

#include "common/base/encoding.h"

/* Where the parts of 00-TRACE-SPAN-FLAGS begin. */
enum { AT_TRACE = 3, AT_SPAN = 36, AT_FLAGS = 53, TEXT_LEN = 55 };

/* Lower case alone: the page refuses the other. */
static bool read_hex(const uint8_t *text, size_t count, uint8_t *ret)
{
	size_t len;

	return base16_read(slice_of(text, 2 * count), ret, count, &len);
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
	/* Each writes its NUL where the next '-' comes. */
	memcpy(ret, "00-", AT_TRACE);
	base16_write(context->trace, TRACE_ID_BYTES, ret + AT_TRACE);
	ret[AT_SPAN - 1] = '-';
	base16_write(context->span, TRACE_SPAN_BYTES, ret + AT_SPAN);
	ret[AT_FLAGS - 1] = '-';
	base16_write(&context->flags, 1, ret + AT_FLAGS);
}
