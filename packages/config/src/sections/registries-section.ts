import { z } from 'zod';

/** What is known about registries beforehand. */
export const registriesSection = z.object({
  authFile: z
    .string()
    .min(1)
    .optional()
    .describe('Docker config.json with the credentials of registries.'),
});
