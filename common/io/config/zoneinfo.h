/* zoneinfo.h - reads the system's IANA zone files into a struct zones. */
#ifndef NURTURE_IO_CONFIG_ZONEINFO_H
#define NURTURE_IO_CONFIG_ZONEINFO_H

#include "common/base/err.h"
#include "common/base/zone.h"

/*
 * Every TZif file below directory, and the countries of its zone.tab.
 * ERR_CONFIG when there is none.  posix/, right/, localtime and posixrules are
 * not zones of their own and are left out.
 */
int zoneinfo_load(const char *directory, struct zones **ret, struct err *err);

#endif
