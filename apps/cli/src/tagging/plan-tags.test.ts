import { describe, expect, it } from 'vitest';
import { D1 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { CliError } from '../cli-error.ts';
import { imageStreamTag, planDeletions, planTags } from './plan-tags.ts';
import { aWish } from './testing/a-wish.ts';

/** The lines that a wish prints once it is done. */
function lines(wish: Parameters<typeof aWish>[0]): readonly string[] {
  return planTags(aWish(wish)).map(({ line }) => line);
}

function definition(wish: Parameters<typeof aWish>[0]) {
  return planTags(aWish(wish))[0]?.definition;
}

describe('planTags', () => {
  it('sends what oc sends', () => {
    const wish = aWish({
      scheduled: true,
      from: 'docker.io/library/ruby:latest',
      to: 'my-ruby:latest',
    });
    expect(planTags(wish).map(imageStreamTag)).toEqual([
      {
        kind: 'ImageStreamTag',
        apiVersion: 'image.openshift.io/v1',
        metadata: { name: 'my-ruby:latest', namespace: 'demo' },
        tag: {
          name: 'latest',
          from: { kind: 'DockerImage', name: 'docker.io/library/ruby:latest' },
          generation: 0,
          importPolicy: { scheduled: true, importMode: 'Legacy' },
          referencePolicy: { type: 'Source' },
        },
      },
    ]);
  });

  it('carries every flag into the definition', () => {
    expect(
      definition({
        reference: true,
        insecure: true,
        referencePolicy: 'local',
        importMode: 'PreserveOriginal',
      }),
    ).toEqual({
      name: 'tip',
      from: { kind: 'DockerImage', name: 'quay.io/acme/ruby:3' },
      reference: true,
      generation: 0,
      importPolicy: { insecure: true, importMode: 'PreserveOriginal' },
      referencePolicy: { type: 'Local' },
    });
  });

  it.each([
    [`ruby@${D1}`, 'ruby:copy', { kind: 'ImageStreamImage', name: `ruby@${D1}` }],
    ['ruby:3', 'ruby:copy', { kind: 'ImageStreamTag', name: 'ruby:3' }],
    ['x/ruby:3', 'ruby:copy', { kind: 'ImageStreamTag', name: 'ruby:3', namespace: 'x' }],
    ['ruby:3', 'x/ruby:copy', { kind: 'ImageStreamTag', name: 'ruby:3', namespace: 'demo' }],
    ['x/ruby:3', 'x/ruby:copy', { kind: 'ImageStreamTag', name: 'ruby:3', namespace: 'x' }],
    ['ruby', 'x/ruby:copy', { kind: 'DockerImage', name: 'ruby' }],
  ])('refers from %s for %s', (from, to, reference) => {
    expect(definition({ from, to })?.from).toEqual(reference);
  });

  it('asks for an import of an image from a registry, and of nothing else', () => {
    expect(definition({})?.generation).toBe(0);
    expect(definition({ from: 'ruby:3', to: 'ruby:4' })?.generation).toBeNull();
  });

  it.each([
    [{}, 'Tag ruby:tip set to quay.io/acme/ruby:3.'],
    [{ to: 'x/ruby:tip' }, 'Tag x/ruby:tip set to quay.io/acme/ruby:3.'],
    [{ to: 'demo/ruby:' }, 'Tag ruby:latest set to quay.io/acme/ruby:3.'],
    [{ scheduled: true }, 'Tag ruby:tip set to import quay.io/acme/ruby:3 periodically.'],
    [
      { scheduled: true, to: 'x/ruby:tip' },
      'Tag x/ruby:tip set to quay.io/acme/ruby:3 periodically.',
    ],
    [{ alias: true, from: 'ruby:3' }, 'Tag ruby:tip set up to track ruby:3.'],
    [{ from: `x/ruby@${D1}` }, `Tag ruby:tip set to x/ruby@${D1}.`],
  ])('announces %j', (wish, line) => {
    expect(lines(wish)).toEqual([line]);
  });

  it('plans every destination, in order', () => {
    expect(planTags(aWish({ to: 'ruby:a x/perl:b' })).map(({ key }) => key)).toEqual([
      { namespace: 'demo', stream: 'ruby', tag: 'a' },
      { namespace: 'x', stream: 'perl', tag: 'b' },
    ]);
  });

  it.each([
    [{ to: 'ruby:a ruby' }, '"ruby" must be of the form <stream_name>:<tag>'],
    [{ to: 'ruby:a ruby:-' }, /^invalid tag "-" format, tags must start with /u],
    [{ importMode: 'x' }, 'valid ImportMode values are Legacy or PreserveOriginal'],
  ])('plans nothing when something is wrong: %j', (wish, problem) => {
    expect(() => planTags(aWish(wish))).toThrow(problem);
  });
});

describe('planDeletions', () => {
  it('names what to delete, whatever its tag is called', () => {
    const wish = aWish({ deleting: true, from: '', to: 'ruby:a x/ruby:-odd' });
    expect(planDeletions(wish)).toEqual([
      { namespace: 'demo', stream: 'ruby', tag: 'a' },
      { namespace: 'x', stream: 'ruby', tag: '-odd' },
    ]);
  });

  it('deletes nothing when something is wrong', () => {
    const problem = '"ruby" must be of the form <stream_name>:<tag>';
    const wish = aWish({ deleting: true, from: '', to: 'ruby:a ruby' });
    expect(() => planDeletions(wish)).toThrow(new CliError('usage', problem));
  });
});
