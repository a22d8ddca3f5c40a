/** A process's work between opening and disposing. */
export interface Service extends AsyncDisposable {
  /** Works until `signal` aborts; returns when what was begun is finished or given back. */
  run(signal: AbortSignal): Promise<void>;
}
