import type {
  DockerConfig,
  DockerImageMetadata,
  ImageObject,
  ImageSignature,
} from '@tagtrail/api-client';
import {
  ago,
  annotationLines,
  createdLines,
  describedText,
  fieldLines,
  listLines,
  mapLines,
} from './field-lines.ts';
import { humanSize } from './human-size.ts';

/**
 * The text of `oc describe istag`, `isimage` and `image`, tabs and all; `imageName` heads it unless it is empty.
 * `now` in ms since the epoch. Source: current `oc`; the same text follows a successful `oc import-image`.
 */
export function describeImage(image: ImageObject, imageName: string, now: number): string {
  const { metadata } = image;
  const docker = image.dockerImageMetadata ?? {};
  return describedText([
    ...(imageName === '' ? [] : fieldLines('Image Name', imageName)),
    ...fieldLines('Docker Image', image.dockerImageReference ?? ''),
    ...fieldLines('Name', metadata.name),
    ...createdLines(metadata.creationTimestamp, now),
    ...(isEmpty(metadata.labels) ? [] : mapLines('Labels', metadata.labels)),
    ...(isEmpty(metadata.annotations) ? [] : annotationLines(metadata.annotations)),
    ...sizeLines(image, docker.Size ?? 0),
    ...(image.signatures ?? []).flatMap(signatureLines),
    ...contentLines(image, docker, now),
    ...configLines(docker.Config ?? {}),
  ]);
}

function isEmpty(map: object | null | undefined): boolean {
  return Object.keys(map ?? {}).length === 0;
}

function sizeLines({ dockerImageLayers }: ImageObject, size: number): readonly string[] {
  const layers = dockerImageLayers ?? [];
  if (layers.length === 0) return fieldLines('Layer Size', humanSize(size));
  const lines = layers.map((layer) => `${humanSize(layer.size)}\t${layer.name}`);
  return [
    ...fieldLines('Image Size', `${humanSize(size)} in ${layers.length} layers`),
    ...fieldLines('Layers', lines.join('\n')),
  ];
}

/** Signatures are shown as the API has them; nothing is verified here. */
function signatureLines({ metadata, type, issuedBy }: ImageSignature): readonly string[] {
  return [
    ...fieldLines('Image Signatures', ' '),
    ...fieldLines('\tName', metadata?.name ?? ''),
    ...fieldLines('\tType', type),
    ...fieldLines('\tStatus', issuedBy ? 'Verified' : 'Unverified'),
    ...(issuedBy ? fieldLines('\tIssued By', issuedBy.commonName ?? '') : []),
  ];
}

function contentLines(
  { dockerImageManifests }: ImageObject,
  docker: DockerImageMetadata,
  now: number,
): readonly string[] {
  const manifests = (dockerImageManifests ?? []).map(
    ({ os, architecture, digest }) => `${os}/${architecture}\t${digest}`,
  );
  return [
    ...fieldLines('Image Created', ago(docker.Created, now)),
    ...fieldLines('Author', docker.Author ?? ''),
    ...fieldLines('Arch', docker.Architecture ?? ''),
    ...(manifests.length === 0 ? [] : fieldLines('Manifests', manifests.join('\n'))),
  ];
}

function configLines(config: DockerConfig): readonly string[] {
  return [
    ...commandLines(config),
    ...fieldLines('Working Dir', config.WorkingDir ?? ''),
    ...fieldLines('User', config.User ?? ''),
    ...fieldLines('Exposes Ports', sortedKeys(config.ExposedPorts).join(', ')),
    ...mapLines('Docker Labels', config.Labels),
    ...listLines('Environment', config.Env ?? []),
    ...listLines('Volumes', sortedKeys(config.Volumes)),
  ];
}

function commandLines({ Entrypoint, Cmd }: DockerConfig): readonly string[] {
  const entrypoint = Entrypoint ?? [];
  const command = Cmd ?? [];
  const hasCommand = command.length > 0 || entrypoint.length === 0;
  return [
    ...(entrypoint.length === 0 ? [] : fieldLines('Entrypoint', entrypoint.join(' '))),
    ...(hasCommand ? fieldLines('Command', command.join(' ')) : []),
  ];
}

function sortedKeys(map: Readonly<Record<string, unknown>> | null | undefined): readonly string[] {
  return Object.keys(map ?? {}).toSorted();
}
