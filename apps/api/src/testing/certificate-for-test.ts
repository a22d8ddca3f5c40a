import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServingCertificate, type ServingCertificate } from '@tagtrail/serving-certificate';

/** A certificate in a folder of its own, which goes when it is disposed of. */
export async function openCertificateForTest(
  hosts: readonly string[] = ['localhost', '127.0.0.1'],
): Promise<ServingCertificate & Disposable & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-api-certificate-'));
  const certificate = await openServingCertificate({ folder, hosts });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { ...certificate, folder, [Symbol.dispose]: remove };
}
