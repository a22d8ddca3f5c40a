import type { Options, Series } from 'uplot';
import { formatMinute } from '../format/clock-time.ts';
import { axisEnd } from './axis-increments.ts';
import type { Reading } from './chart-columns.ts';
import type { ChartStyle, Tone } from './chart-style.ts';

export interface ChartLine {
  readonly label: string;
  readonly tone: Tone;
  /** Lengths of strokes and gaps, so that lines differ without colour. */
  readonly dash?: number[];
  readonly of: Reading;
}

/** How values are written along the axis. */
export interface ValueAxis {
  readonly format: (value: number) => string;
  readonly increments: number[];
  /** Where the axis ends at least. */
  readonly least: number;
}

/** In sizes of the text: half a time such as 16:08, which may stand at the very end of the axis. */
const HALF_LABEL = 1.5;
/** Whole minutes: each label is a time without seconds. */
const TIME_INCREMENTS = [60, 120, 300];
/** Hovering over one chart shows the same moment in all. */
const SYNC = 'overview';
/** Text sizes between labels: what a time takes, and as much again. */
const TIME_SPACE = 5;
const VALUE_SPACE = 2.6;
/** px between label and chart. */
const LABEL_GAP = 8;
const LINE_WIDTH = 2;

export interface ChartOptionsRequest {
  readonly lines: readonly ChartLine[];
  readonly axis: ValueAxis;
  readonly style: ChartStyle;
  readonly size: { readonly width: number; readonly height: number };
  /** Row under the pointer, or undefined when it has left. */
  readonly onPoint: (row: number | undefined) => void;
}

/** Options of one chart over time. */
export function chartOptions(request: ChartOptionsRequest): Options {
  const { lines, axis, style, size, onPoint } = request;
  const grid = { stroke: style.grid, width: 1 };
  const look = { stroke: style.text, font: style.font, grid, ticks: { show: false } };
  return {
    ...size,
    padding: [style.textSize / 2, style.textSize * HALF_LABEL, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      sync: { key: SYNC },
      points: { size: 6 },
    },
    scales: {
      x: { time: true },
      y: { range: (_, __, highest) => [0, axisEnd(highest, axis.least)] },
    },
    axes: [
      {
        ...look,
        gap: LABEL_GAP,
        size: style.textSize + 2 * LABEL_GAP,
        space: style.textSize * TIME_SPACE,
        incrs: TIME_INCREMENTS,
        values: (_, seconds) => seconds.map((at) => formatMinute(at * 1000)),
      },
      {
        ...look,
        gap: LABEL_GAP,
        size: (plot, labels) => labelWidth(plot.ctx, labels, style.font) + 2 * LABEL_GAP,
        space: style.textSize * VALUE_SPACE,
        incrs: axis.increments,
        values: (_, values) => values.map(axis.format),
      },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, style))],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}

function seriesOf({ label, tone, dash }: ChartLine, { tones }: ChartStyle): Series {
  return {
    label,
    stroke: tones[tone],
    width: LINE_WIDTH,
    points: { show: false },
    ...(dash && { dash }),
  };
}

/** px of the widest label. The canvas counts device pixels, but measures in the font's own. */
function labelWidth(
  context: CanvasRenderingContext2D,
  labels: readonly string[] | null,
  font: string,
): number {
  context.save();
  context.font = font;
  const widths = (labels ?? []).map((label) => context.measureText(label).width);
  context.restore();
  return Math.ceil(Math.max(0, ...widths));
}
