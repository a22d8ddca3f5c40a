-- Gives a document that waits for its commit the whole grace again; one in use (without expiry) stays as it is.
-- KEYS  image
-- ARGV  grace (ms)
-- returns 1 when the document is there, else 0
local left = redis.call('PTTL', KEYS[1])
if left >= 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return left == -2 and 0 or 1
