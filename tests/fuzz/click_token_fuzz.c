/* Any token: not one of ours, or one that is made again to the byte. */
#include "common/token/click_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};
	char token[CLICK_TOKEN_BYTES];
	struct click found;
	struct err err;

	if (click_token_open(&keys, slice_of(data, size), &found, &err) == 0) {
		size_t len = click_token_make(keys.now, &found, token);

		if (!slice_equal(slice_of(token, len), slice_of(data, size)))
			__builtin_trap();
	}
	return 0;
}
