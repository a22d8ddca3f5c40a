import { MANIFEST_LIMIT_BYTES, MEDIA_TYPE } from '@tagtrail/oci';
import { filled } from '../engine/filled.ts';
import type { FuzzTarget } from '../engine/fuzz-target.ts';
import { JSON_MUTATORS } from '../engine/json-mutators.ts';
import { checkManifestText } from './check-manifest-text.ts';
import { documentGrowth } from './document-growth.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OPEN = `{"schemaVersion":2,"mediaType":"${MEDIA_TYPE.ociManifest}",`;
const CONFIG = `"config":{"mediaType":"${MEDIA_TYPE.ociConfig}","digest":"${DIGEST}","size":2}`;
const LAYER = `{"mediaType":"${MEDIA_TYPE.ociLayer}","digest":"${DIGEST}","size":1},`;
const LAST_LAYER = LAYER.slice(0, -1);

/** Words of manifests and indexes. */
export const MANIFEST_DICTIONARY: readonly string[] = [
  ...Object.values(MEDIA_TYPE),
  'schemaVersion',
  'mediaType',
  'config',
  'layers',
  'manifests',
  'platform',
  'architecture',
  'annotations',
  'subject',
  'artifactType',
  'fsLayers',
  'urls',
  'data',
  'unknown',
  'vnd.docker.reference.type',
  'attestation-manifest',
  DIGEST,
  `sha512:${'b'.repeat(128)}`,
  'sha256:../../etc',
  'bGF5ZXI=',
  ',"size":0',
  '"__proto__":{}',
];

/** One image, OCI's or Docker's. */
export const manifestTarget: FuzzTarget = {
  name: 'manifest',
  dictionary: MANIFEST_DICTIONARY,
  mutators: JSON_MUTATORS,
  limit: MANIFEST_LIMIT_BYTES,
  check: (text) => checkManifestText(text, MEDIA_TYPE.ociManifest),
  growth: {
    ...documentGrowth(OPEN),
    layers: (size) => filled(size, LAYER, [`${OPEN}${CONFIG},"layers":[`, `${LAST_LAYER}]}`]),
    annotations: (size) =>
      filled(size, (at) => `"k${at}":"v",`, [
        `${OPEN}${CONFIG},"layers":[],"annotations":{`,
        '"end":""}}',
      ]),
    'embedded content': (size) =>
      filled(size, 'AAAA', [
        `${OPEN}"layers":[],"config":{"mediaType":"a/b","digest":"${DIGEST}","size":1,"data":"`,
        '!"}}',
      ]),
    'a long media type': (size) =>
      filled(size, 'a', [`${OPEN}${CONFIG},"layers":[],"artifactType":"`, '/"}']),
  },
};
