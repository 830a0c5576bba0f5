/*
 * index_scripts.h - the Lua scripts of index.c.
 *
 * Each checks before it writes: a script that fails half-way keeps what it
 * has written.  unpack() takes a few thousand values at most, so long lists
 * go in slices.  Numbers stay text: Lua would print them as floats.
 */
#ifndef NURTURE_IO_REDIS_INDEX_SCRIPTS_H
#define NURTURE_IO_REDIS_INDEX_SCRIPTS_H

/* Scores below this are no times (INDEX_DUE_APART). */
#define INDEX_FIRST_TIME INT64_C(-4000000000000000000)
#define INDEX_SCRIPT_FIRST_TIME "-4000000000000000000"

/*
 * KEYS checkpoint states due wished
 * ARGV expected next forgets n_set (customer value)* n_remove (customer)* n_due (score customer)*
 * n_undue (customer)*
 */
#define INDEX_SCRIPT_WRITE                                                                         \
	"if ARGV[3] == '1' then redis.call('INCR', KEYS[4]) end\n"                                 \
	"local now = redis.call('GET', KEYS[1]) or ''\n"                                           \
	"if now ~= ARGV[1] then return {0, now} end\n"                                             \
	"local at = 4\n"                                                                           \
	"local function list(key, command, width)\n"                                               \
	"  local left = tonumber(ARGV[at]) * width\n"                                              \
	"  at = at + 1\n"                                                                          \
	"  while left > 0 do\n"                                                                    \
	"    local n = math.min(left, 2000)\n"                                                     \
	"    redis.call(command, key, unpack(ARGV, at, at + n - 1))\n"                             \
	"    at = at + n\n"                                                                        \
	"    left = left - n\n"                                                                    \
	"  end\n"                                                                                  \
	"end\n"                                                                                    \
	"list(KEYS[2], 'HSET', 2)\n"                                                               \
	"list(KEYS[2], 'HDEL', 1)\n"                                                               \
	"list(KEYS[3], 'ZADD', 2)\n"                                                               \
	"list(KEYS[3], 'ZREM', 1)\n"                                                               \
	"redis.call('SET', KEYS[1], ARGV[2])\n"                                                    \
	"local first = redis.call('ZRANGEBYSCORE', KEYS[3], '" INDEX_SCRIPT_FIRST_TIME "', "       \
	"'+inf', 'WITHSCORES', 'LIMIT', 0, 1)\n"                                                   \
	"return {1, first[2] or ''}\n"

/* KEYS due states; ARGV from until limit.  Returns customer, value, customer, value, ... */
#define INDEX_SCRIPT_DUE                                                                           \
	"local who = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[2], "                      \
	"'LIMIT', 0, ARGV[3])\n"                                                                   \
	"local ret = {}\n"                                                                         \
	"for from = 1, #who, 1000 do\n"                                                            \
	"  local to = math.min(from + 999, #who)\n"                                                \
	"  local states = redis.call('HMGET', KEYS[2], unpack(who, from, to))\n"                   \
	"  for i = from, to do\n"                                                                  \
	"    ret[#ret + 1] = who[i]\n"                                                             \
	"    ret[#ret + 1] = states[i - from + 1] or ''\n"                                         \
	"  end\n"                                                                                  \
	"end\n"                                                                                    \
	"return ret\n"

/* KEYS checkpoint states due; ARGV expected token clear */
#define INDEX_SCRIPT_CLAIM                                                                         \
	"local now = redis.call('GET', KEYS[1]) or ''\n"                                           \
	"if now ~= ARGV[1] then return {0, now} end\n"                                             \
	"if ARGV[3] == '1' then redis.call('UNLINK', KEYS[2], KEYS[3]) end\n"                      \
	"redis.call('SET', KEYS[1], ARGV[2])\n"                                                    \
	"return {1, ''}\n"

/* KEYS checkpoint states; ARGV cursor count.  Names without their states: those would be the whole
 * partition. */
#define INDEX_SCRIPT_LIST                                                                          \
	"local page = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])\n"                   \
	"local names = {}\n"                                                                       \
	"for i = 1, #page[2], 2 do names[#names + 1] = page[2][i] end\n"                           \
	"return {page[1], redis.call('GET', KEYS[1]) or '', names}\n"

#endif
