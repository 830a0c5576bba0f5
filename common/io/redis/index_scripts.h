/*
 * index_scripts.h - the Lua scripts of index.c.
 *
 * Each checks before it writes: a script that fails half-way keeps what it
 * has written.  unpack() takes a few thousand values at most, so long lists
 * go in slices.
 *
 * Who is due stands in leaves.  A sorted set of many members takes some 120 bytes a member; one of
 * at most 128 short ones is packed (zset-max-listpack-entries) and takes 25.  So the leaves are
 * many small sorted sets, and one more holds their bounds: the leaf of an entry is that of the last
 * bound which is not greater.  The first bound may be anything, as long as there is an entry.  A
 * leaf that grows too long is cut into several; one that is empty goes, and its bound.
 *
 * All scores are 0, so that members are sorted by their bytes.  An entry is the due time, 8 bytes
 * that sort as the times do (the greatest byte first, the sign turned), and the customer.  A bound
 * is as much of an entry as tells it from the one before it: nearly always a time, and in a crowd
 * of one instant the beginning of an id.  A leaf's key has its bound in hexadecimal digits, so that
 * whoever lists the keys finds text.  Lua's own `<` sorts by the server's language: only ==
 * and comparisons of numbers are used here.
 */
#ifndef NURTURE_IO_REDIS_INDEX_SCRIPTS_H
#define NURTURE_IO_REDIS_INDEX_SCRIPTS_H

/* Scores below this are no times (INDEX_DUE_APART). */
#define INDEX_FIRST_TIME INT64_C(-4000000000000000000)

/* The key of a leaf; the bound at or before an entry, and the one behind a bound (nil: none). */
#define INDEX_SCRIPT_LEAVES(key)                                                                   \
	"local leaves = " key "\n"                                                                 \
	"local call = redis.call\n"                                                                \
	"local names = {}\n"                                                                       \
	"local function hex(byte) return ('%02x'):format(byte:byte()) end\n"                       \
	"local function leaf(bound)\n"                                                             \
	"  local name = names[bound]\n"                                                            \
	"  if not name then\n"                                                                     \
	"    name = leaves .. ':' .. bound:gsub('.', hex)\n"                                       \
	"    names[bound] = name\n"                                                                \
	"  end\n"                                                                                  \
	"  return name\n"                                                                          \
	"end\n"                                                                                    \
	"local function before(entry)\n"                                                           \
	"  return call('ZREVRANGEBYLEX', leaves, '[' .. entry, '-', 'LIMIT', 0, 1)[1]\n"           \
	"end\n"                                                                                    \
	"local function behind(bound, last)\n"                                                     \
	"  return call('ZRANGEBYLEX', leaves, '(' .. bound, last, 'LIMIT', 0, 1)[1]\n"             \
	"end\n"

/*
 * Acts on entries leaf by leaf: a run of them that are surely of one leaf at a time. Numbers of
 * entries grow with them, and differ only where the times do.
 */
#define INDEX_SCRIPT_RUNS                                                                          \
	"local function number(entry)\n"                                                           \
	"  if #entry < 8 then entry = entry .. ('\\0'):rep(8 - #entry) end\n"                      \
	"  local high, low = struct.unpack('>I4I4', entry)\n"                                      \
	"  return (high - 2147483648) * 4294967296 + low\n"                                        \
	"end\n"                                                                                    \
	"local function run_end(bound, entries, from, last, sorted)\n"                             \
	"  local nextbound = behind(bound, '+')\n"                                                 \
	"  if sorted and not nextbound then return last end\n"                                     \
	"  local low = sorted and -math.huge or bound == '' and math.huge or number(bound)\n"      \
	"  local high = nextbound and number(nextbound) or math.huge\n"                            \
	"  local to = from\n"                                                                      \
	"  while to < last do\n"                                                                   \
	"    local due = number(entries[to + 1])\n"                                                \
	"    if due <= low or due >= high then break end\n"                                        \
	"    to = to + 1\n"                                                                        \
	"  end\n"                                                                                  \
	"  return to\n"                                                                            \
	"end\n"                                                                                    \
	"local function runs(entries, from, last, sorted, act)\n"                                  \
	"  while from <= last do\n"                                                                \
	"    local bound = before(entries[from]) or ''\n"                                          \
	"    local to = run_end(bound, entries, from, last, sorted)\n"                             \
	"    act(bound, entries, from, to)\n"                                                      \
	"    from = to + 1\n"                                                                      \
	"  end\n"                                                                                  \
	"end\n"

/*
 * Takes entries from a leaf, or puts sorted ones to it. They are added from the last one on, which
 * is what a packed set finds its place for soonest.  What comes behind all others of its leaf goes
 * into new ones; a leaf that grows too long otherwise is written anew as several.
 */
