import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = import.meta.dirname;
/** What is served. The stamp is beside it, so that it is not. */
const PAGE = join(ROOT, 'dist', 'dashboard');
const STAMP = join(ROOT, 'dist', 'stamp');
/** Everything that decides what comes out: the lockfile stands for what others wrote. */
const SOURCES = ['src', 'index.html', 'package.json', 'build-dashboard.ts', 'build-page.ts'];
const OUTSIDE = [
  '../../pnpm-lock.yaml',
  '../../packages/api-client/src/overview.ts',
  '../../packages/api-client/src/api-error.ts',
];
/** ms for a build; it takes about a second on an idle machine. */
const BUILD_LIMIT = 120_000;

const run = promisify(execFile);

/** Builds the page into `dist/dashboard`, unless that was made from the very same sources. Answers whether it did. */
export async function buildDashboard(): Promise<boolean> {
  const stamp = stampOf(sourceFiles());
  if (isBuilt(stamp)) return false;
  rmSync(STAMP, { force: true });
  // In a process of its own: React and Vite ask NODE_ENV whether they are being developed, and a test runner says yes.
  const child = [join(ROOT, 'build-page.ts'), PAGE];
  const { stdout, stderr } = await run(process.execPath, child, {
    env: { NODE_ENV: 'production' },
    timeout: BUILD_LIMIT,
  });
  process.stderr.write(`${stdout}${stderr}`);
  writeFileSync(STAMP, stamp);
  return true;
}

function isBuilt(stamp: string): boolean {
  if (!existsSync(STAMP) || !existsSync(join(PAGE, 'index.html'))) return false;
  return readFileSync(STAMP, 'utf8') === stamp;
}

function sourceFiles(): readonly string[] {
  const paths = SOURCES.map((path) => join(ROOT, path));
  const own = paths.flatMap((path) => (/\.\w+$/u.test(path) ? [path] : filesBelow(path)));
  return [...own, ...OUTSIDE.map((path) => join(ROOT, path))].filter(
    (file) => !file.endsWith('.test.ts'),
  );
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function stampOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  return hash.digest('hex');
}
