-- Acknowledges entries and copies them to the dead letters; one already acknowledged is left alone.
-- KEYS[1] log, KEYS[2] dead letters
-- ARGV[1] group
-- ARGV[2] dead letters kept, ARGV[3] bytes kept of a value, ARGV[4] values kept of an entry
-- ARGV[5...] entry id, problem, entry id, problem, ...
-- returns how many were buried
local buried = 0
for at = 5, #ARGV, 2 do
  local id = ARGV[at]
  if redis.call('XACK', KEYS[1], ARGV[1], id) == 1 then
    local letter = { 'entry', id, 'problem', string.sub(ARGV[at + 1], 1, ARGV[3]) }
    local found = redis.call('XRANGE', KEYS[1], id, id)[1]
    local values = found and found[2] or {}
    for value = 1, math.min(#values, tonumber(ARGV[4])) do
      letter[#letter + 1] = string.sub(values[value], 1, ARGV[3])
    end
    redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[2], '*', unpack(letter))
    buried = buried + 1
  end
end
return buried
