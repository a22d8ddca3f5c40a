-- Takes a history off an image's users; a document without users lives for its grace and no longer. Only for streams that
-- are still to be freed: one that comes back from an archive leaves their list.
-- KEYS  image, image users, deleted
-- ARGV  uid, user (`uid:tag`), grace (ms)
-- returns 1 when the document lost its last user, else 0
if not redis.call('LPOS', KEYS[3], ARGV[1]) then return 0 end
if redis.call('HDEL', KEYS[2], ARGV[2]) == 0 or redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
