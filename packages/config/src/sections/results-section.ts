import { z } from 'zod';
import { durationSetting } from '../duration-setting.ts';

/** How the status writer folds results into records. */
export const resultsSection = z.object({
  batchSize: z.int().min(1).max(500).default(200).describe('Results written at once, at most.'),
  batchWait: durationSetting({ min: '1ms', max: '10s' })
    .prefault('50ms')
    .describe('Longest wait for a batch to fill.'),
  claimIdle: durationSetting({ min: '1s', max: '1h' })
    .prefault('30s')
    .describe('Results that another writer took and left for this long are taken over.'),
  maxDeliveries: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe('Deliveries after which a result that cannot be written is put aside.'),
  historyLimit: z
    .int()
    .min(1)
    .max(1000)
    .default(50)
    .describe('Newest events of a tag kept in its record; older ones are in its history only.'),
});
