import type { ImageStream } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { aStream, aTag, D1, D2 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { tagBlocks as blocks, described, from, hourAgo, seen } from './testing/described-stream.ts';

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
