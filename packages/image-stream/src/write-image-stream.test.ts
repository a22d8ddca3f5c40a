import { describe, expect, it } from 'vitest';
import type { CheckState } from './check-state.ts';
import { decodeImageStream } from './decode-image-stream.ts';
import { type ImageStream, SCHEDULE_ANNOTATION, SUSPEND_ANNOTATION } from './image-stream.ts';
import type { StreamChange } from './image-stream-store.ts';
import { SETTINGS, T0, T1 } from './testing/a-stream.ts';
import { createImageStream, replaceImageStream, type StreamWrite } from './write-image-stream.ts';

const definition = (tags: readonly object[], metadata = {}) =>
  decoded({ metadata: { name: 'app', namespace: 'acme', ...metadata }, spec: { tags } });
const app = { name: 'latest', from: { kind: 'DockerImage', name: 'quay.io/acme/app' } };

function decoded(body: object): ImageStream {
  const result = decodeImageStream(body);
  if (!result.ok) throw new Error(JSON.stringify(result.causes));
  return result.stream;
}

function accepted(write: StreamWrite): StreamChange & { after: ImageStream } {
  if (!write.ok) throw new Error(JSON.stringify(write.causes));
  if (write.change.after === undefined) throw new Error('no stream after the write');
  return { ...write.change, after: write.change.after };
}

const context = { now: T0, uid: 'u-1', settings: SETTINGS };

function create(stream: ImageStream) {
  const change = accepted(createImageStream(stream, context));
  return { stream: change.after, checks: checksOf(change, new Map()) };
}

function checksOf(change: StreamChange, before: ReadonlyMap<string, CheckState>) {
  const checks = new Map(before);
  for (const { tag, state } of change.checks) {
    if (state === null) checks.delete(tag);
    else checks.set(tag, state);
  }
  return checks;
}

function replace(current: ReturnType<typeof create>, input: ImageStream) {
  const write = replaceImageStream(current.stream, input, {
    ...context,
    now: T1,
    checks: current.checks,
  });
  const change = accepted(write);
  return { change, stream: change.after, checks: checksOf(change, current.checks) };
}

describe('createImageStream', () => {
  it('gives every generation 1, defaults the policies and makes importable tags due now', () => {
    const { stream, checks } = create(definition([app]));
    expect(stream.metadata).toMatchObject({
      generation: 1,
      uid: 'u-1',
      creationTimestamp: '2026-01-01T10:00:00Z',
    });
    expect(stream.spec.tags).toEqual([
      {
        ...app,
        annotations: null,
        generation: 1,
        importPolicy: { importMode: 'Legacy' },
        referencePolicy: { type: 'Source' },
      },
    ]);
    expect(stream.status).toEqual({ dockerImageRepository: '' });
    expect(checks.get('latest')).toMatchObject({
      nextDue: T0,
      host: 'quay.io',
      schedule: null,
      outcome: 'never',
    });
  });

  it('records a reference tag at once, without an image, and never looks at it', () => {
    const { stream, checks } = create(definition([{ ...app, reference: true }]));
    expect(stream.status.tags).toEqual([
      {
        tag: 'latest',
        items: [
          {
            created: '2026-01-01T10:00:00Z',
            dockerImageReference: 'quay.io/acme/app',
            image: '',
            generation: 1,
          },
        ],
      },
    ]);
    expect(checks.size).toBe(0);
  });

  it.each([
    [{ name: 'App' }, 'metadata.name'],
    [
      { name: 'app', annotations: { [SCHEDULE_ANNOTATION]: 'often' } },
      `metadata.annotations[${SCHEDULE_ANNOTATION}]`,
    ],
  ])('refuses %o at %s', (metadata, field) => {
    const write = createImageStream(definition([app], metadata), context);
    expect(write.ok ? [] : write.causes.map((cause) => cause.field)).toEqual([field]);
  });

  it.each([
    [{ name: 'x', from: { kind: 'DockerImage', name: 'abc@badid' } }, 'invalid reference format'],
    [{ name: 'x', from: { kind: 'DockerImage', name: '' } }, 'Required value'],
    [
      { name: 'x', from: { kind: 'Image', name: 'y' } },
      "valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'",
    ],
    [
      {
        name: 'x',
        from: { kind: 'ImageStreamTag', name: 'other:latest' },
        importPolicy: { scheduled: true },
      },
      'only tags pointing to Docker repositories may be scheduled for background import',
    ],
  ])('refuses the tag %o', (tag, message) => {
    const write = createImageStream(definition([tag]), context);
    expect(write.ok ? '' : write.causes[0]?.message).toContain(message);
  });

  it('limits namespace and name to 255 characters together', () => {
    const write = (length: number) =>
      createImageStream(
        definition([], { namespace: 'n'.repeat(63), name: 'a'.repeat(length) }),
        context,
      );
    expect(write(191).ok).toBe(true);
    expect(write(192).ok).toBe(false);
  });
});

