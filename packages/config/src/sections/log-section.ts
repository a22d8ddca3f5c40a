import { z } from 'zod';

/** What is logged, and how. */
export const logSection = z.object({
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least serious level that is logged.'),
  format: z
    .enum(['auto', 'json', 'pretty'])
    .default('auto')
    .describe('Lines of JSON, or text for people; auto is pretty on a terminal only.'),
});
