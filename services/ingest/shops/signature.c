/* signature.c - see signature.h. */
#include "signature.h"

#include "services/ingest/signature.h"

bool shop_is_signed(const struct shop_hook *hook, struct slice body, const char *header)
{
	struct slice said = slice_text(header ? header : "");
	bool is_signed = false;

	for (unsigned i = 0; i < hook->secret_count; i++)
		is_signed |= ing_signature_matches(slice_text(hook->secrets[i]), body, said);
	return is_signed;
}
