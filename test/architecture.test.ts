import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

const SERVICE_SHAFT = ['config', 'lifecycle', 'observability'];

/** Who may import whom. Change it together with ARCHITECTURE.md and a reason in docs/decisions. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'image-reference': [],
  apimachinery: [],
  oci: ['image-reference'],
  'image-stream': ['oci', 'image-reference', 'apimachinery'],
  'import-contract': ['image-stream', 'image-reference'],
  'registry-ledger': [],
  'pull-secrets': ['apimachinery'],
  'registry-client': ['oci', 'image-reference', 'registry-ledger'],
  'redis-connection': [],
  'image-stream-redis': ['image-stream', 'apimachinery', 'redis-connection'],
  'import-queue-bullmq': ['import-contract', 'redis-connection', 'image-stream'],
  'import-results-redis': ['import-contract', 'redis-connection', 'image-stream'],
  'pull-secrets-redis': ['pull-secrets', 'apimachinery', 'redis-connection', 'secret-cipher'],
  'registry-ledger-redis': ['registry-ledger', 'redis-connection', 'secret-cipher'],
  'upstream-registries': [
    'registry-client',
    'registry-ledger-redis',
    'pull-secrets',
    'pull-secrets-redis',
    'secret-cipher',
    'image-stream',
    'image-reference',
    'observability',
  ],
  'blob-store': ['image-reference'],
  'blob-store-folder': ['blob-store', 'image-reference'],
  'access-control': [],
  'access-control-redis': ['access-control', 'redis-connection'],
  'api-client': ['image-stream', 'apimachinery', 'pull-secrets'],
  config: [],
  lifecycle: ['observability'],
  observability: [],
  'secret-cipher': [],
  'heartbeats-redis': ['observability', 'redis-connection'],
  'embedded-redis': [],
  'serving-certificate': [],
  'tls-server': [],
  'registry-simulator': ['oci', 'image-reference'],
};

/** The page runs in browsers: words, the model and the API's client are all that it may know. */
const DASHBOARD_ARROWS = ['image-reference', 'apimachinery', 'oci', 'image-stream', 'api-client'];
/** Entrances that a package offers beside its front door. */
const SIDE_DOORS = ['react-dom/client'];

/** Technologies and the only packages that may know them. */
const WALLS: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['import-queue-bullmq'],
  ioredis: [
    'redis-connection',
    'image-stream-redis',
    'import-queue-bullmq',
    'import-results-redis',
    'heartbeats-redis',
    'pull-secrets-redis',
    'registry-ledger-redis',
    'access-control-redis',
  ],
  undici: ['registry-client'],
  fastify: ['api'],
  'cron-parser': ['image-stream'],
  pino: ['observability'],
  'pino-pretty': ['observability'],
  'prom-client': ['observability'],
  zod: ['config'],
  commander: ['cli'],
  react: ['dashboard'],
  uplot: ['dashboard'],
  '@peculiar/x509': ['serving-certificate'],
};

/** Packages without a platform: types are opted in to, and theirs stay empty. */
const PURE = [
  'image-reference',
  'apimachinery',
  'oci',
  'image-stream',
  'import-contract',
  'registry-ledger',
  'pull-secrets',
];
const WORDS_THAT_SAY_NOTHING =
  /(^|[/.-])(managers?|helpers?|utils?|handlers?|process|data|info|items?|misc|common|base|core|impl|shared|types|interfaces)([/.-]|$)/;

interface Room {
  readonly name: string;
  readonly kind: 'package' | 'app';
  readonly folder: string;
  readonly manifest: { readonly dependencies?: Readonly<Record<string, string>> };
  readonly sources: readonly string[];
}

const rooms: readonly Room[] = [...roomsIn('packages', 'package'), ...roomsIn('apps', 'app')];

function roomsIn(parent: string, kind: Room['kind']): readonly Room[] {
  return readdirSync(join(ROOT, parent)).map((name) => {
    const folder = join(ROOT, parent, name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => join(folder, 'src', file));
    return { name, kind, folder, manifest, sources };
  });
}

function allowed(room: Room): readonly string[] {
  if (room.kind === 'package') return ARROWS[room.name] ?? [];
  if (room.name === 'dashboard') return DASHBOARD_ARROWS;
  const apps = room.name === 'cli' ? rooms.filter(({ kind }) => kind === 'app') : [];
  return [...Object.keys(ARROWS), ...apps.map(({ name }) => name)];
}

