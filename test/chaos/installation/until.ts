import { setTimeout as wait } from 'node:timers/promises';

const LOOK_INTERVAL = 50;

/** Looks again and again until there is an answer, at most `limit` ms; then undefined. A look that throws has none. */
export async function until<T>(
  look: () => Promise<T | undefined> | T | undefined,
  limit: number,
): Promise<T | undefined> {
  const end = performance.now() + limit;
  for (;;) {
    const answer = await attempt(look);
    if (answer !== undefined || performance.now() > end) return answer;
    await wait(LOOK_INTERVAL);
  }
}

async function attempt<T>(look: () => Promise<T | undefined> | T | undefined) {
  try {
    return await look();
  } catch {
    return undefined; // out of reach for the moment
  }
}
