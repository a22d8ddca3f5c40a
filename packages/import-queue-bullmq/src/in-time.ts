/** Whether `work` resolves within `limit` ms; false when it rejects, too. Never rejects. */
export async function inTime(limit: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: expired, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), limit);
  const done = work.then(
    () => true,
    () => false,
  );
  const answer = await Promise.race([done, expired]);
  clearTimeout(timer);
  return answer;
}
