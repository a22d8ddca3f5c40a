-- Included before the scripts that write the change log.
-- Issues the next version and appends `<version>-0`. Drops the oldest entries while the log holds more than `limit` bytes:
-- on average as many bytes as were added, however many entries that are. The entry just written stays: a watcher must be
-- able to read it. Answers the version as text; Lua's own text of a number has an exponent from 15 digits on.
local function append_change(version, log, log_bytes, fields, limit)
  local rv = string.format('%.0f', redis.call('INCR', version))
  local id, size = rv .. '-0', 0
  for _, field in ipairs(fields) do size = size + #field end
  redis.call('XADD', log, id, 's', size, unpack(fields))
  local held = redis.call('INCRBY', log_bytes, size)
  while held > limit do
    local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
    if oldest[1] == id then
      -- Nothing else is left, so this is the truth, whatever was counted before.
      redis.call('SET', log_bytes, size)
      break
    end
    redis.call('XDEL', log, oldest[1])
    held = redis.call('DECRBY', log_bytes, oldest[2][2])
  end
  return rv
end
