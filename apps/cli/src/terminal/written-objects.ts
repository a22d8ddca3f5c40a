import type { Output } from './output.ts';
import { formatStructured, listOf, type StructuredFormat } from './structured-output.ts';

export type WriteFormat = 'name' | StructuredFormat;

/** One object that was written, and how that is told. */
export interface WrittenObject {
  /** For people. */
  readonly line: string;
  /** `resource.group/name`. */
  readonly name: string;
  /** Undefined when there is nothing to show but the line. */
  readonly object: unknown;
}

/** Tells of written objects one by one; whole objects come as one document at the end. */
export interface WrittenObjects {
  add(written: WrittenObject): void;
  end(): void;
}

export function tellWritten(output: Pick<Output, 'line'>, format?: WriteFormat): WrittenObjects {
  const objects: unknown[] = [];
  return {
    add: ({ line, name, object }) => {
      if (format === undefined) output.line(line);
      if (object === undefined) return;
      objects.push(object);
      if (format === 'name') output.line(name);
    },
    end: () => {
      if (format === undefined || format === 'name' || objects.length === 0) return;
      output.line(formatStructured(objects.length === 1 ? objects[0] : listOf(objects), format));
    },
  };
}
