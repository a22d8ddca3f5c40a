import type { ImageStream, NamedTagEventList, TagReference } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { aStream, aTag, D1, D2 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { describeImageStream } from './describe-image-stream.ts';

const now = Date.parse('2026-11-23T05:27:57Z');
const hourAgo = '2026-11-23T04:27:57Z';

/** The description with its tabs as `→`. */
function described(stream: ImageStream): string {
  return describeImageStream(stream, now).replaceAll('\t', '→');
}

/** What follows the line `Tags: N` and a blank one. */
function blocks(tags: readonly TagReference[], status: readonly NamedTagEventList[] = []): string {
  return described(aStream({ tags, status })).replace(/^[\s\S]*?\nTags:→→→\d+\n\n/u, '');
}

function seen(tag: string, ...images: readonly string[]): NamedTagEventList {
  const items = images.map((image) => ({
    created: hourAgo,
    dockerImageReference: `quay.io/acme/app@${image}`,
    image,
    generation: 1,
  }));
  return { tag, items };
}

function from(kind: string, name: string, fields: Partial<TagReference> = {}): TagReference {
  return aTag({ from: { kind, name }, ...fields });
}

describe('describeImageStream', () => {
  it('prints what oc 4.13 printed after an import', () => {
    const image = `sha256:${'ab'.repeat(32)}`;
    const stream: ImageStream = {
      kind: 'ImageStream',
      apiVersion: 'image.openshift.io/v1',
      metadata: {
        name: 'my-ruby',
        namespace: 'myproject',
        creationTimestamp: '2026-11-23T05:27:57Z',
        annotations: { 'openshift.io/image.dockerRepositoryCheck': '2026-11-23T05:27:57Z' },
      },
      spec: { tags: [from('DockerImage', 'example.com/ruby')] },
      status: {
        dockerImageRepository: '',
        tags: [
          {
            tag: 'latest',
            items: [
              {
                created: '2026-11-23T05:27:57Z',
                dockerImageReference: `example.com/ruby@${image}`,
                image,
                generation: 2,
              },
            ],
          },
        ],
      },
    };
    expect(described(stream)).toBe(`Name:→→→my-ruby
Namespace:→→myproject
Created:→→Less than a second ago
Labels:→→→<none>
Annotations:→→openshift.io/image.dockerRepositoryCheck=2026-11-23T05:27:57Z
Image Repository:→<none>
Image Lookup:→→local=false
Unique Images:→→1
Tags:→→→1

latest
  tagged from example.com/ruby

  * example.com/ruby@${image}
      Less than a second ago
`);
  });

  it('prints what oc 4.13 printed after an import that failed', () => {
    const tags = [from('DockerImage', 'example.com/bad:1', { generation: 2 })];
    const message = 'dockerimage.image.openshift.io "example.com/bad:1" not found';
    const condition = { type: 'ImportSuccess', status: 'False', reason: 'NotFound' } as const;
    const lastTransitionTime = '2026-11-23T05:27:57Z';
    const conditions = [{ ...condition, message, lastTransitionTime, generation: 2 }];
    expect(blocks(tags, [{ tag: 'latest', items: null, conditions }])).toBe(`latest
  tagged from example.com/bad:1

  ! error: Import failed (NotFound): ${message}
      Less than a second ago
`);
  });

  it('shows every part of the head that is there', () => {
    const stream: ImageStream = {
      ...aStream({ tags: [] }),
      metadata: {
        name: 'web',
        labels: { tier: 'b', app: 'shop' },
        annotations: {
          description: 'two\nlines',
          zeta: 'last',
          'kubectl.kubernetes.io/last-applied-configuration': '{}\n',
        },
      },
      spec: { lookupPolicy: { local: true } },
      status: {
        dockerImageRepository: '172.30.94.234:5000/demo/web',
        publicDockerImageRepository: 'registry.example.com/demo/web',
      },
    };
    expect(described(stream)).toBe(`Name:→→→web
Labels:→→→app=shop
→→→tier=b
Description:→→two
→→→lines
Annotations:→→kubectl.kubernetes.io/last-applied-configuration={}
→→→
→→→zeta=last
Image Repository:→registry.example.com/demo/web
Image Lookup:→→local=true
Tags:→→→<none>
`);
  });

  it('breaks the column where a later annotation has several lines, as oc does', () => {
    const { metadata, ...rest } = aStream({ tags: [] });
    const { creationTimestamp: _, ...named } = metadata;
    const stream = { ...rest, metadata: { ...named, annotations: { a: '1', b: '2\n3', c: '4' } } };
    expect(described(stream)).toBe(`Name:→→app
Namespace:→acme
Labels:→→<none>
Annotations:→a=1
→→b=2
3
→→→c=4
Image Repository:→<none>
Image Lookup:→→local=false
Tags:→→→<none>
`);
  });

  it('counts images once, and tags of status and spec together', () => {
    const reference = { created: hourAgo, dockerImageReference: 'q', image: '', generation: 1 };
    const status = [
      seen('a', D1, D2),
      seen('b', D1),
      { tag: 'r', items: [reference] },
      { tag: 's', items: [{ ...reference, dockerImageReference: 'p' }] },
    ];
    const text = described(aStream({ tags: [aTag({ name: 'a' }), aTag({ name: 'new' })], status }));
    expect(text).toContain('Unique Images:→→3\nTags:→→→5\n');
  });

  it('orders tags by what they mean and lists aliases beside their target', () => {
    const alias = (name: string, to: string) => from('ImageStreamTag', to, { name });
    const tags = [
      aTag({ name: '1.2' }),
      alias('b', 'a'),
      alias('a', 'app:1.2'),
      alias('v1.3', '1.2'),
      alias('lost', 'nowhere'),
      aTag({ name: '1.10' }),
    ];
    const names = blocks(tags)
      .split('\n')
      .filter((line) => /^\S/u.test(line));
    expect(names).toEqual(['1.10', '1.2 (v1.3, a, b)', 'lost']);
  });

  it('separates tags by a blank line, by two where a tag has no images', () => {
    const tags = [aTag({ name: 'a' }), aTag({ name: 'b' }), aTag({ name: 'c' })];
    const observed = { generation: 1 };
    expect(
      blocks(
        tags.map((tag) => ({ ...tag, ...observed })),
        [{ tag: 'a', items: [] }, seen('b', D1), seen('c', D2)],
      ),
    ).toBe(`a
  tagged from quay.io/acme/app:latest

  ~ importing latest image ...

b
  tagged from quay.io/acme/app:latest

  * quay.io/acme/app@${D1}
      About an hour ago

c
  tagged from quay.io/acme/app:latest

  * quay.io/acme/app@${D2}
      About an hour ago
`);
    expect(blocks([aTag({ name: 'a', from: null }), aTag({ name: 'b', from: null })])).toBe(
      'a\n  tag without source image\n\n\nb\n  tag without source image\n\n',
    );
  });
});

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
    const status = observed === undefined ? [] : [{ ...seen('latest', D1) }];
    const items = status.map((one) => ({
      ...one,
      items: (one.items ?? []).map((event) => ({ ...event, generation: observed ?? 0 })),
    }));
    const isShown = (tag: TagReference) => blocks([tag], items).includes('~ importing');
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
