-- attempts_confirm.lua - attempts_confirm(): the journal is this owner's on this run, or begins anew.
--
-- KEYS attempts
-- ARGV owner run
local is = redis.call('HMGET', KEYS[1], 'owner', 'run')
if is[1] and is[1] ~= ARGV[1] then return 0 end
if is[1] and is[2] == ARGV[2] then return 1 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'run', ARGV[2])
return 1
