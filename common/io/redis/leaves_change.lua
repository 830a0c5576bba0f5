-- leaves_change.lua - entries come and go, leaf by leaf: the costly part of a write is the number
-- of calls, so entries of one leaf are one call.

-- The 8 bytes of the time as two numbers: a number of Lua has 53 bits.  What is shorter is filled up.
local function time_of(entry)
	if #entry < 8 then entry = entry .. ('\0'):rep(8 - #entry) end
	local high, low = struct.unpack('>I4I4', entry)
	return high, low
end

-- Does an entry sort before a bound, as Redis sorts them?  Lua's own `<` sorts by the server's
-- language.
local function is_before(entry, bound)
	local high, low = time_of(entry)
	local bound_high, bound_low = time_of(bound)
	if high ~= bound_high then return high < bound_high end
	if low ~= bound_low then return low < bound_low end
	local n = 9
	while true do
		local one, other = entry:byte(n), bound:byte(n)
		if one ~= other or not one then return other ~= nil and (not one or one < other) end
		n = n + 1
	end
end

-- Of sorted entries the last one before a bound; that at `from` is.  In steps that double, then in
-- halves: most runs are short.
local function last_before(bound, entries, from, last)
	local good, step = from, 1
	while good + step <= last and is_before(entries[good + step], bound) do
		good = good + step
		step = step * 2
	end
	local bad = math.min(good + step, last + 1)
	while bad - good > 1 do
		local middle = math.floor((good + bad) / 2)
		if is_before(entries[middle], bound) then good = middle else bad = middle end
	end
	return good
end

-- Where the run of entries of one leaf ends that begins at `from`.
local function run_end(bound, entries, from, last, sorted)
	if from == last then return last end
	local following = behind(bound, '+')
	if sorted then
		return following and last_before(following, entries, from, last) or last
	end
	local to = from
	while to < last and not is_before(entries[to + 1], bound) and
	      (not following or is_before(entries[to + 1], following)) do
		to = to + 1
	end
	return to
end

-- Calls act(bound, entries, from, to) for each run of entries of one leaf.
local function runs(entries, from, last, sorted, act)
	while from <= last do
		local bound = before(entries[from]) or ''
		local to = run_end(bound, entries, from, last, sorted)
		act(bound, entries, from, to)
		from = to + 1
	end
end

-- Takes entries from their leaf.  unpack() takes a few thousand values at most.
local function take(bound, entries, from, to)
	for at = from, to, 1000 do
		call('ZREM', leaf(bound), unpack(entries, at, math.min(at + 999, to)))
	end
	if bound ~= '' and call('ZCARD', leaf(bound)) == 0 then
		call('ZREM', leaves, bound)
	end
end

-- Sorted entries are added from the last one on, which is what a packed set finds its place for
-- soonest.
local function add(bound, entries, from, to)
	for last = to, from, -1000 do
		local words = {}
		for i = last, math.max(last - 999, from), -1 do
			words[#words + 1] = '0'
			words[#words + 1] = entries[i]
		end
		call('ZADD', leaf(bound), unpack(words))
	end
end

-- As much of the second as tells it from the first.
local function told_apart(one, other)
	local n = 1
	while one:byte(n) == other:byte(n) do n = n + 1 end
	return other:sub(1, n)
end

local function add_leaves(entries, from, to)
	for at = from, to, 64 do
		local bound = told_apart(entries[at - 1], entries[at])
		call('ZADD', leaves, '0', bound)
		add(bound, entries, at, math.min(at + 63, to))
	end
end

-- Puts sorted entries to their leaf.  What comes behind all others of its leaf goes into new ones; a
-- leaf that grows too long otherwise is written anew as several.
local function put(bound, entries, from, to)
	local count = call('ZCARD', leaf(bound))
	if bound == '' then call('ZADD', leaves, '0', bound) end
	if count + to - from < 100 then
		add(bound, entries, from, to)
	elseif count < 64 and
	       not call('ZRANGEBYLEX', leaf(bound), '[' .. entries[from], '+', 'LIMIT', '0', '1')[1] then
		local room = from + 63 - count
		add(bound, entries, from, room)
		add_leaves(entries, room + 1, to)
	else
		add(bound, entries, from, to)
		local all = call('ZRANGE', leaf(bound), '0', '-1')
		call('UNLINK', leaf(bound))
		add(bound, all, 1, 64)
		add_leaves(all, 65, #all)
	end
end

-- The entry of a customer with such a value (index_due_put()); nil: it is never due.
local function entry_of(value, who)
	local bytes = value and value:byte() or 0
	if bytes == 0 then return nil end
	local time = value:sub(2, 1 + bytes):reverse()
	if bytes == 6 then return '\128\0' .. time .. who end
	return string.char((time:byte() + 128) % 256) .. time:sub(2) .. who
end
