-- attempts_take_over.lua - attempts_take_over(): what the owners before have left.
--
-- KEYS attempts
-- ARGV owner run owners-kept seconds-kept
--
-- One owner may follow the other before it has decided a batch.  So the entries of those before
-- stay, each owner's under a key of its own, as long as the server has run without a break; the
-- answer is OWNER, its hash, OWNER, ...
local is = redis.call('HMGET', KEYS[1], 'owner', 'run', 'before')
local before, left = {}, {}
if is[1] and is[1] ~= ARGV[1] and is[2] == ARGV[2] then
	local old = KEYS[1] .. ':' .. is[1]
	redis.call('RENAME', KEYS[1], old)
	redis.call('EXPIRE', old, ARGV[4])
	for owner in string.gmatch(is[1] .. ' ' .. (is[3] or ''), '%x+') do
		local hash = redis.call('HGETALL', KEYS[1] .. ':' .. owner)
		if #before < tonumber(ARGV[3]) and #hash > 0 then
			before[#before + 1] = owner
			left[#left + 1] = owner
			left[#left + 1] = hash
		end
	end
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'run', ARGV[2], 'before', table.concat(before, ' '))
return left
