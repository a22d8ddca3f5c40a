import { resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { filesBeside } from './files-beside.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface WrittenBundle {
  /** Names of the files in the folder, the program first. */
  readonly files: readonly string[];
}

/**
 * Writes what is shipped into `folder`, which is emptied first: `tagtrail.js` with everything in it, and the Lua
 * scripts beside it. Sources cannot be shipped as they are: Node strips no types under `node_modules`.
 */
export async function writeBundle(folder: string): Promise<WrittenBundle> {
  await using bundle = await rolldown({
    cwd: ROOT,
    input: { tagtrail: 'apps/cli/src/main.ts' },
    platform: 'node',
    plugins: [filesBeside()],
  });
  const { output } = await bundle.write({
    dir: folder,
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    // Dynamic imports stay lazy inside the one file: a module's code runs when it is first asked for.
    codeSplitting: false,
  });
  return { files: output.map(({ fileName }) => fileName) };
}
