/*
 * shop_config.h - the text of NURTURE_SHOP_HOOKS: whose webhooks are taken, and how their words are
 * meant. Pure.
 *
 *	harbour=SECRET[|SECRET2] [option=value ...]
 *
 * Whoever guesses a secret can forge orders, so one of less than SHOP_SECRET_MIN_BYTES is refused:
 * the admin of Shopify makes 64 characters, an app has 32 or 38, WooCommerce makes 50 and lets people
 * type their own.  Nor is a shop called like an option, unless its secret is longer than any value of
 * an option: "country=GB" on a line of its own would be a shop whose secret everybody knows.
 *
 * One shop an entry, entries separated by commas or line ends; a '#' in place of one is a comment up
 * to the line's end. Options (docs/ingest.md, "Shops' webhooks"):
 *
 *	key=email|id          who a person is: the inbox, or the shop's own id
 *	pending=no|yes        an order that is not paid yet counts as placed
 *	test=no|yes           a test order counts
 *	completed=delivered|shipped     WooCommerce: what its "completed" is
 *	status:NAME=TYPE      WooCommerce: what a plugin's status is (order.shipped ...)
 *	consent_meta=KEY      WooCommerce: where a newsletter plugin keeps its yes
 *	consent=CLASS         the class of the policy that marketing is
 *	country=AT locale=de-AT         of whom the shop says none
 *	shop=NAME             the shop in ids of events; default: the source's name
 *	prefix=TEXT           before ids of orders and customers, where two shops number alike
 */
#ifndef NURTURE_INGEST_SHOPS_SHOP_CONFIG_H
#define NURTURE_INGEST_SHOPS_SHOP_CONFIG_H

#include "common/base/err.h"
#include "shop.h"

enum {
	SHOP_HOOKS_MAX = 64,
	SHOP_SECRETS_MAX = 2,
	SHOP_SECRET_MIN_BYTES = 12,
	SHOP_SECRET_WEAK_BYTES = 16
};

struct shop_hook {
	struct shop_source source;
	unsigned secret_count;
	size_t shortest_secret;                /* bytes */
	const char *secrets[SHOP_SECRETS_MAX]; /* the old and the new one, while they are changed */
};
struct shop_hooks {
	size_t count;
	struct shop_hook list[SHOP_HOOKS_MAX];
};

/* -1 (ERR_CONFIG) says what was expected, and never shows a secret. Texts are the arena's. */
int shop_hooks_parse(struct slice text, struct arena *arena, struct shop_hooks *ret,
		     struct err *err);
/* One more option, "key=id", into a source; for tools that have no secrets. */
int shop_option_parse(struct slice option, struct arena *arena, struct shop_source *source,
		      struct err *err);
/* "harbour key=id prefix=b-": an entry without its secret, for tools that have none. */
int shop_source_parse(struct slice text, struct arena *arena, struct shop_source *ret,
		      struct err *err);
/* NULL: there is no shop of that name. */
const struct shop_hook *shop_hook_find(const struct shop_hooks *hooks, struct slice name);

#endif
