/*
 * redis.h - one connection to one Redis: opened when first needed, loaded with
 * our scripts, and thrown away after any error (replies may still be under
 * way, so it must not be used again).  RESP2, hiredis 0.14 and later, with TLS
 * or without (redis_tls.h).
 */
#ifndef NURTURE_IO_REDIS_REDIS_H
#define NURTURE_IO_REDIS_REDIS_H

#include <hiredis/hiredis.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "redis_url.h"

enum { REDIS_SCRIPTS_MAX = 5, REDIS_TIMEOUT_S = 10 };

struct redis {
	redisContext *context; /* NULL: not connected */
	struct redis_tls *tls; /* NULL: in clear */
	struct redis_place place;
	bool was_denied;            /* the last error was that the user may not */
	bool has_answered;          /* on this connection, be it with an error */
	const char *const *scripts; /* of its owner, script_count of them */
	char shas[REDIS_SCRIPTS_MAX][41];
	unsigned script_count;
	unsigned pending; /* commands appended whose reply was not taken yet */
	struct err why;   /* of the last failure to connect */
};

/*
 * Connects, logs in, selects, loads the scripts.  Nothing when connected.
 * Refuses while replies are pending: they belong to a connection that is lost.
 */
int redis_connect(struct redis *redis, struct err *err);
/* Also forgets what is pending. */
void redis_close(struct redis *redis);

/* Arguments of one command, collected in an arena. */
struct redis_command {
	struct arena *arena;
	const char **words;
	size_t *lengths;
	size_t count, room;
};
struct redis_command redis_command(struct arena *arena, size_t room);
void redis_word(struct redis_command *command, struct slice word);
void redis_number(struct redis_command *command, int64_t number);
/* Appends it to the pipeline; a connection that could not be opened shows at redis_reply(). */
void redis_append(struct redis *redis, const struct redis_command *command);
/* Sends what was appended; a failure shows at redis_reply(). */
void redis_send(struct redis *redis);
/* The next reply, freed by the caller; NULL and err when there is none or it is an error. */
redisReply *redis_reply(struct redis *redis, struct err *err);

#endif
