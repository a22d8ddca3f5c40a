import { cpuSeconds, redisCpuSeconds } from './cpu-clock.ts';
import type { PipelineSite } from './pipeline-site.ts';

/** CPU seconds by process class. */
export interface Spent {
  readonly producer: number;
  readonly worker: number;
  readonly 'status-writer': number;
  readonly api: number;
  readonly redis: number;
}

/** What the processes of a site have spent since they started. */
export async function spentSoFar({ apps, redis }: PipelineSite): Promise<Spent> {
  const of = (name: string) =>
    apps
      .filter((app) => app.name === name)
      .reduce((sum, { child }) => sum + cpuSeconds(child.pid), 0);
  return {
    producer: of('producer'),
    worker: of('worker'),
    'status-writer': of('status-writer'),
    api: of('api'),
    redis: await redisCpuSeconds(redis),
  };
}

export function spentBetween(before: Spent, after: Spent): Spent {
  return Object.fromEntries(
    Object.entries(after).map(([name, used]) => [name, used - before[name as keyof Spent]]),
  ) as unknown as Spent;
}
