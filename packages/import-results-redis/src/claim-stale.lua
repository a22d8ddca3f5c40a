-- Takes over entries that were delivered long ago and never acknowledged.
-- KEYS[1] log
-- ARGV[1] group, ARGV[2] consumer
-- ARGV[3] idle in ms, ARGV[4] cursor, ARGV[5] entries at most
-- returns { next cursor, { { id, fields, deliveries }, ... } }
local reply = redis.call(
  'XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], 'COUNT', ARGV[5])
return { reply[1], with_deliveries(KEYS[1], ARGV[1], reply[2]) }
