import type { Place, RegistryName, VersionTag } from './world.ts';

export type AppName = 'api' | 'producer' | 'worker' | 'status-writer';
export type Victim = AppName | 'redis';
/** SIGSTOP stands for SIGSTOP and, a while later, SIGCONT. */
export type KillSignal = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP';

export interface Kill {
  readonly kind: 'kill';
  readonly victim: Victim;
  readonly signal: KillSignal;
  /** In [0, 1): which of the processes of its class that run at that moment. */
  readonly which: number;
  /** Waits a short while for an import to be active. */
  readonly whenActive: boolean;
  /** ms until it is started again, or goes on. */
  readonly pause: number;
}

/** `back` moves the tag to a digest that it had before. */
export interface Move extends Place {
  readonly kind: 'move';
  readonly back: boolean;
}

export interface Untag extends Place {
  readonly kind: 'untag';
}

export interface Edit {
  readonly kind: 'edit';
  readonly stream: string;
  readonly tag: VersionTag;
  readonly registry: RegistryName;
  readonly repository: string;
}

/** A change of a stream that is no edit of what is imported, or all of it. */
export interface Redefinition {
  readonly kind: 'label' | 'suspend' | 'recreate' | 'ask';
  readonly stream: string;
  /** ms until what was suspended goes on, and what was deleted is created again. */
  readonly pause: number;
}

export const REGISTRY_TROUBLES = [
  'cut',
  'hang',
  'slow',
  'unavailable',
  'too-many-requests',
  'reset',
  'garbage',
  'wrong-digest',
  'no-digest',
  'head-refused',
] as const;
export type RegistryTrouble = (typeof REGISTRY_TROUBLES)[number];

export interface RegistryFault {
  readonly kind: 'registry';
  readonly registry: RegistryName;
  readonly trouble: RegistryTrouble;
  readonly pause: number;
}

export const STORE_TROUBLES = [
  'disk-full',
  'memory-full',
  'queue-deleted',
  'waiting-deleted',
] as const;
export type StoreTrouble = (typeof STORE_TROUBLES)[number];

export interface StoreFault {
  readonly kind: 'store';
  readonly trouble: StoreTrouble;
  readonly pause: number;
}

export type Action = Kill | Move | Untag | Edit | Redefinition | RegistryFault | StoreFault;

/** `at` is ms after the start of the storm. */
export interface Planned<A extends Action = Action> {
  readonly at: number;
  readonly action: A;
}
