/*
 * signature.h - did this shop send these bytes? Pure.
 *
 * Both shops sign the raw body with HMAC-SHA256 and send it in Base64 (shopify.dev, "Verify
 * webhooks"; class-wc-webhook.php, generate_signature()).
 */
#ifndef NURTURE_INGEST_SHOPS_SIGNATURE_H
#define NURTURE_INGEST_SHOPS_SIGNATURE_H

#include "shop_config.h"

/*
 * header: the signature as it came, or NULL. All of the shop's secrets are tried, each in a time
 * that does not depend on what was sent.
 */
bool shop_is_signed(const struct shop_hook *hook, struct slice body, const char *header);

#endif
