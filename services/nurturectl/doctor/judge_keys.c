/* judge_keys.c - the token keys of all instances beside each other; see judge.h. */
#include <string.h>

#include "common/base/grow.h"
#include "judge.h"

#define AREA "keys"
#define METRIC "\nnurture_token_key_info{fingerprint=\""

enum { FINGERPRINT_LEN = TOKEN_KEY_FINGERPRINT_BYTES - 1, USES_MAX = 1000 };

static void add(struct key_uses *uses, const struct key_use *use)
{
	if (uses->count == USES_MAX)
		return;
	uses->items = grow_zeroed(uses->items, &uses->room, uses->count + 1, sizeof(*uses->items));
	uses->items[uses->count++] = *use;
}

void key_uses_add(struct key_uses *uses, const char *address, const char *metrics)
{
	static const char signs[] = "\",use=\"signs\"} 1", checks[] = "\",use=\"checks\"} 1";
	const char *at = metrics;

	while ((at = strstr(at, METRIC))) {
		struct key_use use = {.address = address};

		at += strlen(METRIC);
		if (strspn(at, "0123456789abcdef") != FINGERPRINT_LEN)
			continue;
		memcpy(use.fingerprint, at, FINGERPRINT_LEN);
		use.signs = strncmp(at + FINGERPRINT_LEN, signs, strlen(signs)) == 0;
		if (use.signs || strncmp(at + FINGERPRINT_LEN, checks, strlen(checks)) == 0)
			add(uses, &use);
	}
}

static bool is_key(const struct key_use *use, const struct key_use *other)
{
	return strcmp(use->fingerprint, other->fingerprint) == 0;
}

static bool is_at(const struct key_use *use, const struct key_use *other)
{
	return strcmp(use->address, other->address) == 0;
}

/* The first of those that sign by this key, or the first key that this instance checks by. */
static bool is_first(const struct key_uses *uses, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (uses->items[k].signs == uses->items[i].signs &&
		    (uses->items[i].signs ? is_key : is_at)(&uses->items[k], &uses->items[i]))
			return false;
	return true;
}

static bool knows(const struct key_uses *uses, const struct key_use *checker,
		  const struct key_use *signer)
{
	for (size_t i = 0; i < uses->count; i++) {
		const struct key_use *use = &uses->items[i];

		if (!use->signs && is_at(use, checker) && is_key(use, signer))
			return true;
	}
	return false;
}

/* Returns how many instances check. */
static size_t judge_signer(const struct key_uses *uses, const struct key_use *signer,
			   struct findings *findings)
{
	size_t checkers = 0;

	for (size_t i = 0; i < uses->count; i++) {
		const struct key_use *checker = &uses->items[i];

		if (checker->signs || !is_first(uses, i))
			continue;
		checkers++;
		if (!knows(uses, checker, signer))
			finding_add(findings, FINDING_WRONG, AREA,
				    "give all services the same NURTURE_TOKEN_KEY, older keys too",
				    "%s refuses the links and return paths that %s signs: it has "
				    "not the token key %s",
				    checker->address, signer->address, signer->fingerprint);
	}
	return checkers;
}

void judge_keys(const struct key_uses *uses, struct findings *findings)
{
	size_t before = findings->count, signing = 0, checkers = 0;

	for (size_t i = 0; i < uses->count; i++)
		if (uses->items[i].signs && is_first(uses, i)) {
			checkers = judge_signer(uses, &uses->items[i], findings);
			signing++;
		}
	if (checkers && findings->count == before)
		finding_add(findings, FINDING_OK, AREA, NULL,
			    "%zu token key%s, and all %zu instances that check links know %s",
			    signing, signing == 1 ? " signs" : "s sign", checkers,
			    signing == 1 ? "it" : "them");
}
