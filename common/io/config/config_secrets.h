/*
 * config_secrets.h - no secret that everybody knows behind a door that
 * everybody can reach.
 */
#ifndef NURTURE_IO_CONFIG_CONFIG_SECRETS_H
#define NURTURE_IO_CONFIG_CONFIG_SECRETS_H

#include "config.h"

/* What docker-compose.yml sets when nobody has set a secret; part of a value counts, too. */
#define KNOWN_SECRET "only-for-development"

/*
 * After all settings have been read: a secret with KNOWN_SECRET in it is good
 * while every address of the settings (servers and listeners) is loopback, or
 * is_development.  ERR_CONFIG names both settings.
 */
int config_check_secrets(const struct setting_table *tables, const void *config,
			 bool is_development, struct err *err);

/* Addresses, servers or URLs, separated by commas: is each on this machine alone? */
bool config_is_loopback(const char *places);

#endif
