/*
 * config_places.h - are addresses and URLs of the settings what they have to
 * be?  So that --check-config says it, and not only the start.
 */
#ifndef NURTURE_IO_CONFIG_PLACES_H
#define NURTURE_IO_CONFIG_PLACES_H

#include "config.h"

/*
 * After all settings have been read: listeners are address:port, Redis servers
 * and the mail server are URLs.  Nobody is asked.  ERR_CONFIG names the setting,
 * and shows nothing of a URL.
 */
int config_check_places(const struct setting_table *tables, const void *config, struct err *err);

#endif
