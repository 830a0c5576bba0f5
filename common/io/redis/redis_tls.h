/*
 * redis_tls.h - Redis behind TLS, with OpenSSL on a connection that hiredis has made.
 *
 * hiredis 0.14 (Debian 12) knows no TLS, and that of later ones is the same
 * few calls: so commands are formatted and answers parsed by hiredis, and the
 * bytes between go through here, with any version.  TLS 1.2 and later; the
 * server's certificate is always checked, name included.
 */
#ifndef NURTURE_IO_REDIS_REDIS_TLS_H
#define NURTURE_IO_REDIS_REDIS_TLS_H

#include <hiredis/hiredis.h>

#include "common/base/err.h"
#include "redis_url.h"

struct redis_tls;

/*
 * Shakes hands on the connected socket, whose timeouts (hiredis sets them) bound each step; the
 * socket stays the caller's and must live longer.  ERR_ENVIRONMENT, or ERR_CONFIG for files that
 * cannot be used.  The message does not name the server.
 */
int redis_tls_open(struct redis_tls **ret, int socket, const struct redis_place *place,
		   struct err *err);
/* NULL-safe. */
void redis_tls_close(struct redis_tls **tls);
/* Are its files there and usable?  Calls nobody. */
int redis_tls_check(const struct redis_place *place, struct err *err);

/* Appends a command to what will be sent. */
void redis_tls_append(struct redis_tls *tls, int count, const char **words, const size_t *lengths);
/* Sends all that was appended.  -1: the connection is no good any more. */
int redis_tls_flush(struct redis_tls *tls, struct err *err);
/* Sends all, and waits for the next answer, which the caller frees.  NULL: as above. */
redisReply *redis_tls_reply(struct redis_tls *tls, struct err *err);

#endif
