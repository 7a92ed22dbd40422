-- Sets a policy's count of a UTC day where it is lower than what is known to have been used.
-- KEYS: the policy's state
local policy, day, used = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = tonumber(redis.call("HGET", policy, "day") or "-1")
if kept > day then return 0 end
if kept == day and tonumber(redis.call("HGET", policy, "used") or "0") >= used then return 0 end
redis.call("HSET", policy, "day", day, "used", used)
redis.call("EXPIRE", policy, 172800)
return 1