#define INDEX_SCRIPT_CHANGE                                                                        \
	"local function take(bound, entries, from, to)\n"                                          \
	"  for at = from, to, 1000 do\n"                                                           \
	"    call('ZREM', leaf(bound), unpack(entries, at, math.min(at + 999, to)))\n"             \
	"  end\n"                                                                                  \
	"  if bound ~= '' and call('ZCARD', leaf(bound)) == 0 then\n"                              \
	"    call('ZREM', leaves, bound)\n"                                                        \
	"  end\n"                                                                                  \
	"end\n"                                                                                    \
	"local function add(bound, entries, from, to)\n"                                           \
	"  for last = to, from, -1000 do\n"                                                        \
	"    local words = {}\n"                                                                   \
	"    for i = last, math.max(last - 999, from), -1 do\n"                                    \
	"      words[#words + 1] = 0\n"                                                            \
	"      words[#words + 1] = entries[i]\n"                                                   \
	"    end\n"                                                                                \
	"    call('ZADD', leaf(bound), unpack(words))\n"                                           \
	"  end\n"                                                                                  \
	"end\n"                                                                                    \
	"local function told_apart(one, other)\n"                                                  \
	"  local n = 1\n"                                                                          \
	"  while one:byte(n) == other:byte(n) do n = n + 1 end\n"                                  \
	"  return other:sub(1, n)\n"                                                               \
	"end\n"                                                                                    \
	"local function add_leaves(entries, from, to)\n"                                           \
	"  for at = from, to, 64 do\n"                                                             \
	"    local bound = told_apart(entries[at - 1], entries[at])\n"                             \
	"    call('ZADD', leaves, 0, bound)\n"                                                     \
	"    add(bound, entries, at, math.min(at + 63, to))\n"                                     \
	"  end\n"                                                                                  \
	"end\n"                                                                                    \
	"local function put(bound, entries, from, to)\n"                                           \
	"  local count = call('ZCARD', leaf(bound))\n"                                             \
	"  if bound == '' then call('ZADD', leaves, 0, bound) end\n"                               \
	"  if count + to - from < 100 then\n"                                                      \
	"    add(bound, entries, from, to)\n"                                                      \
	"  elseif count < 64 and\n"                                                                \
	"         not call('ZRANGEBYLEX', leaf(bound), '[' .. entries[from], '+', 'LIMIT', 0, "    \
	"1)[1] then\n"                                                                             \
	"    local room = from + 63 - count\n"                                                     \
	"    add(bound, entries, from, room)\n"                                                    \
	"    add_leaves(entries, room + 1, to)\n"                                                  \
	"  else\n"                                                                                 \
	"    add(bound, entries, from, to)\n"                                                      \
	"    local all = call('ZRANGE', leaf(bound), 0, -1)\n"                                     \
	"    call('UNLINK', leaf(bound))\n"                                                        \
	"    add(bound, all, 1, 64)\n"                                                             \
	"    add_leaves(all, 65, #all)\n"                                                          \
	"  end\n"                                                                                  \
	"end\n"

/* The entry of a customer with such a value (index_due_put()); nil: it is never due. */
#define INDEX_SCRIPT_ENTRY                                                                         \
	"local function entry_of(value, who)\n"                                                    \
	"  local bytes = value and value:byte() or 0\n"                                            \
	"  if bytes == 0 then return nil end\n"                                                    \
	"  local time = value:sub(2, 1 + bytes):reverse()\n"                                       \
	"  if bytes == 6 then return '\\128\\0' .. time .. who end\n"                              \
	"  return string.char((time:byte() + 128) % 256) .. time:sub(2) .. who\n"                  \
	"end\n"

/*
 * KEYS checkpoint states leaves wished
 * ARGV expected next forgets first_time n_out n_unknown n_in n_set n_gone
 * out* unknown* in* (customer value)* gone*
 * Out are entries that go, in those that come, both sorted; of the customers `unknown` the entry
 * goes that their values name. first_time is the time of the first entry that counts.  Returns {1,
 * the time of the first one there is}.
 */
