-- Drops entries that every group has acknowledged, and beyond the fuse even those that wait. One call drops at most
-- some ten thousand of each: that is XTRIM's own limit for '~', and keeps the server free for others.
-- KEYS[1] log
-- ARGV[1] fuse: entries kept at most
-- returns { entries dropped as done, entries dropped by the fuse }
local function before(a, b)
  local a_ms, a_seq = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_seq = string.match(b, '(%d+)-(%d+)')
  if a_ms ~= b_ms then
    return tonumber(a_ms) < tonumber(b_ms)
  end
  return tonumber(a_seq) < tonumber(b_seq)
end

-- Everything before this id is done: the oldest pending entry of any group, or what it was given last.
local function horizon(log)
  local lowest
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', log)) do
    local fields = {}
    for at = 1, #group, 2 do
      fields[group[at]] = group[at + 1]
    end
    local oldest = redis.call('XPENDING', log, fields['name'])[2] or fields['last-delivered-id']
    if not lowest or before(oldest, lowest) then
      lowest = oldest
    end
  end
  return lowest
end

if redis.call('EXISTS', KEYS[1]) == 0 then
  return { 0, 0 }
end
local done = horizon(KEYS[1])
local dropped = done and redis.call('XTRIM', KEYS[1], 'MINID', '~', done) or 0
return { dropped, redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[1]) }
