import { z } from 'zod';

/** `host` or `host:port`, then any number of components of a repository's name. */
const PREFIX = /^(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
/** A registry of 260 characters and the longest name of a repository. */
const PREFIX_LENGTH = 516;
/** Mirrors of mirrors are few; every one may cost its time limit before the next is tried. */
const MOST_LOCATIONS = 8;
/** Prefixes; far more than there are registries in use. */
const MOST_MIRRORS = 256;

const prefix = () =>
  z.string().max(PREFIX_LENGTH).regex(PREFIX, {
    error:
      'must be a registry, perhaps with the beginning of a repository: docker.io, quay.io/team',
  });

const location = z.strictObject({
  location: prefix(),
  pull: z.enum(['all', 'tag', 'digest']).default('all'),
  insecure: z.boolean().default(false),
});

/** Where content is asked for in place of the registries that sources name. */
export const mirrorsSetting = z
  .array(
    z.strictObject({
      prefix: prefix(),
      locations: z.array(location).min(1).max(MOST_LOCATIONS),
      fallback: z.enum(['source', 'never']).default('source'),
    }),
  )
  .max(MOST_MIRRORS);
