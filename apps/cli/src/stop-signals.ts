/**
 * ms in which signals are one wish: under npm a Ctrl-C arrives twice, from the terminal and forwarded by npm.
 * A person who means "now!" needs longer to press again.
 */
const SAME_WISH = 1_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignalName = (typeof SIGNALS)[number];

/** Exit codes of a command that a signal ended, as shells count: 128 and the signal's number. */
const EXIT_CODES: Readonly<Record<StopSignalName, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/**
 * The wishes to stop: the user's by signal, and the end of the parent when it forked this process. While it is not
 * disposed, no signal ends the process by itself.
 */
export interface StopSignals extends Disposable {
  /** Aborts with the first signal. */
  readonly stop: AbortSignal;
  /** Aborts with a later, separate one. */
  readonly force: AbortSignal;
  /** Exit code for the first signal; 0 while there was none. */
  readonly exitCode: number;
  /** Stops as a signal would. */
  request(): void;
}

export function watchStopSignals(now: () => number = () => performance.now()): StopSignals {
  const stop = new AbortController();
  const force = new AbortController();
  let first: { readonly name: StopSignalName; readonly at: number } | undefined;
  const listen = (name: StopSignalName): void => {
    if (first !== undefined && now() - first.at > SAME_WISH) force.abort();
    first ??= { name, at: now() };
    stop.abort();
  };
  const orphaned = (): void => stop.abort();
  for (const name of SIGNALS) process.on(name, listen);
  const forked = process.send !== undefined;
  if (forked) process.on('disconnect', orphaned);
  if (forked && !process.connected) orphaned();
  return {
    stop: stop.signal,
    force: force.signal,
    get exitCode() {
      return first === undefined ? 0 : EXIT_CODES[first.name];
    },
    request: () => stop.abort(),
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, listen);
      // While somebody listens for it, the channel to the parent keeps this process alive.
      process.off('disconnect', orphaned);
    },
  };
}

/** Listens for the wishes to stop while `run` works. In place of a `using` declaration, which Node 22 cannot read. */
export async function withStopSignals<T>(run: (signals: StopSignals) => Promise<T>): Promise<T> {
  const signals = watchStopSignals();
  try {
    return await run(signals);
  } finally {
    signals[Symbol.dispose]();
  }
}
