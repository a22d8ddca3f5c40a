import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSettings } from './read-settings.ts';
import { apiSection } from './sections/api-section.ts';
import { logSection } from './sections/log-section.ts';
import { redisSection } from './sections/redis-section.ts';
import { scheduleSection } from './sections/schedule-section.ts';
import { SettingsError } from './settings-error.ts';

const schema = z.object({
  redis: redisSection,
  log: logSection,
  schedule: scheduleSection,
  api: apiSection,
});
const redis = { TAGTRAIL_REDIS_URL: 'redis://:hunter2@redis:6379/0?x=hunter2' };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagtrail-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The lines of the error, without the folder's name. */
function problemsOf(env: Record<string, string>, file?: string): readonly string[] {
  try {
    readSettings(schema, { env, ...(file !== undefined && { file }) });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.replaceAll(`${folder}/`, '').split('\n  ').slice(1);
  }
  return [];
}

describe('readSettings', () => {
  it('takes the environment before the file and the file before the default', () => {
    const file = write('layers.yaml', 'log: { level: debug, format: json }\n');
    const settings = readSettings(schema, { env: { ...redis, TAGTRAIL_LOG_LEVEL: 'warn' }, file });
    expect(settings.values.log).toEqual({ level: 'warn', format: 'json' });
    expect(settings.values.schedule.defaultInterval).toBe(900_000);
    expect(settings.describe().filter(({ key }) => /^log|Interval$/.test(key))).toEqual([
      { key: 'log.level', value: 'warn', source: 'environment', variable: 'TAGTRAIL_LOG_LEVEL' },
      { key: 'log.format', value: 'json', source: 'file', variable: 'TAGTRAIL_LOG_FORMAT' },
      ...['default', 'minimum'].map((name) => ({
        key: `schedule.${name}Interval`,
        value: name === 'default' ? '15m' : '1s',
        source: 'default',
        variable: `TAGTRAIL_SCHEDULE_${name.toUpperCase()}_INTERVAL`,
      })),
    ]);
  });

  it('finds the file by TAGTRAIL_CONFIG, unless it is told another', () => {
    const TAGTRAIL_CONFIG = write('by-variable.yaml', 'log: { level: debug }\n');
    const env = { ...redis, TAGTRAIL_CONFIG };
    expect(readSettings(schema, { env }).values.log.level).toBe('debug');
    const file = write('by-option.yaml', 'log: { level: error }\n');
    expect(readSettings(schema, { env, file }).values.log.level).toBe('error');
  });

  it('names every problem at once, each with its key and its place', () => {
    const file = write(
      'wrong.yaml',
      [
        'schedule:',
        '  defaultIntervall: 5m',
        '  hostIntervals:',
        '    quay.io: 15x',
        'api:',
        '  port: lots',
        '  token: 12345',
        'apis: {}',
      ].join('\n'),
    );
    const env = { TAGTRAIL_LOG_FORMAT: 'xml', TAGTRAIL_LOG_LEVL: 'info' };
    expect(problemsOf(env, file)).toEqual([
      'schedule.defaultIntervall (wrong.yaml:2:3): is not a setting, did you mean "defaultInterval"?',
      'apis (wrong.yaml:8:1): is not a section, did you mean "api"?',
      'TAGTRAIL_LOG_LEVL: is not a setting, did you mean "TAGTRAIL_LOG_LEVEL"?',
      'redis.url (TAGTRAIL_REDIS_URL): is required',
      'log.format (TAGTRAIL_LOG_FORMAT): must be one of auto, json, pretty',
      'schedule.hostIntervals.quay.io (wrong.yaml:4:14): "15x" is not a duration such as 500ms, 90s, 15m, 1h30m or 1d',
      'api.port (wrong.yaml:6:9): must be a number',
      'api.token (wrong.yaml:7:10): must be a text (put it in quotes)',
    ]);
  });

  it('does not call a setting missing that could not be read', () => {
    expect(problemsOf({ TAGTRAIL_REDIS_URL_FILE: '/nowhere' })).toEqual([
      'redis.url (TAGTRAIL_REDIS_URL_FILE): cannot read /nowhere: there is no such file',
    ]);
  });

  it('checks settings against each other', () => {
    const env = {
      ...redis,
      TAGTRAIL_SCHEDULE_MINIMUM_INTERVAL: '1h',
      TAGTRAIL_SCHEDULE_HOST_INTERVALS: 'docker.io=6h,quay.io=5m',
    };
    expect(problemsOf(env)).toEqual([
      'schedule.defaultInterval (TAGTRAIL_SCHEDULE_DEFAULT_INTERVAL): must not be shorter than schedule.minimumInterval',
      'schedule.hostIntervals.quay.io (TAGTRAIL_SCHEDULE_HOST_INTERVALS): must not be shorter than schedule.minimumInterval',
    ]);
  });

  it('freezes what it read all the way down', () => {
    const { values } = readSettings(schema, { env: redis });
    expect(Object.isFrozen(values) && Object.isFrozen(values.schedule.hostIntervals)).toBe(true);
  });
});

