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

/*
 * One of the scripts that the connection is given; KEYS scratch other, in one slot; ARGV "1" for
 * the email-sender, which needs more.  It tries each command on these keys, which do not stay.
 * Returns {what Redis said last, "+command", ...}: a script is told NOPERM since Redis 7, the
 * sentence in Redis 6.  What fails for another reason than a right (a replica, no memory) is none
 * of its business.
 */
#define REDIS_RIGHTS_SCRIPT                                                                        \
	"local one, other, said = KEYS[1], KEYS[2], ''\n"                                          \
	"local missing = {}\n"                                                                     \
	"local function try(name, ...)\n"                                                          \
	"  local answer = redis.pcall(name, ...)\n"                                                \
	"  local why = type(answer) == 'table' and answer.err or ''\n"                             \
	"  if why:find('NOPERM', 1, true) or why:find('ACL failure', 1, true) or\n"                \
	"     why:find(\"can't run this command\", 1, true) then\n"                                \
	"    said = why\n"                                                                         \
	"    missing[#missing + 1] = '+' .. name\n"                                                \
	"  end\n"                                                                                  \
	"end\n"                                                                                    \
	"try('get', one)\n"                                                                        \
	"try('mget', one)\n"                                                                       \
	"try('set', one, 0)\n"                                                                     \
	"try('incr', one)\n"                                                                       \
	"try('unlink', one)\n"                                                                     \
	"try('hset', one, 'a', 0)\n"                                                               \
	"try('hmget', one, 'a')\n"                                                                 \
	"try('hscan', one, 0)\n"                                                                   \
	"try('hdel', one, 'a')\n"                                                                  \
	"try('zadd', one, 0, 'a')\n"                                                               \
	"try('zcard', one)\n"                                                                      \
	"try('zrange', one, 0, -1)\n"                                                              \
	"try('zrangebylex', one, '-', '+')\n"                                                      \
	"try('zrevrangebylex', one, '+', '-')\n"                                                   \
	"try('zrem', one, 'a')\n"                                                                  \
	"if ARGV[1] == '1' then\n"                                                                 \
	"  try('time')\n"                                                                          \
	"  try('hget', one, 'a')\n"                                                                \
	"  try('hgetall', one)\n"                                                                  \
	"  try('hset', one, 'a', 0)\n"                                                             \
	"  try('expire', one, 60)\n"                                                               \
	"  try('pexpire', one, 60000)\n"                                                           \
	"  try('rename', one, other)\n"                                                            \
	"  try('del', other)\n"                                                                    \
	"end\n"                                                                                    \
	"try('unlink', one)\n"                                                                     \
	"return {said, unpack(missing)}\n"

/* 0, or -1: the reply of the script names rights that are missing. err does not name the server. */
int redis_rights_read(const redisReply *reply, struct err *err);

#endif
