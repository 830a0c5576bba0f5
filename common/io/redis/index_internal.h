/* index_internal.h - what index.c (connections, reading) and index_write.c share. */
#ifndef NURTURE_IO_REDIS_INDEX_INTERNAL_H
#define NURTURE_IO_REDIS_INDEX_INTERNAL_H

#include "index.h"
#include "redis_servers.h"

enum { INDEX_DUE_BYTES = 8 };
enum { INDEX_WRITE, INDEX_DUE, INDEX_CLAIM, INDEX_LIST }; /* scripts */

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
/* The next reply, which is an array; NULL and err when it is not. */
redisReply *index_take_array(struct index *index, int32_t partition, struct err *err);

#endif
