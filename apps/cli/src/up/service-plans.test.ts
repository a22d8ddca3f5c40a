import { describe, expect, it } from 'vitest';
import { planService, planSimulator } from './service-plans.ts';

const settings = {
  port: 8420,
  registryPort: 5420,
  registryFolder: '/data/registry',
  workers: 2,
  redisUrl: () => 'unix:///r.sock?password=p',
  tokenFile: '/data/token',
  secretKeyFile: '/data/secret-key',
  certificate: { certificateFile: '/data/certificate.pem', keyFile: '/data/key.pem' },
  variables: {
    PATH: '/bin',
    REDIS_URL: 'redis://old',
    TAGTRAIL_API_TOKEN: 'from-the-shell',
    TAGTRAIL_HEALTH_PORT: '9440',
    UNSET: undefined,
  },
};

describe('planService', () => {
  it('plans a process each', () => {
    const plans = planService(settings);
    expect(plans.workers.map((plan) => [plan.name, plan.args])).toEqual([
      ['worker-1', ['worker']],
      ['worker-2', ['worker']],
    ]);
    expect(plans.statusWriter.args).toEqual(['status-writer']);
  });

  it('gives every process the Redis of `up` and a health port of its own', async () => {
    const plans = planService(settings);
    const one = await plans.producer.prepare();
    expect(one.variables).toEqual({
      PATH: '/bin',
      TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed',
      TAGTRAIL_REDIS_URL: settings.redisUrl(),
      TAGTRAIL_SECRETS_KEY_FILE: '/data/secret-key',
      TAGTRAIL_API_REGISTRY_HOSTNAME: '127.0.0.1:5420',
      TAGTRAIL_LOG_FORMAT: 'json',
      TAGTRAIL_HEALTH_HOST: '127.0.0.1',
      TAGTRAIL_HEALTH_PORT: URL.parse(one.readyUrl)?.port,
    });
    expect(one.readyUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/readyz$/u);
  });

  it('leaves the key of secrets to the user who has set one', async () => {
    const variables = { TAGTRAIL_SECRETS_KEY_FILE: '/etc/key' };
    const plans = planService({ ...settings, variables, secretKeyFile: undefined });
    expect((await plans.api.prepare()).variables).toMatchObject(variables);
  });

  it('has the registry where the API says that images are, with the token and a certificate', async () => {
    const { variables } = await planService(settings).registry.prepare();
    expect(variables).toMatchObject({
      TAGTRAIL_REGISTRY_PORT: '5420',
      TAGTRAIL_REGISTRY_FOLDER: '/data/registry',
      TAGTRAIL_REGISTRY_CERTIFICATE_FILE: '/data/certificate.pem',
      TAGTRAIL_API_TOKEN_FILE: '/data/token',
      TAGTRAIL_API_REGISTRY_HOSTNAME: '127.0.0.1:5420',
    });
  });

  it('leaves the name of the registry to the user who has set one', async () => {
    const variables = { TAGTRAIL_API_REGISTRY_HOSTNAME: 'registry.example.com' };
    const plans = planService({ ...settings, variables });
    expect((await plans.api.prepare()).variables).toMatchObject(variables);
  });

  it('gives the API the token by file only', async () => {
    const start = await planService(settings).api.prepare();
    expect(start.readyUrl).toBe('http://127.0.0.1:8420/readyz');
    expect(start.variables).toMatchObject({ TAGTRAIL_API_TOKEN_FILE: '/data/token' });
    expect(start.variables).not.toHaveProperty('TAGTRAIL_API_TOKEN');
  });
});

describe('planSimulator', () => {
  it('names the tags to serve', async () => {
    const moving = ['demo/web:latest'];
    const plan = planSimulator({
      port: 5451,
      every: '3s',
      moving,
      still: ['demo/web:1.0'],
      variables: {},
    });
    expect(plan.args.join(' ')).toBe(
      'simulate-registry --port 5451 --every 3s --tag demo/web:1.0 --move demo/web:latest',
    );
    expect((await plan.prepare()).readyUrl).toBe('http://127.0.0.1:5451/v2/');
  });
});
