import { decodeImageStream } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';
import { textMember } from '../json-object.ts';
import type { Manifest } from './parse-manifests.ts';
import { unknownFields } from './unknown-fields.ts';

/**
 * Throws CliError `manifest` with one line per mistake, each naming file, document and field, unless every manifest
 * has the form of an ImageStream. What the values mean is the server's to judge.
 */
export function checkManifests(manifests: readonly Manifest[]): void {
  const problems = manifests.flatMap(manifestProblems);
  if (problems.length > 0) throw new CliError('manifest', problems.join('\n'));
}

function manifestProblems(manifest: Manifest): readonly string[] {
  const { object, place } = manifest;
  const kind = textMember(object, 'kind');
  if (kind !== 'ImageStream') {
    const found = kind === undefined ? 'Required value' : `"${kind}" is not known`;
    return [`${place}: kind: ${found}: must be ImageStream`];
  }
  const decoded = decodeImageStream(object);
  const causes = decoded.ok ? [] : decoded.causes;
  return [
    ...unknownFields(object).map((field) => `${place}: ${field}: unknown field`),
    ...causes.map((cause) => `${place}: ${cause.field}: ${cause.message}`),
  ];
}
