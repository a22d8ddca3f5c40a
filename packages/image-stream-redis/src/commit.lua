-- One atomic change of one stream: record, change log, history, check states, schedule, acknowledgements.
-- KEYS  version, record, names, log, log bytes, checks, hosts, deleted, histories, gone,
--       outcomes; then in the order of use below:
--       request per reply; one per needed document; due, leases per placement; history per event; one kept; users per
--       use; log per receipt; request, replies per reply
-- ARGV  expected rv ('' = absent), mode (write | delete | keep), member, before, after, byte limit of the log, uid, life of
--       the mark of a deleted uid (ms); then counted lists, each `n, fields * n`: slots to be filled (slot),
--       expected checks (tag, packed or ''), needed documents (digest),
--       field writes (field, value), field removals (field), checks (tag, packed or ''), placements (host, member, score
--       or ''), events (tag, kind, event), documents kept for good (), uses of documents (user), receipts (group, entry),
--       replies (id, slot, text)
-- returns {'committed', rv} | {'conflict'} | {'missing-image', digest, …} | {'answered', index of a reply, …} | {'gone'};
--         nothing is written unless it committed
local argument, key = 8, 11
local function take() argument = argument + 1; return ARGV[argument] end
local function take_key() key = key + 1; return KEYS[key] end
local function times(step) for _ = 1, tonumber(take()) do step() end end

local record, checks, mode, member = KEYS[2], KEYS[6], ARGV[2], ARGV[3]
local current = redis.call('HGET', record, 'rv')
if (current or '') ~= ARGV[1] then return { 'conflict' } end
-- A late result must not bring a deleted stream back: the collector frees what is kept under its uid.
if not current and mode == 'write' and redis.call('EXISTS', KEYS[10]) == 1 then return { 'gone' } end

local conflict, missing, answered, reply = false, { 'missing-image' }, { 'answered' }, 0
times(function()
  if redis.call('HEXISTS', take_key(), take()) == 1 then answered[#answered + 1] = reply end
  reply = reply + 1
end)
times(function()
  local tag, expected = take(), take()
  if (redis.call('HGET', checks, tag) or '') ~= expected then conflict = true end
end)
times(function()
  local digest = take()
  if redis.call('EXISTS', take_key()) == 0 then missing[#missing + 1] = digest end
end)
if conflict then return { 'conflict' } end
if #answered > 1 then return answered end
if #missing > 1 then return missing end
local rv = current or ''
if mode ~= 'keep' then
  rv = append_change(KEYS[1], KEYS[4], KEYS[5], { 'k', member, 'b', ARGV[4], 'a', ARGV[5] }, tonumber(ARGV[6]))
end
if mode == 'write' then
  redis.call('HSET', record, 'rv', rv)
  redis.call('ZADD', KEYS[3], 0, member)
elseif mode == 'delete' then
  forget_outcomes(KEYS[11], checks)
  redis.call('DEL', record, checks)
  redis.call('ZREM', KEYS[3], member)
  redis.call('RPUSH', KEYS[8], ARGV[7])
  redis.call('SET', KEYS[10], '', 'PX', ARGV[8])
end
times(function() redis.call('HSET', record, take(), take()) end)
times(function() redis.call('HDEL', record, take()) end)
times(function()
  local tag, packed = take(), take()
  count_outcome(KEYS[11], tag, redis.call('HGET', checks, tag), packed)
  if packed == '' then redis.call('HDEL', checks, tag) else redis.call('HSET', checks, tag, packed) end
end)
times(function() place(KEYS[7], take_key(), take_key(), take(), take(), take()) end)
times(function()
  local tag, kind, event, history = take(), take(), take(), take_key()
  local amends = kind == 'amend' and redis.call('EXISTS', history) == 1
  redis.call('HSET', KEYS[9], tag, '')
  if amends then redis.call('LSET', history, 0, event) else redis.call('LPUSH', history, event) end
end)
times(function() redis.call('PERSIST', take_key()) end)
times(function() redis.call('HSET', take_key(), take(), '') end)
times(function() redis.call('XACK', take_key(), take(), take()) end)
times(function() fill_slot(take_key(), take_key(), take(), take(), take()) end)
return { 'committed', rv }
