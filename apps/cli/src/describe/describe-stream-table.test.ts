import type { ImageStream, NamedTagEventList, TagReference } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { aStream, aTag, D1, D2 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { describeStreamTable } from './describe-stream-table.ts';

const now = Date.parse('2026-11-23T05:27:57Z');
const hourAgo = '2026-11-23T04:27:57Z';

function event(dockerImageReference: string, image: string) {
  return { created: hourAgo, dockerImageReference, image, generation: 1 };
}

/** The cells of the table's rows, and the lines below it. */
function table(tags: readonly TagReference[], status: readonly NamedTagEventList[]) {
  const text = describeStreamTable(aStream({ tags, status }), now);
  const [, rows = '', ...footer] = text.trimEnd().split('\n\n');
  const [header, ...cells] = rows.split('\n').map((row) => row.split(/\t+/u));
  expect(header).toEqual(['Tag', 'Spec', 'Created', 'PullSpec', 'Image']);
  return { cells, footer };
}

const shortD1 = `quay.io/acme/app@sha256:${'1'.repeat(14)}...`;
const shortD2 = `quay.io/acme/app@sha256:${'2'.repeat(14)}...`;

describe('describeStreamTable', () => {
  it('prints head and table as the documentation shows them', () => {
    const { metadata, ...rest } = aStream({
      tags: [aTag({ from: { kind: 'DockerImage', name: 'openshift/ruby-20-centos7' } })],
      status: [{ tag: 'latest', items: [event(`openshift/ruby-20-centos7@${D1}`, D1)] }],
    });
    const annotations = { 'openshift.io/image.dockerRepositoryCheck': '2026-11-23T05:27:57Z' };
    const stream: ImageStream = {
      ...rest,
      metadata: { ...metadata, creationTimestamp: '2026-11-23T05:27:57Z', annotations },
      status: { ...rest.status, dockerImageRepository: '172.30.94.234:5000/demo-project/my-ruby' },
    };
    expect(describeStreamTable(stream, now).replaceAll('\t', '→')).toBe(`Name:→→→app
Namespace:→→acme
Created:→→Less than a second ago
Labels:→→→<none>
Annotations:→→openshift.io/image.dockerRepositoryCheck=2026-11-23T05:27:57Z
Docker Pull Spec:→172.30.94.234:5000/demo-project/my-ruby

Tag→Spec→→→→Created→→→PullSpec→→→→→→Image
latest→openshift/ruby-20-centos7→About an hour ago→openshift/ruby-20-centos7@sha256:11111111111111...→<same>
`);
  });

  it('says that a stream has no tags', () => {
    const text = describeStreamTable(aStream({ tags: [] }), now);
    expect(text).toMatch(/\nDocker Pull Spec:\t<none>\nTags:\t+<none>\n$/u);
  });

  it('names tag and source in the first row of a history only', () => {
    const items = [event(`quay.io/acme/app@${D2}`, D1), event('quay.io/acme/app:latest', '')];
    const { cells } = table([aTag()], [{ tag: 'latest', items }]);
    expect(cells).toEqual([
      ['latest', 'quay.io/acme/app:latest', 'About an hour ago', shortD2, D1],
      ['', 'About an hour ago', '<same>', '<same>'],
    ]);
  });

  it.each<readonly [string, readonly TagReference[], string]>([
    ['a tag of another stream', [from('ImageStreamTag', 'web:1', 'demo')], 'demo/web:1'],
    ['a tag of the same namespace', [from('ImageStreamTag', 'web:1', 'acme')], 'web:1'],
    ['an image', [from('ImageStreamImage', 'web@x', 'demo')], 'demo/web@x'],
    ['a registry', [from('DockerImage', 'q/a', 'demo')], 'q/a'],
    ['something else', [from('Odd', 'thing', 'demo')], '<unknown Odd> demo/thing'],
    ['no definition', [], '<pushed>'],
    ['no source', [aTag({ from: null })], ''],
  ])('shows as the spec of %s', (_, tags, spec) => {
    const text = describeStreamTable(
      aStream({ tags, status: [{ tag: 'latest', items: [event('q/a:2', D1)] }] }),
      now,
    );
    expect(text.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^latest\t+${spec}\t+About an hour ago\t+q/a:2\t+${D1}$`, 'u'),
    );
  });

  it('marks tags that are scheduled or insecure, and explains the marks in use', () => {
    const tag = (name: string, scheduled: boolean, insecure: boolean) =>
      aTag({ name, importPolicy: { scheduled, insecure } });
    const seen = (name: string) => ({ tag: name, items: [event('q/a:2', D1), event('q/a:3', D2)] });
    const both = table([tag('a', true, true), tag('b', false, true)], [seen('a'), seen('b')]);
    expect(both.cells.map(([, spec]) => spec)).toEqual([
      'quay.io/acme/app:latest *!',
      'About an hour ago',
      'quay.io/acme/app:latest !',
      'About an hour ago',
    ]);
    const scheduled = '  * tag is scheduled for periodic import';
    const insecure = '  ! tag is insecure and can be imported over HTTP or self-signed HTTPS';
    expect(both.footer).toEqual([`${scheduled}\n${insecure}`]);
    expect(table([tag('a', true, false)], [seen('a')]).footer).toEqual([scheduled]);
    expect(table([tag('a', false, true)], [seen('a')]).footer).toEqual([insecure]);
    expect(table([tag('a', false, false)], [seen('a')]).footer).toEqual([]);
  });

  it('shows failures before the history, cut to 70 characters', () => {
    const condition = {
      type: 'ImportSuccess',
      status: 'False',
      reason: 'x',
      generation: 1,
    } as const;
    const message = `not found: ${'very '.repeat(20)}`;
    const conditions = [
      { ...condition, message: 'one', lastTransitionTime: '2026-11-23T03:27:57Z' },
      { ...condition, message, lastTransitionTime: hourAgo },
      { ...condition, message: 'no failure', status: 'True', lastTransitionTime: hourAgo } as const,
    ];
    const items = [event(`quay.io/acme/app@${D1}`, D1)];
    const { cells } = table([aTag()], [{ tag: 'latest', items, conditions }]);
    const failure = cells[0]?.at(-1) ?? '';
    expect(failure).toBe('import failed: one, import failed: not found: very very very very v...');
    expect(cells).toEqual([
      ['latest', 'quay.io/acme/app:latest', 'About an hour ago', failure],
      ['latest', 'quay.io/acme/app:latest', 'About an hour ago', shortD1, '<same>'],
    ]);
  });

  it('says of a tag that nothing is known', () => {
    const { cells } = table([aTag()], []);
    expect(cells).toEqual([
      ['latest', 'quay.io/acme/app:latest', '<not available>', '<not available>'],
    ]);
  });
});

function from(kind: string, name: string, namespace: string): TagReference {
  return aTag({ from: { kind, name, namespace } });
}
