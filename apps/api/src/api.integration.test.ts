import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiForTest, openApiForTest, TOKEN } from './testing/open-api-for-test.ts';

describe('the API', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  async function ask(path: string, init: RequestInit = {}) {
    const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers };
    const response = await fetch(`${api.url}${path}`, { ...init, headers });
    return { response, body: await response.json() };
  }

  it('smoke', async () => {
    for (const p of [
      '/apis',
      '/readyz',
      '/queue-metrics.json',
      '/metrics',
      '/',
      '/nope',
      '/api/v1/namespaces',
    ]) {
      const r = await fetch(`${api.url}${p}`, { headers: { authorization: `Bearer ${TOKEN}` } });
      console.log(p, r.status, Object.fromEntries(r.headers), (await r.text()).slice(0, 300));
    }
    const { response, body } = await ask(
      '/apis/image.openshift.io/v1/namespaces/shop/imagestreams',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          metadata: { name: 'web' },
          spec: {
            tags: [{ name: 'latest', from: { kind: 'DockerImage', name: 'quay.io/a/b:latest' } }],
          },
        }),
      },
    );
    console.log(response.status, JSON.stringify(body));
    expect(response.status).toBe(201);
    console.log(
      JSON.stringify(
        await ask('/apis/tagtrail.dev/v1/namespaces/shop/imagestreamchecks/web').then(
          (x) => x.body,
        ),
      ),
    );
  });
});
