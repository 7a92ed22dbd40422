-- Lets one request pass, or says why not and for how long: {"", 0} or {reason, seconds}. The server's clock counts.
-- KEYS: the host's state, its leases, its urgent waiters, what was promised to urgent ones that left; the policy's state
local host, leases, urgent, promised, policy = unpack(KEYS)
local token, is_urgent = ARGV[1], ARGV[2] == "1"
local spacing, in_flight, lease, budget, poll =
  tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local time = redis.call("TIME")
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local function text(number) return string.format("%.6f", number) end
local function read(key, field) return tonumber(redis.call("HGET", key, field) or "0") or 0 end
local function refuse(reason, seconds) return {reason, text(math.max(seconds, 0.001))} end

for _, key in ipairs({leases, urgent, promised}) do redis.call("ZREMRANGEBYSCORE", key, "-inf", text(now)) end

local blocked = read(host, "blocked_until") - now
if blocked > 0 then return refuse("blocked", blocked) end

local open = read(policy, "open_until")
if open > now then return refuse("breaker", open - now) end
if open > 0 and read(policy, "probe_until") > now then return refuse("probe", poll) end

local day = math.floor(now / 86400)
local used = read(policy, "day") == day and read(policy, "used") or 0
if budget >= 0 and used >= budget then return refuse("budget", (day + 1) * 86400 - now) end

local reason, wait = nil, 0
if not is_urgent and redis.call("ZCARD", urgent) + redis.call("ZCARD", promised) > 0 then
  reason, wait = "urgent", poll
elseif redis.call("ZCARD", leases) >= in_flight then
  reason, wait = "in_flight", poll
elseif read(host, "last_at") + spacing > now then
  reason, wait = "spacing", read(host, "last_at") + spacing - now
end
if reason then
  if is_urgent then
    redis.call("ZADD", urgent, text(now + wait + 1), token)
    redis.call("EXPIRE", urgent, 600)
  end
  return refuse(reason, wait)
end

if is_urgent then
  redis.call("ZREM", urgent, token)
  redis.call("ZPOPMIN", promised)
end
redis.call("ZADD", leases, text(now + lease), token)
redis.call("EXPIRE", leases, math.ceil(lease) + 600)
redis.call("HSET", host, "last_at", text(now))
redis.call("EXPIRE", host, 172800)
redis.call("HSET", policy, "day", day, "used", used + 1)
if open > 0 then redis.call("HSET", policy, "probe_until", text(now + lease)) end
redis.call("EXPIRE", policy, 172800)
return {"", "0"}
