import { describe, expect, it } from 'vitest';
import { decodeImageStream } from './decode-image-stream.ts';
import type { ImageStream } from './image-stream.ts';
import { viewImage } from './image-view.ts';
import { parseSchedule } from './schedule.ts';
import { D1 } from './testing/a-stream.ts';
import { decodeTagWrite } from './upsert-tag-decode.ts';
import { parseTagSource } from './upsert-tag-source.ts';
import { validateImageStream } from './validate-image-stream.ts';

function streamOf(tags: readonly object[]): ImageStream {
  const decoded = decodeImageStream({
    metadata: { name: 'web', namespace: 'demo' },
    spec: { tags },
  });
  if (!decoded.ok) throw new Error('the stream is not one');
  return decoded.stream;
}

describe('a schedule', () => {
  it.each([
    ['0s', 'the interval must be longer than 0 and at most 366d'],
    ['367d', 'the interval must be longer than 0 and at most 366d'],
    ['CRON_TZ=local 0 6 * * *', 'not a usable cron line: name a time zone, not local'],
    [
      'often',
      'neither a duration ("90s", "15m") nor a 5-field cron line ("0 6 * * *", "CRON_TZ=Europe/Berlin 0 6 * * 1-5")',
    ],
  ])('that is none says what one looks like: %s', (text, message) => {
    expect(parseSchedule(text)).toEqual({ ok: false, message });
  });

  it('passes on what is wrong with a field of a cron line', () => {
    const parsed = parseSchedule('61 6 * * *');
    expect(parsed).toEqual({
      ok: false,
      message: expect.stringMatching(/^not a usable cron line: ./u),
    });
  });
});

describe('tags', () => {
  it.each([
    [
      Array.from({ length: 1001 }, (_, index) => ({ name: `t${index}` })),
      'spec.tags',
      'Invalid value: 1001: at most 1000 tags are allowed',
    ],
    [
      [{ name: 'x'.repeat(129) }],
      `spec.tags[${'x'.repeat(129)}].name`,
      `Invalid value: "${'x'.repeat(129)}": must be at most 128 characters long`,
    ],
    [
      [{ name: 'half\ud83d' }],
      'spec.tags[half\ud83d].name',
      'Invalid value: "half\ufffd": must be valid Unicode',
    ],
  ])('have names and a number that fit a record', (tags, field, message) => {
    expect(validateImageStream(streamOf(tags))).toEqual([
      { reason: 'FieldValueInvalid', field, message },
    ]);
  });

  it('that copy a tag name it in one of four ways', () => {
    const [tag] =
      streamOf([{ name: 'copy', from: { kind: 'ImageStreamTag', name: 'a:b:c' } }]).spec.tags ?? [];
    expect(tag && parseTagSource(tag, { namespace: 'demo', name: 'web' })).toMatchObject({
      cause: {
        field: 'spec.tags[copy].from.name',
        message:
          'Invalid value: "a:b:c": must be of the form <tag>, <repo>:<tag>, <id>, or <repo>@<id>',
      },
    });
  });

  it('are written as ImageStreamTags and nothing else', () => {
    expect(decodeTagWrite({ kind: 'ImageStream', metadata: { name: 'web:1' } })).toMatchObject({
      causes: [{ field: 'kind', message: 'Invalid value: "ImageStream": must be ImageStreamTag' }],
    });
  });
});

it('an image document that cannot be read is named by its digest', () => {
  const document = {
    digest: D1,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    dockerImageReference: `quay.io/acme/app@${D1}`,
    manifest: 'not JSON',
  } as const;
  expect(() => viewImage(document)).toThrow(`the document of image ${D1} can not be read: `);
});
