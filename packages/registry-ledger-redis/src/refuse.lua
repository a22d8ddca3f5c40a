-- Forgets a token that was refused, unless another one has taken its place.
-- KEYS  token
-- ARGV  mark of the refused token
-- returns how many tokens were forgotten
if redis.call('HGET', KEYS[1], 'mark') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
