/* verp.c - see verp.h. */
#include "verp.h"

#include <strings.h>

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "hmac.h"

enum {
	SEND_BYTES = 16,
	TAG_BYTES = 10,
	BODY_BYTES = SEND_BYTES + TAG_BYTES,
	PREFIX_BYTES = sizeof(VERP_PREFIX) - 1,
};

int verp_check_key(struct slice key, struct err *err)
{
	if (key.len < VERP_KEY_MIN_BYTES || key.len > 4096)
		return err_config(err, "return path: expected a key of at least %d bytes",
				  VERP_KEY_MIN_BYTES);
	return 0;
}

static bool read_id(struct slice send, uint8_t ret[SEND_BYTES])
{
	size_t len;

	return base16_read(send, ret, SEND_BYTES, &len) && len == SEND_BYTES;
}

void verp_send(struct slice send, char ret[ID_TEXT_BYTES])
{
	uint8_t ignored[SEND_BYTES];

	if (read_id(send, ignored)) {
		memcpy(ret, send.bytes, send.len);
		ret[send.len] = '\0';
	} else {
		id_of(ret, &send, 1);
	}
}

static void tag_of(struct slice key, const uint8_t send[SEND_BYTES], uint8_t ret[TAG_BYTES])
{
	hmac_tag(key, "nurture bounce v1", slice_of(send, SEND_BYTES), ret, TAG_BYTES);
}

int verp_make(struct slice key, struct slice send, char ret[VERP_LOCAL_BYTES], struct err *err)
{
	uint8_t body[BODY_BYTES];
	char id[ID_TEXT_BYTES];

	if (verp_check_key(key, err) < 0)
		return -1;
	if (!send.len)
		return err_set(err, "return path: expected the id of a send, found none");
	verp_send(send, id);
	read_id(slice_text(id), body);
	tag_of(key, body, body + SEND_BYTES);
	memcpy(ret, VERP_PREFIX, PREFIX_BYTES);
	base32_write(body, BODY_BYTES, ret + PREFIX_BYTES);
	return 0;
}

int verp_open(struct slice key, struct slice local, char ret[ID_TEXT_BYTES], struct err *err)
{
	uint8_t body[BODY_BYTES], expected[TAG_BYTES];
	size_t len;

	if (verp_check_key(key, err) < 0)
		return -1;
	if (local.len != VERP_LOCAL_BYTES - 1 ||
	    strncasecmp((const char *)local.bytes, VERP_PREFIX, PREFIX_BYTES) != 0 ||
	    !base32_read(slice_of(local.bytes + PREFIX_BYTES, VERP_TOKEN_CHARS), body, BODY_BYTES,
			 &len))
		return err_set(err, "return path: not one of ours");
	tag_of(key, body, expected);
	if (CRYPTO_memcmp(body + SEND_BYTES, expected, TAG_BYTES) != 0)
		return err_set(err, "return path: not one of ours");
	base16_write(body, SEND_BYTES, ret);
	return 0;
}
