/* erasure.c - see erasure.h. */
#include "erasure.h"

#include <string.h>

#include "common/policy/memory.h"
#include "common/message/event_authority.h"
#include "common/policy/event_type.h"
#include "wire.h"

static bool is_known(const struct seg_profile *profile, uint64_t hash)
{
	for (unsigned i = 0; i < profile->erased_hash_count; i++)
		if (profile->erased_hashes[i] == hash)
			return true;
	return false;
}

/*
 * A mail's end, and a no, are said when they arrive, whatever time they claim:
 * somebody who came back must be able to leave through a page whose clock is slow.
 * Another erasure than those that were heard is meant for who came back, too.
 */
static bool is_never_too_old(const Nurture__V1__Event *event, const struct seg_claim *claim)
{
	if (event_type_is(event->type, EVENT_CUSTOMER_ERASED))
		return true;
	return claim->arrived_ms && strncmp(event->type, "message.", strlen("message.")) == 0 &&
	       event_authority(event) == AUTHORITY_PERSON;
}

bool seg_erasure_covers(const struct seg_profile *profile, const Nurture__V1__Event *event,
			const struct seg_claim *claim)
{
	if (profile->erased_ms == SEG_NEVER)
		return false;
	if (is_known(profile, claim->hash))
		return true;
	return claim->time_ms <= profile->erased_ms && !is_never_too_old(event, claim);
}

static void ahead_prune(struct seg_profile *profile, int64_t arrived_ms)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < profile->ahead_count; i++)
		if (profile->ahead[i].claimed_ms > arrived_ms)
			profile->ahead[kept++] = profile->ahead[i];
	profile->ahead_count = kept;
}

static void ahead_insert(struct seg_profile *profile, struct seg_ahead ahead)
{
	unsigned at = profile->ahead_count;

	while (at > 0 && ahead.claimed_ms < profile->ahead[at - 1].claimed_ms)
		at--;
	memmove(profile->ahead + at + 1, profile->ahead + at,
		(profile->ahead_count - at) * sizeof(*profile->ahead));
	profile->ahead[at] = ahead;
	/* A full list drops the entry whose time comes first. */
	if (++profile->ahead_count > SEG_AHEAD_MAX)
		seg_list_close(profile->ahead, profile->ahead_count--, sizeof(*profile->ahead), 0);
}

void seg_ahead_note(struct seg_profile *profile, const struct seg_claim *claim)
{
	if (claim->arrived_ms == 0)
		return;
	ahead_prune(profile, claim->arrived_ms);
	if (claim->time_ms > claim->arrived_ms)
		ahead_insert(profile, (struct seg_ahead){claim->hash, claim->time_ms});
}

static void keep_hash(struct seg_profile *tombstone, uint64_t hash)
{
	if (is_known(tombstone, hash))
		return;
	if (tombstone->erased_hash_count == SEG_ERASED_HASHES_MAX)
		seg_list_close(tombstone->erased_hashes, tombstone->erased_hash_count--,
			       sizeof(hash), 0);
	tombstone->erased_hashes[tombstone->erased_hash_count++] = hash;
}

/* A profile with the instant alone, and with what must be recognised when it comes again. */
static struct seg_profile *bare(const struct seg_profile *profile, int64_t erased_ms)
{
	struct seg_profile *ret = seg_profile_new(profile->arena);

	ret->erased_ms = erased_ms;
	ret->erased_hash_count = profile->erased_hash_count;
	memcpy(ret->erased_hashes, profile->erased_hashes, sizeof(ret->erased_hashes));
	ret->consents = arena_alloc(ret->arena, sizeof(*ret->consents));
	ret->consents[0] = (struct seg_consent){"all", SEG_WITHDRAWN, erased_ms};
	ret->consent_count = ret->consent_room = 1;
	ret->due_ms = seg_erasure_end_ms(ret);
	return ret;
}

struct seg_profile *seg_erasure_tombstone(const struct seg_profile *profile, uint64_t hash,
					  int64_t time_ms)
{
	int64_t erased_ms = seg_max(time_ms, profile->erased_ms);
	struct seg_profile *ret = bare(profile, erased_ms);

	for (unsigned i = 0; i < profile->ahead_count; i++)
		if (profile->ahead[i].claimed_ms > erased_ms)
			keep_hash(ret, profile->ahead[i].hash);
	keep_hash(ret, hash);
	return ret;
}

bool seg_erasure_is_all(const struct seg_profile *profile)
{
	return profile->erased_ms != SEG_NEVER &&
	       slice_equal(seg_profile_encode(profile),
			   seg_profile_encode(bare(profile, profile->erased_ms)));
}

int64_t seg_erasure_end_ms(const struct seg_profile *profile)
{
	return profile->erased_ms == SEG_NEVER ? NEVER_MS
					       : profile->erased_ms + ERASURE_REMEMBERED_MS;
}

void seg_erasure_expire(struct seg_profile *profile, int64_t now_ms)
{
	if (seg_erasure_end_ms(profile) > now_ms)
		return;
	profile->erased_ms = SEG_NEVER;
	profile->erased_hash_count = 0;
}

void seg_erasure_keep(struct seg_profile *rest, const struct seg_profile *profile)
{
	rest->erased_ms = profile->erased_ms;
	for (unsigned i = 0; i < profile->erased_hash_count; i++)
		keep_hash(rest, profile->erased_hashes[i]);
	seg_ahead_unite(rest, profile);
}

void seg_ahead_unite(struct seg_profile *profile, const struct seg_profile *with)
{
	for (unsigned i = 0; i < with->ahead_count; i++)
		ahead_insert(profile, with->ahead[i]);
}
