import { expect, it } from 'vitest';
import { halfCertificate } from './half-certificate.ts';

it('a certificate and its key are set together, or not at all', () => {
  expect(halfCertificate('registry', {})).toEqual([]);
  expect(halfCertificate('registry', { certificateFile: 'c', keyFile: 'k' })).toEqual([]);
  expect(halfCertificate('registry', { certificateFile: 'c' })).toEqual([
    {
      key: 'registry.keyFile',
      where: 'TAGTRAIL_REGISTRY_KEY_FILE',
      message: 'is required when registry.certificateFile is set',
    },
  ]);
  expect(halfCertificate('api', { keyFile: 'k' })).toEqual([
    {
      key: 'api.certificateFile',
      where: 'TAGTRAIL_API_CERTIFICATE_FILE',
      message: 'is required when api.keyFile is set',
    },
  ]);
});