describe('replaceImageStream', () => {
  const start = () => create(definition([{ ...app, importPolicy: { scheduled: true } }]));

  it('changes nothing when nothing changed, whatever generations the client sends', () => {
    const current = start();
    const { change } = replace(current, decoded(JSON.parse(JSON.stringify(current.stream))));
    expect(change.recordUnchanged).toBe(true);
    expect(change.checks).toEqual([]);
  });

  it('makes an edited source due now under a new generation', () => {
    const { stream, checks } = replace(
      start(),
      definition([
        {
          ...app,
          from: { kind: 'DockerImage', name: 'quay.io/acme/app:2' },
          importPolicy: { scheduled: true },
        },
      ]),
    );
    expect(stream.metadata.generation).toBe(2);
    expect(stream.spec.tags?.[0]?.generation).toBe(2);
    expect(checks.get('latest')).toMatchObject({
      generation: 2,
      nextDue: T1,
      upstreamDigest: null,
    });
  });

  it('takes generation 0 as a wish to import again', () => {
    const { checks, stream } = replace(
      start(),
      definition([{ ...app, generation: 0, importPolicy: { scheduled: true } }]),
    );
    expect(stream.spec.tags?.[0]?.generation).toBe(2);
    expect(checks.get('latest')).toMatchObject({ generation: 2, nextDue: T1 });
  });

  it('counts a changed policy as intent but keeps the tag generation', () => {
    const { stream, checks } = replace(start(), definition([app]));
    expect(stream.metadata.generation).toBe(2);
    expect(stream.spec.tags?.[0]?.generation).toBe(1);
    expect(checks.get('latest')).toMatchObject({ generation: 1, schedule: null });
  });

  it('looks again when insecure transport is allowed, under a generation of its own', () => {
    const { checks } = replace(
      start(),
      definition([{ ...app, importPolicy: { scheduled: true, insecure: true } }]),
    );
    expect(checks.get('latest')).toMatchObject({ generation: 2, nextDue: T1 });
  });

  it('gives a new cadence its next time and suspends and resumes', () => {
    const current = start();
    const looked: CheckState = {
      ...(current.checks.get('latest') as CheckState),
      outcome: 'unchanged',
      lastChecked: T0,
      nextDue: T0 + 9e5,
    };
    const seen = { stream: current.stream, checks: new Map([['latest', looked]]) };
    const tags = [{ ...app, importPolicy: { scheduled: true } }];
    const faster = replace(
      seen,
      definition(tags, { annotations: { [SCHEDULE_ANNOTATION]: '2s' } }),
    );
    expect(faster.checks.get('latest')?.nextDue).toBeLessThanOrEqual(T1 + 2_200);
    const paused = replace(
      faster,
      definition(tags, { annotations: { [SUSPEND_ANNOTATION]: 'true' } }),
    );
    expect(paused.checks.get('latest')?.nextDue).toBeNull();
    const resumed = replace(paused, definition(tags));
    expect(resumed.checks.get('latest')?.nextDue).toBeGreaterThan(T1);
  });

  it('keeps the image of a stay in the history when a reference takes its place', () => {
    const { stream, checks } = start();
    const image = `sha256:${'1'.repeat(64)}`;
    const event = {
      created: '',
      dockerImageReference: `quay.io/acme/app@${image}`,
      image,
      generation: 1,
    };
    const imported = {
      ...stream,
      status: { ...stream.status, tags: [{ tag: 'latest', items: [event] }] },
    };
    const pinned = { kind: 'DockerImage', name: event.dockerImageReference };
    const { change } = replace(
      { stream: imported, checks },
      definition([{ ...app, from: pinned, reference: true }]),
    );
    expect(change.after?.status.tags?.[0]?.items).toHaveLength(1);
    expect(change.history).toMatchObject([{ kind: 'append', event: { image: '' } }]);
  });

  it('forgets the checks of a removed tag and keeps its status', () => {
    const { change } = replace(start(), definition([]));
    expect(change.checks).toEqual([{ tag: 'latest', state: null, previousHost: 'quay.io' }]);
  });
});
