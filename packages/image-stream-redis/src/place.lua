-- Included before the scripts that move a tag in the schedule.
-- Ends the tag's lease and puts it at `score` (ms; '' removes it).
local function put_at(due, leases, member, score)
  redis.call('ZREM', leases, member)
  if score == '' then redis.call('ZREM', due, member) else redis.call('ZADD', due, score, member) end
end
-- Keeps the host's earliest time true.
local function keep_host(hosts, due, host)
  local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
  if first[2] then redis.call('ZADD', hosts, first[2], host) else redis.call('ZREM', hosts, host) end
end
local function place(hosts, due, leases, host, member, score)
  put_at(due, leases, member, score)
  keep_host(hosts, due, host)
end
