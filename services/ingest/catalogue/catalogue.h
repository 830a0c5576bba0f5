/*
 * catalogue.h - what a shop sells, by sku or product id: categories for a policy to speak of. Pure.
 *
 * No shop's webhook says a category, and without one half of a policy means nothing. A file of the
 * operator says it (docs/ingest.md, "The catalogue"):
 *
 *	sku,category,name,url,image,gtin
 *	TENT-2P,tents,Two-person tent,https://harbour.example/tent-2p,,
 *	TEA-*,tea,,,,
 *
 * The first column is a sku, a product id or a variant id; a '*' at its end stands for any rest. A
 * whole key counts before a pattern, a longer pattern before a shorter one.
 */
#ifndef NURTURE_INGEST_CATALOGUE_CATALOGUE_H
#define NURTURE_INGEST_CATALOGUE_CATALOGUE_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/hash.h"
#include "common/base/slice.h"
#include "common/codec/text_encoding.h"
#include "nurture/v1/event.pb-c.h"

enum { CATALOGUE_MAX_BYTES = 64 << 20, CATALOGUE_ROWS_MAX = 500000 };

struct catalogue_row {
	const char *key;                                  /* without the '*' of a pattern */
	const char *category, *name, *url, *image, *gtin; /* "" when not said */
	bool is_pattern;
	unsigned line;
};

struct catalogue {
	struct catalogue_row *rows; /* whole keys, ascending; then patterns, longest first */
	size_t key_count, count;
	char hash[ID_TEXT_BYTES]; /* of the file's bytes: which catalogue is in force */
	enum text_encoding encoding;
};

/*
 * Reads a whole file, in what it looks like of UTF-8, UTF-16 and Windows-1252. The names stand in its first line, in any order: sku (or id, product_id) and
 * category must be there. -1 (ERR_CONFIG): "line 7: ... expected ..., found ..."; a key that
 * stands twice is an error too, and so is a row with more fields than the first line. Everything
 * lives in the arena.
 */
int catalogue_read(struct slice bytes, struct arena *arena, struct catalogue *ret, struct err *err);
/* The row of the first key that has one; keys may be "". NULL: none has. */
const struct catalogue_row *catalogue_find(const struct catalogue *catalogue,
					   const char *const *keys, size_t count);
/* Puts into the item what it does not say itself. Texts are the row's. */
void catalogue_fill(const struct catalogue_row *row, Nurture__V1__Item *item);

#endif
