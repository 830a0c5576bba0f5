/*
 * source.h - who may publish: sources and their bearer tokens.  Pure.
 *
 * Only digests are kept.  A presented token is compared with all of them in a
 * time that depends on neither, so nothing can be guessed piece by piece.
 */
#ifndef NURTURE_INGEST_SOURCE_H
#define NURTURE_INGEST_SOURCE_H

#include "common/base/err.h"
#include "common/base/slice.h"

enum {
	ING_SOURCES_MAX = 64,
	ING_TOKENS_PER_SOURCE = 2, /* the old and the new one, while they are changed */
	ING_SOURCE_BYTES = 41,
	ING_TOKEN_MAX_BYTES = 512,
	ING_TOKEN_WEAK_BYTES = 16, /* shorter ones are worth a warning */
	ING_DIGEST_BYTES = 32,
};

struct ing_source {
	char name[ING_SOURCE_BYTES]; /* [a-z0-9_-], so that it can be a label */
	unsigned token_count;
	uint8_t digests[ING_TOKENS_PER_SOURCE][ING_DIGEST_BYTES];
	bool weak;
};

struct ing_sources {
	bool open; /* no token needed: everything is of source 0 */
	size_t count;
	struct ing_source list[ING_SOURCES_MAX];
};

/*
 * "shop=secret" entries, separated by commas or line ends; blanks around them
 * and empty ones do not count, '#' instead of one is a comment up to the
 * line's end.  The error names the entry by its number and never shows a token.
 */
int ing_sources_parse(struct slice text, struct ing_sources *ret, struct err *err);
/* One source, "open", for everybody. */
void ing_sources_open(struct ing_sources *ret);

/* header: the value of Authorization, or NULL.  The source's index, or -1. */
int ing_source_find(const struct ing_sources *sources, const char *header);

#endif
