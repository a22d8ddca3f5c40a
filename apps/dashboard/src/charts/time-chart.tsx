import type { OverviewSample } from '@tagtrail/api-client';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { CHART_SPAN } from '../feed/overview-state.ts';
import type { Theme } from '../theme/theme-choice.ts';
import { type ChartColumns, chartColumns } from './chart-columns.ts';
import { type ChartLine, chartOptions, type ValueAxis } from './chart-options.ts';
import { readChartStyle } from './chart-style.ts';

export interface TimeChartProps {
  readonly lines: readonly ChartLine[];
  readonly axis: ValueAxis;
  readonly samples: readonly OverviewSample[];
  /** The right end of the time axis, ms since the epoch. */
  readonly end: number;
  readonly theme: Theme;
  /** What the chart says, for who cannot see it. */
  readonly summary: string;
  /** Time under the pointer, ms since the epoch. Must stay the same function, as `lines` and `axis` must. */
  readonly onPoint: (at: number | undefined) => void;
}

/** Lines over the last minutes. The numbers are beside it as text: to the page's structure it is one image. */
export function TimeChart({ samples, end, summary, ...fixed }: TimeChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = usePlot(box, fixed);
  const { lines } = fixed;
  const columns = useMemo(() => columnsOf(samples, lines), [samples, lines]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot made anew for another theme is empty
  useEffect(() => {
    const { current: chart } = plot;
    chart?.batch(() => {
      chart.setData(columns, false);
      chart.setScale('x', { min: (end - CHART_SPAN) / 1000, max: end / 1000 });
    });
  }, [columns, end, plot, fixed.theme]);
  return (
    <div
      ref={box}
      className="tagtrail-chart"
      role="img"
      aria-label={summary}
      data-samples={samples.length}
      data-gaps={columns[0].length - samples.length}
    />
  );
}

function columnsOf(samples: readonly OverviewSample[], lines: readonly ChartLine[]): ChartColumns {
  return chartColumns(
    samples,
    lines.map(({ of }) => of),
  );
}

type Fixed = Pick<TimeChartProps, 'lines' | 'axis' | 'theme' | 'onPoint'>;

/** A plot in the box, as large as the box is, made anew when the theme changes: its colours are not styles. */
function usePlot(box: RefObject<HTMLDivElement | null>, { lines, axis, theme, onPoint }: Fixed) {
  const plot = useRef<uPlot | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides which colours are read
  useEffect(() => {
    const { current: element } = box;
    if (element === null) return;
    const sizeOf = () => ({ width: element.clientWidth, height: element.clientHeight });
    let pointed: number | undefined;
    const point = (row: number | undefined) => {
      const seconds = row === undefined ? undefined : plot.current?.data[0][row];
      if (seconds === pointed) return;
      pointed = seconds;
      onPoint(seconds === undefined ? undefined : seconds * 1000);
    };
    const style = readChartStyle(element);
    const options = chartOptions({ lines, axis, style, size: sizeOf(), onPoint: point });
    const made = new uPlot(options, columnsOf([], lines), element);
    plot.current = made;
    const resizing = new ResizeObserver(() => made.setSize(sizeOf()));
    resizing.observe(element);
    // A font that arrives late changes how wide labels are.
    void document.fonts.ready.then(() => plot.current === made && made.redraw(false, true));
    return () => {
      resizing.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [box, lines, axis, theme, onPoint]);
  return plot;
}
