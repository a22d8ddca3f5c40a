-- Counts the entries that a group was not given yet, as Redis counts them, and mends that count.
-- A server that loads an append-only file with a snapshot in front knows how many entries the group had read by then,
-- and of those read since only the last id: what it says would be too much for ever (seen on 7.0.15). The ids are right.
-- KEYS[1] log
-- ARGV[1] group
-- returns the count; nil when the group is missing or the server cannot say
local function fields_of(reply)
  local fields = {}
  for at = 1, #reply, 2 do
    fields[reply[at]] = reply[at + 1]
  end
  return fields
end

if redis.call('EXISTS', KEYS[1]) == 0 then
  return nil
end
for _, reply in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fields_of(reply)
  if group['name'] == ARGV[1] then
    local stream = fields_of(redis.call('XINFO', 'STREAM', KEYS[1]))
    local last = group['last-delivered-id']
    if last ~= stream['last-generated-id'] then
      return group['lag']
    end
    if group['lag'] and group['lag'] ~= 0 then
      redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], last, 'ENTRIESREAD', stream['entries-added'])
    end
    return 0
  end
end
return nil
