import { describe, expect, it } from 'vitest';
import { decodeImageConfig } from './decode-image-config.ts';

const CONFIG = {
  architecture: 'arm64',
  os: 'linux',
  variant: 'v8',
  created: '2026-11-20T01:02:03.456789Z',
  author: 'Acme',
  config: {
    User: '1001',
    Env: ['PATH=/usr/bin'],
    Entrypoint: ['/entrypoint.sh'],
    Cmd: ['serve', '--port=8080'],
    WorkingDir: '/srv',
    StopSignal: 'SIGQUIT',
    Labels: { 'org.opencontainers.image.version': '1.2.3' },
    ExposedPorts: { '8080/tcp': {} },
    Volumes: { '/data': {} },
  },
  rootfs: { type: 'layers', diff_ids: [`sha256:${'1'.repeat(64)}`] },
  history: [
    { created: '2026-11-19T00:00:00Z', created_by: 'ADD rootfs.tar / # buildkit' },
    { created_by: 'CMD ["serve"]', comment: 'buildkit.dockerfile.v0', empty_layer: true },
  ],
};

function outcome(document: unknown): unknown {
  const result = decodeImageConfig(JSON.stringify(document));
  return result.ok ? result.config : result.message;
}

describe('decodeImageConfig', () => {
  it('reads what an image says about itself, as it is on the wire', () => {
    expect(outcome(CONFIG)).toEqual(CONFIG);
  });

  it("passes over what only Docker's builder writes", () => {
    const docker = { container: 'f00', container_config: { Cmd: ['x'] }, docker_version: '24.0.7' };
    expect(outcome({ ...CONFIG, ...docker })).toEqual({ ...CONFIG, docker_version: '24.0.7' });
  });

  it('takes null for absent, as Go writes empty lists and maps', () => {
    const config = { Cmd: null, Entrypoint: null, Labels: null, ExposedPorts: null, Env: ['A=b'] };
    expect(outcome({ architecture: 'amd64', config, history: null, rootfs: null })).toEqual({
      architecture: 'amd64',
      config: { Env: ['A=b'] },
      history: [],
    });
  });

  it('accepts a config that says nothing', () => {
    expect(outcome({})).toEqual({});
  });

  it('keeps labels whose names mean something to JavaScript', () => {
    const text =
      '{"config":{"Labels":{"__proto__":"a","constructor":"b"},"Volumes":{"__proto__":{}}}}';
    const result = decodeImageConfig(text);
    const config = result.ok ? result.config.config : undefined;
    expect(Object.entries(config?.Labels ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(Object.keys(config?.Volumes ?? {})).toEqual(['__proto__']);
  });

  it.each([
    ['architecture is not a string', { architecture: 1 }],
    ['config is not an object', { config: 'x' }],
    ['config.Cmd is not a list of strings', { config: { Cmd: 'serve' } }],
    ['config.Env is not a list of strings', { config: { Env: [1] } }],
    ['config.Labels is not an object of strings', { config: { Labels: { a: {} } } }],
    ['config.ExposedPorts is not an object', { config: { ExposedPorts: ['80/tcp'] } }],
    ['rootfs.diff_ids is not a list of strings', { rootfs: { diff_ids: {} } }],
    ['history is not a list of objects', { history: ['x'] }],
    ['history[1].empty_layer is not true or false', { history: [{}, { empty_layer: 'no' }] }],
    [
      'history has more than 10000 entries',
      { history: Array.from({ length: 10_001 }, () => ({})) },
    ],
  ])('refuses a config whose %s', (message, document) => {
    expect(outcome(document)).toBe(message);
  });

  it.each([
    ['is not a JSON object', 'gzip?'],
    ['is not a JSON object', '[]'],
    ['is nested too deeply', '['.repeat(1000)],
    ['is larger than 4194304 bytes', ' '.repeat(4 * 1024 * 1024 + 1)],
    ['gives the key "os" twice in one object', '{"os":"linux","os":"windows"}'],
  ])('refuses a text that %s', (problem, text) => {
    expect(decodeImageConfig(text)).toEqual({ ok: false, message: `image config ${problem}` });
  });
});

describe('an image config that is not exactly what is kept of it', () => {
  it('is read field by field, and only there', () => {
    const history = [
      { created_by: 'RUN a', extra: { deep: 1 } },
      { created_by: 'RUN b', comment: null },
      { created_by: 'RUN c' },
    ];
    const config = { Cmd: ['x'], ExposedPorts: { '80/tcp': { odd: 1 } }, Healthcheck: {} };
    expect(
      outcome({ config, history, rootfs: { type: 'layers', diff_ids: null, odd: 1 } }),
    ).toEqual({
      config: { Cmd: ['x'], ExposedPorts: { '80/tcp': {} } },
      history: [{ created_by: 'RUN a' }, { created_by: 'RUN b' }, { created_by: 'RUN c' }],
      rootfs: { type: 'layers' },
    });
  });
});
