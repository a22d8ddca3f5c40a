import { z } from 'zod';
import { durationSetting } from '../duration-setting.ts';

/** How often tags are looked at. */
export const scheduleSection = z
  .object({
    defaultInterval: durationSetting({ min: '1s', max: '365d' })
      .prefault('15m')
      .describe('Time between two looks at a scheduled tag that has no schedule of its own.'),
    minimumInterval: durationSetting({ min: '1s', max: '365d' })
      .prefault('1s')
      .describe('Shortest time between two looks; schedules that ask for less get this.'),
    hostIntervals: z
      .record(z.string().min(1), durationSetting({ min: '1s', max: '365d' }))
      .default({})
      .describe('Default interval by registry, e.g. docker.io=6h,registry.example.com:5000=1m.'),
    retryBase: durationSetting({ min: '100ms', max: '1h' })
      .prefault('5s')
      .describe(
        'Wait after a first failed look; it doubles with every further one, up to the interval.',
      ),
    tick: durationSetting({ min: '10ms', max: '1m' })
      .prefault('500ms')
      .describe('Longest time until the producer notices that a tag became due.'),
  })
  .superRefine(({ defaultInterval, minimumInterval, hostIntervals }, context) => {
    const message = 'must not be shorter than schedule.minimumInterval';
    if (defaultInterval < minimumInterval) {
      context.addIssue({ code: 'custom', path: ['defaultInterval'], message });
    }
    for (const [host, interval] of Object.entries(hostIntervals)) {
      if (interval >= minimumInterval) continue;
      context.addIssue({ code: 'custom', path: ['hostIntervals', host], message });
    }
  });
