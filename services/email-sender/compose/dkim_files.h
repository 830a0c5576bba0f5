/* dkim_files.h - NURTURE_DKIM_KEYS: keys from files. */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_DKIM_FILES_H
#define NURTURE_EMAIL_SENDER_COMPOSE_DKIM_FILES_H

#include "dkim_key.h"

/*
 * Adds the keys of "selector:file[,selector:file]", PEM.  ERR_CONFIG for what
 * is wrong, with the selector or file; keys is empty then.
 */
int dkim_keys_open(const char *list, struct dkim_keys *keys, struct err *err);

#endif
