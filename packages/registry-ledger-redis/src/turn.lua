-- Whose turn it is to ask for a token: nobody's, while a good one is kept; else the first's who comes.
-- KEYS  token, lease
-- ARGV  mark of the stale token or '', name of the caller, ms of the lease, shortest rest of life in ms that is still of use
-- returns {'kept', sealed token, lifetime, rest of its life in ms} | {'ask'} | {'wait'}
local mark, sealed, lifetime = unpack(redis.call('HMGET', KEYS[1], 'mark', 'sealed', 'lifetime'))
if mark and mark ~= ARGV[1] then
  local rest = redis.call('PTTL', KEYS[1])
  if rest >= tonumber(ARGV[4]) then return { 'kept', sealed, lifetime, rest } end
end
-- A process asks once at a time for the same thing, so a turn of its own is one that it has lost.
if redis.call('GET', KEYS[2]) == ARGV[2] then return { 'ask' } end
if redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3]) then return { 'ask' } end
return { 'wait' }
