import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueTestCertificate } from '../../packages/registry-client/src/testing/test-certificate.ts';
import { freePort } from '../free-port.ts';
import type { Installation } from './installation.ts';

/** Another API of the installation, with a certificate that has two days to go. */
export async function openExpiringApi(
  tagtrail: Installation,
): Promise<AsyncDisposable & { readonly port: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-expiring-'));
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const { cert, key } = issueTestCertificate('IP:127.0.0.1');
  writeFileSync(files.certificate, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  const port = await freePort();
  const app = await tagtrail.start('api', {
    TAGTRAIL_API_PORT: String(port),
    TAGTRAIL_API_CERTIFICATE_FILE: files.certificate,
    TAGTRAIL_API_KEY_FILE: files.key,
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
