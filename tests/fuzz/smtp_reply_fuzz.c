/* Any bytes of a server: a reply, not yet one, or none; never more than was there. */
#include <string.h>

#include "common/io/smtp/smtp_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smtp_answer answer = {0};
	int used = smtp_reply_parse((const char *)data, size, &answer);

	if (used > (int)size || (used > 0 && (answer.code < 200 || answer.code > 559)))
		__builtin_trap();
	for (const char *c = answer.text; *c; c++)
		if (*c < ' ' || *c >= 0x7f)
			__builtin_trap();
	if (strlen(answer.enhanced) > 9)
		__builtin_trap();
	/* A reply is a reply whatever follows, and not one byte earlier. */
	if (used > 0 && smtp_reply_parse((const char *)data, (size_t)used, &answer) != used)
		__builtin_trap();
	if (used > 0 && smtp_reply_parse((const char *)data, (size_t)used - 1, &answer) != 0)
		__builtin_trap();
	return 0;
}
