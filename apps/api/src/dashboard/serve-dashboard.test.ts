import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseEncoding } from './dashboard-file.ts';
import { readDashboard } from './read-dashboard.ts';
import { serveDashboard } from './serve-dashboard.ts';

const SCRIPT = 'let page = 1;';

describe('the dashboard', () => {
  let folder: string;
  let app: FastifyInstance;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tagtrail-dashboard-'));
    app = fastify({ exposeHeadRoutes: false });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await app.close();
  });

  function serveBuilt() {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Tagtrail</title>');
    writeFileSync(join(folder, 'assets/page-1a2b.js'), SCRIPT);
    writeFileSync(join(folder, 'assets/page-1a2b.js.gz'), gzipSync(SCRIPT));
    writeFileSync(join(folder, 'assets/text-3c4d.woff2'), 'font');
    writeFileSync(join(folder, 'assets/page-5e6f.css'), 'p {}');
    serveDashboard(app, readDashboard(folder));
  }

  it('is one document that is asked for again, and files that are kept for ever', async () => {
    serveBuilt();
    const { headers, body } = await app.inject('/');
    expect(body).toContain('<title>Tagtrail</title>');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    const script = await app.inject('/assets/page-1a2b.js');
    expect(script.body).toBe(SCRIPT);
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const styles = await app.inject('/assets/page-5e6f.css');
    expect(styles.headers['content-type']).toBe('text/css; charset=utf-8');
    expect((await app.inject('/assets/text-3c4d.woff2')).headers['content-type']).toBe(
      'font/woff2',
    );
  });

  it('loads, asks and submits to nobody else', async () => {
    serveBuilt();
    const { headers } = await app.inject('/');
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('is sent compressed to who takes it, under a tag of its own', async () => {
    serveBuilt();
    const ask = (accepted: string) =>
      app.inject({ url: '/assets/page-1a2b.js', headers: { 'accept-encoding': accepted } });
    const [packed, plain] = await Promise.all([ask('br, gzip'), ask('br')]);
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(packed.rawPayload).toEqual(gzipSync(SCRIPT));
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
  });

  it('is not sent again to who has it', async () => {
    serveBuilt();
    const first = await app.inject('/');
    const tag = String(first.headers.etag);
    for (const held of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await app.inject({ url: '/', headers: { 'if-none-match': held } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
    const other = await app.inject({ url: '/', headers: { 'if-none-match': '"other"' } });
    expect(other.statusCode).toBe(200);
  });

  it('answers HEAD, has no compressed files of their own, and no other pages', async () => {
    serveBuilt();
    const head = await app.inject({ url: '/', method: 'HEAD' });
    expect([head.statusCode, head.body]).toEqual([200, '']);
    for (const url of ['/assets/page-1a2b.js.gz', '/index.html', '/nothing']) {
      expect((await app.inject(url)).statusCode).toBe(404);
    }
  });

  it('says how to build it where it was not', async () => {
    for (const path of [folder, join(folder, 'nothing')]) {
      expect(readDashboard(path)).toBeUndefined();
    }
    serveDashboard(app, undefined);
    const { statusCode, headers, body } = await app.inject('/');
    expect([statusCode, headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(body).toBe(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tagtrail</title>
<h1>The dashboard is not built</h1>
<p>Run <code>npm run dashboard</code> in the checkout and start the API again. Everything but this page works.</p>
</html>
`);
  });

  it('is refused when it is something else: a folder that would fill the memory', () => {
    serveBuilt();
    for (const number of Array(200).keys()) writeFileSync(join(folder, `${number}.js`), '');
    expect(() => readDashboard(folder)).toThrow(
      /^\/.*\/tagtrail-dashboard-\w+ is no dashboard: it has 205 files of \d+ bytes$/,
    );
  });
});

describe('chooseEncoding', () => {
  const both = { br: Buffer.of(1), gzip: Buffer.of(2) };

  it.each([
    ['gzip, deflate, br', 'br'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br;q=0.0', undefined],
    ['identity', undefined],
    [undefined, undefined],
  ])('for %s is %s', (accepted, encoding) => {
    expect(chooseEncoding(accepted, both)).toBe(encoding);
  });
});
