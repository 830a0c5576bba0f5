/*
 * index.h - the partition index in Redis: newest states, who is due when, and
 * the checkpoint up to which both are true.
 *
 * Per service and partition these keys, in one hash slot:
 *	nurture.{scheduler:3}:states	hash	customer -> due, in 1 to 9 bytes, and state
 *	nurture.{scheduler:3}:leaves	zset	where who is due when stands (leaves.lua)
 *	nurture.{scheduler:3}:leaves:BOUND	zset	some of those who are due
 *	nurture.{scheduler:3}:mark	string	"2:NUMBER OFFSET WALL_MS ...", or "2:restoring TOKEN"
 * The mark begins with the format of the other keys: an index in another one is none.
 * Reads are put into one pipeline, the checkpoint last; writes are one
 * compare-and-set on the checkpoint.  So what was read is exactly what its owner
 * wrote last, or the checkpoint says that it is not.
 *
 * Of several servers each has its own partitions (redis_servers.h).
 */
#ifndef NURTURE_IO_REDIS_INDEX_H
#define NURTURE_IO_REDIS_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum { INDEX_CHECKPOINT_BYTES = 128 };

struct index;

struct index_state {
	struct slice customer;
	struct slice state; /* len 0: none */
	int64_t due_ms;     /* NEVER_MS: none */
};

/*
 * Calls nobody yet.  ERR_CONFIG: urls are none.
 * prefix: of all keys; the topics' prefix, so that systems can share a server.
 */
int index_open(struct index **ret, const char *urls, const char *prefix, const char *service,
	       struct err *err);
/*
 * Asks each server whether it forgets: ERR_CONFIG when its maxmemory-policy is not noeviction.
 * Once for all that a process opens on the same servers, since a server that may not be asked is
 * taken on trust with a warning.
 */
int index_check_servers(struct index *index, struct err *err);
/*
 * Asks each server whether its user may do all that the service needs; ERR_ENVIRONMENT names what is
 * missing (redis_rights.h).  For who writes: it tries on keys of its own.
 */
int index_check_rights(struct index *index, struct err *err);
void index_close(struct index **index);

/* ---- reading: ask for any number of partitions, send once, take in the order asked ---- */

void index_ask_states(struct index *index, int32_t partition, const struct slice *customers,
		      size_t count);
/*
 * At most limit customers with from_ms <= due <= until_ms, the earliest first; those of
 * INDEX_DUE_APART (earlier than any time) only with `apart`, whatever from_ms and until_ms.
 */
#define INDEX_DUE_APART (-(INT64_C(1) << 62))
void index_ask_due(struct index *index, int32_t partition, bool apart, int64_t from_ms,
		   int64_t until_ms, size_t limit);
void index_ask_checkpoint(struct index *index, int32_t partition);

/*
 * The answers, in the order asked; all bytes live in the arena.  After any
 * failure call index_reset(): answers may still be under way, so the
 * connections must not be used again.
 */
int index_take_states(struct index *index, int32_t partition, size_t count, struct arena *arena,
		      struct index_state *ret, struct err *err);
int index_take_due(struct index *index, int32_t partition, struct arena *arena,
		   struct index_state **ret, size_t *ret_count, struct err *err);
void index_reset(struct index *index);
int index_take_checkpoint(struct index *index, int32_t partition,
			  char checkpoint[INDEX_CHECKPOINT_BYTES], struct err *err);

/*
 * Everybody who has a state, page by page and in no order; some may come
 * twice.  cursor: "0" before the first page and again after the last.  checkpoint is
 * that of the page.  Asks and takes: nothing else may be asked for.
 */
enum { INDEX_CURSOR_BYTES = 24 };
int index_list(struct index *index, int32_t partition, char cursor[INDEX_CURSOR_BYTES],
	       struct arena *arena, struct slice **ret, size_t *ret_count,
	       char checkpoint[INDEX_CHECKPOINT_BYTES], struct err *err);

/* ---- writing ---- */

#define INDEX_DUE_UNKNOWN (INDEX_DUE_APART - 1)

struct index_change {
	struct slice customer;
	struct slice state; /* len 0: remove */
	int64_t due_ms;
	int64_t was_ms; /* what the index has; NEVER_MS: nothing; INDEX_DUE_UNKNOWN: it looks */
};

/*
 * If the checkpoint is `expected` ("" = no checkpoint), writes all changes and the checkpoint
 * `next`; else nothing. forgets: in the same step it is wished that what this replaces leaves the
 * server's disk, also when the checkpoint is another: then the index was flushed, and what was
 * flushed is there as well.
 */
void index_ask_write(struct index *index, int32_t partition, const char *expected, const char *next,
		     const struct index_change *changes, size_t count, bool forgets);
/*
 * Sends what was asked for, and does not wait for the answers: the servers work on it meanwhile.
 * May block until they take the bytes. What fails, the answers say.
 */
void index_send(struct index *index);
/* 1: written, *ret_next_due_ms is the earliest due time left (INDEX_DUE_APART not counted).  0: the
 * checkpoint was another.  -1: failed, unknown. */
int index_take_write(struct index *index, int32_t partition, int64_t *ret_next_due_ms,
		     struct err *err);

/* ---- restoring ---- */

/* If the checkpoint is `expected`, sets it to `token` (1), else nothing (0). clear: empties states
 * and leaves too, and what an older format kept. */
int index_claim(struct index *index, int32_t partition, const char *expected, const char *token,
		bool clear, struct err *err);

/* ---- forgetting ---- */

/*
 * What was removed or replaced still stands in the server's append-only file
 * until that is written anew.  A write that forgets wishes it, in the server
 * itself, and index_rewrite() sees to it, whoever wished: at once, but for all
 * services together not more often than every INDEX_REWRITE_PAUSE_MS.  Call it
 * again and again, with nothing asked for and not taken; it asks the server
 * every minute, and more often while something is wished.  A server without
 * such a file has nothing to do.
 */
enum { INDEX_REWRITE_PAUSE_MS = 10 * 60 * 1000 };
int index_rewrite(struct index *index, struct err *err);

#endif
