/* inbox.c - see inbox.h. */
#include "inbox.h"

#include <openssl/sha.h>

#include "address.h"
#include "common/base/encoding.h"

bool inbox_key(struct slice text, char ret[INBOX_KEY_BYTES])
{
	enum { HASHED_BYTES = 10 };
	uint8_t hash[SHA256_DIGEST_LENGTH];
	struct address address;

	if (!address_read(slice_trim(text, " \t\r\n"), &address))
		return false;
	for (char *c = address.text; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + ('a' - 'A'));
	SHA256((const uint8_t *)address.text, strlen(address.text), hash);
	memcpy(ret, "email:", sizeof("email:"));
	base16_write(hash, HASHED_BYTES, ret + strlen("email:"));
	return true;
}

struct slice inbox_or(struct slice address, struct slice customer, char room[INBOX_KEY_BYTES])
{
	return inbox_key(address, room) ? slice_text(room) : customer;
}
