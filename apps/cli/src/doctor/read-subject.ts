import { isRegistryHost, parseImageReference, resolveReference } from '@tagtrail/image-reference';
import type { RepositoryTarget } from '@tagtrail/registry-client';
import { CliError } from '../cli-error.ts';

/** What is examined. */
export interface Subject {
  /** As people name it: `quay.io`, `quay.io/team/app:v1`. */
  readonly name: string;
  /** Its repository is empty when only the registry is meant. */
  readonly target: RepositoryTarget;
  /** Tag or digest; undefined when only the registry is meant. */
  readonly wanted: string | undefined;
}

/** A registry, or a reference as tags name their source: a tag is `latest` unless told. */
export function readSubject(text: string, insecure: boolean): Subject {
  if (!text.includes('/')) return readHost(text, insecure);
  const parsed = parseImageReference(text);
  if (!parsed.ok) throw new CliError('usage', `"${text.slice(0, 256)}": ${parsed.message}`);
  const { registry, endpoint, repository, tag, digest } = resolveReference(parsed.reference);
  const wanted = digest ?? tag ?? 'latest';
  const separator = digest === undefined ? ':' : '@';
  return {
    name: `${registry}/${repository}${separator}${wanted}`,
    target: { registry, endpoint, repository, insecure },
    wanted,
  };
}

function readHost(text: string, insecure: boolean): Subject {
  if (!isRegistryHost(text)) {
    const hint = 'A registry is named by its host: quay.io, localhost:5000, docker.io';
    throw new CliError('usage', `"${text.slice(0, 256)}" is not the host of a registry`, { hint });
  }
  const { registry, endpoint } = resolveReference({ registry: text, repository: 'any/any' });
  return {
    name: registry,
    target: { registry, endpoint, repository: '', insecure },
    wanted: undefined,
  };
}
