import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digest } from './digest.ts';
import { formatImageReference } from './format-image-reference.ts';
import type { ImageReference } from './image-reference.ts';
import { parseImageReference } from './parse-image-reference.ts';
import { pinReference } from './pin-reference.ts';
import { resolveReference } from './resolve-reference.ts';

const DIGEST = `sha256:${'1'.repeat(64)}` as const;

const alphanumerics = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const component = fc
  .array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '---'), alphanumerics), { maxLength: 3 })
  .chain((tail) => alphanumerics.map((head) => head + tail.flat().join('')));
const repository = fc.array(component, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'));
const port = fc.integer({ min: 1, max: 65_535 }).map((number) => `:${number}`);
const host = fc.oneof(
  fc.constantFrom('localhost', '10.0.0.7', '[::1]', '[2001:db8::1]', 'Registry'),
  fc.stringMatching(/^[a-z][a-z0-9]{0,8}\.[a-z]{2,3}$/),
);
const registry = fc.tuple(host, fc.option(port, { nil: '' })).map((parts) => parts.join(''));
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const digest: fc.Arbitrary<Digest> = fc.oneof(
  hex(64).map((text) => `sha256:${text}` as const),
  hex(128).map((text) => `sha512:${text}` as const),
);

/** References that have a spelling: a tag and a digest together are formatted without the tag. */
const reference: fc.Arbitrary<ImageReference> = fc
  .tuple(
    fc.option(registry),
    repository,
    fc.oneof(fc.constant({}), fc.record({ tag }), fc.record({ digest })),
  )
  .map(([where, name, which]) => ({
    ...(where !== null && { registry: where }),
    repository: name,
    ...which,
  }))
  // Without a registry, a first component such as `a.b` in front of a slash would be read as one.
  .filter(
    (it) => it.registry !== undefined || !/^(?:localhost|[^/]*\.[^/]*)\//.test(it.repository),
  );

function parseOrThrow(text: string): ImageReference {
  const result = parseImageReference(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.reference;
}

describe('formatImageReference', () => {
  it('gives back the text that was parsed', () => {
    fc.assert(
      fc.property(reference, (it) => {
        const text = formatImageReference(it);
        expect(parseOrThrow(text)).toEqual(it);
        expect(formatImageReference(parseOrThrow(text))).toBe(text);
      }),
    );
  });

  it('changes nothing but a tag beside a digest in any text that parses', () => {
    fc.assert(
      fc.property(reference, digest, tag, (it, pin, name) => {
        const { tag: _, digest: __, ...bare } = it;
        const written = `${formatImageReference(bare)}:${name}@${pin}`;
        expect(parseOrThrow(written)).toEqual({ ...bare, tag: name, digest: pin });
        expect(formatImageReference(parseOrThrow(written))).toBe(
          formatImageReference({ ...bare, digest: pin }),
        );
      }),
    );
  });
});

describe('parseImageReference on any text', () => {
  const pieces = fc.constantFrom(
    'a',
    'A',
    '0',
    '.',
    '-',
    '_',
    ':',
    '/',
    '@',
    '[',
    ']',
    '%',
    ' ',
    'é',
  );
  const soup = fc.array(pieces, { maxLength: 24 }).map((all) => all.join(''));

  it('either fails with a message or yields a reference that formats to the text', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const result = parseImageReference(text);
        if (result.ok) expect(formatImageReference(result.reference)).toBe(text);
        else expect(result.message).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('pinReference', () => {
  it('keeps the spelling and replaces the tag by the digest', () => {
    const pinned = pinReference(parseOrThrow('nginx:1.27'), DIGEST);
    expect(formatImageReference(pinned)).toBe(`nginx@${DIGEST}`);
  });

  it('leads to the same repository as before, at the digest alone', () => {
    fc.assert(
      fc.property(reference, digest, (it, pin) => {
        const { tag: _, digest: __, ...place } = resolveReference(it);
        expect(resolveReference(pinReference(it, pin))).toEqual({ ...place, digest: pin });
      }),
    );
  });
});

describe('resolveReference on any reference', () => {
  it('is settled: resolving its own answer changes nothing', () => {
    fc.assert(
      fc.property(reference, (it) => {
        const { endpoint: _, ...canonical } = resolveReference(it);
        const { endpoint: __, ...again } = resolveReference(canonical);
        expect(again).toEqual(canonical);
      }),
    );
  });

  it('always knows what to ask for: a tag or a digest', () => {
    fc.assert(
      fc.property(reference, (it) => {
        const resolved = resolveReference(it);
        expect(resolved.tag ?? resolved.digest).toBeDefined();
      }),
    );
  });
});
