import type { CommandContext } from '../command-context.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { VERSION } from './version.ts';

export async function showVersion(
  format: StructuredFormat | undefined,
  { output }: CommandContext,
): Promise<number> {
  output.line(format === undefined ? versionLine() : formatStructured(facts(), format));
  return 0;
}

/** `tagtrail 0.1.0 (Node 24.21.0, linux/x64)`. */
export function versionLine(): string {
  const { version, node, platform } = facts();
  return `tagtrail ${version} (Node ${node}, ${platform})`;
}

function facts() {
  const platform = `${process.platform}/${process.arch}`;
  return { version: VERSION, node: process.versions.node, platform };
}
