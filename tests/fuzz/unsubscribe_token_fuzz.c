/* Any token: not one of ours, or one that is made again to the byte. */
#include "common/token/unsubscribe_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};
	char token[UNSUBSCRIBE_TOKEN_BYTES];
	struct unsubscribe found;
	struct err err;

	if (unsubscribe_token_open(&keys, slice_of(data, size), &found, &err) == 0 &&
	    (unsubscribe_token_make(keys.now, slice_text(found.customer),
				    slice_text(found.message_class), slice_text(found.inbox), token,
				    &err) < 0 ||
	     !slice_equal(slice_text(token), slice_of(data, size))))
		__builtin_trap();
	return 0;
}
