export interface GatherLimits {
  /** ms from the first call of a batch to its run; 0 gathers what one turn of the event loop asks for. */
  readonly wait: number;
  /** Calls in one run. */
  readonly count: number;
}

interface Call<T, R> {
  readonly wanted: T;
  readonly resolve: (answer: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers single calls by running them in batches: `run` gets what was asked for and answers in the same order. A run that
 * fails rejects the calls of its batch alone.
 */
export function gatherCalls<T, R>(
  run: (wanted: readonly T[]) => Promise<readonly R[]>,
  limits: GatherLimits,
): (wanted: T) => Promise<R> {
  let gathered: Call<T, R>[] = [];
  const flush = () => {
    const batch = gathered;
    gathered = [];
    void answer(batch, run);
  };
  return (wanted) =>
    new Promise((resolve, reject) => {
      gathered.push({ wanted, resolve, reject });
      if (gathered.length >= limits.count) flush();
      // When it fills up before, its flush finds the next batch, which then waits shorter.
      else if (gathered.length === 1) later(flush, limits.wait);
    });
}

function later(flush: () => void, wait: number): void {
  if (wait === 0) setImmediate(flush);
  else setTimeout(flush, wait);
}

async function answer<T, R>(
  batch: readonly Call<T, R>[],
  run: (wanted: readonly T[]) => Promise<readonly R[]>,
): Promise<void> {
  // A full batch was run before its time came.
  if (batch.length === 0) return;
  try {
    const answers = await run(batch.map(({ wanted }) => wanted));
    for (const [at, { resolve }] of batch.entries()) resolve(answers[at] as R);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
