/** What a canvas cannot inherit: colours and font of the page, as they are now. */
export interface ChartStyle {
  readonly font: string;
  /** Width of a character of the font is less, px. */
  readonly textSize: number;
  readonly text: string;
  readonly grid: string;
  readonly tones: Readonly<Record<Tone, string>>;
}

/** A line's colour, defined per theme in page.css. */
export type Tone = 'blue' | 'teal' | 'purple' | 'red';

const TONES: readonly Tone[] = ['blue', 'teal', 'purple', 'red'];
/** Of the page's own text size. */
const LABEL_SCALE = 0.75;

/** Reads the tokens that are in force at an element. */
export function readChartStyle(element: Element): ChartStyle {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const rootSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const textSize = Math.round(rootSize * LABEL_SCALE);
  return {
    font: `${textSize}px ${style.fontFamily}`,
    textSize,
    text: token('--tagtrail-chart-text'),
    grid: token('--tagtrail-chart-grid'),
    tones: Object.fromEntries(TONES.map((tone) => [tone, token(`--tagtrail-${tone}`)])) as Record<
      Tone,
      string
    >,
  };
}
