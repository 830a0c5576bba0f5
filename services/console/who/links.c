/* links.c - see links.h. */
#include "links.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "common/token/hmac.h"

/* Secrets of 256 bits need no key; the hash keeps them out of this memory. */
static void hash(struct slice secret, uint8_t ret[CON_HASH_BYTES])
{
	hmac_sha256(slice_text("nurture console link v1"), secret, ret);
}

void con_links_add(struct con_links *links, struct slice link, struct slice browser,
		   const char *address, int64_t now_ms)
{
	struct con_link *oldest = &links->items[0];

	if (strlen(address) > CON_WHO_MAX_BYTES)
		abort();
	for (int i = 1; i < CON_LINKS_MAX; i++)
		if (links->items[i].ends_ms < oldest->ends_ms)
			oldest = &links->items[i];
	hash(link, oldest->link);
	hash(browser, oldest->browser);
	memcpy(oldest->address, address, strlen(address) + 1);
	oldest->ends_ms = now_ms + CON_LINK_LIFE_MS;
}

bool con_links_use(struct con_links *links, struct slice link, struct slice browser, int64_t now_ms,
		   char ret_address[CON_WHO_MAX_BYTES + 1])
{
	uint8_t link_hash[CON_HASH_BYTES], browser_hash[CON_HASH_BYTES];

	hash(link, link_hash);
	hash(browser, browser_hash);
	for (int i = 0; i < CON_LINKS_MAX; i++) {
		struct con_link *one = &links->items[i];

		if (one->ends_ms <= now_ms ||
		    CRYPTO_memcmp(one->link, link_hash, sizeof(link_hash)) != 0 ||
		    CRYPTO_memcmp(one->browser, browser_hash, sizeof(browser_hash)) != 0)
			continue;
		memcpy(ret_address, one->address, sizeof(one->address));
		*one = (struct con_link){.ends_ms = 0};
		return true;
	}
	return false;
}
