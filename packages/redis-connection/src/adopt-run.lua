-- Lets a counter meet a run of the server: a run not seen before may have forgotten the newest numbers issued.
-- KEYS[1] run key: id of the run last adopted
-- KEYS[2] counter key
-- ARGV[1] id of the present run
-- ARGV[2] 1 when nothing acknowledged can have been lost, else 0
-- ARGV[3] by how much to jump ahead
-- returns {'same' | 'first' | 'jumped', counter}
local known = redis.call('GET', KEYS[1])
local counter = redis.call('GET', KEYS[2]) or '0'
if known == ARGV[1] then
  return { 'same', counter }
end
redis.call('SET', KEYS[1], ARGV[1])
if not known and counter == '0' then
  return { 'first', counter }
end
if ARGV[2] == '1' then
  return { 'same', counter }
end
redis.call('INCRBY', KEYS[2], ARGV[3])
return { 'jumped', redis.call('GET', KEYS[2]) }
