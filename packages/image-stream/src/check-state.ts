/** Reasons of a failed import, honest where OpenShift says InternalError. */
export type FailureReason =
  | 'NotFound'
  | 'Unauthorized'
  | 'Forbidden'
  | 'TooManyRequests'
  | 'Timeout'
  | 'TLSError'
  | 'ConnectionFailed'
  | 'InvalidManifest'
  | 'UnsupportedManifest'
  | 'InvalidReference'
  | 'RegistryError';

/** What the last look at a tag ended in; `never` until there was one. */
export type LastOutcome = 'never' | 'imported' | 'unchanged' | FailureReason;

/**
 * What is known about looking at one spec tag, outside the faithful fields of the ImageStream.
 * One per importable tag, keyed by stream uid and tag name; replaced whole, compared whole.
 */
export interface CheckState {
  /**
   * Grows with every change of what an import needs to know of the tag (source, mode, insecure, platform
   * preference, a forced import). A result that carries another one is stale. Commits of imports do not move it, so
   * they never outdate jobs under way. It is above the record's resourceVersion before that change and not above the
   * one after it: a tag that comes back under its old name never meets a generation of its former life.
   */
  readonly generation: number;
  /** Registry host (schedule key), e.g. `docker.io` or `registry.example.com:5000`. */
  readonly host: string;
  /** `host/repository` of the source: tags of one repository share a phase. */
  readonly repository: string;
  /**
   * Resolved cadence: `''` = the host's default interval, a duration or cron text, or null when the
   * tag is not looked at again after an outcome (unscheduled, digest already imported, suspended).
   */
  readonly schedule: string | null;
  readonly suspended: boolean;
  /** Newest fence at the end of the newest applied run; 0 before the first. Looks at or below it began before that. */
  readonly fence: number;
  /** ms since the epoch. */
  readonly lastChecked: number | null;
  readonly lastChanged: number | null;
  readonly nextDue: number | null;
  /** Consecutive failures. */
  readonly attempts: number;
  readonly outcome: LastOutcome;
  /** Message of the last failure, at most 1 KiB; empty otherwise. */
  readonly message: string;
  /** The digest the registry reports for the source tag: an index's in `Legacy` mode too. */
  readonly upstreamDigest: string | null;
  /** The digest recorded as the image: in `Legacy` mode the chosen child's. */
  readonly image: string | null;
}
