/* inflate.c - see inflate.h. */
#include "inflate.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum {
	ROOM_BYTES = 4096, /* to begin with */
	GZIP_ALONE = 16,   /* of zlib's windowBits: expects gzip's header, and no other */
};

struct output {
	struct arena *arena;
	uint8_t *bytes;
	size_t len, room;
};

static void grow(struct output *output, size_t max_bytes)
{
	size_t room = output->room ? 2 * output->room : ROOM_BYTES;
	uint8_t *bytes;

	/* One byte more than is allowed, so that too much can be told from just enough. */
	if (room > max_bytes)
		room = max_bytes + 1;
	bytes = arena_alloc(output->arena, room);
	if (output->len)
		memcpy(bytes, output->bytes, output->len);
	output->bytes = bytes;
	output->room = room;
}

/* Does it begin as RFC 1950 says? Else it is the bare stream. */
static bool has_zlib_header(struct slice bytes)
{
	return bytes.len >= 2 && (bytes.bytes[0] & 15) == Z_DEFLATED &&
	       (bytes.bytes[0] << 8 | bytes.bytes[1]) % 31 == 0;
}

static int window_bits(enum inflate_format format, struct slice bytes)
{
	if (format == INFLATE_GZIP)
		return MAX_WBITS + GZIP_ALONE;
	return has_zlib_header(bytes) ? MAX_WBITS : -MAX_WBITS;
}

static enum inflate_end broken(const z_stream *stream, int code, struct err *err)
{
	if (code == Z_OK || code == Z_BUF_ERROR)
		err_set(err, "the compressed bytes end in the middle");
	else if (code == Z_STREAM_END)
		err_set(err, "%u bytes follow the end of the compressed ones", stream->avail_in);
	else
		err_set(err, "%s", stream->msg ? stream->msg : "a dictionary is needed");
	return INFLATE_BROKEN;
}

static enum inflate_end run(z_stream *stream, enum inflate_format format, size_t max_bytes,
			    struct output *output, struct err *err)
{
	int code;

	for (;;) {
		if (output->len == output->room)
			grow(output, max_bytes);
		stream->next_out = output->bytes + output->len;
		stream->avail_out = (uInt)(output->room - output->len);
		code = inflate(stream, Z_NO_FLUSH);
		if (code == Z_MEM_ERROR)
			abort();
		output->len = output->room - stream->avail_out;
		if (output->len > max_bytes)
			return INFLATE_TOO_LARGE;
		if (code == Z_STREAM_END && stream->avail_in == 0)
			return INFLATE_WHOLE;
		if (code == Z_STREAM_END && format == INFLATE_GZIP)
			inflateReset(stream);
		else if (code != Z_OK || stream->avail_out)
			return broken(stream, code, err);
	}
}

enum inflate_end inflate_bytes(enum inflate_format format, struct slice bytes, size_t max_bytes,
			       struct arena *arena, struct slice *ret, struct err *err)
{
	z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes.bytes, .avail_in = (uInt)bytes.len};
	struct output output = {.arena = arena};
	enum inflate_end end;

	if (bytes.len > UINT_MAX || max_bytes >= UINT_MAX ||
	    inflateInit2(&stream, window_bits(format, bytes)) != Z_OK)
		abort();
	end = run(&stream, format, max_bytes, &output, err);
	inflateEnd(&stream);
	*ret = slice_of(output.bytes, output.len);
	return end;
}
