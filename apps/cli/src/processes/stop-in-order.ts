/** Something with a life of its own that can be asked, and made, to end. */
export interface Stoppable {
  readonly name: string;
  /** Asks it to end (SIGTERM). Asking twice is harmless. */
  terminate(): void;
  /** Ends it (SIGKILL). */
  kill(): void;
  /** Resolves once it has ended. */
  readonly ended: Promise<void>;
}

export interface StopOptions {
  /** ms after which what still runs is killed. */
  readonly killAfter: number;
  /** Aborts when the user will not wait any longer: what still runs is killed now. */
  readonly force?: AbortSignal;
}

/**
 * Asks stage after stage to end. Each stage may use the time up to its share of `killAfter`; then the next one is asked
 * while the last of it still ends. Returns the names of those that had to be killed.
 */
export async function stopInOrder(
  stages: readonly (readonly Stoppable[])[],
  options: StopOptions,
): Promise<readonly string[]> {
  const alive = new Set(stages.flat());
  for (const one of alive) void one.ended.then(() => alive.delete(one));
  const deadlines = stages.map((_, index) => (options.killAfter * (index + 1)) / stages.length);
  const started = performance.now();
  for (const [index, stage] of stages.entries()) {
    for (const one of stage) one.terminate();
    const left = (deadlines[index] ?? 0) - (performance.now() - started);
    await within(left, allEnded(stage), options.force);
  }
  await within(
    options.killAfter - (performance.now() - started),
    allEnded([...alive]),
    options.force,
  );
  const killed = [...alive];
  for (const one of killed) one.kill();
  await allEnded(killed);
  return killed.map((one) => one.name);
}

async function allEnded(all: readonly Stoppable[]): Promise<void> {
  await Promise.all(all.map((one) => one.ended));
}

/** Resolves with `done`, after `ms`, or when `force` aborts, whichever comes first. */
async function within(ms: number, done: Promise<void>, force?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  const give = () => resolve();
  if (force?.aborted) resolve();
  force?.addEventListener('abort', give, { once: true });
  try {
    await Promise.race([done, promise]);
  } finally {
    clearTimeout(timer);
    force?.removeEventListener('abort', give);
  }
}
