-- index_due.lua - index_ask_due(): who is due, and their states.
--
-- KEYS leaves states
-- ARGV from until limit
--
-- From is the time of an entry, or empty: from the first one on; until is a bound of ZRANGEBYLEX.
-- Returns customer, value, customer, value, ...
--@include leaves.lua
local who, left = {}, tonumber(ARGV[3])
local bound = before(ARGV[1])
while bound and left > 0 do
	local found = call('ZRANGEBYLEX', leaf(bound), '[' .. ARGV[1], ARGV[2], 'LIMIT', '0', left)
	for _, entry in ipairs(found) do who[#who + 1] = entry:sub(9) end
	left = left - #found
	bound = behind(bound, ARGV[2])
end

local ret = {}
for from = 1, #who, 1000 do
	local to = math.min(from + 999, #who)
	local states = call('HMGET', KEYS[2], unpack(who, from, to))
	for i = from, to do
		ret[#ret + 1] = who[i]
		ret[#ret + 1] = states[i - from + 1] or ''
	end
end
return ret
