import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

/** Fonts are compressed already. */
const COMPRESSED = /\.(js|css|html|svg)$/u;
const GZIP_LEVEL = 9;
/** Two less than the best takes a tenth of the time for 3% more. */
const BROTLI_QUALITY = 9;
/** kB before compression; react-dom alone takes 190. A test holds the limit of what is transferred. */
const SCRIPT_SIZE = 800;

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

const [, , folder = ''] = process.argv;

await build({
  root: import.meta.dirname,
  configFile: false,
  envDir: false,
  logLevel: 'warn',
  build: {
    outDir: folder,
    emptyOutDir: true,
    // The content security policy knows no `data:` fonts; one file less to load is worth little on one connection.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One script: all of it is needed for the first page.
    chunkSizeWarningLimit: SCRIPT_SIZE,
    // Of the API's client, the page takes one function; what else it can do would bring cron and time zones along.
    rolldownOptions: {
      treeshake: { moduleSideEffects: (id) => !/\/packages\/[^/]+\/src\//u.test(id) },
    },
  },
});
const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile() && COMPRESSED.test(entry.name));
await Promise.all(files.map((entry) => compressBeside(join(entry.parentPath, entry.name))));

/** Compressed once here instead of in every process that serves it. */
async function compressBeside(file: string): Promise<void> {
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  const [small, smaller] = await Promise.all([
    toGzip(bytes, { level: GZIP_LEVEL }),
    toBrotli(bytes, { params }),
  ]);
  writeFileSync(`${file}.gz`, small);
  writeFileSync(`${file}.br`, smaller);
}
