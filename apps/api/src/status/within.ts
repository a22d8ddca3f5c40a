/** The outcome of `work`, or what `late` throws when it takes longer than `limit` ms; the work itself goes on. */
export async function within<T>(limit: number, work: Promise<T>, late: () => Error): Promise<T> {
  const overdue = Promise.withResolvers<never>();
  const timer = setTimeout(() => overdue.reject(late()), limit);
  try {
    return await Promise.race([work, overdue.promise]);
  } finally {
    clearTimeout(timer);
  }
}
