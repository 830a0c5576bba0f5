/*
 * config_redis.h - the settings beside REDIS_URL, put into it.
 *
 * A password in a URL has to be percent-encoded, and comes with the host in one secret.  REDIS_PASSWORD
 * and the others say the same by themselves; here they become part of the URL
 * of each server that does not say otherwise, so whoever connects needs only that.
 */
#ifndef NURTURE_IO_CONFIG_CONFIG_REDIS_H
#define NURTURE_IO_CONFIG_CONFIG_REDIS_H

#include "common/base/arena.h"
#include "config.h"

/* Writes the setting REDIS_URL of config anew, its text in the arena.  ERR_CONFIG: as redis_url.h. */
int config_redis(const struct setting_table *tables, void *config, struct arena *texts,
		 struct err *err);

#endif
