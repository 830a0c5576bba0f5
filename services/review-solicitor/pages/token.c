/* token.c - see token.h. */
#include "token.h"

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/token/hmac.h"
#include "nurture/v1/ladder.pb-c.h"

#define VERSION "v1."
/* Other tokens may be signed with the same key; none of them is one of these. */
#define PURPOSE "nurture feedback page\n"

enum {
	MAC_BYTES = 16,
	MAC_TEXT_BYTES = 22,
};

/* The signature of "v1.<payload>" as text. */
static void sign(char mac_text[MAC_TEXT_BYTES + 1], struct slice signed_text, struct slice key,
		 struct arena *arena)
{
	const char *said = arena_printf(arena, PURPOSE "%.*s", SLICE_ARGS(signed_text));
	uint8_t mac[HMAC_BYTES];

	hmac_sha256(key, slice_text(said), mac);
	base64url_write(mac, MAC_BYTES, mac_text);
}

const char *sol_token_make(const struct sol_token *token, struct slice key, struct arena *arena)
{
	Nurture__V1__FeedbackToken packed = NURTURE__V1__FEEDBACK_TOKEN__INIT;
	char mac_text[MAC_TEXT_BYTES + 1];
	uint8_t *bytes;
	size_t len;
	char *text;

	packed.customer = (char *)token->customer;
	packed.order = (char *)token->order;
	packed.rung = (char *)token->rung;
	bytes = arena_alloc(arena, nurture__v1__feedback_token__get_packed_size(&packed));
	len = nurture__v1__feedback_token__pack(&packed, bytes);
	text = arena_alloc(arena, strlen(VERSION) + len * 4 / 3 + 2);
	memcpy(text, VERSION, strlen(VERSION));
	base64url_write(bytes, len, text + strlen(VERSION));
	sign(mac_text, slice_text(text), key, arena);
	return arena_printf(arena, "%s.%s", text, mac_text);
}

/* Where the signature begins, or NULL when it is not the shape of a token. */
static const uint8_t *signature_of(struct slice text)
{
	const uint8_t *dot;

	if (text.len <= strlen(VERSION) + 1 + MAC_TEXT_BYTES ||
	    memcmp(text.bytes, VERSION, strlen(VERSION)) != 0)
		return NULL;
	dot = text.bytes + text.len - MAC_TEXT_BYTES - 1;
	return *dot == '.' ? dot + 1 : NULL;
}

/* The key is ours, but who signed may have been of another age. */
static bool is_sound(const Nurture__V1__FeedbackToken *token)
{
	struct slice rung = slice_text(token->rung);

	return text_is_id(slice_text(token->customer)) &&
	       (!token->order[0] || text_is_id(slice_text(token->order))) &&
	       rung.len <= SOL_RUNG_MAX_BYTES && text_is_printable(rung) && text_is_utf8(rung);
}

static bool is_signed(struct slice text, const uint8_t *signature, const struct token_keys *keys,
		      struct arena *arena)
{
	char mac_text[MAC_TEXT_BYTES + 1];
	struct slice key;

	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		sign(mac_text, text, key, arena);
		if (CRYPTO_memcmp(mac_text, signature, MAC_TEXT_BYTES) == 0)
			return true;
	}
	return false;
}

int sol_token_parse(struct slice text, const struct token_keys *keys, struct arena *arena,
		    struct sol_token *ret, struct err *err)
{
	ProtobufCAllocator allocator = arena_protobuf(arena);
	Nurture__V1__FeedbackToken *token;
	const uint8_t *signature;
	struct slice signed_text, payload;
	uint8_t *bytes;
	size_t len;

	if (text.len > SOL_TOKEN_MAX_BYTES)
		return err_set(err, "token: %zu bytes, more than %d", text.len,
			       SOL_TOKEN_MAX_BYTES);
	signature = signature_of(text);
	if (!signature || memchr(text.bytes, 0, text.len))
		return err_set(err, "token: expected \"v1.<what>.<signature>\"");
	signed_text = slice_of(text.bytes, (size_t)(signature - 1 - text.bytes));
	if (!is_signed(signed_text, signature, keys, arena))
		return err_set(err, "token: the signature is not ours");
	payload = slice_of(text.bytes + strlen(VERSION), signed_text.len - strlen(VERSION));
	bytes = arena_alloc(arena, payload.len);
	if (!base64url_read(payload, bytes, payload.len, &len))
		return err_set(err, "token: not base64url");
	token = nurture__v1__feedback_token__unpack(&allocator, len, bytes);
	if (!token || !is_sound(token))
		return err_set(err, "token: signed, but not a customer, an order and a rung");
	*ret = (struct sol_token){token->customer, token->order, token->rung};
	return 0;
}
