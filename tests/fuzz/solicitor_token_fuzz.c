/* solicitor_token_fuzz.c - tokens from anybody; the input is also signed, to get behind the
 * signature. */
#include <stdlib.h>
#include <string.h>

#include "services/review-solicitor/pages/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"sixteen bytes ok", 16}};
	struct arena arena = {0};
	struct sol_token token, made;
	struct err err;

	if (sol_token_parse(slice_of(data, size), &keys, &arena, &token, &err) == 0 &&
	    strcmp(sol_token_make(&token, keys.now, &arena), arena_copy(&arena, data, size)) != 0)
		abort();
	made = (struct sol_token){arena_copy(&arena, data, size / 2), "17",
				  arena_copy(&arena, data + size / 2, size - size / 2)};
	sol_token_parse(slice_text(sol_token_make(&made, keys.now, &arena)), &keys, &arena, &token,
			&err);
	arena_free(&arena);
	return 0;
}
