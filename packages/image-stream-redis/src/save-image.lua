-- Gives a document that is there the whole grace again (one in use has no expiry and keeps none), or writes it.
-- KEYS  image
-- ARGV  grace (ms), document; without a document nothing is written
-- returns 1 when the document is there now, else 0
local left = redis.call('PTTL', KEYS[1])
if left >= 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
if left ~= -2 then return 1 end
if not ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[1])
return 1
