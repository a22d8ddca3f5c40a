import type { Subject } from './read-subject.ts';

export type StepName =
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'ping'
  | 'credentials'
  | 'challenge'
  | 'token'
  | 'head'
  | 'get'
  | 'tags';

/** One thing that was tried, told in plain words. */
export interface Step {
  readonly name: StepName;
  /** `skipped`: not needed, or of no use after what failed. */
  readonly verdict: 'ok' | 'failed' | 'skipped';
  /** ms; undefined for what needs no time of its own. */
  readonly took?: number | undefined;
  /** What was seen, or why nothing was. */
  readonly seen: string;
  /** What Tagtrail does about it, and what can be done. */
  readonly remarks: readonly string[];
  /** The same for programs. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A registry, or a tag in it, examined. */
export interface Examination {
  readonly subject: Subject;
  readonly steps: readonly Step[];
}

/**
 * Whether a stream can follow the tag; of a registry alone, whether it lets this client in. A list of tags that cannot
 * be had does not count: a single tag is followed without it.
 */
export function isHealthy({ steps }: Examination): boolean {
  return steps.every(({ name, verdict }) => verdict !== 'failed' || name === 'tags');
}

/** The last line: what to think of it all. */
export function conclusionOf(examination: Examination): string {
  const { subject, steps } = examination;
  const { name, wanted } = subject;
  const failed = steps.find((step) => step.verdict === 'failed' && step.name !== 'tags');
  if (wanted === undefined) {
    return failed === undefined
      ? `${name} answers; name a repository, too, to see whether its tags can be followed`
      : `${name} cannot be used: see ${failed.name}`;
  }
  return failed === undefined
    ? `${name} can be followed`
    : `${name} cannot be followed: see ${failed.name}`;
}

/** A step that was not taken. */
export function skipped(name: StepName, seen: string): Step {
  return { name, verdict: 'skipped', seen, remarks: [] };
}
