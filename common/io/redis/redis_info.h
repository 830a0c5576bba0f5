/* redis_info.h - a field of what Redis answers to INFO: lines of "name:value" and CR LF. */
#ifndef NURTURE_IO_REDIS_REDIS_INFO_H
#define NURTURE_IO_REDIS_REDIS_INFO_H

#include <hiredis/hiredis.h>

#include "common/base/slice.h"

/* The value, as long as the reply; empty: there is no such line. */
struct slice redis_info_field(const redisReply *info, const char *name);

#endif
