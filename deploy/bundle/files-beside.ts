import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Plugin } from 'rolldown';
import { type ESTree, Visitor } from 'rolldown/utils';

/**
 * Puts every file and folder that a bundled module names as `new URL('./x', import.meta.url)` beside the bundle, and
 * makes the module look there: in a bundle `import.meta.url` is the bundle's own. Only the last part of a path is
 * kept, so two different files of one name, or one that is not there, end the build.
 */
export function filesBeside(): Plugin {
  const named = new Map<string, string>();
  return {
    name: 'files-beside',
    buildStart: () => named.clear(),
    transform: {
      filter: { id: /\.ts$/, code: /import\.meta\.url/ },
      handler(code, id) {
        const urls = namedUrls(this.parse(code, { lang: 'ts' }));
        for (const path of urls) {
          const source = resolve(dirname(id), path);
          const other = named.get(basename(source)) ?? source;
          if (other !== source) {
            this.error(`${source} and ${other} would get one name beside the bundle: rename one`);
          }
          if (filesOf(source).length === 0) this.error(`${id} names ${path}, which is not there`);
          named.set(basename(source), source);
        }
        return { code: urls.reduce(lookBeside, code), map: null };
      },
    },
    generateBundle() {
      for (const [name, source] of named) {
        for (const file of filesOf(source)) {
          const fileName = join(name, file);
          this.emitFile({ type: 'asset', fileName, source: readFileSync(join(source, file)) });
        }
      }
    },
  };
}

/** The first arguments of `new URL('./x', import.meta.url)`, in the code and not in its comments. */
function namedUrls(program: ESTree.Program): readonly string[] {
  const paths: string[] = [];
  const visitor = new Visitor({
    NewExpression({ callee, arguments: [path, origin] }) {
      if (callee.type !== 'Identifier' || callee.name !== 'URL') return;
      if (origin?.type !== 'MemberExpression' || origin.object.type !== 'MetaProperty') return;
      if (path?.type === 'Literal' && typeof path.value === 'string') paths.push(path.value);
    },
  });
  visitor.visit(program);
  return paths;
}

/** `URL('../../a/b/', import.meta.url` becomes `URL('./b/', import.meta.url`. */
function lookBeside(code: string, path: string): string {
  const beside = `./${basename(path)}${path.endsWith('/') ? '/' : ''}`;
  const rest = ', import.meta.url';
  return code.replaceAll(`URL('${path}'${rest}`, `URL('${beside}'${rest}`);
}

/** What is at a path: `['']` for a file itself, the files below a folder, nothing when nothing is there. */
function filesOf(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [''];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(resolve(path).length + 1));
}
