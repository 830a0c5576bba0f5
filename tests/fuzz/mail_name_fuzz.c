/* Any name: what is shown and greeted is a part of it, readable, and greets the same way again. */
#include "common/base/text.h"
#include "common/mail/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_part(struct slice part, struct slice whole)
{
	return !part.len ||
	       (part.bytes >= whole.bytes && part.bytes + part.len <= whole.bytes + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice name = slice_of(data, size), shown = name_shown(name),
		     first = name_first(name);

	if (!is_part(shown, name) || !is_part(first, shown) || !text_is_utf8(shown) ||
	    !text_is_utf8(first) || !slice_equal(name_shown(shown), shown) ||
	    !slice_equal(name_first(shown), first))
		__builtin_trap();
	for (size_t i = 0; i < shown.len; i++)
		if (memchr("<>{}@/:\n\r", shown.bytes[i], 9))
			__builtin_trap();
	return 0;
}
