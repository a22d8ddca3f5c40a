import { INSECURE_REPOSITORY_ANNOTATION } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { importNotes } from './import-notes.ts';
import type { WishFlags } from './import-wish.ts';
import { planImport } from './plan-import.ts';
import { demoStream, imageTag, importWish } from './testing/an-import.ts';

function notes(
  flags: Partial<WishFlags>,
  stream: ReturnType<typeof demoStream>,
  forPrograms = false,
) {
  const wish = importWish('web', flags);
  const plan = planImport(wish, stream);
  if (plan.kind === 'refused') throw new Error(plan.message);
  return importNotes({ wish, plan, namespace: 'demo', stream }, forPrograms);
}

const trust =
  'note: only the import trusts quay.io without verified TLS: clients that pull from there must trust it themselves; --reference-policy=local spares them that only where Tagtrail has a registry to serve from (setting api.registryHostname)';

describe('importNotes', () => {
  const insecureTag = imageTag('latest', 'quay.io/acme/web', { importPolicy: { insecure: true } });
  const annotated = demoStream({ annotations: { [INSECURE_REPOSITORY_ANNOTATION]: 'true' } });

  it('has nothing to say about a secure import', () => {
    expect(notes({}, demoStream({}))).toEqual([]);
    expect(notes({ insecure: false }, demoStream({}))).toEqual([]);
  });

  it('says who else must trust an insecure registry', () => {
    expect(notes({ insecure: true }, demoStream({}))).toEqual([trust]);
    expect(notes({ insecure: true }, demoStream({}), true)).toEqual([]);
    const whole = demoStream({ dockerImageRepository: 'quay.io/acme/web' });
    const wish = importWish('web', { all: true, insecure: true });
    const plan = { kind: 'repository', from: 'quay.io/acme/web' } as const;
    expect(importNotes({ wish, plan, namespace: 'demo', stream: whole }, false)).toEqual([trust]);
  });

  it('has told that who looks again', () => {
    expect(notes({}, annotated)).toEqual([]);
    expect(notes({}, demoStream({ tags: [insecureTag] }))).toEqual([]);
  });

  it('says what an import leaves as it is, and what changes that', () => {
    const stream = demoStream({
      tags: [imageTag('latest', 'x/y', { importPolicy: { scheduled: true } })],
    });
    expect(notes({ scheduled: false, referencePolicy: 'local' }, stream, true)).toEqual([
      'note: --scheduled=false has no effect on tag latest, defined otherwise; to change that, define anew with `tagtrail tag`',
      'note: --reference-policy=local has no effect on tag latest, defined otherwise; to change that, define anew with `tagtrail tag`',
    ]);
    expect(notes({ scheduled: true, referencePolicy: 'source' }, stream)).toEqual([]);
    const added = { from: 'x/y', scheduled: false, referencePolicy: 'local' } as const;
    expect(notes(added, demoStream({ tags: [] }))).toEqual([]);
  });

  it('keeps quiet where we serve the image: as a new tag asks, or an old one has it', () => {
    const flags = { insecure: true, referencePolicy: 'local', from: 'quay.io/acme/web' } as const;
    expect(notes(flags, demoStream({ tags: [] }))).toEqual([]);
    expect(notes(flags, demoStream({ tags: [insecureTag] }))).toEqual([
      expect.stringMatching(/^note: --reference-policy=local has no effect on tag latest,/u),
      trust,
    ]);
    const local = { ...insecureTag, referencePolicy: { type: 'Local' } } as const;
    expect(notes({ insecure: true }, demoStream({ tags: [local] }))).toEqual([]);
  });

  it('says that the annotation outranks --insecure=false, and how to end that', () => {
    expect(notes({ insecure: false }, annotated)).toEqual([
      'note: --insecure=false has no effect: the annotation openshift.io/image.insecureRepository of image stream "web" is "true" and counts for all its tags; to end that, apply the stream with the annotation "false"',
    ]);
  });

  it('says that an insecure tag stays insecure', () => {
    expect(notes({ insecure: false }, demoStream({ tags: [insecureTag] }))).toEqual([
      'note: --insecure=false has no effect: tag "latest" is defined as insecure; to end that, define it anew with `tagtrail tag`',
    ]);
  });
});
