/* signature.h - did this shop send it? HMAC-SHA256 over the raw body, in base64, in a header. Pure. */
#ifndef NURTURE_INGEST_SHOPS_SIGNATURE_H
#define NURTURE_INGEST_SHOPS_SIGNATURE_H

#include "common/base/slice.h"
#include "shop_config.h"

/*
 * True when one of the shop's secrets signed those bytes; header is the value of
 * X-Shopify-Hmac-Sha256 or X-WC-Webhook-Signature, or NULL. Both secrets are tried in any case.
 */
bool shop_is_signed(const struct shop_hook *hook, struct slice body, const char *header);

enum { SHOP_UNSIGNED_BYTES = 400 };
/*
 * Says why it is not signed: the header that was looked for, and what was found in it. other: the
 * header of the other kind of shop, NULL when it is not there. No byte of the request is repeated.
 */
void shop_say_unsigned(enum shop_kind kind, const char *header, const char *other,
		       char ret[SHOP_UNSIGNED_BYTES]);

#endif
