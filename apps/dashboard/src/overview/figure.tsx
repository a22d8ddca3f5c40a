import type { Tone } from '../charts/chart-style.ts';

export interface FigureProps {
  /** Names the number for tests and for style sheets of readers. */
  readonly metric: string;
  readonly label: string;
  /** The raw number; undefined when it is not known. */
  readonly value: number | undefined;
  readonly format: (value: number) => string;
  /** The line in the chart that it belongs to. */
  readonly tone?: Tone;
  readonly isDashed?: boolean;
  /** Somebody should look at it. */
  readonly isAlarming?: boolean;
}

/** One number with its name, as a pair of a description list. */
export function Figure({ metric, label, value, format, tone, isDashed, isAlarming }: FigureProps) {
  const line = tone && (
    <span
      className="tagtrail-figure__line"
      data-tone={tone}
      data-dashed={isDashed === true}
      aria-hidden="true"
    />
  );
  return (
    <div className="tagtrail-figure" data-alarming={isAlarming === true}>
      <dt>
        {line}
        {label}
      </dt>
      <dd data-metric={metric} data-value={value ?? ''}>
        {value === undefined ? '–' : format(value)}
      </dd>
    </div>
  );
}
