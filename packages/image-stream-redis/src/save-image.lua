-- Gives a document that is there the whole grace again (one in use has no expiry and keeps none), or writes it. One that
-- has users already, because their streams came back without it, stays for good, and so do its parts.
-- KEYS  image; with a document: its users, then per part: image, users
-- ARGV  grace (ms), document; without a document nothing is written
-- returns 1 when the document is there now, else 0
local left = redis.call('PTTL', KEYS[1])
if left >= 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
if left ~= -2 then return 1 end
if not ARGV[2] then return 0 end
local users = redis.call('HKEYS', KEYS[2])
if #users == 0 then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[1])
  return 1
end
redis.call('SET', KEYS[1], ARGV[2])
for part = 3, #KEYS, 2 do
  redis.call('PERSIST', KEYS[part])
  for _, user in ipairs(users) do redis.call('HSET', KEYS[part + 1], user, '') end
end
return 1
