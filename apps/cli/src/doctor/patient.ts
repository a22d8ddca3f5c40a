import type { RegistryProbe } from '@tagtrail/registry-client';
import type { OperatorAccess } from './ask-operator.ts';
import type { DialogueRecord } from './dialogue-record.ts';
import type { Subject } from './read-subject.ts';

/** Whom to ask about what. */
export interface Patient {
  readonly subject: Subject;
  /** As workers have it. */
  readonly registry: RegistryProbe;
  /** The same, at private addresses, too; undefined where the settings say what to do about those. */
  readonly ownNetwork?: RegistryProbe | undefined;
  /** Is told by both of them, and by nobody else. */
  readonly record: DialogueRecord;
  readonly operator: OperatorAccess;
  /** What is known of the way to it before anybody is asked. */
  readonly remarks: readonly string[];
  /** ms that a worker takes for a look; a step gets as many. */
  readonly deadline: number;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Called before something may take a while, with what it is. */
  readonly onAsk: (what: string) => void;
}
