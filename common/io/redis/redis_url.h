/*
 * redis_url.h - one server of REDIS_URL, read.  Pure.
 *
 *	redis[s]://[user[:password]@]host[:port][/database][?NAME=VALUE&...]
 *
 * rediss is TLS; names of the query: ca, cert, key (files, PEM), sni (the name that the server's
 * certificate must have, when it is not the host), maxmemory_policy=noeviction (the user vouches
 * for it where INFO may not be asked).  As redis-cli and Lettuce have them.
 */
#ifndef NURTURE_IO_REDIS_REDIS_URL_H
#define NURTURE_IO_REDIS_REDIS_URL_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/base/url.h"

enum { REDIS_PATH_BYTES = 512 };

struct redis_place {
	char host[URL_HOST_BYTES], user[URL_USER_BYTES], password[URL_PASSWORD_BYTES];
	int port, database;
	bool has_tls;
	/* "" where nothing is said: the machine's own authorities, no certificate, the host. */
	char ca[REDIS_PATH_BYTES], cert[REDIS_PATH_BYTES], key[REDIS_PATH_BYTES];
	char name[URL_HOST_BYTES];
	bool is_vouched; /* for noeviction */
};

/* ERR_CONFIG, without a word of the text: there may be a password in it. */
int redis_url_read(struct slice text, struct redis_place *ret, struct err *err);

#endif
