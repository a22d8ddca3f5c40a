import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed` (`, N skipped` when any were) as the very last line of a run. */
export class LastLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let skipped = 0;
    let failed = errors.length; // an unhandled rejection is a failure that belongs to no test
    for (const module of modules) {
      let own = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') own += 1;
        if (state === 'skipped') skipped += 1;
      }
      failed += own || (module.state() === 'failed' ? 1 : 0); // a file that fails on import has no tests
    }
    const tail = skipped > 0 ? `, ${skipped} skipped` : '';
    // The default reporter prints its summary after this hook; only `exit` comes later.
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed${tail}\n`));
  }
}
