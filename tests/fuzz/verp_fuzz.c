/* Any local part: not one of ours, or one that is made again, but for its case. */
#include <strings.h>

#include "common/token/verp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slice key = {(const uint8_t *)"0123456789abcdef", 16};
	char local[VERP_LOCAL_BYTES], send[ID_TEXT_BYTES];
	struct err err;

	if (verp_open(key, slice_of(data, size), send, &err) == 0 &&
	    (verp_make(key, slice_text(send), local, &err) < 0 || size != VERP_LOCAL_BYTES - 1 ||
	     strncasecmp(local, (const char *)data, size) != 0))
		__builtin_trap();
	return 0;
}
