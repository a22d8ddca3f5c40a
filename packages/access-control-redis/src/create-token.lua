-- Adds one token, if its id and its name are free and there is room. Expired ones make way.
-- KEYS[1] tokens
-- ARGV[1] id, ARGV[2] name, ARGV[3] record as JSON, ARGV[4] now in ms, ARGV[5] ms that expired tokens are kept,
-- ARGV[6] limit of tokens
-- returns 'created' | 'conflict' | 'full'
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 'conflict' end

local now = tonumber(ARGV[4])
local tokens = redis.call('HGETALL', KEYS[1])
local gone = {}
for at = 1, #tokens, 2 do
  local readable, token = pcall(cjson.decode, tokens[at + 1])
  if readable and type(token) == 'table' then
    local expires = tonumber(token.expires)
    local isSame = token.name == ARGV[2]
    if isSame and not (expires and expires <= now) then return 'conflict' end
    if isSame or (expires and expires + tonumber(ARGV[5]) <= now) then table.insert(gone, tokens[at]) end
  end
end

if #tokens / 2 - #gone >= tonumber(ARGV[6]) then return 'full' end
for _, id in ipairs(gone) do redis.call('HDEL', KEYS[1], id) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 'created'