describe('variables', () => {
  it('count as not set when empty', () => {
    const { values } = readSettings(schema, { env: { ...redis, TAGTRAIL_API_TOKEN: '' } });
    expect(values.api.token).toBeUndefined();
  });

  it('of other processes are recognised and left alone', () => {
    const env = {
      ...redis,
      TAGTRAIL_IMPORT_CONCURRENCY: 'lots',
      TAGTRAIL_API_TOKEN_FILE: '/nowhere/token',
    };
    const own = z.object({ redis: redisSection });
    expect(readSettings(own, { env }).values.redis.slot).toBe('tagtrail');
  });

  it('that Kubernetes makes for a Service called tagtrail-api are overlooked', () => {
    const env = {
      ...redis,
      TAGTRAIL_API_PORT: 'tcp://10.0.0.7:80',
      TAGTRAIL_API_SERVICE_HOST: '10.0.0.7',
    };
    expect(readSettings(schema, { env }).values.api.port).toBe(8420);
  });

  it('with our prefix may be allowed though they are no settings', () => {
    const env = { ...redis, TAGTRAIL_SERVER: 'http://127.0.0.1:8420' };
    expect(problemsOf(env)).toEqual(['TAGTRAIL_SERVER: is not a setting']);
    expect(() => readSettings(schema, { env, extras: ['TAGTRAIL_SERVER'] })).not.toThrow();
  });

  it('give way to ours when they are only an alias', () => {
    const REDIS_URL = 'redis://elsewhere';
    expect(readSettings(schema, { env: { REDIS_URL } }).values.redis.url).toBe(REDIS_URL);
    expect(readSettings(schema, { env: { REDIS_URL, ...redis } }).values.redis.url).toContain(
      '@redis',
    );
    expect(problemsOf({ REDIS_URL: 'http://elsewhere' })).toEqual([
      'redis.url (REDIS_URL): must begin with redis://, rediss:// or unix://',
    ]);
  });
});

describe('secrets', () => {
  it('are read from a file without its one last newline', () => {
    const TAGTRAIL_API_TOKEN_FILE = write('token', '0123456789abcdef\n');
    const { values } = readSettings(schema, { env: { ...redis, TAGTRAIL_API_TOKEN_FILE } });
    expect(values.api.token).toBe('0123456789abcdef');
  });

  it('are refused when the variable and its file are both set, empty, missing or endless', () => {
    const token = { TAGTRAIL_API_TOKEN: '0123456789abcdef' };
    const problemWith = (path: string, more = {}) =>
      problemsOf({ ...redis, ...more, TAGTRAIL_API_TOKEN_FILE: path })[0];
    expect(problemWith('/nowhere', token)).toBe(
      'api.token (TAGTRAIL_API_TOKEN): is set, and TAGTRAIL_API_TOKEN_FILE too: only one may be',
    );
    expect(problemWith(write('empty', '\n'))).toBe(
      'api.token (TAGTRAIL_API_TOKEN_FILE): names an empty file, empty',
    );
    expect(problemWith('/nowhere')).toBe(
      'api.token (TAGTRAIL_API_TOKEN_FILE): cannot read /nowhere: there is no such file',
    );
    expect(problemWith('/dev/zero')).toBe(
      'api.token (TAGTRAIL_API_TOKEN_FILE): cannot read /dev/zero: it has more than 65536 bytes',
    );
  });

  it('are masked when described, and never repeated in an error', () => {
    const env = { ...redis, TAGTRAIL_API_TOKEN: 'hunter2-hunter2-hunter2' };
    const described = JSON.stringify(readSettings(schema, { env }).describe());
    expect(described).toContain('redis://***@redis:6379/0?***');
    expect(described).not.toContain('hunter2');
    const wrong = { TAGTRAIL_REDIS_URL: 'http://:hunter2@h', TAGTRAIL_API_TOKEN: 'hunter2 x' };
    expect(problemsOf(wrong).join()).not.toContain('hunter2');
    expect(problemsOf(wrong)).toHaveLength(3);
  });
});

describe('the file', () => {
  const problemsIn = (text: string) => problemsOf(redis, write('file.yaml', text));

  it('may be empty, and may have sections and keys without a value', () => {
    expect(problemsIn('')).toEqual([]);
    expect(problemsIn('log:\napi:\n  token:\n  port: ~\n')).toEqual([]);
  });

  it('may share parts by anchors', () => {
    const file = write(
      'anchors.yaml',
      'schedule: { defaultInterval: &often 5m, hostIntervals: { quay.io: *often } }\n',
    );
    const { schedule } = readSettings(schema, { env: redis, file }).values;
    expect(schedule).toMatchObject({
      defaultInterval: 300_000,
      hostIntervals: { 'quay.io': 300_000 },
    });
  });

  it('must be a map of maps', () => {
    expect(problemsIn('- log')).toEqual(['file.yaml: must be a map of sections']);
    expect(problemsIn('log: debug')).toEqual([
      'log (file.yaml:1:1): must be a map with keys such as level',
    ]);
  });

  it('is refused with the place where it stops being YAML', () => {
    expect(problemsIn('log:\n  level: info\n  level: debug\n')).toEqual([
      'file.yaml (file.yaml:3:3): Map keys must be unique',
    ]);
    expect(problemsIn('log: {}\n---\nlog: {}\n')[0]).toMatch(/^file.yaml \(file.yaml:\d+:\d+\): /);
    expect(problemsIn('log:\n\tlevel: info\n')[0]).toMatch(/^file.yaml \(file.yaml:2:\d+\): /);
  });

  it('is refused when it is not there, is a folder or is far too long', () => {
    const problemWith = (file: string) => problemsOf(redis, file)[0];
    expect(problemWith('/nowhere.yaml')).toBe(
      '/nowhere.yaml: cannot read /nowhere.yaml: there is no such file',
    );
    expect(problemWith('/')).toBe('/: cannot read /: it is a folder');
    expect(problemWith('/dev/zero')).toBe(
      '/dev/zero: cannot read /dev/zero: it has more than 1048576 bytes',
    );
  });
});
