-- Appends results that ended together, in their order.
-- KEYS  log
-- ARGV  per result: id, version, payload
-- returns how many were appended
local FIELDS = 3
for at = 1, #ARGV, FIELDS do
  redis.call('XADD', KEYS[1], '*', 'id', ARGV[at], 'v', ARGV[at + 1], 'payload', ARGV[at + 2])
end
return #ARGV / FIELDS
