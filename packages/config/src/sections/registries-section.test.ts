import { describe, expect, it } from 'vitest';
import type { Environment } from '../environment-layer.ts';
import { readSettings } from '../read-settings.ts';
import { SettingsError } from '../settings-error.ts';
import { tagtrailSettings } from './tagtrail-settings.ts';

const schema = tagtrailSettings.pick({ registries: true });
const read = (env: Environment) => readSettings(schema, { env });
const registries = (env: Environment) => read(env).values.registries;

function problemsOf(env: Environment): readonly string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ message }) => message);
    throw error;
  }
}

describe('proxies', () => {
  it('are taken from the variables that all tools know, small letters first', () => {
    expect(registries({ HTTPS_PROXY: 'http://upper:1' }).httpsProxy).toBe('http://upper:1');
    const both = { HTTP_PROXY: 'http://upper:1', http_proxy: 'http://lower:1' };
    expect(registries(both).httpProxy).toBe('http://lower:1');
    const own = { ...both, TAGTRAIL_REGISTRIES_HTTP_PROXY: 'http://own:1' };
    expect(registries(own).httpProxy).toBe('http://own:1');
    expect(registries({ NO_PROXY: '.internal, 10.0.0.0/8' }).noProxy).toEqual([
      '.internal',
      '10.0.0.0/8',
    ]);
  });

  it('may leave out http://', () => {
    expect(registries({ HTTPS_PROXY: 'proxy.example:3128' }).httpsProxy).toBe(
      'http://proxy.example:3128',
    );
  });

  it('are shown without user and password, also when they are wrong', () => {
    const env = { HTTPS_PROXY: 'me:planted@proxy.example:3128' };
    const shown = read(env)
      .describe()
      .find(({ key }) => key === 'registries.httpsProxy');
    expect(shown?.value).toBe('http://***@proxy.example:3128');
    const wrong = problemsOf({ HTTPS_PROXY: 'socks5://me:planted@proxy.example:1080' });
    expect(wrong).toEqual(['must be http:// or https:// and the host of a proxy']);
  });
});

describe('mirrors', () => {
  const mirrors = [{ prefix: 'docker.io', locations: [{ location: 'mirror.example/hub' }] }];
  const env = (value: unknown) => ({ TAGTRAIL_REGISTRIES_MIRRORS: JSON.stringify(value) });

  it('are a list of maps, in a variable as JSON', () => {
    const whole = [
      {
        prefix: 'docker.io',
        locations: [{ location: 'mirror.example/hub', pull: 'all', insecure: false }],
        fallback: 'source',
      },
    ];
    expect(registries(env(mirrors)).mirrors).toEqual(whole);
    const shown = read(env(mirrors))
      .describe()
      .find(({ key }) => key === 'registries.mirrors');
    expect(JSON.parse(shown?.value ?? '')).toEqual(whole);
  });

  it.each([
    [[{ ...mirrors[0], prefix: 'https://docker.io' }], /must be a registry/],
    [[{ ...mirrors[0], locations: [] }], /must have at least 1 entries/],
    [[{ ...mirrors[0], fallback: 'sometimes' }], /must be one of source, never/],
    [[{ ...mirrors[0], mirror: 'x' }], /nrecognized key/],
    ['docker.io', /must be a list/],
  ])('are refused where they are wrong: %j', (value, message) => {
    expect(problemsOf(env(value)).join()).toMatch(message);
  });
});

describe('private addresses', () => {
  it('are refused unless told', () => {
    expect(registries({}).privateAddresses).toBe('refused');
    expect(problemsOf({ TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'yes' })).toEqual([
      'must be one of refused, allowed',
    ]);
  });
});
