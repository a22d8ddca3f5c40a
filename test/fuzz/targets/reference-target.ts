import {
  formatImageReference,
  isDigest,
  isRegistryHost,
  isRepositoryName,
  isTagName,
  parseImageReference,
  resolveReference,
} from '@tagtrail/image-reference';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must, mustEqual } from '../engine/fuzz-target.ts';

const SHA256 = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** `[registry/]repository[:tag][@digest]`. */
export const referenceTarget: FuzzTarget = {
  name: 'reference',
  dictionary: [
    '/',
    ':',
    '@',
    '.',
    '__',
    '--',
    'library/',
    'docker.io/',
    'localhost:5000/',
    '[::1]:5000/',
    '10.0.0.7/',
    '0x7f.1/',
    ':latest',
    '@sha256:',
    `@${SHA256}`,
    `@sha512:${'0'.repeat(128)}`,
    'A',
    '65536',
  ],
  mutators: [],
  limit: 1_024,
  check: checkReference,
  growth: {
    slashes: (size) => filled(size, '/'),
    'slashes between letters': (size) => filled(size, 'a/', ['', '!']),
    colons: (size) => filled(size, 'a:'),
    'at signs': (size) => filled(size, '@'),
    hyphens: (size) => filled(size, '-', ['a', '!']),
    underscores: (size) => filled(size, 'a__', ['', '!']),
    'labels of a host': (size) => filled(size, 'A.', ['', '/!']),
    'hyphens of a host': (size) => filled(size, 'a-', ['A.', '/a']),
    'groups of an address': (size) => filled(size, '1:', ['[', ']/a']),
    digits: (size) => filled(size, '9', ['registry:', '/a']),
    'hex digits': (size) => filled(size, 'f', ['a@sha256:', '']),
  },
};

function checkReference(text: string): boolean {
  const parsed = parseImageReference(text);
  if (!parsed.ok) {
    must(parsed.message !== '', 'a refusal says why');
    return false;
  }
  const { registry, repository, tag, digest } = parsed.reference;
  must(isRepositoryName(repository), 'the repository is one');
  must(registry === undefined || isRegistryHost(registry), 'the registry is one');
  must(tag === undefined || isTagName(tag), 'the tag is one');
  must(digest === undefined || isDigest(digest), 'the digest is one');
  const { tag: _, ...pinned } = parsed.reference;
  const written = digest === undefined ? parsed.reference : pinned;
  const again = parseImageReference(formatImageReference(written));
  mustEqual(again, { ok: true, reference: written }, 'a reference is read as it was written');
  if (tag === undefined || digest === undefined) {
    mustEqual(
      formatImageReference(parsed.reference),
      text,
      'a reference is written as it was read',
    );
  }
  const { endpoint: _endpoint, ...resolved } = resolveReference(parsed.reference);
  const { endpoint: _same, ...settled } = resolveReference(resolved);
  mustEqual(settled, resolved, 'a resolved reference is settled');
  return true;
}
