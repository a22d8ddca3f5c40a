/** ms: the kernel adds up a running thread's time at its ticks only, so that the sum may be this much behind. */
const TICK = 4;

/**
 * ms of processor time that `work` takes. A little work is told by the clock, because the kernel's sum is too coarse;
 * of more, what other programs did meanwhile does not count.
 */
export function cpuTime(work: () => unknown): number {
  const before = process.threadCpuUsage();
  const started = performance.now();
  work();
  const elapsed = performance.now() - started;
  const { user, system } = process.threadCpuUsage(before);
  const summed = (user + system) / 1_000;
  return summed > 2 * TICK ? Math.min(elapsed, summed) : Math.min(elapsed, summed + TICK);
}
