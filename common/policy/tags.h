/*
 * tags.h - the list of tags that may be put on what customers say, and the phrases that suggest
 * one.  Pure.
 *
 *	tags:
 *	  Product: {phrases: [kettle, build quality]}
 *	  Deployment: {}
 */
#ifndef NURTURE_POLICY_TAGS_H
#define NURTURE_POLICY_TAGS_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/slice.h"

enum { TAGS_MAX = 200, TAG_PHRASES_MAX = 100, TAG_PHRASE_MAX_BYTES = 200, TAGS_SUGGESTED_MAX = 8 };

struct tag {
	const char *name;
	const char **phrases; /* as tags_fold() writes them */
	unsigned phrase_count;
};
struct policy;

bool tags_has(const struct policy *policy, const char *name);
/*
 * A text as phrases are looked for in it: its words in small letters without accents, a blank before
 * and behind each.  Latin, Greek and Cyrillic; other letters as they are.
 */
void tags_fold(struct slice text, struct buf *out);
/*
 * The tags of which a phrase stands in the text in whole words, in the order of the policy, at most
 * TAGS_SUGGESTED_MAX; the names are the policy's.
 */
size_t tags_suggest(const struct policy *policy, struct slice text,
		    const char *ret[TAGS_SUGGESTED_MAX]);

#endif
