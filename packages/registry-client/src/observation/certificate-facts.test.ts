import { describe, expect, it } from 'vitest';
import { certificateFacts } from './certificate-facts.ts';

const dates = { valid_from: 'Nov 23 12:00:00 2026 GMT', valid_to: 'Nov 25 12:00:00 2026 GMT' };
const name = { C: '', ST: '', L: '', O: '', OU: '', CN: '' };

describe('certificateFacts', () => {
  it('takes the names that it was issued to, a few of many', () => {
    const many = Array.from({ length: 20 }, (_, at) => `DNS:r${at}.example.com`).join(', ');
    const facts = certificateFacts({
      ...dates,
      subject: { ...name, CN: 'old name' },
      issuer: { ...name, O: 'Authority', CN: 'R3' },
      subjectaltname: `${many}, IP Address:192.0.2.1`,
    });
    expect(facts?.names).toHaveLength(8);
    expect(facts).toMatchObject({
      names: expect.arrayContaining(['r0.example.com', 'r7.example.com']),
      issuer: 'Authority, R3',
      validFrom: Date.UTC(2026, 10, 23, 12),
      validTo: Date.UTC(2026, 10, 25, 12),
    });
  });

  it('takes the common name of an old certificate, made safe to print', () => {
    const subject = { ...name, CN: 'a\u001b[31mb' };
    const facts = certificateFacts({ ...dates, subject, issuer: { ...name, CN: 'self' } });
    expect(facts).toMatchObject({ names: ['a [31mb'], issuer: 'self' });
  });

  it('is nothing where there is no certificate', () => {
    expect(certificateFacts({})).toBeUndefined();
  });
});
