-- attempts_confirm.lua - attempts_confirm(): the journal is this owner's on this run, or begins anew.
--
-- KEYS attempts
-- ARGV owner run other; other is an owner who was before this one, "nobody" or empty
--
-- Returns 1: it is ours; or whose it is: the other owner, or "nobody".
local is = redis.call('HMGET', KEYS[1], 'owner', 'run')
if is[1] == ARGV[1] and is[2] == ARGV[2] then return 1 end
local whose = is[1] or 'nobody'
if whose ~= ARGV[1] and whose ~= ARGV[3] then return whose end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'run', ARGV[2])
return 1
