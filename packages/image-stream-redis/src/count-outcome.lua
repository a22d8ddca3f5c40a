-- Included before the scripts that write check states.
-- Counts a tag under the outcome of its new state instead of its old one ('' or false = none). What a stream's list of
-- tags ended in is no tag's outcome. In a packed state only the outcome follows two numbers, of which the first may be
-- null: the quote that opens it has no backslash in front, so no text before it can look the same.
local LISTING = '*'
local function outcome_of(packed)
  return packed and string.match(packed, ',[%dnul]+,%d+,"(%a+)","')
end
local function count_outcome(outcomes, tag, old, new)
  local from, to = outcome_of(old), outcome_of(new)
  if from == to or tag == LISTING then return end
  if from and redis.call('HINCRBY', outcomes, from, -1) <= 0 then redis.call('HDEL', outcomes, from) end
  if to then redis.call('HINCRBY', outcomes, to, 1) end
end
-- The same for all tags of a stream that leaves.
local function forget_outcomes(outcomes, checks)
  local states = redis.call('HGETALL', checks)
  for at = 1, #states, 2 do count_outcome(outcomes, states[at], states[at + 1], false) end
end
