-- Takes a history off an image's users. Only for streams that are still to be freed: one that comes back from an archive
-- leaves their list.
-- KEYS  image, image users, deleted
-- ARGV  uid, user (`uid:tag`), grace (ms)
-- returns 1 when the document lost its last user, else 0
if not redis.call('LPOS', KEYS[3], ARGV[1]) then return 0 end
return drop_user(KEYS[1], KEYS[2], ARGV[2], ARGV[3])
