-- Included before the scripts that take histories away.
-- Takes a history off an image's users; a document without users lives for its grace (ms) and no longer. Answers 1 when the
-- document lost its last user, else 0.
local function drop_user(image, users, user, grace)
  if redis.call('HDEL', users, user) == 0 or redis.call('EXISTS', users) == 1 then return 0 end
  return redis.call('PEXPIRE', image, grace)
end
