import { z } from 'zod';
import { durationSetting } from '../duration-setting.ts';

/** Where a process answers probes and scrapes. */
export const healthSection = z.object({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address for /healthz, /readyz and /metrics; 0.0.0.0 lets a kubelet in.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(9440)
    .describe(
      'Port for them; 0 takes a free one. Two processes on one machine need different ones.',
    ),
  openToNetwork: z
    .boolean()
    .default(false)
    .describe('Answers /metrics to other machines too; probes are always answered.'),
  stallAfter: durationSetting({ min: '5s', max: '1h' })
    .prefault('1m')
    .describe('Fails /healthz when work waited and none was finished for this long.'),
});
