/*
 * import_source.h - the options of import that name the source of a shop's webhooks, so that its
 * history has the ids that the door gives (services/nurturectl/sim/orders_door.h).
 */
#ifndef NURTURE_NURTURECTL_CMD_IMPORT_SOURCE_H
#define NURTURE_NURTURECTL_CMD_IMPORT_SOURCE_H

#include "common/base/hash.h"
#include "services/nurturectl/sim/orders_door.h"
#include "services/nurturectl/sim/orders_options.h"

struct import_source_values {
	const char *text, *customers; /* NULL: not said */
	bool mends;
};

/* clang-format off */
#define IMPORT_SOURCE_OPTIONS(type, member)                                                        \
	{"source", OPTION_TEXT, offsetof(type, member.text), "TEXT", NULL, false, 0, 0,            \
	 "of webhooks, as in NURTURE_SHOP_HOOKS without the secret: ids are as there"},            \
	{"customers", OPTION_TEXT, offsetof(type, member.customers), "FILE", NULL, false, 0, 0,    \
	 "Shopify's export of customers, for a source with key=id"},                               \
	{"mend", OPTION_FLAG, offsetof(type, member.mends), NULL, NULL, false, 0, 0,               \
	 "with --source: the orders were imported before, and are told in newer words"}
/* clang-format on */

struct import_source {
	const struct import_source_values *values; /* the caller's */
	struct orders_door door;
	char *list; /* of customers, in UTF-8; NULL: none */
	size_t list_len;
	struct arena arena;
};

/* Puts the door into the orders' values, when there is a source. ret is to be closed in any case. */
int import_source_open(const struct import_source_values *values, struct orders_values *orders,
		       struct import_source *ret, struct err *err);
/* Adds what of it decides which events a file becomes; nothing without a source. */
void import_source_identify(const struct import_source *source, struct id_parts *parts);
void import_source_close(struct import_source *source);

#endif
