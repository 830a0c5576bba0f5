/* Any body and field: relaxed once is relaxed for good, and has no blank too many. */
#include "services/email-sender/compose/dkim_relaxed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		__builtin_trap();
}

static void check_blanks(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		bool ends =
		    i + 2 < text.len && text.bytes[i + 1] == '\r' && text.bytes[i + 2] == '\n';

		must(text.bytes[i] != '\t');
		if (text.bytes[i] == ' ')
			must(i + 1 < text.len && text.bytes[i + 1] != ' ' && !ends);
	}
}

static void check_body(struct slice body, struct buf *once, struct buf *twice)
{
	dkim_relaxed_body(body, once);
	check_blanks(buf_slice(once));
	must(!once->len || (once->len >= 3 && memcmp(once->bytes + once->len - 2, "\r\n", 2) == 0));
	must(once->len < 4 || memcmp(once->bytes + once->len - 4, "\r\n\r\n", 4) != 0);
	dkim_relaxed_body(buf_slice(once), twice);
	must(slice_equal(buf_slice(once), buf_slice(twice)));
}

static void check_field(struct slice field, struct buf *once, struct buf *twice)
{
	const char *colon;

	dkim_relaxed_field(field, once);
	dkim_relaxed_field(buf_slice(once), twice);
	must(slice_equal(buf_slice(once), buf_slice(twice)));
	colon = once->len ? memchr(once->bytes, ':', once->len) : NULL;
	if (colon)
		must(!memmem(colon, (size_t)(once->bytes + once->len - colon), "\r\n", 2));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf once = BUF_MAX(2 * size + 16), twice = BUF_MAX(2 * size + 16);

	check_body(slice_of(data, size), &once, &twice);
	buf_reset(&once);
	buf_reset(&twice);
	check_field(slice_of(data, size), &once, &twice);
	buf_free(&once);
	buf_free(&twice);
	return 0;
}
