import { expect, it } from 'vitest';
import { watchStopSignals } from './stop-signals.ts';

it('takes a doubled Ctrl-C for one wish and a later one for impatience', () => {
  let now = 0;
  using signals = watchStopSignals(() => now);
  expect([signals.stop.aborted, signals.exitCode]).toEqual([false, 0]);
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGINT', 'SIGINT');
  expect([signals.stop.aborted, signals.force.aborted]).toEqual([true, false]);
  now = 1_001;
  process.emit('SIGTERM', 'SIGTERM');
  expect([signals.force.aborted, signals.exitCode]).toEqual([true, 130]);
});
