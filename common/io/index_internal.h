/* index_internal.h - what index.c (connections, reading) and index_write.c share. */
#ifndef NURTURE_IO_INDEX_INTERNAL_H
#define NURTURE_IO_INDEX_INTERNAL_H

#include "index.h"
#include "redis.h"

enum { INDEX_SERVERS_MAX = REDIS_SERVERS_MAX, INDEX_DUE_BYTES = 8 };
enum { INDEX_WRITE, INDEX_DUE, INDEX_CLAIM, INDEX_LIST }; /* scripts */

struct index {
	struct redis servers[INDEX_SERVERS_MAX];
	unsigned server_count;
	const char *prefix, *service;
	struct arena scratch; /* of the commands being built */
	struct {
		bool wanted;
		bool is_begun;	  /* a rewrite that is younger than the wish */
		int64_t since_ms; /* by the server's clock; 0: not asked yet */
		int64_t look_ms;  /* monotonic: not before */
	} rewrites[INDEX_SERVERS_MAX];
};

struct redis *index_server(struct index *index, int32_t partition);
/* EVALSHA script 3|2 keys..., with room for more words. */
struct redis_command index_script(struct index *index, int32_t partition, unsigned which,
				  size_t room);
/* The next reply, which is an array; NULL and err when it is not. */
redisReply *index_take_array(struct index *index, int32_t partition, struct err *err);

#endif
