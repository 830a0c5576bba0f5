/* inbox.c - see inbox.h. */
#include "inbox.h"

#include <openssl/sha.h>

#include "address.h"
#include "common/base/encoding.h"

bool inbox_key(struct slice text, char ret[INBOX_KEY_BYTES])
{
	enum { HASHED_BYTES = 10 };
	uint8_t hash[SHA256_DIGEST_LENGTH];
	struct buf plain = BUF_MAX(ADDRESS_PLAIN_BYTES);
	struct address address;

	if (!address_read(slice_trim(text, " \t\r\n"), &address))
		return false;
	address_add_plain(&address, &plain);
	SHA256((const uint8_t *)plain.bytes, plain.len, hash);
	buf_free(&plain);
	memcpy(ret, "email:", sizeof("email:"));
	base16_write(hash, HASHED_BYTES, ret + strlen("email:"));
	return true;
}

bool inbox_is_key(struct slice text)
{
	static const char prefix[] = "email:";

	if (text.len != INBOX_KEY_BYTES - 1 || memcmp(text.bytes, prefix, strlen(prefix)) != 0)
		return false;
	for (size_t i = strlen(prefix); i < text.len; i++)
		if (!memchr("0123456789abcdef", text.bytes[i], 16))
			return false;
	return true;
}

struct slice inbox_or(struct slice address, struct slice customer, char room[INBOX_KEY_BYTES])
{
	return inbox_key(address, room) ? slice_text(room) : customer;
}
