import { describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { decodeEntry } from './decode-entry.ts';
import { TIME_AHEAD } from './field-checks.ts';

const NOW = Date.UTC(2026, 0, 2);

const digest = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
const event = {
  created: '2026-01-01T10:00:00Z',
  dockerImageReference: `quay.io/acme/app@${digest}`,
  image: digest,
  generation: 2,
};
const history = {
  namespace: 'demo',
  name: 'web',
  uid: 'u-1',
  tag: 'latest',
  offset: 0,
  events: [event],
};
const image = { digest, mediaType: 'application/json', dockerImageReference: '', manifest: '{}' };
const state = {
  generation: 1,
  host: 'quay.io',
  repository: 'quay.io/acme/app',
  schedule: '',
  suspended: false,
  fence: 3,
  lastChecked: 1,
  lastChanged: null,
  nextDue: 5,
  attempts: 0,
  outcome: 'imported',
  message: '',
  upstreamDigest: digest,
  image: digest,
};
const metadata = {
  name: 'web',
  namespace: 'demo',
  uid: 'u-1',
  resourceVersion: '7',
  generation: 2,
  creationTimestamp: '2026-01-01T10:00:00Z',
};
const object = {
  ...aStream('web'),
  metadata,
  status: { dockerImageRepository: '', tags: [{ tag: 'latest', items: [event] }] },
};
const stream = {
  object,
  checks: [{ tag: 'latest', state }],
  histories: [{ tag: 'latest', events: 1 }],
};

describe('an entry of an archive', () => {
  it('is taken as it is', () => {
    for (const entry of [{ history }, { image }, { stream }])
      expect(decodeEntry(entry, NOW)).toEqual(entry);
    const more = { ...stream, object: { ...object, spec: { ...object.spec, later: true } } };
    expect(decodeEntry({ stream: more }, NOW)).toEqual({ stream: more });
  });

  it('is refused when it is nested so deeply that nothing could write it again', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    const spec = { ...object.spec, deep };
    const entry = { stream: { ...stream, object: { ...object, spec } } };
    expect(() => decodeEntry(entry, NOW)).toThrow('it is nested too deeply');
  });

  it.each([
    ['fence', { fence: 2 ** 50 }],
    ['generation', { generation: 2 ** 50 }],
    ['time before the epoch', { lastChecked: -1 }],
    ['time of a look', { lastChecked: NOW + TIME_AHEAD + 1 }],
    ['time of a change', { lastChanged: 9e15 }],
  ])('is refused when a check state has a %s that nobody can go on from', (_, fields) => {
    const checks = [{ tag: 'latest', state: { ...state, ...fields } }];
    const problem = 'stream.checks is not as it should be';
    expect(() => decodeEntry({ stream: { ...stream, checks } }, NOW)).toThrow(problem);
  });

  it.each([
    ['resourceVersion', '10000000000000'],
    ['generation', 2 ** 50],
    ['creationTimestamp', '2028-01-01T00:00:00Z'],
    ['creationTimestamp', '1969-12-31T23:59:59Z'],
  ])('is refused when its %s is %j', (field, value) => {
    const wrong = { ...object, metadata: { ...metadata, [field]: value } };
    const problem = `stream.object.metadata.${field} is not as it should be`;
    expect(() => decodeEntry({ stream: { ...stream, object: wrong } }, NOW)).toThrow(problem);
  });

  it.each(['2026-99-99T99:99:99Z', '2028-01-01T00:00:00Z'])(
    'is refused when an event was made at %s',
    (created) => {
      const events = [{ ...event, created }];
      const problem = 'history.events is not as it should be';
      expect(() => decodeEntry({ history: { ...history, events } }, NOW)).toThrow(problem);
    },
  );

  it('has its tags looked at within a year, however far ahead they are due', () => {
    const checks = [NOW + 5, 9e14].map((nextDue) => ({ tag: 'x', state: { ...state, nextDue } }));
    const decoded = decodeEntry({ stream: { ...stream, checks } }, NOW);
    const due = 'stream' in decoded && decoded.stream.checks.map((one) => one.state.nextDue);
    expect(due).toEqual([NOW + 5, NOW + TIME_AHEAD]);
  });

  it.each([
    [null, 'an entry is not an object'],
    [{ streams: [] }, 'it is of no kind that is known'],
    [{ history: 7 }, 'history is not an object'],
    [{ history: { ...history, uid: 'a:b' } }, 'history.uid is not as it should be'],
    [
      { history: { ...history, events: [{ ...event, image: 'x' }] } },
      'history.events is not as it should be',
    ],
    [
      { image: { ...image, manifest: '{ }' } },
      'image.manifest does not have the digest that it is named by',
    ],
    [
      { stream: { ...stream, checks: [{ tag: 'x', state: { ...state, nextDue: 'soon' } }] } },
      'stream.checks is not as it should be',
    ],
    [
      { stream: { ...stream, object: { ...object, metadata: { ...metadata, uid: '{}' } } } },
      'stream.object.metadata.uid is not as it should be',
    ],
    [
      { stream: { ...stream, object: { ...object, status: { tags: 1 } } } },
      'stream.object.status is not as it should be',
    ],
    [
      { stream: { ...stream, object: { ...object, metadata: { ...metadata, name: 'a/b' } } } },
      'stream.object.metadata.name: Invalid value: "a/b": may not contain \'/\'',
    ],
    [
      { stream: { ...stream, object: { ...object, spec: 'none' } } },
      'stream.object.spec: Invalid value: "none": must be an object',
    ],
  ])('is refused in words, as %j', (entry, problem) => {
    expect(() => decodeEntry(entry, NOW)).toThrow(problem);
  });
});
