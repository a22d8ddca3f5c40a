-- Included before the scripts that write the change log.
-- Appends `<rv>-0` and drops the oldest entries while the log holds more than `limit` bytes (a bounded number a call).
local DROPPED_AT_MOST = 64

local function append_change(log, log_bytes, rv, fields, limit)
  local size = 0
  for _, field in ipairs(fields) do size = size + #field end
  redis.call('XADD', log, rv .. '-0', 's', size, unpack(fields))
  local held = redis.call('INCRBY', log_bytes, size)
  for _ = 1, DROPPED_AT_MOST do
    if held <= limit then return end
    local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
    -- The entry just written stays, whatever its size: a watcher must be able to read it.
    if not oldest or oldest[1] == rv .. '-0' then return end
    redis.call('XDEL', log, oldest[1])
    held = redis.call('DECRBY', log_bytes, oldest[2][2])
  end
end
