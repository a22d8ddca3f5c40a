-- Keeps the right to migrate, or takes it when nobody has it.
-- KEYS  migration
-- ARGV  owner, life (ms)
-- returns 1 when the owner has it now, else 0
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
