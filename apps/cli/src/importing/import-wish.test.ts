import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { readImportWish, type WishFlags } from './import-wish.ts';
import { digest, importWish } from './testing/an-import.ts';

const noPullSpec =
  'the image name must be a valid container image pull spec or reference to an image stream (e.g. myregistry/myteam/image:tag)';
const policies = 'valid reference policy values are source or local';
const modes = 'valid ImportMode values are Legacy or PreserveOriginal';

describe('readImportWish', () => {
  it.each([
    ['web', 'web', 'latest'],
    ['web:1.27', 'web', '1.27'],
    ['my.app', 'my.app', 'latest'],
    ['proj/web:1', 'web', '1'],
    ['quay.io/acme/web:1', 'web', '1'],
  ])('takes %s for a stream and its tag', (text, name, tag) => {
    expect(importWish(text)).toMatchObject({ text, name, tag });
  });

  it('has no tag when all are meant', () => {
    expect(importWish('proj/web', { all: true })).toMatchObject({ name: 'web', tag: undefined });
  });

  it('leaves everything to the stream unless told', () => {
    expect(importWish('web')).toEqual({
      text: 'web',
      name: 'web',
      tag: 'latest',
      from: '',
      confirm: false,
      scheduled: undefined,
      insecure: undefined,
      referencePolicy: undefined,
      importMode: undefined,
      dryRun: false,
    });
  });

  it('reads policies in any case, and modes in one', () => {
    expect(importWish('web', { referencePolicy: 'LOCAL' }).referencePolicy).toBe('Local');
    expect(importWish('web', { referencePolicy: 'Source' }).referencePolicy).toBe('Source');
    const { importMode } = importWish('web', { importMode: 'PreserveOriginal' });
    expect(importMode).toBe('PreserveOriginal');
  });

  it.each<[string, Partial<WishFlags>, string]>([
    ['', {}, noPullSpec],
    ['Web', {}, noPullSpec],
    ['web::1', { all: true }, noPullSpec],
    [`web@${digest('a')}`, {}, "to import images by ID, use the 'tag' command"],
    [`web:1@${digest('a')}`, { all: true }, "to import images by ID, use the 'tag' command"],
    ['a/web:1', { all: true }, 'cannot specify a tag "a/web:1" as well as --all'],
    ['a/b/c', {}, `invalid resource name "b/c": [may not contain '/']`],
    ['web', { referencePolicy: 'x', importMode: 'x' }, policies],
    ['web', { referencePolicy: '' }, policies],
    ['web', { importMode: 'legacy' }, modes],
    ['Web', { referencePolicy: 'x' }, noPullSpec],
    [
      'web',
      { from: 'A b' },
      'invalid --from "A b": invalid reference format; write [REGISTRY/]REPOSITORY[:TAG]',
    ],
  ])('refuses "%s" with %j', (text, flags, problem) => {
    expect(() => readImportWish(text, flags)).toThrow(new CliError('usage', problem));
  });
});
