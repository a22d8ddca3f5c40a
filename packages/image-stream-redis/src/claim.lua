-- Takes due tags of one host under a lease: they stay in the schedule, due again when the lease runs out.
-- KEYS  hosts, due, leases
-- ARGV  host, now (ms), end of the lease (ms), leases allowed, tags wanted
-- returns {more (0 | 1), then per tag: member, due time, lease had run out (0 | 1)}
local hosts, due, leases = KEYS[1], KEYS[2], KEYS[3]
local host, now, lease_end = ARGV[1], ARGV[2], ARGV[3]
local free = tonumber(ARGV[4]) - redis.call('ZCOUNT', leases, '(' .. now, '+inf')
local count = math.max(0, math.min(free, tonumber(ARGV[5])))
local taken = count > 0 and redis.call('ZRANGEBYSCORE', due, '-inf', now, 'WITHSCORES', 'LIMIT', 0, count) or {}
local answer = { 0 }
for index = 1, #taken, 2 do
  local member = taken[index]
  local old_lease = redis.call('ZSCORE', leases, member)
  redis.call('ZADD', due, lease_end, member)
  redis.call('ZADD', leases, lease_end, member)
  answer[#answer + 1] = member
  answer[#answer + 1] = taken[index + 1]
  answer[#answer + 1] = old_lease and 1 or 0
end
local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
if first[2] then redis.call('ZADD', hosts, first[2], host) else redis.call('ZREM', hosts, host) end
if first[2] and tonumber(first[2]) <= tonumber(now) then answer[1] = 1 end
return answer
