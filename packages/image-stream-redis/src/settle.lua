-- Gives tags back to the schedule at a time of the caller's, or takes them out.
-- KEYS  hosts; per tag: due, leases
-- ARGV  per tag: host, member, score (ms; '' removes)
-- returns how many were settled
local FIELDS = 3
local count = #ARGV / FIELDS
for tag = 0, count - 1 do
  local a, k = tag * FIELDS, 1 + tag * 2
  place(KEYS[1], KEYS[k + 1], KEYS[k + 2], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3])
end
return count
