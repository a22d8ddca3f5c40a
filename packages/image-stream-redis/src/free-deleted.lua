-- Frees a key of a stream that is still to be freed.
-- KEYS  key, deleted
-- ARGV  uid
-- returns 1 when it was freed, else 0
if not redis.call('LPOS', KEYS[2], ARGV[1]) then return 0 end
return redis.call('UNLINK', KEYS[1])
