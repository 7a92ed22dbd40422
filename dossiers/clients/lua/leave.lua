-- Takes an urgent caller from the waiters and keeps the next turn for whoever urgent comes within some seconds.
-- KEYS: the host's urgent waiters, what was promised to urgent ones that left
local time = redis.call("TIME")
if redis.call("ZREM", KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call("ZADD", KEYS[2], string.format("%.6f", tonumber(time[1]) + tonumber(ARGV[2])), ARGV[1])
redis.call("EXPIRE", KEYS[2], 600)
return 1
