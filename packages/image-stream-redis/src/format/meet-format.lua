-- Tells the format of the store. One without records gets the present format; records without a number are of format 1.
-- KEYS  format, version counter (there since the first commit)
-- ARGV  present format
-- returns the format's number as text
local format = redis.call('GET', KEYS[1])
if format then return format end
if redis.call('EXISTS', KEYS[2]) == 1 then return '1' end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]
