import type { Overview } from '@tagtrail/api-client';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { Figure } from './figure.tsx';

/** How much there is to do, in one line. */
export function ScheduleStrip({ overview: { schedule, redis } }: { readonly overview: Overview }) {
  return (
    <dl className="tagtrail-figures tagtrail-strip" aria-label="Schedule">
      <Figure
        metric="scheduled"
        label="Tags on a schedule"
        value={schedule.scheduled}
        format={formatCount}
      />
      <Figure metric="due" label="Due now" value={schedule.due} format={formatCount} />
      <Figure
        metric="leased"
        label="Being looked at"
        value={schedule.leased}
        format={formatCount}
      />
      {redis && (
        <Figure
          metric="redisBytes"
          label={
            redis.maxBytes === 0 ? 'Redis memory' : `Redis memory of ${formatBytes(redis.maxBytes)}`
          }
          value={redis.usedBytes}
          format={formatBytes}
        />
      )}
    </dl>
  );
}
