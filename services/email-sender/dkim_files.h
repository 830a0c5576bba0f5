/* dkim_files.h - NURTURE_DKIM_KEYS: keys from files. */
#ifndef NURTURE_EMAIL_SENDER_DKIM_FILES_H
#define NURTURE_EMAIL_SENDER_DKIM_FILES_H

#include "dkim_key.h"

/*
 * list: "selector:file[,selector:file]", PEM.  ERR_CONFIG for what is wrong,
 * with the selector or file.  The caller frees with dkim_keys_free().
 */
int dkim_keys_open(const char *domain, const char *list, struct dkim_keys *ret, struct err *err);

#endif
