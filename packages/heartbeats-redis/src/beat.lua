-- Notes the last beat of a process, stamped with this server's clock: no two machines need to agree on the time.
-- KEYS[1] heartbeats
-- ARGV[1] id of the process, ARGV[2] heartbeat as JSON
-- returns how many processes are noted now.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local entry = string.format('{"receivedAt":%d,"heartbeat":%s}', now, ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], entry)
return redis.call('HLEN', KEYS[1])
