-- Moves the counters beyond every number of an archive. Where no stream was before it, its streams keep their versions.
-- KEYS  names, version, fence, restored
-- ARGV  archive, highest version, highest fence, by how much to jump beyond them
-- returns 1 when versions are kept, else 0
local jump = tonumber(ARGV[4])
local function raise(key, floor, always)
  local counter = tonumber(redis.call('GET', key) or '0')
  if counter >= floor and not always then return end
  redis.call('SET', key, string.format('%.0f', math.max(counter, floor) + jump))
end
-- Taken up again after an interruption: the counters stand where they should.
if redis.call('GET', KEYS[4]) == ARGV[1] then return 1 end
local is_empty = redis.call('ZCARD', KEYS[1]) == 0
raise(KEYS[2], tonumber(ARGV[2]), is_empty)
raise(KEYS[3], tonumber(ARGV[3]), is_empty)
if not is_empty then return 0 end
redis.call('SET', KEYS[4], ARGV[1])
return 1
