-- Gives a lease back and keeps what the request showed. `verdict`: "good", "failed", or "" where nothing was sent.
-- KEYS: the host's state, its leases, the policy's state
local host, leases, policy = unpack(KEYS)
local token, verdict = ARGV[1], ARGV[2]
local sent_ago, retry_after, threshold, pause, longest =
  tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local time = redis.call("TIME")
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local function text(number) return string.format("%.6f", number) end
local function read(key, field) return tonumber(redis.call("HGET", key, field) or "0") or 0 end

redis.call("ZREM", leases, token)
-- Spacing counts from when the request went out: looking up the name and shaking hands came before.
local sent_at = verdict == "" and 0 or now - sent_ago
if sent_at > read(host, "last_at") then redis.call("HSET", host, "last_at", text(sent_at)) end
if retry_after >= 0 then
  local until_then = now + math.min(retry_after, longest)
  if until_then > read(host, "blocked_until") then redis.call("HSET", host, "blocked_until", text(until_then)) end
end
redis.call("EXPIRE", host, 172800)

if verdict == "good" then
  redis.call("HDEL", policy, "failures", "pause", "open_until", "probe_until")
elseif verdict == "failed" then
  local failures = redis.call("HINCRBY", policy, "failures", 1)
  if failures >= threshold then
    local next_pause = math.min(math.max(read(policy, "pause") * 2, pause), longest)
    redis.call("HSET", policy, "pause", text(next_pause), "open_until", text(now + next_pause))
    redis.call("HDEL", policy, "probe_until")
  end
elseif read(policy, "open_until") > 0 then
  redis.call("HDEL", policy, "probe_until")
end
redis.call("EXPIRE", policy, 172800)
return 0
