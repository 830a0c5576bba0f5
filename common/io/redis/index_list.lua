-- index_list.lua - index_list(): names without their states, which would be the whole partition.
--
-- KEYS states checkpoint
-- ARGV cursor count
--
-- Returns {next cursor, the checkpoint, names}.
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local names = {}
for i = 1, #page[2], 2 do names[#names + 1] = page[2][i] end
return {page[1], redis.call('GET', KEYS[2]) or '', names}
