-- Puts one stream of an archive back, and takes away the one in its place: record, histories, checks, schedule, change log.
-- KEYS  version, record, names, log, log bytes, checks, hosts, deleted, histories, gone, outcomes, fence, restored; of the
--       stream in its place: checks, gone; mark of the uid, record of the stream that it names; then in the order of use
--       below: due, leases per old check; a history per tag that the uid has; staged per history; due, leases per
--       placement; staged, history per history; document, users per use that ends; one per kept document; users per use
-- ARGV  expected rv ('' = absent), member, before, after, byte limit of the log, uid, uid in its place ('' = none), life of
--       marks (ms), archive, version in the archive, highest fence, grace of documents (ms), what the mark of the uid names
--       ('' = none); then counted lists, each `n, fields * n`: old checks (tag, packed, host, member), tags that the uid
--       has (), histories (length), field writes (field, value), checks (tag, packed), placements (host, member, score or
--       ''), histories (tag), uses that end (user), documents kept for good (), uses of documents (user)
-- returns 'restored' | 'conflict' | 'incomplete' | 'foreign-uid'; nothing is written unless it is restored
local argument, key = 13, 17
local function take() argument = argument + 1; return ARGV[argument] end
local function take_key() key = key + 1; return KEYS[key] end
local function times(step) for _ = 1, tonumber(take()) do step() end end
local record, checks, hosts, uid, old_uid = KEYS[2], KEYS[6], KEYS[7], ARGV[6], ARGV[7]

if (redis.call('HGET', record, 'rv') or '') ~= ARGV[1] then return 'conflict' end
if (redis.call('GET', KEYS[16]) or '') ~= ARGV[13] then return 'conflict' end
if ARGV[13] ~= ARGV[2] and redis.call('HGET', KEYS[17], 'uid') == uid then return 'foreign-uid' end
local is_left_over = redis.call('LPOS', KEYS[8], uid)
if uid ~= old_uid and not is_left_over and redis.call('EXISTS', checks, KEYS[9]) > 0 then return 'foreign-uid' end
local changed, incomplete, leaving = false, false, {}
times(function()
  local tag, packed, host, member, due, leases = take(), take(), take(), take(), take_key(), take_key()
  if (redis.call('HGET', KEYS[14], tag) or '') ~= packed then changed = true end
  leaving[#leaving + 1] = function() place(hosts, due, leases, host, member, '') end
end)
if redis.call('HLEN', KEYS[14]) ~= #leaving and old_uid ~= '' then changed = true end
times(function() local old = take_key(); leaving[#leaving + 1] = function() redis.call('DEL', old) end end)
times(function() if redis.call('LLEN', take_key()) ~= tonumber(take()) then incomplete = true end end)
if changed or incomplete then return changed and 'conflict' or 'incomplete' end

-- The log first: when it refuses, everything is still there.
local function log_change(before, after, own)
  local fields = { 'k', ARGV[2], 'b', before, 'a', after, unpack(own and { 'v', own } or {}) }
  local rv = append_change(KEYS[1], KEYS[4], KEYS[5], fields, tonumber(ARGV[5]))
  return own or rv
end
local replaces_other = old_uid ~= '' and uid ~= old_uid
if replaces_other then log_change(ARGV[3], '') end
local is_issued = tonumber(ARGV[10]) <= tonumber(redis.call('GET', KEYS[1]) or '0')
local keeps = is_issued and redis.call('GET', KEYS[13]) == ARGV[9] and ARGV[10]
local rv = log_change(uid == old_uid and ARGV[3] or '', ARGV[4], keeps)
for _, leave in ipairs(leaving) do leave() end
forget_outcomes(KEYS[11], KEYS[14])
redis.call('DEL', record, KEYS[14])
if replaces_other then
  redis.call('RPUSH', KEYS[8], old_uid)
  redis.call('SET', KEYS[15], '', 'PX', ARGV[8])
end
redis.call('LREM', KEYS[8], 0, uid)
redis.call('DEL', KEYS[10], checks, KEYS[9])
if tonumber(redis.call('GET', KEYS[12]) or '0') < tonumber(ARGV[11]) then redis.call('SET', KEYS[12], ARGV[11]) end
redis.call('HSET', record, 'rv', rv)
redis.call('ZADD', KEYS[3], 0, ARGV[2])
times(function() redis.call('HSET', record, take(), take()) end)
times(function()
  local tag, packed = take(), take()
  count_outcome(KEYS[11], tag, false, packed)
  redis.call('HSET', checks, tag, packed)
end)
times(function() place(hosts, take_key(), take_key(), take(), take(), take()) end)
times(function()
  local staged, history = take_key(), take_key()
  redis.call('RENAME', staged, history)
  redis.call('PERSIST', history)
  redis.call('HSET', KEYS[9], take(), '')
end)
times(function() drop_user(take_key(), take_key(), take(), ARGV[12]) end)
times(function() redis.call('PERSIST', take_key()) end)
times(function() redis.call('HSET', take_key(), take(), '') end)
-- Nothing that is kept under its uid would tell a second stream of that uid.
if redis.call('EXISTS', checks, KEYS[9]) == 0 then redis.call('SET', KEYS[16], ARGV[2], 'PX', ARGV[8]) end
return 'restored'
