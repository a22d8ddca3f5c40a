-- Appends results that ended together, in their order. Each entry says which fence was the newest then: whatever look has
-- a greater one began after this result was there.
-- KEYS  log, fence
-- ARGV  per result: id, version, payload
-- returns how many were appended
local FIELDS = 3
local newest = redis.call('GET', KEYS[2]) or '0'
for at = 1, #ARGV, FIELDS do
  redis.call('XADD', KEYS[1], '*', 'id', ARGV[at], 'v', ARGV[at + 1], 'payload', ARGV[at + 2], 'until', newest)
end
return #ARGV / FIELDS
