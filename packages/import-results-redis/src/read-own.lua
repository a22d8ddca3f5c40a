-- Reads entries that this consumer took earlier and has not acknowledged.
-- KEYS[1] log
-- ARGV[1] group, ARGV[2] consumer
-- ARGV[3] id after which to read, ARGV[4] entries at most
-- returns { { id, fields or nil, deliveries }, ... }
local reply = redis.call(
  'XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', ARGV[4], 'STREAMS', KEYS[1], ARGV[3])
return with_deliveries(KEYS[1], ARGV[1], reply and reply[1][2] or {})
