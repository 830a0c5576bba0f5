-- index_claim.lua - index_claim(): a restore takes hold of the partition, and empties it.
--
-- KEYS leaves states checkpoint due; due is of a release before leaves
-- ARGV expected token clear
--
-- Returns {1, ''}, or {0, the checkpoint}.
--@include leaves.lua
local now = call('GET', KEYS[3]) or ''
if now ~= ARGV[1] then return {0, now} end
if ARGV[3] == '1' then
	for _, bound in ipairs(call('ZRANGE', leaves, '0', '-1')) do
		call('UNLINK', leaf(bound))
	end
	call('UNLINK', KEYS[1], KEYS[2], KEYS[4])
end
call('SET', KEYS[3], ARGV[2])
return {1, ''}
