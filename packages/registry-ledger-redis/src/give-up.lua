-- Ends the caller's turn, if it still is its.
-- KEYS  lease
-- ARGV  name of the caller
-- returns how many turns were ended
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
