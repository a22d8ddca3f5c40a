import type { ContainerConfig, HistoryEntry, ImageConfig, RootFileSystem } from './image-config.ts';
import type { JsonObject } from './json-object.ts';
import { CONFIG_LIMIT_BYTES, HISTORY_LIMIT } from './limits.ts';
import { omitAbsent } from './omit-absent.ts';
import { parseDocument } from './parse-document.ts';

export type DecodedImageConfig =
  | { readonly ok: true; readonly config: ImageConfig }
  | { readonly ok: false; readonly message: string };

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
    config: decodeContainerConfig(body.object('config')),
    rootfs: decodeRootFileSystem(body.object('rootfs')),
    history: body.objects('history', HISTORY_LIMIT)?.map(decodeHistoryEntry),
  });
}

function decodeContainerConfig(body: JsonObject | undefined): ContainerConfig | undefined {
  if (body === undefined) return undefined;
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

function decodeRootFileSystem(body: JsonObject | undefined): RootFileSystem | undefined {
  if (body === undefined) return undefined;
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
