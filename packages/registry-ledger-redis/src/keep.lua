-- Keeps a token until its end, and ends the turn of whoever asked for it.
-- KEYS  token, lease
-- ARGV  mark, sealed token, lifetime in ms, rest of its life in ms, name of the caller
-- returns 1
redis.call('HSET', KEYS[1], 'mark', ARGV[1], 'sealed', ARGV[2], 'lifetime', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if redis.call('GET', KEYS[2]) == ARGV[5] then redis.call('DEL', KEYS[2]) end
return 1
