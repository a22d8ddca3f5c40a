import type { BenchReport } from '../bench-report.ts';
import { describeMachine, machineLine } from '../machine.ts';
import { quantile } from '../quantile.ts';
import type { MeasuredInterval } from './interval.ts';

const MIB = 1_048_576;
/** ms; a look that begins later than this after its due time is late: `schedule.tick`, and two seconds. */
const LATE = 2_500;

export function reportInterval(measured: MeasuredInterval): BenchReport {
  const { tags, workers, interval, looks, spent, firstImport } = measured;
  const machine = describeMachine(measured.redisVersion, 'pnpm bench interval');
  const lags = looks.map(({ dueAt, startedAt }) => startedAt - dueAt);
  const late = looks.filter(({ dueAt, startedAt }) => startedAt - dueAt > LATE);
  const began = looks.reduce(
    (least, { startedAt }) => Math.min(least, startedAt),
    Number.POSITIVE_INFINITY,
  );
  const lastLate = late.reduce((latest, { startedAt }) => Math.max(latest, startedAt), began);
  const durations = looks.map(({ startedAt, finishedAt }) => finishedAt - startedAt);
  const seen = new Set(looks.map(({ tag }) => tag)).size;
  const outcomes = Object.groupBy(looks, ({ outcome }) => outcome);
  const figures = {
    ...{ tags, workers, intervalMs: interval, looks: looks.length, tagsSeen: seen },
    firstImportSeconds: Math.round(firstImport),
    dueLagP50Ms: Math.round(quantile(lags, 0.5)),
    dueLagP99Ms: Math.round(quantile(lags, 0.99)),
    dueLagMaxMs: Math.round(quantile(lags, 1)),
    lateLooks: late.length,
    lastLateAfterSeconds: Math.round((lastLate - began) / 1_000),
    lookP99Ms: Math.round(quantile(durations, 0.99)),
    requestsPerLook: Math.round((measured.requests / Math.max(1, looks.length)) * 1_000) / 1_000,
    usedMemoryMiB: Math.round(measured.usedBytes / MIB),
    ...Object.fromEntries(
      Object.entries(spent).map(([name, seconds]) => [`cpuSeconds.${name}`, seconds]),
    ),
  };
  const found = Object.entries(outcomes).map(([kind, some = []]) => `${some.length} ${kind}`);
  return {
    lines: [
      machineLine(machine),
      `${tags} tags every ${interval / 60_000} min, ${workers} workers; first import of all took ${figures.firstImportSeconds} s`,
      `one interval: ${looks.length} looks (${found.join(', ')}) at ${seen} tags, ${figures.requestsPerLook} requests each`,
      `due lag: p50 ${figures.dueLagP50Ms} ms, p99 ${figures.dueLagP99Ms} ms, longest ${figures.dueLagMaxMs} ms; ${late.length} looks later than ${LATE} ms, the last of them after ${figures.lastLateAfterSeconds} s; a look took ${figures.lookP99Ms} ms at p99`,
      `CPU s: ${Object.entries(spent)
        .map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`)
        .join(', ')}; Redis holds ${figures.usedMemoryMiB} MiB`,
    ],
    figures,
  };
}
