/*
 * Any HTML: what is put in are quoted links of ours that open, and what is taken out for each lay
 * there as one address.  Without them the rest is the input, in its order.
 */
#include <string.h>

#include "common/token/click_token.h"
#include "services/email-sender/compose/counted_links.h"

#define MARK "\"https://care.example" CLICK_PATH

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Passes over one link at *at, and over what it stands for in the input. */
static void pass_link(struct slice out, size_t *at, struct slice in, size_t *from)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};
	const uint8_t *token = out.bytes + *at + strlen(MARK), *quote;
	struct click click;
	struct err err;

	quote = memchr(token, '"', out.len - (size_t)(token - out.bytes));
	if (!quote ||
	    click_token_open(&keys, slice_of(token, (size_t)(quote - token)), &click, &err))
		__builtin_trap();
	*at = (size_t)(quote + 1 - out.bytes);
	if (*from < in.len && (in.bytes[*from] == '"' || in.bytes[*from] == '\'')) {
		const uint8_t *begin = in.bytes + *from;
		const uint8_t *close = memchr(begin + 1, *begin, in.len - *from - 1);

		*from = close ? (size_t)(close + 1 - in.bytes) : in.len;
		return;
	}
	while (*from < in.len && !strchr(" \t\n\r\f>", in.bytes[*from]))
		(*from)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct counted_links links = {slice_text("0123456789abcdef"), "https://care.example",
					    "5d41402abc4b2a76b9719d911017c592", slice_text("ann")};
	struct slice in = slice_of(data, size), written;
	struct buf out = BUF_MAX(1 << 20);
	size_t at = 0, from = 0;

	if (size && memmem(data, size, CLICK_PATH, strlen(CLICK_PATH)))
		return 0; /* what looks like a link of ours already cannot be told from one */
	counted_links_write(&links, in, &out);
	written = buf_slice(&out);
	while (!buf_failed(&out) && at < written.len) {
		if (written.len - at > strlen(MARK) &&
		    memcmp(written.bytes + at, MARK, strlen(MARK)) == 0)
			pass_link(written, &at, in, &from);
		else if (from == size || written.bytes[at++] != data[from++])
			__builtin_trap();
	}
	if (!buf_failed(&out) && from != size)
		__builtin_trap();
	buf_free(&out);
	return 0;
}
