import type { ImageStream, ImageStreamImport } from '@tagtrail/image-stream';
import type { QueuedImport, SlotAnswer } from '@tagtrail/import-contract';
import { describe, expect, it } from 'vitest';
import { aStream, digest } from '../testing/a-stream.ts';
import { MemoryImportRequests } from '../testing/memory-import-requests.ts';
import { type ImportStreamParts, importStream } from './import-stream.ts';
import { RequestBacklog } from './request-backlog.ts';

const LISTED: SlotAnswer = { kind: 'listed', tags: [] };
const IMPORTED: SlotAnswer = {
  kind: 'imported',
  image: digest('1'),
  dockerImageReference: `quay.io/acme/web@${digest('1')}`,
};

const REQUEST: ImageStreamImport = {
  kind: 'ImageStreamImport',
  apiVersion: 'image.openshift.io/v1',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    import: true,
    images: [
      {
        from: { kind: 'DockerImage', name: 'quay.io/acme/web:v1' },
        to: { name: 'v1' },
        importPolicy: {},
        referencePolicy: { type: 'Source' },
        includeManifest: false,
      },
    ],
  },
  status: {},
};

/** What a request meets: the stream at each reading, jobs that wait, and how workers answer. */
interface Meeting {
  readonly streams?: readonly (ImageStream | undefined)[];
  readonly waiting?: number;
  readonly answer?: SlotAnswer;
  readonly signal?: AbortSignal;
  readonly spec?: Partial<ImageStreamImport['spec']>;
}

function ask({ streams = [], waiting = 0, answer, signal, spec }: Meeting) {
  const requests = new MemoryImportRequests();
  const states = [...streams];
  const enqueue = async (jobs: readonly QueuedImport[]) => {
    for (const { job } of jobs) if (answer && job.request) requests.fill(job.request, answer);
    return undefined as never;
  };
  const parts: ImportStreamParts = {
    streams: { read: async () => states.shift() },
    checks: { readChecks: async () => new Map() },
    images: { read: async () => undefined },
    backlog: new RequestBacklog({ count: async () => waiting, now: () => 0 }),
    requests,
    queue: { enqueue, withdraw: async () => undefined },
    wait: 1_000,
    now: () => 0,
    createUid: () => 'u1',
  };
  const request = { ...REQUEST, spec: { ...REQUEST.spec, ...spec } };
  const left = signal ?? new AbortController().signal;
  return importStream(parts, { request, dryRun: false, signal: left });
}

const stream = (uid: string): ImageStream => {
  const { metadata, ...rest } = aStream('web');
  return { ...rest, metadata: { ...metadata, uid } };
};

describe('who asked for an import is told', () => {
  it('that too many wait', async () => {
    await expect(ask({ waiting: 10_000 })).rejects.toMatchObject({
      status: { code: 429, message: '10000 requested imports wait for workers already' },
    });
  });

  it.each([
    ['was deleted', [stream('u1'), undefined]],
    ['was made anew', [stream('u1'), stream('u2')]],
  ])('that its stream %s', async (_, streams) => {
    await expect(ask({ streams, answer: IMPORTED })).rejects.toMatchObject({
      status: {
        code: 409,
        message:
          'Operation cannot be fulfilled on imagestreams.image.openshift.io "web": it was deleted, or made anew, while images were imported to it',
      },
    });
  });

  it('that it has left, if it ever hears', async () => {
    await expect(ask({ signal: AbortSignal.abort('left') })).rejects.toMatchObject({
      status: { code: 499, message: 'the client closed the request' },
    });
  });

  it('that an image was lost on the way', async () => {
    const { status } = await ask({ answer: IMPORTED, spec: { import: false } });
    expect(status.images?.[0]?.status).toMatchObject({
      status: 'Failure',
      reason: 'InternalError',
      message:
        'Internal error occurred: unknown error while importing tag "v1" from "quay.io/acme/web:v1" with import mode "Legacy", please try again.',
    });
  });

  it('nothing of an answer that makes no sense; the log is', async () => {
    await expect(ask({ answer: LISTED })).rejects.toThrow(
      'a slot of a requested import was answered with something else: listed',
    );
  });
});
