-- attempts_confirm.lua - attempts_confirm(): the journal is this owner's on this run, or begins anew.
--
-- KEYS attempts
-- ARGV owner run other; other is an owner who was before this one, or empty
--
-- Returns 1: it is ours; 0: it is another owner's, of this run; or the other owner, when it is of
-- another run.
local is = redis.call('HMGET', KEYS[1], 'owner', 'run')
if is[1] == ARGV[1] and is[2] == ARGV[2] then return 1 end
if is[1] and is[1] ~= ARGV[1] then
	if is[2] == ARGV[2] then return 0 end
	if is[1] ~= ARGV[3] then return is[1] end
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'run', ARGV[2])
return 1
