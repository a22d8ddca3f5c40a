import { describe, expect, it } from 'vitest';
import { isServiceLink } from './service-link.ts';

describe('isServiceLink', () => {
  it.each([
    ['TAGTRAIL_API_SERVICE_HOST', '10.0.0.7'],
    ['TAGTRAIL_API_SERVICE_PORT', '8420'],
    ['TAGTRAIL_API_SERVICE_PORT_HTTP', '8420'],
    ['TAGTRAIL_API_PORT', 'tcp://10.0.0.7:8420'],
    ['TAGTRAIL_API_PORT_8420_TCP', 'tcp://10.0.0.7:8420'],
    ['TAGTRAIL_API_PORT_8420_TCP_ADDR', '10.0.0.7'],
  ])('knows %s=%s as put there by Kubernetes', (name, value) => {
    expect(isServiceLink(name, value)).toBe(true);
  });

  it('leaves an operator’s own port alone', () => {
    expect(isServiceLink('TAGTRAIL_API_PORT', '8420')).toBe(false);
  });
});
