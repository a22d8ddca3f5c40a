import type { ObjectMeta } from '@tagtrail/apimachinery';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import type { Session } from '../connection/open-session.ts';
import type { Output } from '../terminal/output.ts';
import type { NamedObjects } from './resource.ts';

export type GetFormat = 'wide' | 'json' | 'yaml' | 'name';

export interface GetFlags extends ConnectionFlags {
  readonly output?: GetFormat;
  readonly allNamespaces?: true;
  readonly selector?: string;
  readonly watch?: true;
}

/** What is asked for, and how it is printed. */
export interface GetRequest extends NamedObjects {
  readonly flags: GetFlags;
  readonly session: Session;
  /** Undefined means all of them. */
  readonly namespace: string | undefined;
}

/** What was found of one kind, and how it is shown. */
export interface FoundObjects {
  readonly objects: readonly { readonly metadata: ObjectMeta }[];
  /** Why others that were named are not among them. */
  readonly refused: readonly Error[];
  /** `room`: columns of the terminal; undefined when nothing shall be cut. */
  readonly table: (room: number | undefined) => readonly string[];
}

/** How a table is drawn for a request; `now` in ms since the epoch. */
export function tableStyle({ flags, namespace }: Pick<GetRequest, 'flags' | 'namespace'>) {
  return {
    wide: flags.output === 'wide',
    withNamespace: namespace === undefined,
    now: Date.now(),
  };
}

/** Columns that a table may take; `-o wide` asks for everything, however wide. */
export function roomFor({ output: format }: GetFlags, output: Pick<Output, 'columns'>) {
  return format === 'wide' ? undefined : output.columns;
}

/** Said of an empty list, which is no error. Source: kubectl. */
export function nothingFound(namespace: string | undefined): string {
  return `No resources found${namespace === undefined ? '' : ` in ${namespace} namespace`}.`;
}
