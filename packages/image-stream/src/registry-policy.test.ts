import { describe, expect, it } from 'vitest';
import { NO_POLICY, refusalOf } from './registry-policy.ts';

function refused(
  policy: Partial<typeof NO_POLICY>,
  from: string,
  insecure = false,
): string | undefined {
  return refusalOf({ ...NO_POLICY, ...policy }, { from, insecure });
}

describe('which registries images may come from', () => {
  it('is all of them where nobody says otherwise', () => {
    expect(refused({}, 'evil.example/a:1')).toBeUndefined();
  });

  it.each([
    ['quay.io', 'quay.io/a/b:1', false],
    ['quay.io:443', 'quay.io/a/b:1', false],
    ['*.example.com', 'a.b.example.com/x:1', false],
    ['*.example.com:5000', 'eu.example.com:5000/x:1', false],
    ['registry-?.example.com:*', 'registry-7.example.com:8443/x:1', false],
    ['quay.io:80', 'quay.io/a/b:1', true],
    ['docker.io', 'redis:7', false],
    ['docker.io', 'registry-1.docker.io/library/redis:7', false],
    ['docker.io', 'index.docker.io/library/redis:7', false],
    ['[::1]:5000', '[::1]:5000/a:1', false],
    ['*', 'anything.example/x:1', false],
    ['*a*b*c.io', 'xaxbxbxc.io/x:1', false],
  ])('%s allows %s', (allowed, from, insecure) => {
    expect(refused({ allowed: ['first.example', allowed] }, from, insecure)).toBeUndefined();
  });

  it.each([
    ['quay.io', 'quay.io/a/b:1', true, 'quay.io:80'],
    ['quay.io', 'quay.io:5000/a/b:1', false, 'quay.io:5000'],
    ['*.example.com', 'example.com/x:1', false, 'example.com:443'],
    ['registry-?.example.com', 'registry-10.example.com/x:1', false, 'registry-10.example.com:443'],
    ['quay.io', 'quay.io.evil.example/x:1', false, 'quay.io.evil.example:443'],
    ['quay.io', 'redis:7', false, 'docker.io:443'],
  ])('%s does not allow %s (insecure: %s)', (allowed, from, insecure, named) => {
    const [host] = allowed.split(':');
    expect(refused({ allowed: [allowed] }, from, insecure)).toBe(
      `importing images from registry "${named}" is forbidden: registry "${named}" not allowed by whitelist: "${host}:443"`,
    );
  });

  it('names the first four of many', () => {
    const allowed = ['a.io', 'b.io', 'c.io', 'd.io', 'e.io'];
    const message = (names: readonly string[]) => refused({ allowed: names }, 'x.io/y:1');
    expect(message(allowed)).toMatch(/: "a\.io:443", "b\.io:443", .*, "e\.io:443"$/);
    expect(message([...allowed, 'f.io'])).toMatch(
      /: "a\.io:443", .*, "d\.io:443", and 2 more \.\.\.$/,
    );
  });

  it.each([
    ['quay.io', 'quay.io/a:1'],
    ['quay.io', 'quay.io:5000/a:1'],
    ['*.evil.example', 'a.evil.example/x:1'],
    ['docker.io', 'redis:7'],
  ])('blocking %s blocks %s, also when it is allowed', (blocked, from) => {
    const message = refused({ blocked: [blocked], allowed: ['*:*'] }, from);
    expect(message).toMatch(/^forbidden: registry \S+ blocked$/);
    expect(refused({ blocked: ['other.example'] }, from)).toBeUndefined();
  });

  it('leaves what is no reference to those who read references', () => {
    expect(refused({ allowed: ['quay.io'] }, 'A B')).toBeUndefined();
  });

  it('takes no time for many stars', () => {
    const pattern = `${'*a'.repeat(100)}b`;
    expect(refused({ blocked: [pattern] }, `${'a'.repeat(60)}.example/x:1`)).toBeUndefined();
  });
});
