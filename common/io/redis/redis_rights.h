/*
 * redis_rights.h - may our user do all that a service needs of Redis?
 *
 * Some commands are needed once in a while: a set is split when it has grown, a partition is
 * cleared when it is restored.  So a service asks at its start, before a missing right can end it
 * in the middle of the night.
 */
#ifndef NURTURE_IO_REDIS_REDIS_RIGHTS_H
#define NURTURE_IO_REDIS_REDIS_RIGHTS_H

#include "redis.h"

/* 0, or -1: the reply of redis_rights.lua names rights that are missing. err does not name the
 * server. */
int redis_rights_read(const redisReply *reply, struct err *err);

#endif
