-- Adds events to a staged history. The first piece begins it anew, so a repeated restore leaves nothing twice.
-- KEYS  staged
-- ARGV  index of the first event, life (ms); then the events
-- returns 1, or 0 when it is not the next piece
if ARGV[1] == '0' then
  redis.call('DEL', KEYS[1])
elseif redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) then
  return 0
end
for at = 3, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[at]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
