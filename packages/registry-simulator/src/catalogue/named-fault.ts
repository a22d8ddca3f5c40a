import type { Fault, FaultMatch } from '../faults/fault.ts';
import type { AuthKind } from '../wire/auth-terms.ts';

/** One rule of a named fault. */
export interface FaultPart {
  readonly match: FaultMatch;
  readonly fault: Fault;
}

/** Something that a registry was seen to do, by its name. */
export interface NamedFault {
  /** Kebab case; what stands behind `--fault`. */
  readonly name: string;
  /** Number of the row in docs/registry-behaviours.md. */
  readonly behaviour: number;
  /** What the registry does, in one line. */
  readonly does: string;
  /** All of them are in force together. */
  readonly parts: readonly FaultPart[];
  /** How clients must authenticate, without which nothing of it shows. */
  readonly auth?: Exclude<AuthKind, 'none'>;
}
