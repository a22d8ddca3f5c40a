-- Keeps a registry's cool-down unless a longer one is kept, and tells every process that listens. Those that nobody needs
-- to remember any more go; when there are too many, the one that ends first does.
-- KEYS  cool-downs, which is the channel's name, too
-- ARGV  host, its end (ms), the packed cool-down, end (ms) before which one is forgotten, how many are kept
-- returns 1 when it was kept, else 0
local key, host, ends, packed = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local forgotten, limit = tonumber(ARGV[4]), tonumber(ARGV[5])
local function end_of(text) return tonumber(string.match(text, '^%d+')) or 0 end
local known = redis.call('HGET', key, host)
if known and end_of(known) >= ends then return 0 end
redis.call('HSET', key, host, packed)
local all = redis.call('HGETALL', key)
local count, first = #all / 2, nil
for at = 1, #all, 2 do
  local other = { host = all[at], ends = end_of(all[at + 1]) }
  if other.ends < forgotten then
    redis.call('HDEL', key, other.host)
    count = count - 1
  elseif other.host ~= host and (not first or other.ends < first.ends) then
    first = other
  end
end
if count > limit and first then redis.call('HDEL', key, first.host) end
redis.call('PUBLISH', key, host .. ' ' .. packed)
return 1
