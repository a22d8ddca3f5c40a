import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import {
  CONFIG_VARIABLE,
  describeSettingsReference,
  readSettings,
  tagtrailSettings,
} from '@tagtrail/config';
import { decodeImageStream, validateImageStream } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { commandProblem, helpOf } from './docs/check-command.ts';
import {
  codeBlocks,
  codeSpans,
  ROOT,
  readDocument,
  readDocuments,
  sectionOf,
  tableRows,
  typedLines,
} from './docs/read-documents.ts';

const documents = readDocuments();
const architecture = readDocument('ARCHITECTURE.md');
const settings = describeSettingsReference(tagtrailSettings);
const folders = (parent: string) => readdirSync(join(ROOT, parent)).sort();
const unquote = (cell: string) => cell.replace(/^`|`$/g, '');

/** Every TypeScript source that runs in production. */
function sources(): readonly string[] {
  return ['apps', 'packages'].flatMap((parent) =>
    folders(parent).flatMap((name) => {
      const folder = join(ROOT, parent, name, 'src');
      return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|testing\/|fixtures?/.test(file))
        .map((file) => readFileSync(join(folder, file), 'utf8'));
    }),
  );
}

describe.each(documents)('$path', (document) => {
  it('links to what is there', () => {
    const links = [...document.text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, to = '']) => to);
    const missing = links
      .filter((to) => !/^[a-z]+:/.test(to))
      .filter((to) => !existsSync(join(ROOT, dirname(document.path), to)));
    expect(missing).toEqual([]);
  });

  it('names paths that are there', () => {
    const isPath = /^(apps|packages|test|deploy|docs|examples|configs|\.ci)\/[\w./-]+$/;
    const missing = codeSpans(document)
      .filter((span) => isPath.test(span))
      .filter((span) => !existsSync(join(ROOT, normalize(span))));
    expect(missing).toEqual([]);
  });

  it('names commands and options that there are', () => {
    const spans = codeSpans(document).filter((span) => /^(npx )?tagtrail [a-z]|^npm /.test(span));
    const commands = [...spans, ...typedLines(document)];
    const problems = commands.flatMap((command) => {
      const problem = commandProblem(command);
      return problem === undefined ? [] : [`${command}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  it('names settings and variables that there are', () => {
    const sections = [...new Set(settings.map(({ key }) => key.split('.')[0]))].join('|');
    const isKey = new RegExp(`^(${sections})\\.[a-zA-Z0-9]+$`);
    const keys = settings.map(({ key }) => key);
    const variables = settings.flatMap(({ variable }) => [variable, `${variable}_FILE`]);
    const unknownKeys = codeSpans(document).filter(
      (span) => isKey.test(span) && !keys.includes(span),
    );
    const named = document.text.match(/\bTAGTRAIL_[A-Z0-9_]+[A-Z0-9]/g) ?? [];
    const unknownVariables = named.filter(
      (name) => ![CONFIG_VARIABLE, ...variables].includes(name),
    );
    expect([...unknownKeys, ...unknownVariables]).toEqual([]);
  });

  it('shows streams that the API takes', () => {
    const definitions = codeBlocks(document, 'yaml')
      .flatMap((block) => parseAllDocuments(block).map((one) => one.toJS()))
      .filter((object) => object.kind === 'ImageStream');
    const causes = definitions.flatMap((object) => {
      const decoded = decodeImageStream(object);
      return decoded.ok ? validateImageStream(decoded.stream) : decoded.causes;
    });
    expect(causes).toEqual([]);
  });

  it('names metrics that there are', () => {
    const known = metricNames();
    const named = document.text.match(/\btagtrail_[a-z_]+[a-z]/g) ?? [];
    const isDefault = (name: string) => /^tagtrail_(process|nodejs)$/.test(name);
    expect(named.filter((name) => !known.includes(name) && !isDefault(name))).toEqual([]);
  });
});

/** Each metric is written out where it is made, so that a search finds it. */
function metricNames(): readonly string[] {
  const found = sources().flatMap((text) => [...text.matchAll(/name: '(tagtrail_[a-z_]+)'/g)]);
  return found.map(([, name = '']) => name).sort();
}

describe('ARCHITECTURE.md', () => {
  it('has a line for every package', () => {
    const listed = [
      ...sectionOf(architecture, '## Packages').matchAll(/^- `packages\/([\w-]+)`: ./gm),
    ];
    expect(listed.map(([, name]) => name).sort()).toEqual(folders('packages'));
  });

  it('has a row for every app', () => {
    const parts = tableRows(sectionOf(architecture, '## Parts')).map(([part = '']) =>
      unquote(part),
    );
    const apps = parts.filter((part) => part.startsWith('apps/'));
    expect(apps.sort()).toEqual(folders('apps').map((name) => `apps/${name}`));
  });

  it('draws the arrows that the architecture test enforces', () => {
    const drawn = tableRows(sectionOf(architecture, '## Arrows')).map(([name = '', to = '']) => {
      return [unquote(name), to === '–' ? [] : to.split(', ').map(unquote)];
    });
    expect(Object.fromEntries(drawn)).toEqual(enforcedArrows());
  });

  it('names every key in Redis', () => {
    const listed = tableRows(sectionOf(architecture, '## Keys in Redis')).map(([key = '']) =>
      unquote(key).replace(/:<.*$/, ''),
    );
    const made = redisKeys().map((key) => `{tagtrail}:${key}`);
    expect(listed.filter((key) => !key.startsWith('{tagtrail-queue}')).sort()).toEqual(made);
  });
});

function enforcedArrows(): Readonly<Record<string, readonly string[]>> {
  const text = readFileSync(join(ROOT, 'test', 'architecture.test.ts'), 'utf8');
  const [, table = ''] = /^const ARROWS[^=]*= \{\n([\s\S]*?)^\};/m.exec(text) ?? [];
  const rows = [...table.matchAll(/'?([\w-]+)'?: \[([^\]]*)\]/g)];
  return Object.fromEntries(
    rows.map(([, name = '', to = '']) => [
      name,
      [...to.matchAll(/'([^']+)'/g)].map(([, one = '']) => one),
    ]),
  );
}

/** What the key builders of store and result log put behind the slot. */
function redisKeys(): readonly string[] {
  const read = (path: string) => readFileSync(join(ROOT, 'packages', path), 'utf8');
  const store = read('image-stream-redis/src/keys.ts').matchAll(/\bkey\('([\w-]+)'/g);
  const results = ['result-log-keys.ts', 'import-request-keys.ts'].flatMap((file) => [
    ...read(`import-results-redis/src/${file}`).matchAll(
      /slotKey\(slot, '([\w-]+)'(?:, '([\w-]+)')?[,)]/g,
    ),
  ]);
  const heartbeats = read('heartbeats-redis/src/open-heartbeats.ts').matchAll(
    /slotKey\(slot, '([\w-]+)'()\)/g,
  );
  const secrets = read('pull-secrets-redis/src/secret-keys.ts').matchAll(
    /slotKey\(slot, '([\w-]+)'()[,)]/g,
  );
  const access = read('access-control-redis/src/access-token-keys.ts').matchAll(
    /slotKey\(slot, '([\w-]+)'()\)/g,
  );
  const ledger = ['redis-tokens.ts', 'redis-lessons.ts'].flatMap((file) => [
    ...read(`registry-ledger-redis/src/${file}`).matchAll(/slotKey\([\w.#]+, '([\w-]+)'()[,)]/g),
  ]);
  const names = [...store, ...results, ...heartbeats, ...secrets, ...access, ...ledger].map(
    ([, first, second]) => [first, second].filter((part) => part).join(':'),
  );
  return [...new Set(names)].sort();
}

describe('docs/configuration.md', () => {
  it('lists every setting as the code describes it', () => {
    const listed = tableRows(readDocument('docs/configuration.md').text)
      .filter(([key = '']) => /^`\w+\.\w+`$/.test(key))
      .map(([key = '', variable = '', fallback = '', description = '']) => ({
        key: unquote(key),
        variable: unquote(variable),
        default: fallback === '–' ? '' : unquote(fallback),
        description,
      }));
    expect(listed).toEqual(settings);
  });
});

describe('configs', () => {
  it.each(folders('configs'))('%s is a settings file', (name) => {
    const file = join(ROOT, 'configs', name);
    expect(() => readSettings(tagtrailSettings, { env: {}, file })).not.toThrow();
  });
});

describe('docs/metrics.md', () => {
  it('lists every metric that is made, once', () => {
    const rows = tableRows(readDocument('docs/metrics.md').text).map(([name = '']) =>
      unquote(name),
    );
    expect(rows.sort()).toEqual(metricNames());
  });
});

describe('docs/cli.md', () => {
  it('lists every subcommand', () => {
    const rows = tableRows(readDocument('docs/cli.md').text).map(([command = '']) =>
      unquote(command),
    );
    const [, commands = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(helpOf('')) ?? [];
    const there = [...commands.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => `tagtrail ${name}`);
    expect(rows).toEqual(there);
  });
});

describe('docs/decisions', () => {
  it('have an index that lists every page', () => {
    const listed = tableRows(readDocument('docs/decisions/README.md').text).map(([link = '']) =>
      link.replace(/^.*\(|\)$/g, ''),
    );
    const pages = folders('docs/decisions').filter((file) => file !== 'README.md');
    expect(listed).toEqual(pages);
  });

  it('say when to look again', () => {
    const pages = documents.filter(({ path }) => /decisions\/\d/.test(path));
    for (const { path, text } of pages) expect(text, path).toMatch(/^\*\*Look again\*\* when /m);
  });

  it('give the reason of every dependency', () => {
    const manifests = ['.', 'test', ...folders('packages').map((name) => `packages/${name}`)]
      .concat(folders('apps').map((name) => `apps/${name}`))
      .map((folder) => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')));
    const needed = manifests.flatMap(({ dependencies, devDependencies, optionalDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }),
    );
    const external = new Set(needed.filter((name) => !name.startsWith('@tagtrail/')));
    const { text } = readDocument('docs/decisions/0002-dependencies.md');
    const explained = tableRows(text).flatMap(([cell = '']) => cell.split(', ').map(unquote));
    expect(explained.sort()).toEqual([...external].sort());
  });
});
