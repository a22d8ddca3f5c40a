import { z } from 'zod';
import { durationSetting } from '../duration-setting.ts';

/** How hard registries are asked. */
export const importSection = z.object({
  concurrency: z
    .int()
    .min(1)
    .max(1024)
    .default(64)
    .describe('Import jobs that one worker runs at once.'),
  perHost: z
    .int()
    .min(1)
    .max(1024)
    .default(32)
    .describe('Import jobs on their way at once per registry, over all workers.'),
  jobDeadline: durationSetting({ min: '1s', max: '5m' })
    .prefault('10s')
    .describe('Time for one import with all its requests; later it counts as failed.'),
  highWater: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(5000)
    .describe('Waiting jobs at which the producer adds no more until some are taken.'),
});
