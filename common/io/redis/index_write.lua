-- index_write.lua - index_ask_write(): a compare-and-set of states and due times on the checkpoint.
--
-- KEYS leaves states checkpoint wished
-- ARGV expected next forgets first_time n_out n_unknown n_in n_set n_gone
--      out* unknown* in* (customer value)* gone*
--
-- Out are entries that go, in those that come, both sorted; of the customers `unknown` the entry
-- goes that their values name.  first_time is the time of the first entry that counts.  Returns
-- {1, the time of the first one there is}, or {0, the checkpoint}.  All checks come before the first
-- write: a script that fails half-way keeps what it has written.
--@include leaves.lua
--@include leaves_change.lua
if ARGV[3] == '1' then call('INCR', KEYS[4]) end
local now = call('GET', KEYS[3]) or ''
if now ~= ARGV[1] then return {0, now} end

local at = 10
local function list(which, width)
	local from = at
	at = at + width * tonumber(ARGV[which])
	return from, at - 1
end

local function each_slice(command, from, last)
	for i = from, last, 1000 do
		call(command, KEYS[2], unpack(ARGV, i, math.min(i + 999, last)))
	end
end

-- The entries of customers, as far as they have one.
local function known(from, last)
	local found = {}
	for i = from, last, 1000 do
		local to = math.min(i + 999, last)
		local values = call('HMGET', KEYS[2], unpack(ARGV, i, to))
		for n = i, to do
			local entry = entry_of(values[n - i + 1], ARGV[n])
			if entry then found[#found + 1] = entry end
		end
	end
	return found
end

local from, last = list(5, 1)
runs(ARGV, from, last, true, take)
local found = known(list(6, 1))
runs(found, 1, #found, false, take)
from, last = list(7, 1)
runs(ARGV, from, last, true, put)
each_slice('HSET', list(8, 2))
each_slice('HDEL', list(9, 1))
call('SET', KEYS[3], ARGV[2])

local bound = before(ARGV[4])
while bound do
	local first = call('ZRANGEBYLEX', leaf(bound), '[' .. ARGV[4], '+', 'LIMIT', '0', '1')
	if first[1] then return {1, first[1]:sub(1, 8)} end
	bound = behind(bound, '+')
end
return {1, ''}
