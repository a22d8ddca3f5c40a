import { IMAGE_API_VERSION, type ImageStream } from '@tagtrail/image-stream';
import type { LedgerLine, LogEntry } from './facts.ts';

export const MEMBER = 'demo/s0';
export const SOURCE = '127.0.0.1:5000/shop/web:v0';
export const OTHER_SOURCE = '127.0.0.1:5001/shop/web:v0';

/** `sha256:aaa…`. */
export const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

export function push(at: number, letter: string | undefined, source = SOURCE): LedgerLine {
  return { at, source, digest: letter === undefined ? undefined : digest(letter) };
}

interface Shape {
  readonly source?: string;
  /** Letters of its images, newest first. */
  readonly images?: string;
  readonly suspended?: boolean;
  readonly uid?: string;
  /** Where the newest image is said to come from, if not from the source. */
  readonly from?: string;
}

/** A stream with one tag `v0`. */
export function shaped({
  source = SOURCE,
  images = '',
  suspended,
  uid = 'u1',
  from,
}: Shape): ImageStream {
  const repository = (from ?? source).slice(0, (from ?? source).lastIndexOf(':'));
  const items = [...images].map((letter) => ({
    created: '2026-11-23T10:00:00Z',
    dockerImageReference: `${repository}@${digest(letter)}`,
    image: digest(letter),
    generation: 1,
  }));
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: {
      name: 's0',
      namespace: 'demo',
      uid,
      ...(suspended && { annotations: { 'tagtrail.dev/suspend': 'true' } }),
    },
    spec: {
      tags: [
        {
          name: 'v0',
          from: { kind: 'DockerImage', name: source },
          importPolicy: { scheduled: true },
          referencePolicy: { type: 'Source' },
        },
      ],
    },
    status: { dockerImageRepository: '', tags: [{ tag: 'v0', items }] },
  };
}

/** When a stream came to look how; without a shape, it was deleted. */
export type Commit = readonly [at: number, shape: Shape | undefined];

/** A change log of one stream: each shape is committed at its time; nothing deletes it. */
export function logOf(...commits: readonly Commit[]): readonly LogEntry[] {
  const entries: LogEntry[] = [];
  for (const [index, [at, shape]] of commits.entries()) {
    const after = shape && shaped(shape);
    const before = entries.at(-1)?.after;
    entries.push({
      version: index + 1,
      member: MEMBER,
      before,
      after,
      at: { earliest: at, latest: at },
    });
  }
  return entries;
}
