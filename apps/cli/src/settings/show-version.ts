import type { CommandContext } from '../command-context.ts';
import { formatStructured, type StructuredFormat } from '../terminal/structured-output.ts';
import { VERSION } from './version.ts';

export async function showVersion(
  format: StructuredFormat | undefined,
  { output }: CommandContext,
): Promise<number> {
  const node = process.versions.node;
  const platform = `${process.platform}/${process.arch}`;
  output.line(
    format === undefined
      ? `tagtrail ${VERSION} (Node ${node}, ${platform})`
      : formatStructured({ version: VERSION, node, platform }, format),
  );
  return 0;
}
