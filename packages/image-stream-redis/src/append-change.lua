-- Included before the scripts that write the change log.
-- Appends `<rv>-0` and drops the oldest entries while the log holds more than `limit` bytes: on average as many bytes
-- as were added, however many entries that are. The entry just written stays: a watcher must be able to read it.
local function append_change(log, log_bytes, rv, fields, limit)
  local id, size = rv .. '-0', 0
  for _, field in ipairs(fields) do size = size + #field end
  redis.call('XADD', log, id, 's', size, unpack(fields))
  local held = redis.call('INCRBY', log_bytes, size)
  while held > limit do
    local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
    if oldest[1] == id then
      -- Nothing else is left, so this is the truth, whatever was counted before.
      redis.call('SET', log_bytes, size)
      return
    end
    redis.call('XDEL', log, oldest[1])
    held = redis.call('DECRBY', log_bytes, oldest[2][2])
  end
end
