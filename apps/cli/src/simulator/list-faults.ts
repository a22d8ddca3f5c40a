import { NAMED_FAULTS, type NamedFault } from '@tagtrail/registry-simulator';
import type { CommandContext } from '../command-context.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import { tableLines } from '../terminal/table.ts';

const COLUMNS = [
  { header: 'FAULT', cell: ({ name }: NamedFault) => name },
  { header: 'ROW', cell: ({ behaviour }: NamedFault) => String(behaviour) },
  { header: 'AUTH', cell: ({ auth }: NamedFault) => auth ?? '-' },
  { header: 'THE REGISTRY', cell: ({ does }: NamedFault) => does },
];

/** Prints every fault that the simulator knows by name; rows are those of docs/registry-behaviours.md. */
export function listFaults(format: 'json' | undefined, { output }: CommandContext): number {
  const lines =
    format === undefined
      ? tableLines(COLUMNS, NAMED_FAULTS, output.columns)
      : [formatStructured(NAMED_FAULTS, format)];
  for (const line of lines) output.line(line);
  return 0;
}
