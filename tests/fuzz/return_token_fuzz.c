/* Any text: not one of ours, or one that is made again, but for its case. */
#include <strings.h>

#include "common/token/return_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As a customer: what is made of it opens again to the same. */
static void there_and_back(struct slice customer)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};
	struct return_token found;
	char token[RETURN_TOKEN_BYTES], local[RETURN_LOCAL_BYTES];
	struct err err;

	if (return_token_make(keys.now, slice_text("send"), customer, token, &err) < 0)
		return;
	if (!return_token_open(&keys, slice_text(token), &found) ||
	    !slice_equal(slice_text(found.customer), customer) ||
	    return_local_make(keys.now, slice_text("send"), customer, local, &err) < 0 ||
	    strlen(local) > 64 || !return_token_open(&keys, slice_text(local), &found) ||
	    (found.customer[0] && !slice_equal(slice_text(found.customer), customer)))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};
	struct return_token found;

	return_token_open(&keys, slice_of(data, size), &found);
	there_and_back(slice_of(data, size));
	return 0;
}
