-- rate_limit.lua - rate_limit_take(), as rate_take() decides.
--
-- KEYS state
-- ARGV interval_us tolerance_us day_limit
--
-- Returns rate_word, wait_us.  Lua's numbers are doubles, exact far beyond microseconds since 1970.
local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local limit = tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local day = math.floor(now / 86400000000)
local is = redis.call('HMGET', KEYS[1], 'arrival', 'day', 'count')
local count = tonumber(is[2] or '-1') == day and tonumber(is[3]) or 0
local arrival = math.max(tonumber(is[1] or '0'), now)
arrival = math.min(arrival, now + tolerance + interval)
local midnight = (day + 1) * 86400000000
if limit >= 0 and count >= limit then
	return {2, string.format('%.0f', midnight - now)}
end
if arrival - now > tolerance then
	return {1, string.format('%.0f', arrival - now - tolerance)}
end
arrival = arrival + interval
redis.call('HSET', KEYS[1], 'arrival', string.format('%.0f', arrival),
	'day', string.format('%.0f', day), 'count', string.format('%.0f', count + 1))
local keep = limit >= 0 and math.max(midnight, arrival) or arrival
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil((keep - now) / 1000) + 1000))
return {0, '0'}
