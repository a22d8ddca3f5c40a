-- Included before the scripts that answer requests.
-- Fills a slot once and tells the process that waits, as long as it does: it takes its request away when it stops.
local REPLIES_KEPT = 10000
local REPLIES_LIFE_MS = 3600000
local function fill_slot(request, replies, id, slot, text)
  if redis.call('EXISTS', request) == 0 or redis.call('HSETNX', request, slot, text) == 0 then return end
  redis.call('XADD', replies, 'MAXLEN', '~', REPLIES_KEPT, '*', 'id', id, 'slot', slot, 'text', text)
  redis.call('PEXPIRE', replies, REPLIES_LIFE_MS)
end
