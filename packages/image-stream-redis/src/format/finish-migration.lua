-- From format 1 to 2: the counts of outcomes and the new number appear at once, or not at all.
-- KEYS  migration, format, outcomes
-- ARGV  owner, new format; then outcome, count, …
-- returns 1, or 0 when the owner lost the right to migrate
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[3])
for at = 3, #ARGV, 2 do redis.call('HSET', KEYS[3], ARGV[at], ARGV[at + 1]) end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 1
