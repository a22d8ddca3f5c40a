-- Removes consumers that hold nothing: deleting one with pending entries would lose them.
-- KEYS[1] log
-- ARGV[1] group
-- ARGV[2] ms for which a consumer must have been silent
-- ARGV[3] name of the only consumer to look at; empty for all
-- returns how many were removed
local removed = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local fields = {}
  for at = 1, #consumer, 2 do
    fields[consumer[at]] = consumer[at + 1]
  end
  local chosen = ARGV[3] == '' or ARGV[3] == fields['name']
  if chosen and fields['pending'] == 0 and fields['idle'] >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], fields['name'])
    removed = removed + 1
  end
end
return removed
