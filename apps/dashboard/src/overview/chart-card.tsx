import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import type { Overview, OverviewSample } from '@tagtrail/api-client';
import { useState } from 'react';
import { TimeChart } from '../charts/time-chart.tsx';
import { formatTime } from '../format/clock-time.ts';
import type { Theme } from '../theme/theme-choice.ts';
import { type ChartPlan, summarize } from './chart-plans.ts';
import { Figure } from './figure.tsx';
import { SampleTable } from './sample-table.tsx';

export interface ChartCardProps {
  readonly plan: ChartPlan;
  readonly overview: Overview;
  readonly samples: readonly OverviewSample[];
  /** ms since the epoch, on the API's clock. */
  readonly now: number;
  readonly theme: Theme;
}

/** Numbers and how they went; under the pointer, the numbers of that moment. */
export function ChartCard({ plan, overview, samples, now, theme }: ChartCardProps) {
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const shown = samples.find(({ at }) => at === pointed) ?? samples.at(-1);
  const isPast = shown !== undefined && shown.at === pointed && shown !== samples.at(-1);
  return (
    <Card component="section" aria-labelledby={`${plan.id}-title`} isFullHeight>
      <CardTitle component="h2" id={`${plan.id}-title`}>
        {plan.title}
        {isPast && <span className="tagtrail-moment"> at {formatTime(shown.at)}</span>}
      </CardTitle>
      <CardBody className="tagtrail-chart-card">
        <dl className="tagtrail-figures">
          {plan.lines.map(({ metric, label, tone, dash, of }) => (
            <Figure
              key={metric}
              {...{ metric, label, tone }}
              isDashed={dash !== undefined}
              value={shown && of(shown)}
              format={plan.axis.format}
            />
          ))}
          {plan.others.map(({ metric, label, of, isAlarming }) => (
            <Figure
              key={metric}
              {...{ metric, label }}
              value={of(overview)}
              isAlarming={isAlarming(of(overview))}
              format={plan.axis.format}
            />
          ))}
        </dl>
        <p className="tagtrail-note">{plan.note(overview)}</p>
        <TimeChart
          lines={plan.lines}
          axis={plan.axis}
          samples={samples}
          end={Math.floor(now / 1000) * 1000}
          theme={theme}
          summary={summarize(plan, samples)}
          onPoint={setPointed}
        />
        <SampleTable plan={plan} samples={samples} />
      </CardBody>
    </Card>
  );
}
