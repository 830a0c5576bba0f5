-- redis_rights.lua - redis_rights.h: which commands may our user not call?
--
-- KEYS scratch other, in one slot
-- ARGV "1" for the email-sender, which needs more
--
-- Tries each command on these keys, which do not stay.  Returns {what Redis said last, "+command",
-- ...}: a script is told NOPERM since Redis 7, the sentence in Redis 6.  What fails for another
-- reason than a right (a replica, no memory) is none of its business.
local one, other, said = KEYS[1], KEYS[2], ''
local missing = {}
local function try(name, ...)
	local answer = redis.pcall(name, ...)
	local why = type(answer) == 'table' and answer.err or ''
	if why:find('NOPERM', 1, true) or why:find('ACL failure', 1, true) or
	   why:find("can't run this command", 1, true) then
		said = why
		missing[#missing + 1] = '+' .. name
	end
end
try('get', one)
try('mget', one)
try('set', one, 0)
try('incr', one)
try('unlink', one)
try('hset', one, 'a', 0)
try('hmget', one, 'a')
try('hscan', one, 0)
try('hdel', one, 'a')
try('zadd', one, 0, 'a')
try('zcard', one)
try('zrange', one, 0, -1)
try('zrangebylex', one, '-', '+')
try('zrevrangebylex', one, '+', '-')
try('zrem', one, 'a')
if ARGV[1] == '1' then
	try('time')
	try('hget', one, 'a')
	try('hgetall', one)
	try('hset', one, 'a', 0)
	try('expire', one, 60)
	try('pexpire', one, 60000)
	try('rename', one, other)
	try('del', other)
end
try('unlink', one)
return {said, unpack(missing)}
