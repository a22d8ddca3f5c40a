import type { Overview, OverviewSample } from '@tagtrail/api-client';
import {
  COUNT_INCREMENTS,
  DURATION_INCREMENTS,
  RATE_INCREMENTS,
} from '../charts/axis-increments.ts';
import type { ChartLine, ValueAxis } from '../charts/chart-options.ts';
import { formatDuration } from '../format/duration.ts';
import { formatCount, formatRate } from '../format/quantity.ts';

/** A number that is drawn, too. */
export interface DrawnFigure extends ChartLine {
  readonly metric: string;
}

/** A number of which only the present counts. */
export interface PlainFigure {
  readonly metric: string;
  readonly label: string;
  readonly of: (overview: Overview) => number;
  readonly isAlarming: (value: number) => boolean;
}

export interface ChartPlan {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly DrawnFigure[];
  readonly others: readonly PlainFigure[];
  readonly axis: ValueAxis;
  /** One line below the numbers. */
  readonly note: (overview: Overview) => string;
}

const counts: ValueAxis = { format: formatCount, increments: COUNT_INCREMENTS, least: 5 };
const rates: ValueAxis = { format: formatRate, increments: RATE_INCREMENTS, least: 1 };
const durations: ValueAxis = {
  format: formatDuration,
  increments: DURATION_INCREMENTS,
  least: 1_000,
};
const DASHES = [5, 4];

const jobs: ChartPlan = {
  id: 'jobs',
  title: 'Import jobs',
  axis: counts,
  lines: [
    { metric: 'waiting', label: 'Waiting', tone: 'blue', of: (sample) => sample.waiting },
    { metric: 'active', label: 'Active', tone: 'teal', of: (sample) => sample.active },
    {
      metric: 'delayed',
      label: 'Delayed',
      tone: 'purple',
      dash: DASHES,
      of: (sample) => sample.delayed,
    },
    { metric: 'failed', label: 'Failed', tone: 'red', dash: DASHES, of: (sample) => sample.failed },
  ],
  others: [],
  note: ({ requested }) =>
    `Imports that somebody waits for: ${formatCount(requested.waiting)} waiting, ${formatCount(requested.active)} active`,
};

const completed: ChartPlan = {
  id: 'completed',
  title: 'Looks per second',
  axis: rates,
  lines: [
    {
      metric: 'completedPerSecond',
      label: 'Completed',
      tone: 'blue',
      of: (sample) => sample.completedPerSecond,
    },
  ],
  others: [
    {
      metric: 'failedPerSecond',
      label: 'Of those failed',
      of: (overview) => overview.failedPerSecond,
      isAlarming: () => false,
    },
  ],
  note: () => 'Over the last 10 s, all workers together',
};

const lateness: ChartPlan = {
  id: 'lateness',
  title: 'Lateness',
  axis: durations,
  lines: [
    {
      metric: 'oldestWaitMs',
      label: 'Oldest wait',
      tone: 'blue',
      of: (sample) => sample.oldestWaitMs,
    },
    {
      metric: 'dueLagMs',
      label: 'Due lag',
      tone: 'purple',
      dash: DASHES,
      of: (sample) => sample.dueLagMs,
    },
  ],
  others: [],
  note: ({ schedule: { oldest } }) => {
    if (oldest === undefined) return 'No due tag waits for a job';
    const { namespace, name, tag } = oldest.key;
    return `Earliest due: ${namespace}/${name}:${tag} at ${oldest.host}`;
  },
};

const detection: ChartPlan = {
  id: 'detection',
  title: 'Detection lag',
  axis: durations,
  lines: [
    {
      metric: 'detectionLagP50Ms',
      label: 'Half within',
      tone: 'blue',
      of: (sample) => sample.detectionLagP50Ms,
    },
    {
      metric: 'detectionLagP99Ms',
      label: '99% within',
      tone: 'purple',
      dash: DASHES,
      of: (sample) => sample.detectionLagP99Ms,
    },
  ],
  others: [],
  note: ({ detectionLag }) =>
    detectionLag === undefined
      ? 'No tag moved in the last 5 minutes'
      : `From due to recorded; ${formatCount(detectionLag.moves)} ${detectionLag.moves === 1 ? 'move' : 'moves'} in the last 5 minutes`,
};

const results: ChartPlan = {
  id: 'results',
  title: 'Results',
  axis: counts,
  lines: [
    {
      metric: 'resultsBacklog',
      label: 'Backlog',
      tone: 'blue',
      of: (sample) => sample.resultsBacklog,
    },
  ],
  others: [
    {
      metric: 'deadLetters',
      label: 'Dead letters',
      of: (overview) => overview.results.deadLetters,
      isAlarming: (value) => value > 0,
    },
  ],
  note: ({ results: { lag, pending } }) =>
    `${lag < 0 ? 'An unknown number' : formatCount(lag)} not read yet, ${formatCount(pending)} being recorded`,
};

/** The charts of the overview, in the order of a tag's way. */
export const CHART_PLANS: readonly ChartPlan[] = [jobs, completed, lateness, detection, results];

/** What a chart says, in a sentence. */
export function summarize(plan: ChartPlan, samples: readonly OverviewSample[]): string {
  const parts = plan.lines.map(({ label, of }) => {
    const values = samples.map(of).filter((value) => value !== undefined);
    if (values.length === 0) return `${label}: not known`;
    const { format } = plan.axis;
    return `${label}: ${format(values.at(-1) ?? 0)} now, at most ${format(Math.max(...values))}`;
  });
  return `${plan.title} over the last 5 minutes. ${parts.join('; ')}.`;
}
