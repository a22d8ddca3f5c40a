import { IMAGE_API_VERSION } from '@tagtrail/image-stream';
import type { Representation } from '../http/representation.ts';
import type { IncludeObject } from '../http/table-request.ts';
import { drawTable } from '../image-streams/image-stream-table.ts';
import { type Change, encodeFrame, type SeenChange } from './change.ts';

/** Writes the frames of one watch. */
export interface FrameRenderer {
  /** `change` is where `seen` comes from; its ready-made frame is used when it fits. */
  frame(seen: SeenChange, change?: Change): Uint8Array;
  bookmark(resourceVersion: string, annotations?: Readonly<Record<string, string>>): Uint8Array;
}

export interface RendererChoice {
  readonly representation: Representation;
  readonly includeObject: IncludeObject;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** A renderer of objects, or of Tables with one row each. */
export function createFrameRenderer(choice: RendererChoice): FrameRenderer {
  const { representation } = choice;
  return representation.kind === 'object'
    ? OBJECT_RENDERER
    : createTableRenderer(choice, representation.version);
}

const OBJECT_RENDERER: FrameRenderer = {
  frame(seen, change) {
    return change !== undefined && seen === change.seen
      ? change.frame
      : encodeFrame(seen.type, seen.stream);
  },
  bookmark(resourceVersion, annotations) {
    return encodeFrame('BOOKMARK', {
      kind: 'ImageStream',
      apiVersion: IMAGE_API_VERSION,
      metadata: { resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) },
      spec: {},
      status: { dockerImageRepository: '' },
    });
  },
};

function createTableRenderer(choice: RendererChoice, version: 'v1' | 'v1beta1'): FrameRenderer {
  const { includeObject, now } = choice;
  let columns = true;
  const draw = (streams: readonly SeenChange['stream'][], metadata: object) => {
    const table = drawTable(streams, { version, includeObject, metadata, columns, now: now() });
    columns = false;
    return table;
  };
  return {
    frame({ type, stream }) {
      const { resourceVersion } = stream.metadata;
      return encodeFrame(
        type,
        draw([stream], resourceVersion === undefined ? {} : { resourceVersion }),
      );
    },
    bookmark(resourceVersion, annotations) {
      return encodeFrame(
        'BOOKMARK',
        draw([], { resourceVersion, ...(annotations && { annotations }) }),
      );
    },
  };
}
