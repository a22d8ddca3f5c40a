let turn: Promise<unknown> = Promise.resolve();

/** Lets one at a time do something to Redis: who fills its disk must not be disturbed by who kills it. */
export function withRedis<T>(act: () => Promise<T>): Promise<T> {
  const mine = turn.then(act, act);
  turn = mine.catch(() => undefined); // the caller hears of it
  return mine;
}
