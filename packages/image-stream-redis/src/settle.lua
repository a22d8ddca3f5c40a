-- Gives claimed tags back to the schedule at a time of the caller's, or takes them out. Only the claim that holds a tag
-- may move it: whoever placed or claimed the tag since then knew more.
-- KEYS  hosts; per tag: due, leases
-- ARGV  per tag: host, member, end of the claim's lease (ms), score (ms; '' removes)
-- returns how many were settled
local FIELDS = 4
local settled = 0
for tag = 0, #ARGV / FIELDS - 1 do
  local a, k = tag * FIELDS, 1 + tag * 2
  local lease = redis.call('ZSCORE', KEYS[k + 2], ARGV[a + 2])
  if lease and tonumber(lease) == tonumber(ARGV[a + 3]) then
    place(KEYS[1], KEYS[k + 1], KEYS[k + 2], ARGV[a + 1], ARGV[a + 2], ARGV[a + 4])
    settled = settled + 1
  end
end
return settled
