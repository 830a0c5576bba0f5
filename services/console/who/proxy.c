/* proxy.c - see proxy.h. */
#include "proxy.h"

#include <openssl/crypto.h>

#include "common/token/hmac.h"

static const char *const texts[] = {
#define X(name, text) [CON_PROXY_##name] = text,
    CON_PROXY_WORDS(X)
#undef X
};

const char *con_proxy_text(enum con_proxy_word word)
{
	return texts[word];
}

/* Hashes are compared, so that neither length nor a first wrong byte shows in the time it takes. */
static bool is_secret(const struct token_keys *secrets, struct slice said)
{
	static const char purpose[] = "nurture console proxy secret v1";
	uint8_t expected[HMAC_BYTES], found[HMAC_BYTES];
	struct slice secret;
	bool is_right = false;

	hmac_sha256(slice_text(purpose), said, found);
	for (unsigned i = 0; token_keys_at(secrets, i, &secret); i++) {
		hmac_sha256(slice_text(purpose), secret, expected);
		is_right |= secret.len && CRYPTO_memcmp(expected, found, sizeof(found)) == 0;
	}
	return is_right;
}

enum con_proxy_word con_proxy_judge(const struct con_proxy *proxy, const struct peer *peer,
				    const struct con_headers *headers)
{
	if (!proxy->networks.count || (!con_headers_has(headers, CON_HEADER_EMAIL) &&
				       !con_headers_has(headers, CON_HEADER_GROUPS)))
		return CON_PROXY_SILENT;
	if (con_headers_twice(headers, CON_HEADER_EMAIL) ||
	    con_headers_twice(headers, CON_HEADER_GROUPS) ||
	    con_headers_twice(headers, CON_HEADER_SECRET))
		return CON_PROXY_TWICE;
	if (!con_networks_has(&proxy->networks, peer))
		return CON_PROXY_ADDRESS;
	return is_secret(&proxy->secrets, headers->values[CON_HEADER_SECRET]) ? CON_PROXY_TRUE
									      : CON_PROXY_SECRET;
}
