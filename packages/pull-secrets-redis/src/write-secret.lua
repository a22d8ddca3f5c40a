-- Writes one secret, if it is still as its writer saw it and its namespace has room.
-- KEYS[1] secrets of the namespace, KEYS[2] namespaces, KEYS[3] counter of versions
-- ARGV[1] name, ARGV[2] namespace, ARGV[3] expected version ('' = none is there), ARGV[4] uid, ARGV[5] sealed text,
-- ARGV[6] limit of secrets, ARGV[7] limit of bytes
-- returns {'written', version} | {'conflict'} | {'full'}
local current = redis.call('HGET', KEYS[1], ARGV[1])
local version = current and (string.match(current, '^(%d+) %S+ ') or '0') or ''
if version ~= ARGV[3] then return { 'conflict' } end

if not current and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[6]) then return { 'full' } end
local bytes = #ARGV[5]
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  if name ~= ARGV[1] then bytes = bytes + redis.call('HSTRLEN', KEYS[1], name) end
end
if bytes > tonumber(ARGV[7]) then return { 'full' } end

local written = redis.call('INCR', KEYS[3])
redis.call('HSET', KEYS[1], ARGV[1], written .. ' ' .. ARGV[4] .. ' ' .. ARGV[5])
redis.call('ZADD', KEYS[2], 0, ARGV[2])
return { 'written', tostring(written) }
