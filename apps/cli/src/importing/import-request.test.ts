import { INSECURE_REPOSITORY_ANNOTATION } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { importRequest } from './import-request.ts';
import type { WishFlags } from './import-wish.ts';
import { planImport } from './plan-import.ts';
import { demoStream, imageTag, importWish } from './testing/an-import.ts';

const LEGACY = { importMode: 'Legacy' };

function request(text: string, flags: Partial<WishFlags>, stream?: ReturnType<typeof demoStream>) {
  const wish = importWish(text, flags);
  const plan = planImport(wish, stream);
  if (plan.kind === 'refused') throw new Error(plan.message);
  return importRequest({ wish, plan, namespace: 'demo', stream });
}

function policies(flags: Partial<WishFlags>, stream: ReturnType<typeof demoStream>) {
  return request('web', flags, stream).spec.images?.map(({ importPolicy }) => importPolicy);
}

describe('importRequest', () => {
  it('is what oc sends for a new stream', () => {
    expect(request('my-ruby', { from: 'example.com/ruby', confirm: true })).toEqual({
      kind: 'ImageStreamImport',
      apiVersion: 'image.openshift.io/v1',
      metadata: { name: 'my-ruby', namespace: 'demo', creationTimestamp: null },
      spec: {
        import: true,
        images: [
          {
            from: { kind: 'DockerImage', name: 'example.com/ruby' },
            to: { name: 'latest' },
            importPolicy: LEGACY,
            referencePolicy: { type: 'Source' },
          },
        ],
      },
      status: {},
    });
  });

  it('is what oc sends for a whole repository', () => {
    const { spec } = request('web', { all: true, from: 'quay.io/acme/web', confirm: true });
    expect(spec).toEqual({
      import: true,
      repository: {
        from: { kind: 'DockerImage', name: 'quay.io/acme/web' },
        importPolicy: LEGACY,
        referencePolicy: { type: 'Source' },
      },
    });
  });

  it('says which version of the stream it is about, and that nothing shall be recorded', () => {
    const { metadata, spec } = request('web', { dryRun: true }, demoStream({}));
    expect([metadata.resourceVersion, spec.import]).toEqual(['7', false]);
  });

  it('carries every flag', () => {
    const flags = {
      from: 'docker.io/x/y:3',
      insecure: true,
      scheduled: true,
      referencePolicy: 'local',
      importMode: 'PreserveOriginal',
    } as const;
    expect(request('web:nope', flags, demoStream({})).spec.images).toEqual([
      {
        from: { kind: 'DockerImage', name: 'docker.io/x/y:3' },
        to: { name: 'nope' },
        importPolicy: { insecure: true, scheduled: true, importMode: 'PreserveOriginal' },
        referencePolicy: { type: 'Local' },
      },
    ]);
  });

  it('keeps that a tag is insecure and scheduled, and how its indexes are imported', () => {
    const stream = demoStream({
      tags: [
        imageTag('latest', 'x/y', {
          importPolicy: { insecure: true, scheduled: true, importMode: 'PreserveOriginal' },
          referencePolicy: { type: 'Local' },
        }),
      ],
    });
    const kept = { insecure: true, scheduled: true, importMode: 'PreserveOriginal' };
    expect(policies({ insecure: false }, stream)).toEqual([kept]);
    expect(policies({ scheduled: false }, stream)).toEqual([kept]);
    expect(policies({ importMode: 'Legacy' }, stream)).toEqual([{ ...kept, ...LEGACY }]);
    expect(request('web', {}, stream).spec.images?.[0]?.referencePolicy.type).toBe('Source');
  });

  it('is as insecure as the stream, unless told', () => {
    const stream = demoStream({ annotations: { [INSECURE_REPOSITORY_ANNOTATION]: 'true' } });
    expect(policies({}, stream)).toEqual([{ insecure: true, ...LEGACY }]);
    expect(policies({ insecure: false }, stream)).toEqual([LEGACY]);
    expect(policies({ insecure: true }, demoStream({}))).toEqual([{ insecure: true, ...LEGACY }]);
  });
});
