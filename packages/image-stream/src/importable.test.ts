import { describe, expect, it } from 'vitest';
import { REPOSITORY_CHECK_ANNOTATION, type TagReference } from './image-stream.ts';
import { isSchedulable, pendingTags } from './importable.ts';
import { aStream, aTag } from './testing/a-stream.ts';

const checked = { [REPOSITORY_CHECK_ANNOTATION]: '2026-01-01T10:00:00Z' };
const withoutGeneration = ({ generation: _, ...tag }: TagReference): TagReference => tag;
const item = (generation: number) => ({
  created: '',
  dockerImageReference: 'r',
  image: 'i',
  generation,
});
const condition = (generation: number) => ({
  type: 'ImportSuccess' as const,
  status: 'False' as const,
  lastTransitionTime: '',
  reason: 'NotFound',
  message: '',
  generation,
});
const docker = (name: string) => ({ kind: 'DockerImage', name });

describe('G8 needs import?', () => {
  const rows = [
    { case: 'checked, no tags', stream: aStream({ annotations: checked, tags: [] }), import: [] },
    {
      case: 'checked, a repository',
      stream: aStream({ annotations: checked, tags: [], dockerImageRepository: 'test/other' }),
      import: [],
    },
    { case: 'a reference tag', stream: aStream({ tags: [aTag({ reference: true })] }), import: [] },
    {
      case: 'another kind',
      stream: aStream({ tags: [aTag({ from: { kind: 'AnotherImage', name: 'x' } })] }),
      import: [],
    },
    {
      case: 'no generation',
      stream: aStream({ tags: [withoutGeneration(aTag())] }),
      import: ['latest'],
    },
    {
      case: 'one of two behind',
      stream: aStream({
        tags: [aTag({ name: 'latest', generation: 2 }), aTag({ name: 'v1', generation: 1 })],
        status: [
          { tag: 'latest', items: [item(1)] },
          { tag: 'v1', items: [item(1)] },
        ],
      }),
      import: ['latest'],
    },
    {
      case: 'the failure is known',
      stream: aStream({
        annotations: checked,
        tags: [aTag({ generation: 2 })],
        status: [{ tag: 'latest', items: null, conditions: [condition(2)] }],
      }),
      import: [],
    },
    {
      case: 'the failure is older',
      stream: aStream({
        annotations: checked,
        tags: [aTag({ generation: 2 })],
        status: [{ tag: 'latest', items: null, conditions: [condition(1)] }],
      }),
      import: ['latest'],
    },
    {
      case: 'imported',
      stream: aStream({
        annotations: checked,
        tags: [aTag({ generation: 2 })],
        status: [{ tag: 'latest', items: [item(2)] }],
      }),
      import: [],
    },
    {
      case: 'a tag named otherwise than its source',
      stream: aStream({
        tags: [withoutGeneration(aTag({ name: '1.1', from: docker('some/repo:mytag') }))],
      }),
      import: ['1.1'],
    },
  ];

  it.each(rows)('$case: $import', (row) => {
    expect(pendingTags(row.stream).map((tag) => tag.name)).toEqual(row.import);
  });
});

describe('G9 schedulable?', () => {
  const digest = `abc@sha256:${'3c87'.repeat(16)}`;
  const scheduled = { scheduled: true, importMode: 'Legacy' as const };
  const rows = [
    {
      from: 'mysql:latest',
      policy: { importMode: 'Legacy' as const },
      status: { items: [item(1)] },
      schedule: false,
    },
    { from: 'mysql:latest', policy: scheduled, status: { items: [item(1)] }, schedule: true },
    { from: digest, policy: scheduled, status: { items: [item(1)] }, schedule: false },
    {
      from: digest,
      policy: scheduled,
      status: { items: null, conditions: [condition(1)] },
      schedule: true,
    },
  ];

  it.each(rows)('$from with $status: $schedule', ({ from, policy, status, schedule }) => {
    const tag = aTag({ from: docker(from), importPolicy: policy });
    const stream = aStream({ tags: [tag], status: [{ tag: 'latest', ...status }] });
    expect(isSchedulable(stream, tag)).toBe(schedule);
  });

  it('takes only the digest that was not imported yet', () => {
    const tags = ['done', 'open'].map((name) =>
      aTag({ name, from: docker(digest), importPolicy: scheduled }),
    );
    const stream = aStream({ tags, status: [{ tag: 'done', items: [item(1)] }] });
    expect(tags.filter((tag) => isSchedulable(stream, tag)).map((tag) => tag.name)).toEqual([
      'open',
    ]);
  });
});
