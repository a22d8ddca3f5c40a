import { type ApiClient, ApiError, type ImageStreamImport } from '@tagtrail/api-client';
import { type ImageStream, SUSPEND_ANNOTATION } from '@tagtrail/image-stream';
import { definition } from '../../e2e/definitions.ts';
import type { Acknowledged } from '../judge/judge-log.ts';
import { intervalOf, NAMESPACE, VERSION_TAGS } from '../plan/world.ts';
import type { Tally } from './tally.ts';

/** ms for one answer: an api process that is frozen never gives it. */
const ANSWER_LIMIT = 3_000;
/** ms for one wish, over all attempts: longer than any outage of the api. */
const WISH_LIMIT = 20_000;
/** ms between two attempts. */
const RETRY_PAUSE = 150;

export interface DeskParts {
  readonly clients: readonly ApiClient[];
  readonly tally: Tally;
  /** The source that each tag of a new stream begins with. */
  readonly sourceOf: (stream: string, tag: string) => string;
}

/** Somebody who edits streams through the api and does not give up while parts of it are away. */
export class StreamDesk {
  /** Writes that were answered with success. */
  readonly acknowledged: Acknowledged[] = [];
  readonly #parts: DeskParts;
  /** What each stream shall look like: also how it is made again. */
  readonly #sources = new Map<string, Record<string, string>>();
  #turn = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  create(stream: string): Promise<boolean> {
    return this.#insist(`create ${stream}`, async (client, signal) => {
      const wanted = definition(stream, this.#sourcesOf(stream), {
        schedule: `${intervalOf(stream)}ms`,
      });
      try {
        this.#acknowledge(`create ${stream}`, await client.streams.create(wanted, { signal }));
      } catch (error) {
        // An attempt whose answer got lost may have made it.
        if (!isCode(error, 409)) throw error;
      }
    });
  }

  async delete(stream: string): Promise<boolean> {
    return this.#insist(`delete ${stream}`, async (client, signal) => {
      try {
        await client.streams.delete({ namespace: NAMESPACE, name: stream }, { signal });
      } catch (error) {
        if (!isCode(error, 404)) throw error;
      }
    });
  }

  edit(stream: string, tag: string, source: string): Promise<boolean> {
    this.#sourcesOf(stream)[tag] = source;
    return this.#replace(`edit ${stream}:${tag}`, stream, ({ spec, ...rest }) => ({
      ...rest,
      spec: {
        ...spec,
        tags: (spec.tags ?? []).map((one) =>
          one.name === tag ? { ...one, from: { kind: 'DockerImage', name: source } } : one,
        ),
      },
    }));
  }

  label(stream: string, text: string): Promise<boolean> {
    return this.#replace(`label ${stream}`, stream, ({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, labels: { ...metadata.labels, round: text } },
    }));
  }

  suspend(stream: string, suspended: boolean): Promise<boolean> {
    const words = `${suspended ? 'suspend' : 'resume'} ${stream}`;
    return this.#replace(words, stream, ({ metadata, ...rest }) => {
      const { [SUSPEND_ANNOTATION]: _, ...others } = metadata.annotations ?? {};
      const annotations = suspended ? { ...others, [SUSPEND_ANNOTATION]: 'true' } : others;
      return { ...rest, metadata: { ...metadata, annotations } };
    });
  }

  /** Asks for an import of all tags now. Whether it is granted depends on what else happens. */
  async ask(stream: string): Promise<void> {
    const { tally } = this.#parts;
    try {
      const client = this.#client();
      const signal = AbortSignal.timeout(ANSWER_LIMIT);
      const current = await client.streams.get({ namespace: NAMESPACE, name: stream }, { signal });
      const answer = await client.imageStreamImports.create(importOf(current), { signal });
      const imported = answer.status.images?.filter(({ status }) => status.status === 'Success');
      tally.add('imports asked for: images answered', imported?.length ?? 0);
    } catch {
      tally.add('imports asked for: refused or unanswered');
    }
  }

  #replace(
    words: string,
    stream: string,
    change: (current: ImageStream) => ImageStream,
  ): Promise<boolean> {
    return this.#insist(words, async (client, signal) => {
      try {
        const key = { namespace: NAMESPACE, name: stream };
        const current = await client.streams.get(key, { signal });
        this.#acknowledge(words, await client.streams.replace(change(current), { signal }));
      } catch (error) {
        // Deleted meanwhile, and created again as it shall be.
        if (!isCode(error, 404)) throw error;
      }
    });
  }

  /** Tries until there is an answer, at one api process after the other. */
  async #insist(
    words: string,
    attempt: (client: ApiClient, signal: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    const end = performance.now() + WISH_LIMIT;
    while (performance.now() < end) {
      try {
        await attempt(this.#client(), AbortSignal.timeout(ANSWER_LIMIT));
        this.#parts.tally.add(`definitions: ${words.split(' ', 1)[0]}`);
        return true;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE));
      }
    }
    this.#parts.tally.add('definitions: given up');
    return false;
  }

  #acknowledge(words: string, { metadata }: ImageStream): void {
    const version = Number(metadata.resourceVersion);
    this.acknowledged.push({ words, version, member: `${metadata.namespace}/${metadata.name}` });
  }

  #client(): ApiClient {
    const { clients } = this.#parts;
    this.#turn += 1;
    const client = clients[this.#turn % clients.length];
    if (client === undefined) throw new RangeError('no api');
    return client;
  }

  #sourcesOf(stream: string): Record<string, string> {
    const known = this.#sources.get(stream);
    if (known !== undefined) return known;
    const { sourceOf } = this.#parts;
    const sources = Object.fromEntries(VERSION_TAGS.map((tag) => [tag, sourceOf(stream, tag)]));
    this.#sources.set(stream, sources);
    return sources;
  }
}

function importOf({ apiVersion, metadata, spec }: ImageStream): ImageStreamImport {
  const { name, namespace = NAMESPACE, resourceVersion } = metadata;
  return {
    kind: 'ImageStreamImport',
    apiVersion,
    metadata: { name, namespace, ...(resourceVersion && { resourceVersion }) },
    spec: {
      import: true,
      images: (spec.tags ?? []).flatMap(({ name: tag, from, importPolicy, referencePolicy }) =>
        from
          ? [
              {
                from: { kind: 'DockerImage', name: from.name },
                to: { name: tag },
                importPolicy,
                referencePolicy,
              },
            ]
          : [],
      ),
    },
    status: {},
  };
}

function isCode(error: unknown, code: number): boolean {
  return error instanceof ApiError && error.code === code;
}