#define INDEX_SCRIPT_WRITE                                                                         \
	"if ARGV[3] == '1' then redis.call('INCR', KEYS[4]) end\n"                                 \
	"local now = redis.call('GET', KEYS[1]) or ''\n"                                           \
	"if now ~= ARGV[1] then return {0, now} end\n" INDEX_SCRIPT_LEAVES("KEYS[3]")              \
	    INDEX_SCRIPT_RUNS INDEX_SCRIPT_CHANGE INDEX_SCRIPT_ENTRY                               \
	    "local at = 10\n"                                                                      \
	    "local function list(which, width)\n"                                                  \
	    "  local from = at\n"                                                                  \
	    "  at = at + width * tonumber(ARGV[which])\n"                                          \
	    "  return from, at - 1\n"                                                              \
	    "end\n"                                                                                \
	    "local function each_slice(command, from, last)\n"                                     \
	    "  for i = from, last, 1000 do\n"                                                      \
	    "    call(command, KEYS[2], unpack(ARGV, i, math.min(i + 999, last)))\n"               \
	    "  end\n"                                                                              \
	    "end\n"                                                                                \
	    "local function known(from, last)\n"                                                   \
	    "  local found = {}\n"                                                                 \
	    "  for i = from, last, 1000 do\n"                                                      \
	    "    local to = math.min(i + 999, last)\n"                                             \
	    "    local values = call('HMGET', KEYS[2], unpack(ARGV, i, to))\n"                     \
	    "    for n = i, to do\n"                                                               \
	    "      local entry = entry_of(values[n - i + 1], ARGV[n])\n"                           \
	    "      if entry then found[#found + 1] = entry end\n"                                  \
	    "    end\n"                                                                            \
	    "  end\n"                                                                              \
	    "  return found\n"                                                                     \
	    "end\n"                                                                                \
	    "local from, last = list(5, 1)\n"                                                      \
	    "runs(ARGV, from, last, true, take)\n"                                                 \
	    "from, last = list(6, 1)\n"                                                            \
	    "local found = known(from, last)\n"                                                    \
	    "runs(found, 1, #found, false, take)\n"                                                \
	    "from, last = list(7, 1)\n"                                                            \
	    "runs(ARGV, from, last, true, put)\n"                                                  \
	    "each_slice('HSET', list(8, 2))\n"                                                     \
	    "each_slice('HDEL', list(9, 1))\n"                                                     \
	    "call('SET', KEYS[1], ARGV[2])\n"                                                      \
	    "local bound = before(ARGV[4])\n"                                                      \
	    "while bound do\n"                                                                     \
	    "  local first = call('ZRANGEBYLEX', leaf(bound), '[' .. ARGV[4], '+', 'LIMIT', 0, "   \
	    "1)\n"                                                                                 \
	    "  if first[1] then return {1, first[1]:sub(1, 8)} end\n"                              \
	    "  bound = behind(bound, '+')\n"                                                       \
	    "end\n"                                                                                \
	    "return {1, ''}\n"

/*
 * KEYS leaves states; ARGV from until limit.  From is the time of an entry, or empty: from the first
 * one on; until is a bound of ZRANGEBYLEX.  Returns customer, value, customer, value, ...
 */
#define INDEX_SCRIPT_DUE                                                                           \
	INDEX_SCRIPT_LEAVES("KEYS[1]")                                                             \
	"local who, left = {}, tonumber(ARGV[3])\n"                                                \
	"local bound = before(ARGV[1])\n"                                                          \
	"while bound and left > 0 do\n"                                                            \
	"  local found = call('ZRANGEBYLEX', leaf(bound), '[' .. ARGV[1], ARGV[2],\n"              \
	"                     'LIMIT', 0, left)\n"                                                 \
	"  for _, entry in ipairs(found) do who[#who + 1] = entry:sub(9) end\n"                    \
	"  left = left - #found\n"                                                                 \
	"  bound = behind(bound, ARGV[2])\n"                                                       \
	"end\n"                                                                                    \
	"local ret = {}\n"                                                                         \
	"for from = 1, #who, 1000 do\n"                                                            \
	"  local to = math.min(from + 999, #who)\n"                                                \
	"  local states = call('HMGET', KEYS[2], unpack(who, from, to))\n"                         \
	"  for i = from, to do\n"                                                                  \
	"    ret[#ret + 1] = who[i]\n"                                                             \
	"    ret[#ret + 1] = states[i - from + 1] or ''\n"                                         \
	"  end\n"                                                                                  \
	"end\n"                                                                                    \
	"return ret\n"

/* KEYS checkpoint states leaves due; due is of a release before leaves.  ARGV expected token clear */
#define INDEX_SCRIPT_CLAIM                                                                         \
	INDEX_SCRIPT_LEAVES("KEYS[3]")                                                             \
	"local now = redis.call('GET', KEYS[1]) or ''\n"                                           \
	"if now ~= ARGV[1] then return {0, now} end\n"                                             \
	"if ARGV[3] == '1' then\n"                                                                 \
	"  for _, bound in ipairs(call('ZRANGE', leaves, 0, -1)) do\n"                             \
	"    call('UNLINK', leaf(bound))\n"                                                        \
	"  end\n"                                                                                  \
	"  redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4])\n"                                      \
	"end\n"                                                                                    \
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
