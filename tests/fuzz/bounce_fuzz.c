/* Any mail: read within its bounds, and what is said of it is text. */
#include "common/base/text.h"
#include "common/mail/bounce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};
	struct return_token token;
	struct arena arena = {0};
	struct bounce bounce;

	bounce_read(slice_of(data, size), &arena, &bounce);
	if (!text_is_utf8(slice_text(bounce.text)) || !text_is_printable(slice_text(bounce.text)) ||
	    (bounce.recipient[0] && !text_is_email(slice_text(bounce.recipient))) ||
	    (bounce.kind != BOUNCE_NONE && bounce.form == BOUNCE_FORM_UNKNOWN))
		__builtin_trap();
	bounce_owner(slice_of(data, size), &keys, &arena, &token);
	arena_free(&arena);
	return 0;
}
