/* signature.c - see signature.h. */
#include "signature.h"

#include <stdio.h>

#include "common/base/encoding.h"
#include "common/token/hmac.h"
#include "services/ingest/signature.h"

bool shop_is_signed(const struct shop_hook *hook, struct slice body, const char *header)
{
	struct slice said = slice_text(header ? header : "");
	bool is_signed = false;

	for (unsigned i = 0; i < hook->secret_count; i++)
		is_signed |= ing_signature_matches(slice_text(hook->secrets[i]), body, said);
	return is_signed;
}

/* What stands in the header, in words. */
static const char *found_in(const char *header)
{
	size_t len = strlen(header), bytes;
	uint8_t tag[HMAC_BYTES];

	if (len == 2 * (size_t)HMAC_BYTES && strspn(header, "0123456789abcdefABCDEF") == len)
		return "found hexadecimal digits: expected the same bytes in base64";
	if (!base64_read(slice_text(header), tag, sizeof(tag), &bytes) || bytes != HMAC_BYTES)
		return "found something else than the base64, with its padding, of 32 bytes";
	return "it does not match this body under any secret of this shop (is it the secret of "
	       "another shop or app, or was the body changed on its way?)";
}

void shop_say_unsigned(enum shop_kind kind, const char *header, const char *other,
		       char ret[SHOP_UNSIGNED_BYTES])
{
	static const struct {
		const char *header, *path;
	} kinds[SHOP_KIND_COUNT] = {
	    [SHOP_SHOPIFY] = {"X-Shopify-Hmac-Sha256", "/v1/hooks/shopify/"},
	    [SHOP_WOOCOMMERCE] = {"X-WC-Webhook-Signature", "/v1/hooks/woocommerce/"},
	};
	enum shop_kind another = kind == SHOP_SHOPIFY ? SHOP_WOOCOMMERCE : SHOP_SHOPIFY;
	static const char expected[] = "expected the body's HMAC-SHA256 under this shop's secret "
				       "in the header";

	if (header && *header)
		snprintf(ret, SHOP_UNSIGNED_BYTES, "%s %s: %s", expected, kinds[kind].header,
			 found_in(header));
	else if (other && *other)
		snprintf(ret, SHOP_UNSIGNED_BYTES,
			 "%s %s: it is missing, but %s is there, whose shops have the path %s",
			 expected, kinds[kind].header, kinds[another].header, kinds[another].path);
	else
		snprintf(ret, SHOP_UNSIGNED_BYTES, "%s %s: it is missing", expected,
			 kinds[kind].header);
}
