import { resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { buildDashboard } from '../../apps/dashboard/build-dashboard.ts';
import { filesBeside } from './files-beside.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface WrittenBundle {
  /** Names of the files in the folder, the program first. */
  readonly files: readonly string[];
}

/**
 * Writes what is shipped into `folder`, which is emptied first: `tagtrail.js`, the parts that it loads when a command
 * needs them, and beside them the Lua scripts and the dashboard, which is built before if it has to be. Sources cannot be shipped as they are: Node strips no types under
 * `node_modules`.
 */
export async function writeBundle(folder: string): Promise<WrittenBundle> {
  await buildDashboard();
  const bundle = await rolldown({
    cwd: ROOT,
    input: { tagtrail: 'apps/cli/src/main.ts' },
    platform: 'node',
    plugins: [filesBeside()],
  });
  try {
    const { output } = await bundle.write({
      dir: folder,
      cleanDir: true,
      format: 'esm',
      entryFileNames: '[name].js',
      // A command reads the parts it needs: in one file, the whole would be parsed for `tagtrail version` too.
      // They stay in one folder, where the files beside them are looked for.
      chunkFileNames: '[name].js',
    });
    return { files: output.map(({ fileName }) => fileName) };
  } finally {
    await bundle.close();
  }
}
