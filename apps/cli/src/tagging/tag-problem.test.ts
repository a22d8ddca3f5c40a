import { describe, expect, it } from 'vitest';
import { tagProblem } from './tag-problem.ts';
import { aWish } from './testing/a-wish.ts';

const noImage = 'only container images can have importing flags set';
const noFlags = 'cannot set flags for importing images when deleting a tag';
const across = 'cannot set alias across different Image Streams';
const modes = 'valid ImportMode values are Legacy or PreserveOriginal';
const policies = "reference policy must be set to 'source' or 'local'";

describe('tagProblem', () => {
  it.each([
    ['an image of a registry', aWish()],
    ['everything about an image', aWish({ scheduled: true, insecure: true, reference: true })],
    ['a mode', aWish({ importMode: 'PreserveOriginal', referencePolicy: 'local' })],
    ['several destinations', aWish({ to: 'ruby:a ruby:b' })],
    ['an alias', aWish({ alias: true, from: 'ruby:3', to: 'ruby:a demo/ruby:b' })],
    ['a deletion', aWish({ deleting: true, from: '', referencePolicy: 'local' })],
  ])('finds nothing wrong with %s', (_, wish) => {
    expect(tagProblem(wish)).toBeUndefined();
  });

  it.each([
    [
      '--alias and --delete may not be both specified',
      aWish({ deleting: true, alias: true, referencePolicy: 'x' }),
    ],
    [policies, aWish({ referencePolicy: 'Local' })],
    [policies, aWish({ deleting: true, from: '', referencePolicy: '' })],
    [
      'cannot specify a source kind when deleting',
      aWish({ deleting: true, from: '', sourceKind: 'docker', scheduled: true }),
    ],
    ['cannot specify a source when deleting', aWish({ deleting: true, sourceKind: '' })],
    [noFlags, aWish({ deleting: true, from: '', scheduled: true })],
    [noFlags, aWish({ deleting: true, from: '', insecure: true, importMode: 'Legacy' })],
    [
      'cannot specify an import mode when deleting',
      aWish({ deleting: true, from: '', importMode: 'Legacy' }),
    ],
    ['a source kind is required', aWish({ from: '' })],
    ['a source is required', aWish({ from: '', sourceKind: 'DockerImage' })],
    ['at least a destination is required', aWish({ to: '' })],
    ['at least a destination is required', aWish({ deleting: true, from: '', to: '' })],
    [noImage, aWish({ from: 'ruby:3', scheduled: true })],
    [noImage, aWish({ from: 'ruby:3', insecure: true })],
    [noImage, aWish({ from: 'ruby:3', insecure: true, alias: true })],
    [
      'cannot set a container image tag as an alias and also set import flags',
      aWish({ alias: true, scheduled: true }),
    ],
    [
      '"ruby" must be of the form <stream_name>:<tag>',
      aWish({ from: 'ruby:3', alias: true, to: 'ruby' }),
    ],
    [across, aWish({ from: 'ruby:3', alias: true, to: 'perl:3' })],
    [across, aWish({ from: 'ruby:3', alias: true, to: 'ruby:a other/ruby:b' })],
    [modes, aWish({ importMode: 'legacy' })],
    [modes, aWish({ from: 'ruby:3', alias: true, importMode: 'x' })],
  ])('says "%s" of %j', (problem, wish) => {
    expect(tagProblem(wish)).toBe(problem);
  });
});
