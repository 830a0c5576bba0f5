-- leaves.lua - who is due when, in many small sorted sets; the beginning of the index's scripts.
--
-- A sorted set of many members takes some 120 bytes a member; one of at most 128 short ones is
-- packed (zset-max-listpack-entries) and takes 25.  So the leaves are many small sorted sets, and
-- KEYS[1] holds their bounds: the leaf of an entry is that of the last bound which is not greater.
-- The first bound may be anything, as long as there is an entry.  A leaf that grows too long is cut
-- into several; one that is empty goes, and its bound.
--
-- All scores are 0, so that members are sorted by their bytes.  An entry is the due time, 8 bytes
-- that sort as the times do (the greatest byte first, the sign turned), and the customer.  A bound
-- is as much of an entry as tells it from the one before it: nearly always a time, and in a crowd
-- of one instant the beginning of an id.  A leaf's key has its bound in hexadecimal digits, so that
-- whoever lists the keys finds text.
--
-- Numbers are given to Redis as texts: it writes a number of Lua with all its digits, which takes
-- longer than many a command.
local leaves = KEYS[1]
local call = redis.call

local names = {}

-- The key of a leaf.
local function leaf(bound)
	local name = names[bound]
	if not name then
		name = leaves .. ':' .. ('%02x'):rep(#bound):format(bound:byte(1, -1))
		names[bound] = name
	end
	return name
end

-- The bound of an entry's leaf; nil: it comes before all bounds.
local function before(entry)
	return call('ZREVRANGEBYLEX', leaves, '[' .. entry, '-', 'LIMIT', '0', '1')[1]
end

-- The bound that follows, up to `last`, which is a bound of ZRANGEBYLEX; nil: none.
local function behind(bound, last)
	return call('ZRANGEBYLEX', leaves, '(' .. bound, last, 'LIMIT', '0', '1')[1]
end
