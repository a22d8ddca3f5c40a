-- Deletes one secret, if it is still of the version that was seen.
-- KEYS[1] secrets of the namespace, KEYS[2] namespaces, KEYS[3] counter of versions
-- ARGV[1] name, ARGV[2] namespace, ARGV[3] expected version
-- returns 1 | 0 when it was not
local current = redis.call('HGET', KEYS[1], ARGV[1])
if not current then return 0 end
if (string.match(current, '^(%d+) %S+ ') or '0') ~= ARGV[3] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('INCR', KEYS[3])
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('ZREM', KEYS[2], ARGV[2]) end
return 1
