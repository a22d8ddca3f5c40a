import type { TagReference } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { aTag, D1, D2 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { tagBlocks as blocks, from, hourAgo, seen } from './testing/described-stream.ts';

describe('the source line of a tag', () => {
  const scheduled = { importPolicy: { scheduled: true } };
  const reference = { reference: true };

  it.each<readonly [string, TagReference, string]>([
    ['tag', from('ImageStreamTag', 'web:1'), 'tagged from web:1'],
    ['tag', from('ImageStreamTag', 'web:1', scheduled), 'updates automatically from web:1'],
    ['tag', from('ImageStreamTag', 'web:1', reference), 'reference to web:1'],
    ['image', from('DockerImage', 'q/a:1'), 'tagged from q/a:1'],
    ['image', from('DockerImage', 'q/a:1', scheduled), 'updates automatically from registry q/a:1'],
    [
      'image',
      from('DockerImage', 'q/a:1', { ...scheduled, ...reference }),
      'reference to registry q/a:1',
    ],
    ['digest', from('ImageStreamImage', `a@${D1}`), `tagged from a@${D1}`],
    ['digest', from('ImageStreamImage', `a@${D1}`, scheduled), `tagged from a@${D1}`],
    ['digest', from('ImageStreamImage', `a@${D1}`, reference), `reference to image a@${D1}`],
    ['other', from('Odd', 'thing'), 'updates from Odd thing'],
    ['other', from('Odd', 'thing', reference), 'reference to Odd thing'],
    ['none', aTag({ from: null }), 'tag without source image'],
  ])('of kind %s: %j', (_, tag, line) => {
    expect(blocks([tag]).split('\n')[1]).toBe(`  ${line}`);
  });

  it('names the namespace of a foreign source only', () => {
    const named = (namespace: string) =>
      blocks([aTag({ from: { kind: 'ImageStreamTag', name: 'web:1', namespace } })]).split('\n')[1];
    expect(named('acme')).toBe('  tagged from web:1');
    expect(named('demo')).toBe('  tagged from demo/web:1');
  });

  it('says that only the status knows a tag', () => {
    expect(blocks([], [seen('old', D1)])).toBe(`old
  no spec tag

  * quay.io/acme/app@${D1}
      About an hour ago
`);
  });
});

describe('the block of a tag', () => {
  it('shows everything that can be said of it, in order', () => {
    const tag = aTag({
      name: '7',
      generation: 5,
      annotations: {
        description: 'Redis',
        tags: 'db,cache',
        supports: 'redis:7,redis',
        sampleRepo: 'https://example.com/sample.git',
        other: 'not shown',
      },
      importPolicy: { scheduled: true, insecure: true },
      referencePolicy: { type: 'Local' },
    });
    const condition = {
      type: 'ImportSuccess',
      lastTransitionTime: hourAgo,
      generation: 3,
    } as const;
    const conditions = [
      { ...condition, status: 'True', reason: 'Ok', message: 'fine' } as const,
      { ...condition, status: 'False', reason: 'Timeout', message: 'too slow' } as const,
    ];
    expect(blocks([tag], [{ ...seen('7', D2, D1), conditions }])).toBe(`7
  updates automatically from registry quay.io/acme/app:latest
    will use insecure HTTPS or HTTP connections
    prefer registry pullthrough when referencing this tag

  Redis
  Tags: db, cache
  Supports: redis:7, redis
  Example Repo: https://example.com/sample.git

  ~ importing latest image ...
  ! error: Import failed (Timeout): too slow
      About an hour ago
  * quay.io/acme/app@${D2}
      About an hour ago
    quay.io/acme/app@${D1}
      About an hour ago
`);
  });

  it('shows the id of an image that its pull spec does not tell', () => {
    const event = { created: hourAgo, generation: 1 };
    const items = [
      { ...event, image: D1, dockerImageReference: 'quay.io/acme/app:1' },
      { ...event, image: D2, dockerImageReference: `quay.io/acme/app@${D1}` },
      { ...event, image: D1, dockerImageReference: 'no reference at all' },
      { ...event, image: '', dockerImageReference: 'quay.io/acme/app:1' },
    ];
    const lines = blocks([], [{ tag: 'a', items }]).split('\n');
    expect(lines.filter((line) => line.includes(' ago'))).toEqual([
      `      About an hour ago→${D1}`,
      `      About an hour ago→${D2}`,
      '      About an hour ago',
      '      About an hour ago',
    ]);
  });

  it.each([
    ['nothing was observed', undefined, 1, true],
    ['an older generation was observed', 3, 4, true],
    ['this generation was observed', 4, 4, false],
  ])('says that an import is under way when %s', (_, observed, generation, importing) => {
    const event = { created: hourAgo, dockerImageReference: 'q/a:1', image: D1 };
    const status =
      observed === undefined
        ? []
        : [{ tag: 'latest', items: [{ ...event, generation: observed }] }];
    const isShown = (tag: TagReference) => blocks([tag], status).includes('~ importing');
    expect(isShown(aTag({ generation }))).toBe(importing);
    expect(isShown(aTag({ generation, reference: true }))).toBe(false);
    expect(isShown(aTag({ generation: null }))).toBe(false);
    expect(isShown(aTag({ generation, from: null }))).toBe(false);
  });

  it('lets no text from elsewhere move the cursor', () => {
    const tag = aTag({ annotations: { description: '\u001b[2Jgone\u0007\r' } });
    expect(blocks([tag])).toContain('\n   [2Jgone  \n');
  });
});