/** Every module a file names, static or dynamic. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const patterns = [
    /^(?:import|export)\b[^'"`;]*?from\s+'([^']+)'/gm,
    /^import\s+'([^']+)'/gm,
    /\bimport\(\s*'([^']+)'\s*\)/g,
  ];
  const modules = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1]),
  );
  return modules.filter((module) => module !== undefined);
}

const isTest = (file: string) => /\.test\.ts$|\/(testing|fixtures)\//.test(file);
const short = (file: string) => relative(ROOT, file);

describe('the arrows', () => {
  it('know every package: add a new one to the table, with what it may import', () => {
    const packages = rooms.filter(({ kind }) => kind === 'package').map(({ name }) => name);
    expect(packages.sort()).toEqual(Object.keys(ARROWS).sort());
  });

  it.each(rooms)('$kind $name declares only what it may import', (room) => {
    const declared = Object.keys(room.manifest.dependencies ?? {})
      .filter((name) => name.startsWith('@tagtrail/'))
      .map((name) => name.slice('@tagtrail/'.length));
    const wrong = declared.filter((name) => !allowed(room).includes(name));
    expect(wrong, 'move the code down, or pass it in through a port').toEqual([]);
  });

  it.each(rooms)('$kind $name imports only what it declares, by its front door', (room) => {
    const declared = Object.keys(room.manifest.dependencies ?? {});
    const wrong = room.sources
      .filter((file) => !isTest(file))
      .flatMap((file) => importsOf(file).map((module) => ({ file: short(file), module })))
      .filter(({ module }) => !module.startsWith('.') && !module.startsWith('node:'))
      .filter(({ module }) => !declared.includes(module) && !SIDE_DOORS.includes(module));
    expect(wrong, 'declare it in package.json if its arrow is in the table').toEqual([]);
  });

  it('never leave a package by a relative path, except in tests for the workshop and testing folders', () => {
    const wrong = rooms.flatMap((room) =>
      room.sources.flatMap((file) =>
        importsOf(file)
          .filter((module) => module.startsWith('.'))
          .filter((module) => !join(dirname(file), module).startsWith(`${room.folder}/`))
          .filter(
            (module) =>
              !(
                isTest(file) &&
                /\/(embedded-redis|registry-simulator)\/src\/|\/src\/testing\//.test(module)
              ),
          )
          .map((module) => `${short(file)} → ${module}`),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the walls', () => {
  it.each(Object.entries(WALLS))('%s is known only to %j', (technology, owners) => {
    const others = rooms
      .filter(({ name }) => !owners.includes(name))
      .filter(({ manifest }) => technology in (manifest.dependencies ?? {}))
      .map(({ name }) => name);
    expect(others, 'put it behind the port of its owner').toEqual([]);
  });

  it.each(PURE)('%s has no platform', (name) => {
    const room = rooms.find((one) => one.name === name);
    const config = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'tsconfig.json'), 'utf8'));
    expect(config.compilerOptions?.types, 'types must stay empty').toBeUndefined();
    const platform = room?.sources
      .filter((file) => !isTest(file))
      .flatMap(importsOf)
      .filter((module) => module.startsWith('node:'));
    expect(platform).toEqual([]);
  });

  it('the environment is read in one file of an app', () => {
    const readers = rooms
      .flatMap(({ sources }) => sources)
      .filter((file) => !isTest(file) && !/apps\/[^/]+\/src\/config\.ts$/.test(file))
      .filter((file) => /process\.env|\benv\b.*=\s*process\b/.test(withoutComments(file)));
    expect(readers.map(short)).toEqual(['packages/embedded-redis/src/open-redis-for-test.ts']);
  });

  it('apps need the whole service shaft or none of it', () => {
    const others = ['cli', 'dashboard'];
    const services = rooms.filter(({ kind, name }) => kind === 'app' && !others.includes(name));
    for (const { manifest } of services) {
      expect(Object.keys(manifest.dependencies ?? {})).toEqual(
        expect.arrayContaining(SERVICE_SHAFT.map((name) => `@tagtrail/${name}`)),
      );
    }
  });
});

describe('the rooms', () => {
  it('have names that say something', () => {
    const files = rooms.flatMap(({ sources }) => sources).map(short);
    expect(
      files.filter((file) => WORDS_THAT_SAY_NOTHING.test(file.replace(/^(packages|apps)\//, ''))),
    ).toEqual([]);
  });

  it('hold no `using`, which the oldest Node that is supported cannot read', () => {
    const wrong = rooms
      .flatMap(({ sources }) => sources.filter((file) => !isTest(file)))
      .filter((file) => /^\s*(?:await )?using \w+ =/m.test(readFileSync(file, 'utf8')));
    expect(wrong.map(short), 'close it in a finally').toEqual([]);
  });

  it('export names one by one', () => {
    const stars = rooms
      .flatMap(({ sources }) => sources)
      .filter((file) => /^export \*/m.test(readFileSync(file, 'utf8')));
    expect(stars.map(short)).toEqual([]);
  });

  it('have main files of at most 40 lines', () => {
    const mains = rooms
      .flatMap(({ sources }) => sources)
      .filter((file) => file.endsWith('/src/main.ts'));
    const long = mains.filter((file) => readFileSync(file, 'utf8').split('\n').length > 41);
    expect(mains.length).toBeGreaterThanOrEqual(5);
    expect(long.map(short)).toEqual([]);
  });

  it('keep Lua scripts within 60 lines of code, headed KEYS and returns', () => {
    const scripts = rooms.flatMap(({ folder }) =>
      readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.lua'))
        .map((file) => join(folder, 'src', file)),
    );
    const problems = scripts.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const code = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('--'));
      const headed =
        text.startsWith('-- Included before') || (/-- KEYS/.test(text) && /-- returns/.test(text));
      return code.length > 60 || !headed
        ? [`${short(file)}: ${code.length} lines, headed: ${headed}`]
        : [];
    });
    expect(problems).toEqual([]);
  });
});

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
}
