import { INSECURE_REPOSITORY_ANNOTATION } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { importNotes } from './import-notes.ts';
import type { WishFlags } from './import-wish.ts';
import { planImport } from './plan-import.ts';
import { demoStream, imageTag, importWish } from './testing/an-import.ts';

function notes(flags: Partial<WishFlags>, stream: ReturnType<typeof demoStream>) {
  const wish = importWish('web', flags);
  const plan = planImport(wish, stream);
  if (plan.kind === 'refused') throw new Error(plan.message);
  return importNotes({ wish, plan, namespace: 'demo', stream });
}

const trust =
  'note: only the import trusts quay.io without verified TLS: clients that pull from there must trust it themselves, or the tag needs --reference-policy=local';

describe('importNotes', () => {
  const insecureTag = imageTag('latest', 'quay.io/acme/web', { importPolicy: { insecure: true } });
  const annotated = demoStream({ annotations: { [INSECURE_REPOSITORY_ANNOTATION]: 'true' } });

  it('has nothing to say about a secure import', () => {
    expect(notes({}, demoStream({}))).toEqual([]);
    expect(notes({ insecure: false }, demoStream({}))).toEqual([]);
  });

  it('says who else must trust an insecure registry', () => {
    expect(notes({ insecure: true }, demoStream({}))).toEqual([trust]);
    expect(notes({}, annotated)).toEqual([trust]);
    expect(notes({}, demoStream({ tags: [insecureTag] }))).toEqual([trust]);
    const whole = demoStream({ dockerImageRepository: 'quay.io/acme/web' });
    const wish = importWish('web', { all: true, insecure: true });
    const plan = { kind: 'repository', from: 'quay.io/acme/web' } as const;
    expect(importNotes({ wish, plan, namespace: 'demo', stream: whole })).toEqual([trust]);
  });

  it('keeps quiet where we serve the image: as a new tag asks, or an old one has it', () => {
    const flags = { insecure: true, referencePolicy: 'local', from: 'quay.io/acme/web' } as const;
    expect(notes(flags, demoStream({ tags: [] }))).toEqual([]);
    expect(notes(flags, demoStream({ tags: [insecureTag] }))).toEqual([trust]);
    const local = { ...insecureTag, referencePolicy: { type: 'Local' } } as const;
    expect(notes({}, demoStream({ tags: [local] }))).toEqual([]);
  });

  it('says that the annotation outranks --insecure=false, and how to end that', () => {
    expect(notes({ insecure: false }, annotated)).toEqual([
      'note: --insecure=false has no effect: the annotation openshift.io/image.insecureRepository of image stream "web" is "true" and counts for all its tags; to end that, apply the stream with the annotation "false"',
    ]);
  });

  it('says that an insecure tag stays insecure', () => {
    expect(notes({ insecure: false }, demoStream({ tags: [insecureTag] }))).toEqual([
      'note: --insecure=false has no effect: tag "latest" is defined as insecure; to end that, define it anew with `tagtrail tag`',
      trust,
    ]);
  });
});
