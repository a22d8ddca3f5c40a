import { formatDuration } from '@tagtrail/config';
import type { CommandContext } from '../command-context.ts';
import { humanSize } from '../describe/human-size.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { tableLines } from '../terminal/table.ts';
import { MEASURED_COSTS, MEASURED_ON } from './measured-costs.ts';
import { type CapacityPlan, type CapacityWish, planCapacity } from './plan-capacity.ts';
import { type CapacityFlags, readCapacityWish } from './read-capacity-wish.ts';

/** Prints what it takes to look at so many tags so often; warnings go to stderr. */
export async function showCapacity(
  flags: CapacityFlags & { readonly output?: StructuredFormat },
  { output }: CommandContext,
): Promise<number> {
  const wish = readCapacityWish(flags);
  const plan = planCapacity(wish, MEASURED_COSTS);
  if (flags.output !== undefined) {
    const answer = { wish, plan, costs: MEASURED_COSTS, measured: MEASURED_ON };
    output.line(formatStructured(answer, flags.output));
    return 0;
  }
  output.line(titleOf(wish));
  output.line('');
  for (const line of tableLines(COLUMNS, rowsOf(plan), output.columns)) output.line(line);
  output.line('');
  output.line(
    `Measured on ${MEASURED_ON} (docs/performance.md); a faster or slower core changes the processes, not the bytes.`,
  );
  for (const warning of plan.warnings) output.note(`warning: ${warning}`);
  return 0;
}

interface CapacityRow {
  readonly what: string;
  readonly need: string;
  readonly why: string;
}

const COLUMNS = [
  { header: 'WHAT', cell: (row: CapacityRow) => row.what },
  { header: 'NEED', cell: (row: CapacityRow) => row.need },
  { header: 'WHY', cell: (row: CapacityRow) => row.why },
];

function titleOf({ tags, interval, hosts, movesPerDay }: CapacityWish): string {
  const registries = hosts === 1 ? 'one registry' : `${hosts} registries`;
  const moves = `${Number((movesPerDay * 100).toFixed(2))} % of them move in a day`;
  return `${tags} tags on ${registries}, each looked at every ${formatDuration(interval)}; ${moves}`;
}

function rowsOf(plan: CapacityPlan): readonly CapacityRow[] {
  const { redisMemory: memory } = plan;
  const row = (what: string, need: string, why: string) => ({ what, need, why });
  return [
    row('checks per second', rate(plan.checksPerSecond), 'tags through interval'),
    row('workers', String(plan.workers), 'each at most 70 % of a core'),
    row('status writers', String(plan.statusWriters), 'a second one takes over when one dies'),
    row('producers', String(plan.producers), 'a second one takes over when one dies'),
    row('Redis CPU', `${rate(plan.redisCpuShare * 100)} %`, 'of one core; it uses no second one'),
    row('Redis memory', humanSize(memory.total), 'set maxmemory to no less'),
    row('- for tags', humanSize(memory.tags), 'records, check states, schedule'),
    row('- for images', humanSize(memory.images), 'manifest and config, one image a tag'),
    row('- for the change log', humanSize(memory.changeLog), 'its cap'),
    row('- for the queue', humanSize(memory.queue), 'at import.highWater'),
    row('- for rewrites', humanSize(memory.headroom), 'copied pages while the log is rewritten'),
    row('- added per day', humanSize(memory.growthPerDay), 'events and images of moved tags'),
    row(
      'AOF growth per day',
      humanSize(plan.aofBytesPerDay),
      'before rewrites make it small again',
    ),
    row('requests per second', rate(plan.requestsPerSecond), 'to all registries'),
    row('- to each registry', rate(plan.requestsPerSecondPerHost), 'mostly HEAD'),
    row('- on their way at once', rate(plan.inFlightPerHost), 'per registry, of import.perHost'),
  ];
}

/** Three digits are more than the measurement is good for. */
function rate(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
