import { CONFIG_LIMIT_BYTES, decodeImageConfig } from '@tagtrail/oci';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must, mustEqual } from '../engine/fuzz-target.ts';
import { JSON_MUTATORS } from '../engine/json-mutators.ts';
import { documentGrowth } from './document-growth.ts';

const OPEN = '{"architecture":"amd64","os":"linux",';
const MOST_STEPS = 10_000;

/** The config of an image. */
export const imageConfigTarget: FuzzTarget = {
  name: 'image-config',
  dictionary: [
    'architecture',
    'config',
    'rootfs',
    'diff_ids',
    'history',
    'empty_layer',
    'ExposedPorts',
    'Volumes',
    'Labels',
    'Env',
    'Entrypoint',
    'created',
    '2026-11-23T08:00:00Z',
    '8080/tcp',
    'true',
    'null',
    '"__proto__":{}',
  ],
  mutators: JSON_MUTATORS,
  limit: CONFIG_LIMIT_BYTES,
  check: checkImageConfig,
  growth: {
    ...documentGrowth(OPEN),
    history: (size) => filled(size, '{"created_by":"x"},', [`${OPEN}"history":[`, '{}]}']),
    labels: (size) =>
      filled(size, (at) => `"l${at}":"v",`, [`${OPEN}"config":{"Labels":{`, '"end":""}}}']),
    ports: (size) =>
      filled(size, (at) => `"${at}/tcp":{},`, [`${OPEN}"config":{"ExposedPorts":{`, '"e":{}}}}']),
    environment: (size) => filled(size, '"A=b",', [`${OPEN}"config":{"Env":[`, '"A=b"]}}']),
  },
};

function checkImageConfig(text: string): boolean {
  const decoded = decodeImageConfig(text);
  if (!decoded.ok) {
    must(decoded.message !== '', 'a refusal says why');
    return false;
  }
  const { history = [], config } = decoded.config;
  must(history.length <= MOST_STEPS, 'the history is bounded');
  const sets = [config?.ExposedPorts, config?.Volumes].flatMap((one) => Object.values(one ?? {}));
  must(
    sets.every((one) => Object.keys(one).length === 0),
    'the values of a set are empty',
  );
  mustEqual(
    decodeImageConfig(JSON.stringify(decoded.config)),
    decoded,
    'a config is read as it was written',
  );
  return true;
}
