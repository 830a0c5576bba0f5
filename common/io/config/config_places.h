/*
 * config_places.h - are addresses and URLs of the settings what they must be? They are checked
 * here, so that --check-config tells what otherwise only the start would.
 */
#ifndef NURTURE_IO_CONFIG_CONFIG_PLACES_H
#define NURTURE_IO_CONFIG_CONFIG_PLACES_H

#include "config.h"

/*
 * After all settings have been read: listeners are address:port and not the same
 * one, brokers are host:port without a login, the prefix can begin a topic's name,
 * Redis servers are URLs (the mail server's is smtp_open()'s, with the settings that
 * belong to it).  Nobody is asked.  ERR_CONFIG names the setting, and shows nothing
 * of a URL or a broker.
 */
int config_check_places(const struct setting_table *tables, const void *config, struct err *err);

#endif
