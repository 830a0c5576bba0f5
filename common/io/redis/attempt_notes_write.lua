-- attempt_notes_write.lua - what became of attempts, of several partitions that one server has.
--
-- KEYS attempts...
-- ARGV for each of them: owner n_forget n_words (id)* (id value)*
--
-- A begin's value is empty, a result's is the result.  What frees memory comes first, since a Redis
-- that is full refuses the rest.  Returns for each key 1, or 0 when it has another owner or none: a
-- journal that was lost may have been a later owner's.
local at, ret = 1, {}
for k, key in ipairs(KEYS) do
	local forgets = at + 3
	local words = forgets + tonumber(ARGV[at + 1])
	local owner, next = redis.call('HGET', key, 'owner'), words + tonumber(ARGV[at + 2])
	ret[k] = 0
	if owner == ARGV[at] then
		ret[k] = 1
		if forgets < words then redis.call('HDEL', key, unpack(ARGV, forgets, words - 1)) end
		if words < next then redis.call('HSET', key, unpack(ARGV, words, next - 1)) end
	end
	at = next
end
return ret
