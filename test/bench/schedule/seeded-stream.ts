import {
  type CheckState,
  createImageStream,
  decodeImageStream,
  type ImageStream,
  recordImport,
  type ScheduleSettings,
} from '@tagtrail/image-stream';

/** Tags of one stream, all of one repository, as a team's application has them. */
export const TAGS_PER_STREAM = 100;
/** The defaults of an installation. */
export const SETTINGS: ScheduleSettings = {
  defaultInterval: 900_000,
  minimumInterval: 1_000,
  hostIntervals: {},
  retryBase: 5_000,
};
const HISTORY_LIMIT = 100;

export interface SeededStream {
  readonly stream: ImageStream;
  /** Tag → its state after the first import. */
  readonly states: ReadonlyMap<string, CheckState>;
}

export interface SeededShape {
  readonly host: string;
  readonly tags: number;
  /** ms since the epoch: when all its tags were imported. */
  readonly now: number;
}

/** Stream number `index` after the first import of all its tags, made by the model as the services make it. */
export function seededStream(index: number, shape: SeededShape): SeededStream {
  const { host, now } = shape;
  const name = `app-${String(index).padStart(5, '0')}`;
  const repository = `${host}/team-${index % 97}/${name}`;
  const tags = Array.from({ length: shape.tags }, (_, at) => ({
    name: tagName(at),
    from: { kind: 'DockerImage', name: `${repository}:${tagName(at)}` },
    importPolicy: { scheduled: true },
  }));
  const metadata = { name, namespace: `team-${index % 97}` };
  const decoded = decodeImageStream({ metadata, spec: { tags } });
  if (!decoded.ok) throw new Error('the definition cannot be read');
  const uid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const write = createImageStream(decoded.stream, { now, uid, settings: SETTINGS });
  if (!write.ok || write.change.after === undefined) throw new Error('the stream was refused');
  return imported(write.change.after, statesOf(write.change.checks), now);
}

/** The number of a tag among all tags that were seeded. */
export function tagIndex(stream: string, tag: string): number {
  return Number(stream.slice('app-'.length)) * TAGS_PER_STREAM + Number(tag.slice('v1.'.length));
}

function imported(
  stream: ImageStream,
  checks: ReadonlyMap<string, CheckState>,
  now: number,
): SeededStream {
  const outcomes = [...checks].map(([tag, { generation, repository }], at) => {
    const digest = `sha256:${(at * TAGS_PER_STREAM).toString(16).padStart(64, '5e')}`;
    const dockerImageReference = `${repository}@${digest}`;
    const outcome = { kind: 'imported', upstreamDigest: digest, image: digest } as const;
    const from = stream.spec.tags?.find(({ name }) => name === tag)?.from?.name ?? '';
    return { tag, generation, fence: at + 1, from, outcome: { ...outcome, dockerImageReference } };
  });
  const context = { checks, now, settings: SETTINGS, historyLimit: HISTORY_LIMIT };
  const recorded = recordImport(stream, outcomes, context);
  return { stream: recorded.stream, states: statesOf(recorded.checks) };
}

function statesOf(
  checks: readonly { readonly tag: string; readonly state: CheckState | null }[],
): ReadonlyMap<string, CheckState> {
  return new Map(checks.flatMap(({ tag, state }) => (state === null ? [] : [[tag, state]])));
}

function tagName(at: number): string {
  return `v1.${at}`;
}
