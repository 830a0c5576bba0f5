/*
 * source.h - who may publish what: sources with their bearer tokens and signing secrets.  Pure.
 *
 * Of bearer tokens only digests are kept.  A presented token is compared with all of them in a
 * time that depends on neither, so nothing can be guessed piece by piece.  A token that begins
 * with whsec_ is a secret of Standard Webhooks: its owner signs with it (signature.h), and nobody
 * gets in by showing it.
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
	ING_KEY_MAX_BYTES = 64,    /* of a signing secret, as Standard Webhooks has it */
	ING_DIGEST_BYTES = 32,
	ING_TYPES_MAX = 16,
	ING_TYPE_BYTES = 65,
};
/* Questions and reports at /v1/permits are of this type, as far as tokens are concerned. */
#define ING_PERMIT_TYPE "permit"

/* What a token may publish: "order.*" is all that begin with "order.", else one type each. */
struct ing_types {
	unsigned count; /* 0: everything */
	char list[ING_TYPES_MAX][ING_TYPE_BYTES];
};

struct ing_token {
	uint8_t digest[ING_DIGEST_BYTES];
	uint8_t key[ING_KEY_MAX_BYTES]; /* what it signs with */
	size_t key_len;                 /* 0: it is a bearer token */
	struct ing_types types;
};

struct ing_source {
	char name[ING_SOURCE_BYTES]; /* [a-z0-9_-], so that it can be a label */
	unsigned token_count;
	struct ing_token tokens[ING_TOKENS_PER_SOURCE];
	bool weak;
};

struct ing_sources {
	bool open; /* no token needed: everything is of source 0 */
	size_t count;
	struct ing_source list[ING_SOURCES_MAX];
};

/* Does it stand in quotes, as in a shell? They would be taken for a part of it. */
bool ing_is_quoted(struct slice secret);

/*
 * "shop=secret" entries, separated by commas or line ends; blanks around them
 * and empty ones do not count, '#' instead of one is a comment up to the
 * line's end.  Behind a token may stand what it may publish, and behind that,
 * with commas, more of it: "till=secret types=order.*,customer.updated".  What
 * looks like another source there has to have a token that is not weak: it may
 * be a type that somebody wrote wrong.  The error names the entry by its number and never shows a
 * token.
 */
int ing_sources_parse(struct slice text, struct ing_sources *ret, struct err *err);
/* One source, "open", for everybody. */
void ing_sources_open(struct ing_sources *ret);

/*
 * header: the value of Authorization, or NULL.  The source's index, or -1.
 * *ret_types is what the token may publish, and the sources'; ret_types may be NULL.
 */
int ing_source_find(const struct ing_sources *sources, const char *header,
		    const struct ing_types **ret_types);
bool ing_types_allow(const struct ing_types *types, const char *type);
/* Is any token limited? */
bool ing_sources_are_limited(const struct ing_sources *sources);
/* Is any token a signing secret? */
bool ing_sources_sign(const struct ing_sources *sources);

#endif
