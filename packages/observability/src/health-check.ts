export interface HealthState {
  readonly ok: boolean;
  /** Why not; shown to whoever asks, so no secrets. */
  readonly reason?: string;
}

/** Answers whether a process is well. It must be quick and must not wait for the network. */
export type HealthCheck = () => HealthState | Promise<HealthState>;

/** One check out of several: well when all are, otherwise one reason line per check that is not, headed by its name. */
export function allOf(checks: Readonly<Record<string, HealthCheck>>): HealthCheck {
  return async () => {
    const states = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => ({ name, ...(await check()) })),
    );
    const failed = states.filter((state) => !state.ok);
    if (failed.length === 0) return { ok: true };
    const reason = failed.map(({ name, reason }) => `${name}: ${reason ?? 'not ok'}`).join('\n');
    return { ok: false, reason };
  };
}
