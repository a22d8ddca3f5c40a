import { MANIFEST_LIMIT_BYTES, MEDIA_TYPE } from '@tagtrail/oci';
import { filled } from '../engine/filled.ts';
import type { FuzzTarget } from '../engine/fuzz-target.ts';
import { JSON_MUTATORS } from '../engine/json-mutators.ts';
import { checkManifestText } from './check-manifest-text.ts';
import { documentGrowth } from './document-growth.ts';
import { MANIFEST_DICTIONARY } from './manifest-target.ts';

const OPEN = `{"schemaVersion":2,"mediaType":"${MEDIA_TYPE.ociIndex}",`;
const ENTRY = `{"mediaType":"${MEDIA_TYPE.ociManifest}","digest":"sha256:${'c'.repeat(64)}","size":1`;

/** Several images, OCI's or Docker's. */
export const indexTarget: FuzzTarget = {
  name: 'index',
  dictionary: [...MANIFEST_DICTIONARY, 'linux', 'amd64', 'arm64', 'os.features', 'variant'],
  mutators: JSON_MUTATORS,
  limit: MANIFEST_LIMIT_BYTES,
  check: (text) => checkManifestText(text, MEDIA_TYPE.ociIndex),
  growth: {
    ...documentGrowth(OPEN),
    entries: (size) => filled(size, `${ENTRY}},`, [`${OPEN}"manifests":[`, `${ENTRY}}]}`]),
    'entries with annotations': (size) =>
      filled(
        size,
        `${ENTRY},"annotations":{"vnd.docker.reference.type":"attestation-manifest"}},`,
        [`${OPEN}"manifests":[`, `${ENTRY}}]}`],
      ),
    'features of a platform': (size) =>
      filled(size, '"f",', [
        `${OPEN}"manifests":[${ENTRY},"platform":{"os":"linux","architecture":"amd64","os.features":[`,
        '"f"]}}]}',
      ]),
    'keys that differ in capitals': (size) =>
      filled(size, (at) => `"MediaType${at}":1,`, [`${OPEN}"manifests":[${ENTRY},`, '"end":1}]}']),
  },
};
