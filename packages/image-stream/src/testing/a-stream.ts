import type { CheckState } from '../check-state.ts';
import type { ImageStream, NamedTagEventList, TagReference } from '../image-stream.ts';
import type { ScheduleSettings } from '../schedule-settings.ts';

/** Builders for tests: a stream, a tag, a check state, each with only the differing fields given. */
export const D1 = `sha256:${'1'.repeat(64)}`;
export const D2 = `sha256:${'2'.repeat(64)}`;
export const T0 = Date.UTC(2026, 0, 1, 10, 0, 0);
export const T1 = T0 + 60_000;
export const T2 = T1 + 60_000;

export const SETTINGS: ScheduleSettings = {
  defaultInterval: 900_000,
  minimumInterval: 1_000,
  hostIntervals: {},
  retryBase: 5_000,
};

export function aTag(fields: Partial<TagReference> = {}): TagReference {
  return {
    name: 'latest',
    annotations: null,
    from: { kind: 'DockerImage', name: 'quay.io/acme/app:latest' },
    generation: 1,
    importPolicy: { importMode: 'Legacy' },
    referencePolicy: { type: 'Source' },
    ...fields,
  };
}

export function aStream(fields: {
  name?: string;
  namespace?: string;
  generation?: number;
  annotations?: Record<string, string>;
  tags?: readonly TagReference[];
  status?: readonly NamedTagEventList[];
  dockerImageRepository?: string;
}): ImageStream {
  const { name = 'app', namespace = 'acme', generation = 1, annotations } = fields;
  const { tags = [aTag()], status, dockerImageRepository } = fields;
  return {
    kind: 'ImageStream',
    apiVersion: 'image.openshift.io/v1',
    metadata: {
      name,
      namespace,
      uid: 'u-1',
      resourceVersion: '7',
      generation,
      creationTimestamp: '2026-01-01T10:00:00Z',
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      lookupPolicy: { local: false },
      tags,
      ...(dockerImageRepository === undefined ? {} : { dockerImageRepository }),
    },
    status: { dockerImageRepository: '', ...(status === undefined ? {} : { tags: status }) },
  };
}

export function aCheck(fields: Partial<CheckState> = {}): CheckState {
  return {
    generation: 1,
    host: 'quay.io',
    repository: 'quay.io/acme/app',
    schedule: '',
    suspended: false,
    fence: 0,
    lastChecked: null,
    lastChanged: null,
    nextDue: T0,
    attempts: 0,
    outcome: 'never',
    message: '',
    upstreamDigest: null,
    image: null,
    ...fields,
  };
}
