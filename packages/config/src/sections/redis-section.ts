import { z } from 'zod';
import { alias, secretUrl } from '../setting-traits.ts';

/** Where the queue and the records live. */
export const redisSection = z.object({
  url: alias(
    secretUrl(
      z.string().regex(/^(rediss?|unix):\/\//, 'must begin with redis://, rediss:// or unix://'),
    ),
    'REDIS_URL',
  ).describe('Redis to use: redis://, rediss:// or unix://. REDIS_URL is read too.'),
  slot: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -')
    .default('tagtrail')
    .describe('Hash tag of every key. Two installations on one Redis need different ones.'),
});
