import type { RegistrySimulator } from '@tagtrail/registry-simulator';
import { eventually } from './installation.ts';

/** Requests per second that registries see during a span of `span` ms. */
export async function looksPerSecond(
  registries: readonly RegistrySimulator[],
  span: number,
): Promise<number> {
  for (const registry of registries) registry.clearRequests();
  const start = performance.now();
  await eventually(async () => (performance.now() - start >= span ? true : undefined), span * 2);
  const looks = registries.reduce((sum, { requests }) => sum + requests.length, 0);
  return (looks / (performance.now() - start)) * 1000;
}

/** The middle one of an odd number of ratios, and all of them for a message. */
export function middleOf(ratios: readonly number[]): {
  readonly median: number;
  readonly told: string;
} {
  const sorted = ratios.toSorted((one, other) => one - other);
  const told = `ratios ${ratios.map((ratio) => ratio.toFixed(3)).join(', ')}`;
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, told };
}
