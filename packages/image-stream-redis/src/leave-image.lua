-- Takes a history off an image's users; a document without users lives for its grace and no longer.
-- KEYS  image, image users
-- ARGV  user (`uid:tag`), grace (ms)
-- returns 1 when the document lost its last user, else 0
if redis.call('HDEL', KEYS[2], ARGV[1]) == 0 or redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
