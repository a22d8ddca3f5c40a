import { z } from 'zod';
import { isRegistryPattern } from '../registry-pattern.ts';

const patterns = z.array(
  z.string().refine(isRegistryPattern, {
    error:
      'must be host or host:port in lower case, without a scheme or a path; * and ? stand for anything',
  }),
);

/** What is known about registries beforehand. */
export const registriesSection = z.object({
  authFile: z
    .string()
    .min(1)
    .optional()
    .describe('Docker config.json with the credentials of registries.'),
  allowed: patterns
    .default([])
    .describe(
      'Registries that images may come from, such as `*.example.com:5000`; without a port, 443. Empty: all.',
    ),
  blocked: patterns
    .default([])
    .describe(
      'Registries that no image may come from, whatever is allowed; without a port, at every port.',
    ),
});
