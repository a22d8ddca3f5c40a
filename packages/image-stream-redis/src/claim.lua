-- Takes due tags of several hosts under a lease: they stay in the schedule, due again when the lease runs out. What is
-- wanted is shared by the hosts that are left, so that no host's backlog starves the ones behind it. A host in a cool-down
-- is passed over: its tags stay where they are, and it is not asked for again before the end. A tag whose lease has run out
-- is noted with the time at which it was claimed first, because a further claim hides that.
-- KEYS  hosts, cool-downs; per host: due, leases, overdue
-- ARGV  now (ms), end of the lease (ms), leases allowed per host, tags wanted, hosts that come in later calls; hosts
-- returns {more (0 | 1), then per host: tags; per tag: member, due time, lease had run out (0 | 1)}
local now, lease_end, allowed = ARGV[1], ARGV[2], tonumber(ARGV[3])
local wanted, later, given = tonumber(ARGV[4]), tonumber(ARGV[5]), 5
local count = #ARGV - given
local answer = { 0 }
local function add(...) for _, value in ipairs({ ... }) do answer[#answer + 1] = value end end
local function left_alone_until(host)
  local packed = redis.call('HGET', KEYS[2], host)
  local ends = packed and tonumber(string.match(packed, '^%d+'))
  -- The clock of whoever wrote it may be wrong: none lasts longer than an hour.
  ends = ends and math.min(ends, now + 3600000)
  return ends and ends > tonumber(now) and ends
end
for at = 1, count do
  local host, due, leases, overdue = ARGV[given + at], KEYS[3 * at], KEYS[3 * at + 1], KEYS[3 * at + 2]
  local noted = redis.call('EXISTS', overdue) == 1
  local cooling = left_alone_until(host)
  local share = math.ceil(wanted / (count - at + 1 + later))
  local free = cooling and 0 or math.min(allowed - redis.call('ZCOUNT', leases, '(' .. now, '+inf'), share)
  local taken = free > 0 and redis.call('ZRANGEBYSCORE', due, '-inf', now, 'WITHSCORES', 'LIMIT', 0, free) or {}
  local moved = {}
  add(#taken / 2)
  for index = 1, #taken, 2 do
    local member = taken[index]
    local expired = redis.call('ZSCORE', leases, member)
    add(member, taken[index + 1], expired and 1 or 0)
    if expired then redis.call('ZADD', overdue, 'NX', taken[index + 1] - (lease_end - now), member) end
    if noted and not expired then redis.call('ZREM', overdue, member) end
    moved[index], moved[index + 1] = lease_end, member
  end
  if #taken > 0 then
    redis.call('ZADD', due, unpack(moved))
    redis.call('ZADD', leases, unpack(moved))
  end
  wanted = wanted - #taken / 2
  local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
  local score = first[2] and math.max(tonumber(first[2]), cooling or 0)
  if score then redis.call('ZADD', KEYS[1], score, host) else redis.call('ZREM', KEYS[1], host) end
  if score and score <= tonumber(now) then answer[1] = 1 end
end
return answer
