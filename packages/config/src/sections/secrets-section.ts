import { z } from 'zod';

/** What the credentials of namespaces are sealed with. */
export const secretsSection = z.object({
  keyFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File with the key that seals secrets, as `tagtrail create secret-key` makes it; the same for the API and every worker.',
    ),
});
