/*
 * Any answer and any pair of addresses: an answer has one meaning, whatever stands around it in
 * blanks and however it is cut; equal addresses are equal both ways and written one way.
 */
#include "common/mail/address.h"
#include "common/mail/inbox.h"
#include "common/mail/status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(struct slice text, int reply, const char *recipient)
{
	char prepared[PHRASES_TEXT_MAX_BYTES + 1], again[PHRASES_TEXT_MAX_BYTES + 1];
	struct refusal refusal = {
	    .status = "", .reply = reply, .text = text, .recipient = recipient};
	size_t len = phrases_prepare(text, slice_of("", 0), prepared);

	if (len != strlen(prepared) || len > PHRASES_TEXT_MAX_BYTES)
		__builtin_trap();
	phrases_prepare(text, slice_of("ann", 3), again);
	if (strlen(again) > len)
		__builtin_trap();
	/* Only what is final silences a person. */
	if (refusal_judge(&refusal).kind == BOUNCE_NONE ||
	    (reply / 100 == 4 && refusal_judge(&refusal).kind == BOUNCE_HARD))
		__builtin_trap();
	refusal.stage = REFUSAL_BEFORE_RCPT;
	if (refusal_judge(&refusal).kind == BOUNCE_HARD)
		__builtin_trap();
}

static void compare(struct slice a, struct slice b)
{
	struct address first, second;
	char one[INBOX_KEY_BYTES], other[INBOX_KEY_BYTES];

	if (!address_equal(a, a) || address_equal(a, b) != address_equal(b, a))
		__builtin_trap();
	/* Whose bounces are one is one inbox, and the other way round. */
	if (inbox_key(a, one) && inbox_key(b, other) && address_read(a, &first) &&
	    address_read(b, &second) && address_equal(a, b) != (strcmp(one, other) == 0))
		__builtin_trap();
	if (!address_read(a, &first))
		return;
	/* What goes over the wire is the same address, and stays so. */
	if (!address_equal(a, slice_text(first.text)) ||
	    !address_read(slice_text(first.text), &second) || strcmp(first.text, second.text) != 0)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t len = end ? (size_t)(end - data) : size;

	judge(slice_of(data, size), 550, "ann@customers.example");
	judge(slice_of(data, size), 450, "");
	compare(slice_of(data, len), end ? slice_of(end + 1, size - len - 1) : slice_of(data, 0));
	return 0;
}
