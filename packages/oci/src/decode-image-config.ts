import type { ContainerConfig, HistoryEntry, ImageConfig, RootFileSystem } from './image-config.ts';
import { isBoolean, isKeySet, isString, isStringMap, isStrings } from './json-guards.ts';
import type { JsonObject, Reading } from './json-object.ts';
import { JsonShape } from './json-shape.ts';
import { CONFIG_LIMIT_BYTES, HISTORY_LIMIT } from './limits.ts';
import { omitAbsent } from './omit-absent.ts';
import { parseDocument } from './parse-document.ts';

export type DecodedImageConfig =
  | { readonly ok: true; readonly config: ImageConfig }
  | { readonly ok: false; readonly message: string };

const CONTAINER_CONFIG: Reading<ContainerConfig> = {
  shape: new JsonShape<ContainerConfig>({
    User: isString,
    Env: isStrings,
    Entrypoint: isStrings,
    Cmd: isStrings,
    WorkingDir: isString,
    StopSignal: isString,
    Labels: isStringMap,
    ExposedPorts: isKeySet,
    Volumes: isKeySet,
  }),
  read: decodeContainerConfig,
};
const ROOT_FILE_SYSTEM: Reading<RootFileSystem> = {
  shape: new JsonShape<RootFileSystem>({ type: isString, diff_ids: isStrings }),
  read: decodeRootFileSystem,
};
const HISTORY_ENTRY: Reading<HistoryEntry> = {
  shape: new JsonShape<HistoryEntry>({
    created: isString,
    created_by: isString,
    author: isString,
    comment: isString,
    empty_layer: isBoolean,
  }),
  read: decodeHistoryEntry,
};

/**
 * Reads an image config of untrusted origin, OCI's or Docker's. Fields may be absent or null, but
 * not of another type; unknown ones are passed over. Source: OCI image-spec, "Image Configuration".
 */
export function decodeImageConfig(text: string): DecodedImageConfig {
  const document = parseDocument(text, CONFIG_LIMIT_BYTES);
  if (!document.ok) return { ok: false, message: `image config ${document.message}` };
  const config = decodeConfig(document.body);
  const problem = document.problems.first;
  return problem === undefined ? { ok: true, config } : { ok: false, message: problem };
}

function decodeConfig(body: JsonObject): ImageConfig {
  return omitAbsent({
    architecture: body.string('architecture'),
    os: body.string('os'),
    variant: body.string('variant'),
    'os.version': body.string('os.version'),
    created: body.string('created'),
    author: body.string('author'),
    docker_version: body.string('docker_version'),
    config: body.shaped('config', CONTAINER_CONFIG),
    rootfs: body.shaped('rootfs', ROOT_FILE_SYSTEM),
    history: body.shapedList('history', HISTORY_LIMIT, HISTORY_ENTRY),
  });
}

function decodeContainerConfig(body: JsonObject): ContainerConfig {
  return omitAbsent({
    User: body.string('User'),
    Env: body.strings('Env'),
    Entrypoint: body.strings('Entrypoint'),
    Cmd: body.strings('Cmd'),
    WorkingDir: body.string('WorkingDir'),
    StopSignal: body.string('StopSignal'),
    Labels: body.stringMap('Labels'),
    ExposedPorts: body.keySet('ExposedPorts'),
    Volumes: body.keySet('Volumes'),
  });
}

function decodeRootFileSystem(body: JsonObject): RootFileSystem {
  return omitAbsent({ type: body.string('type'), diff_ids: body.strings('diff_ids') });
}

function decodeHistoryEntry(body: JsonObject): HistoryEntry {
  return omitAbsent({
    created: body.string('created'),
    created_by: body.string('created_by'),
    author: body.string('author'),
    comment: body.string('comment'),
    empty_layer: body.boolean('empty_layer'),
  });
}
