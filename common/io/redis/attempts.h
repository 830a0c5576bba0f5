/*
 * attempts.h - a journal of attempts in Redis: begun, and how it ended.
 *
 * A state in Kafka says what was intended; whether an intent was ever acted
 * on, and what the answer was, is known only to the process that did it, until
 * its next commit.  If it is killed before, this journal tells the next owner:
 * an attempt that is not in it never began (do it), one with a result is over
 * (take the result), and only one that is begun and nothing more is in doubt.
 *
 * The journal must never be trusted further than it is true.  It carries its
 * owner's number and the run of the Redis server that it was begun on: after a
 * flush, a rollback to an older file, a restart or a failover one of the two
 * is missing or differs, and everything open is in doubt.
 *
 *	nurture.{email-sender:3}:attempts        hash: owner, run, before, ATTEMPT -> "" or result
 *	nurture.{email-sender:3}:attempts:OWNER  the same of an owner before, for a week
 *
 * This file is for an owner that comes or goes on; what is written of each
 * attempt is in attempt_notes.h.  One struct is one connection, for one thread.
 */
#ifndef NURTURE_IO_REDIS_ATTEMPTS_H
#define NURTURE_IO_REDIS_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

struct attempts;

/* Connects when first needed. urls and prefix as index_open(). */
int attempts_open(struct attempts **ret, const char *urls, const char *prefix, const char *service,
		  struct err *err);
void attempts_close(struct attempts **attempts); /* NULL-safe, sets NULL */

/* Who stands for the owner of a journal that is not there. */
#define ATTEMPTS_NOBODY UINT64_MAX

/*
 * To be called while nothing of the partition is under way: sees that the
 * journal is still this owner's on this run of the server, or begins it anew,
 * so that a flush or a restart of Redis is over with it.  1: it is ours, 0: it
 * is another owner's or nobody's, -1.
 *
 * A Redis that was put back to an older file may have the journal of an owner
 * before this one, and one that was emptied has none; but the same may be, or may
 * have been, the journal of an owner that came later: that must not be lost, and
 * what this owner still has in hand may have been sent by then.  So nothing begins
 * meanwhile; *other is set to the owner that is found, or to ATTEMPTS_NOBODY, else to
 * 0, and nothing is changed.  A later owner fences this one, so that it can commit
 * nothing more.  Hence whoever was found before a commit was begun which then
 * succeeded is no later one: the caller names it in *other, and the journal begins
 * anew.
 */
int attempts_confirm(struct attempts *attempts, int32_t partition, uint64_t owner, uint64_t *other,
		     struct err *err);
enum { ATTEMPTS_OWNERS_MAX = 4 };

struct attempts_left {
	uint64_t owner; /* whose attempts these are: all that it begun and nobody has forgotten */
	struct attempt_left {
		struct slice id, result; /* result.len 0: begun and nothing more */
	} *attempts;
	size_t count;
};

/*
 * For a new owner: what the last owners left that can be trusted, the newest
 * first, in the arena.  Returns how many, or -1; an owner that is not among them
 * is in doubt with all that it intended.  The journal is then the new one's, and
 * empty.  A new owner that dies before it has decided takes nothing with it: the
 * next one reads the same, for a week, as long as no more than these follow.
 */
int attempts_take_over(struct attempts *attempts, int32_t partition, uint64_t owner,
		       struct arena *arena, struct attempts_left ret[ATTEMPTS_OWNERS_MAX],
		       struct err *err);

#endif
