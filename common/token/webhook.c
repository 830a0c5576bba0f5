/* webhook.c - see webhook.h. */
#include "webhook.h"

#include <string.h>

#include "common/base/encoding.h"
#include "hmac.h"

int webhook_key_read(struct slice secret, struct webhook_key *ret, struct err *err)
{
	size_t prefix = strlen(WEBHOOK_SECRET_PREFIX);
	struct webhook_key key;

	if (secret.len <= prefix || memcmp(secret.bytes, WEBHOOK_SECRET_PREFIX, prefix) != 0 ||
	    !base64_read(slice_of(secret.bytes + prefix, secret.len - prefix), key.bytes,
			 sizeof(key.bytes), &key.len) ||
	    key.len < WEBHOOK_KEY_MIN_BYTES)
		return err_set(err, "expected whsec_ and %d to %d bytes in base64",
			       WEBHOOK_KEY_MIN_BYTES, WEBHOOK_KEY_MAX_BYTES);
	*ret = key;
	return 0;
}

struct slice webhook_signed(const char *id, const char *timestamp, struct slice body,
			    struct arena *arena)
{
	size_t id_len = strlen(id), timestamp_len = strlen(timestamp);
	size_t len = id_len + timestamp_len + 2 + body.len;
	char *bytes = arena_alloc(arena, len), *at = bytes;

	memcpy(at, id, id_len);
	at += id_len;
	*at++ = '.';
	memcpy(at, timestamp, timestamp_len);
	at += timestamp_len;
	*at++ = '.';
	if (body.len)
		memcpy(at, body.bytes, body.len);
	return slice_of(bytes, len);
}

const char *webhook_signatures(const struct webhook_key *keys, size_t count, const char *id,
			       const char *timestamp, struct slice body, struct arena *arena)
{
	struct slice bytes = webhook_signed(id, timestamp, body, arena);
	char tag_text[HMAC_BYTES * 2], *ret = arena_text(arena, "");
	uint8_t tag[HMAC_BYTES];

	for (size_t i = 0; i < count; i++) {
		size_t len;

		hmac_sha256(slice_of(keys[i].bytes, keys[i].len), bytes, tag);
		len = base64_write(tag, sizeof(tag), tag_text);
		ret = arena_printf(arena, "%s%sv1,%.*s", ret, i ? " " : "", (int)len, tag_text);
	}
	return ret;
}
