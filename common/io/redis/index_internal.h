/* index_internal.h - what index.c (connections, reading) and index_write.c share. */
#ifndef NURTURE_IO_REDIS_INDEX_INTERNAL_H
#define NURTURE_IO_REDIS_INDEX_INTERNAL_H

#include "index.h"
#include "redis_servers.h"

enum { INDEX_DUE_BYTES = 8 };
enum { INDEX_WRITE, INDEX_DUE, INDEX_CLAIM, INDEX_LIST, INDEX_RIGHTS }; /* scripts */

enum { INDEX_RUN_BYTES = 48 };

/* A rewrite of a server's file: the last wish that it answers (0: none), and the server's run. */
struct index_begun {
	int64_t wish;
	char run[INDEX_RUN_BYTES];
};

struct index {
	struct redis_servers servers;
	const char *prefix, *service;
	struct arena scratch; /* of the commands being built */
	struct {
		struct index_begun
		    begun;       /* the last rewrite that we know of, also when its key is gone */
		int64_t look_ms; /* monotonic: not before; 0: at once */
	} rewrites[REDIS_SERVERS_MAX];
};

/* EVALSHA script 4|3|2 keys..., with room for more words. */
struct redis_command index_script(struct index *index, int32_t partition, unsigned which,
				  size_t room);

/*
 * The due time before a state: how many bytes it has (0: never, 6, or 8), and these, the lowest
 * first.  index_due_read() returns how many bytes in all; 0: it is none of ours.
 */
enum { INDEX_DUE_ROOM = 1 + INDEX_DUE_BYTES };
size_t index_due_put(int64_t due_ms, uint8_t ret[INDEX_DUE_ROOM]);
size_t index_due_read(struct slice value, int64_t *ret_ms);

/* A due time as the entries of leaves have it (leaves.lua), and back. */
struct slice index_entry_time(struct arena *arena, int64_t due_ms);
int64_t index_time_of(const uint8_t bytes[INDEX_DUE_BYTES]);

/*
 * A checkpoint as the server has it: with the format of the index before it.  That of another
 * format is given to the caller with INDEX_OTHER_FORMAT before it, and taken back so: it is no
 * number, so the index is emptied and restored.
 */
#define INDEX_FORMAT "2:"
#define INDEX_OTHER_FORMAT "?"
struct slice index_mark(struct arena *arena, const char *checkpoint);
void index_mark_read(const char *mark, char checkpoint[INDEX_CHECKPOINT_BYTES]);

/* Scores below this are no times (INDEX_DUE_APART). */
#define INDEX_FIRST_TIME INT64_C(-4000000000000000000)

/* The next reply, which is an array; NULL and err when it is not. */
redisReply *index_take_array(struct index *index, int32_t partition, struct err *err);

#endif
