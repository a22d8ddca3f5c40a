import type { OverviewSample } from '@tagtrail/api-client';

/** One column of times (seconds since the epoch) and one of values per line; null where there is no value. */
export type ChartColumns = [number[], ...(number | null)[][]];

export type Reading = (sample: OverviewSample) => number | undefined;

/** ms between two samples from which on a second is missing between them: the API takes one each second. */
const GAP = 2_500;

/** The samples as columns. Where seconds are missing, a row without values keeps lines from being drawn across. */
export function chartColumns(
  samples: readonly OverviewSample[],
  readings: readonly Reading[],
): ChartColumns {
  const times: number[] = [];
  const lines = readings.map((): (number | null)[] => []);
  const addRow = (at: number, read: (reading: Reading) => number | undefined) => {
    times.push(at / 1000);
    for (const [line, reading] of readings.entries()) lines[line]?.push(read(reading) ?? null);
  };
  samples.forEach((sample, index) => {
    const before = samples[index - 1];
    if (before !== undefined && sample.at - before.at > GAP) {
      addRow((before.at + sample.at) / 2, () => undefined);
    }
    addRow(sample.at, (reading) => reading(sample));
  });
  return [times, ...lines];
}
