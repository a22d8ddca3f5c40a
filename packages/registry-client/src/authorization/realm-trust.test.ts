import { describe, expect, it } from 'vitest';
import { isTrustedRealm } from './realm-trust.ts';

function trusted(endpoint: string, realm: string, registry = endpoint): boolean {
  const target = { registry, endpoint, repository: 'a/b', insecure: false };
  return isTrustedRealm(target, new URL(realm));
}

describe('isTrustedRealm', () => {
  it.each([
    ['ghcr.io', 'https://ghcr.io/token'],
    ['harbor.local:8443', 'https://harbor.local/service/token'],
    ['registry.gitlab.com', 'https://gitlab.com/jwt/auth'],
    ['registry.corp.example.co.uk', 'https://auth.example.co.uk/token'],
    ['127.0.0.1:5000', 'http://127.0.0.1:5001/token'],
    ['[::1]:5000', 'http://[::1]:5001/token'],
    ['Registry.Example.com', 'https://auth.example.com/token'],
  ])('trusts what belongs to %s: %s', (endpoint, realm) => {
    expect(trusted(endpoint, realm)).toBe(true);
  });

  it('trusts the pinned token service of Docker Hub', () => {
    expect(trusted('mirror.corp', 'https://auth.docker.io/token', 'docker.io')).toBe(true);
    expect(trusted('mirror.corp', 'https://auth.docker.io:8443/token', 'docker.io')).toBe(false);
  });

  it.each([
    ['quay.io', 'https://evil.example/token'],
    ['quay.io', 'https://quay.io.evil.example/token'],
    ['quay.io', 'https://evilquay.io/token'],
    ['a.co.uk', 'https://b.co.uk/token'],
    ['victim.azurecr.io', 'https://evil.azurecr.io/token'],
    ['10.0.0.1', 'https://11.0.0.1/token'],
    ['localhost:5000', 'https://evil/token'],
    ['registry', 'https://auth/token'],
  ])('does not trust a stranger of %s: %s', (endpoint, realm) => {
    expect(trusted(endpoint, realm)).toBe(false);
  });
});
