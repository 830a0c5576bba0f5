/* solicitor_token_fuzz.c - tokens from anybody; the input is also signed, to get behind the
 * signature. */
#include <stdlib.h>
#include <string.h>

#include "services/review-solicitor/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEY slice_text("sixteen bytes ok")

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct sol_token token, made;
	struct err err;

	if (sol_token_parse(slice_of(data, size), KEY, &arena, &token, &err) == 0 &&
	    strcmp(sol_token_make(&token, KEY, &arena), arena_copy(&arena, data, size)) != 0)
		abort();
	made = (struct sol_token){arena_copy(&arena, data, size / 2), "17",
				  arena_copy(&arena, data + size / 2, size - size / 2)};
	sol_token_parse(slice_text(sol_token_make(&made, KEY, &arena)), KEY, &arena, &token, &err);
	arena_free(&arena);
	return 0;
}
