import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DashboardFile, dashboardFile } from './dashboard-file.ts';

/** Where the built page is: in a checkout, and beside the bundle. */
export const DASHBOARD_FOLDER = fileURLToPath(
  new URL('../../../dashboard/dist/dashboard/', import.meta.url),
);
/** All files together are held in memory; they are about 2.5 MB. */
const MAX_BYTES = 20_000_000;
const MAX_FILES = 200;

/** The page's files by their path below the folder, read once; undefined when the page was not built. */
export function readDashboard(
  folder: string = DASHBOARD_FOLDER,
): ReadonlyMap<string, DashboardFile> | undefined {
  const names = namesIn(folder);
  if (!names.includes('index.html')) return undefined;
  const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  if (names.length > MAX_FILES || bytes > MAX_BYTES) {
    throw new Error(`${folder} is no dashboard: it has ${names.length} files of ${bytes} bytes`);
  }
  const contents = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  const files = [...contents].filter(([name]) => !/\.(br|gz)$/.test(name));
  return new Map(files.map(([name, plain]) => [name, withCompressed(name, plain, contents)]));
}

function withCompressed(
  name: string,
  plain: Buffer,
  contents: ReadonlyMap<string, Buffer>,
): DashboardFile {
  const br = contents.get(`${name}.br`);
  const gzip = contents.get(`${name}.gz`);
  return dashboardFile(name, plain, { ...(br && { br }), ...(gzip && { gzip }) });
}

function namesIn(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}
