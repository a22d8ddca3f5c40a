import { stringify } from 'yaml';

/** Output formats that print whole objects. */
export type StructuredFormat = 'json' | 'yaml';

/** A value as people read it: JSON with four blanks, as kubectl indents, or YAML; without a line break at the end. */
export function formatStructured(value: unknown, format: StructuredFormat): string {
  if (format === 'json') return JSON.stringify(value, undefined, 4);
  return stringify(value, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    // Quotes 'yes', 'on' and the like, which older YAML readers (kubectl among them) take for booleans.
    compat: 'yaml-1.1',
  }).trimEnd();
}

/** Several objects as one document. Source: kubectl. */
export function listOf(objects: readonly unknown[]): unknown {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: objects };
}
