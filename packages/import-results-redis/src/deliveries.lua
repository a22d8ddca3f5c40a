-- Included before scripts that read pending entries.

-- How often a pending entry was delivered, this time included.
local function deliveries(log, group, id)
  local pending = redis.call('XPENDING', log, group, id, id, 1)
  return pending[1] and pending[1][4] or 1
end

-- Entries as { id, fields or false when trimmed, deliveries }.
local function with_deliveries(log, group, entries)
  local answer = {}
  for _, entry in ipairs(entries) do
    answer[#answer + 1] = { entry[1], entry[2], deliveries(log, group, entry[1]) }
  end
  return answer
end
