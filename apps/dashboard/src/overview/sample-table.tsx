import type { OverviewSample } from '@tagtrail/api-client';
import { useState } from 'react';
import { formatTime } from '../format/clock-time.ts';
import type { ChartPlan } from './chart-plans.ts';

/** ms between rows, and how many there are: five minutes. */
const STEP = 15_000;
const ROWS = 20;

export interface SampleTableProps {
  readonly plan: ChartPlan;
  readonly samples: readonly OverviewSample[];
}

/** The chart as numbers, for who cannot see or point at it; drawn only while it is open. */
export function SampleTable({ plan, samples }: SampleTableProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="tagtrail-samples" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Numbers<span className="pf-v6-screen-reader"> of the chart {plan.title}</span>
      </summary>
      {isOpen && <Samples plan={plan} samples={samples} />}
    </details>
  );
}

function Samples({ plan, samples }: SampleTableProps) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Time</th>
          {plan.lines.map(({ metric, label }) => (
            <th key={metric} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {everyStep(samples).map((sample) => (
          <tr key={sample.at}>
            <th scope="row">{formatTime(sample.at)}</th>
            {plan.lines.map(({ metric, of }) => (
              <td key={metric}>{formatValue(plan, of(sample))}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function formatValue(plan: ChartPlan, value: number | undefined): string {
  return value === undefined ? '–' : plan.axis.format(value);
}

/** The first sample of every quarter of a minute, newest first. */
function everyStep(samples: readonly OverviewSample[]): readonly OverviewSample[] {
  const stepOf = ({ at }: OverviewSample) => Math.floor(at / STEP);
  const firsts = samples.filter((sample, index) => {
    const before = samples[index - 1];
    return before === undefined || stepOf(before) !== stepOf(sample);
  });
  return firsts.slice(-ROWS).reverse();
}
