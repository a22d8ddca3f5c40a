import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed` (`, N skipped` when any were) as the very last line of a run. */
export class LastLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.map(countStates);
    const sum = (key: 'passed' | 'failed' | 'skipped') =>
      states.reduce((total, counts) => total + counts[key], 0);
    const failed = errors.length + sum('failed'); // an unhandled rejection belongs to no test
    const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
    const line = `${sum('passed')} passed, ${failed} failed${skipped}\n`;
    // The default reporter prints its summary after this hook; only `exit` comes later.
    process.once('exit', () => process.stdout.write(line));
  }
}

function countStates(module: TestModule): { passed: number; failed: number; skipped: number } {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state !== 'pending') counts[state] += 1;
  }
  // A file that fails on import has no tests, and a failing hook may mark none.
  if (counts.failed === 0 && module.state() === 'failed') counts.failed = 1;
  return counts;
}
