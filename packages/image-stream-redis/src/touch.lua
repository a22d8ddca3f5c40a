-- Unchanged checks: compare each packed state, replace it, set the next due time, acknowledge. Never a resourceVersion.
-- KEYS  hosts, outcomes; per touch: checks, due, leases, log of the receipt
-- ARGV  per touch: tag, expected state, new state, host, member, score or '', group, entry
-- returns per touch 'touched' | 'conflict' (then nothing of that touch was written)
local FIELDS, TOUCH_KEYS = 8, 4
local answers, moved, read = {}, {}, {}
for touch = 0, #ARGV / FIELDS - 1 do
  local a, k = touch * FIELDS, 2 + touch * TOUCH_KEYS
  if redis.call('HGET', KEYS[k + 1], ARGV[a + 1]) == ARGV[a + 2] then
    redis.call('HSET', KEYS[k + 1], ARGV[a + 1], ARGV[a + 3])
    count_outcome(KEYS[2], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3])
    put_at(KEYS[k + 2], KEYS[k + 3], ARGV[a + 5], ARGV[a + 6])
    moved[ARGV[a + 4]] = KEYS[k + 2]
    local log = read[KEYS[k + 4]] or { ARGV[a + 7] }
    log[#log + 1] = ARGV[a + 8]
    read[KEYS[k + 4]] = log
    answers[touch + 1] = 'touched'
  else
    answers[touch + 1] = 'conflict'
  end
end
for host, due in pairs(moved) do keep_host(KEYS[1], due, host) end
-- Readers of one log are of one group.
for log, entries in pairs(read) do redis.call('XACK', log, unpack(entries)) end
return answers
