import { isRegistryHost } from '@tagtrail/image-reference';
import { type Credential, decodeDockerAuthFile } from '@tagtrail/registry-client';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must, mustEqual } from '../engine/fuzz-target.ts';
import { JSON_MUTATORS } from '../engine/json-mutators.ts';

/** Characters that are read of such a file. */
const LIMIT = 1024 * 1024;

/** Docker's `config.json`. */
export const authFileTarget: FuzzTarget = {
  name: 'auth-file',
  dictionary: [
    'auths',
    'auth',
    'username',
    'password',
    'identitytoken',
    'registrytoken',
    'PHRva2VuPjpwYXNz',
    'https://',
    'http://',
    '/v1/',
    '/v2',
    'quay.io',
    'docker.io',
    'index.docker.io',
    'quay.io/acme',
    'dXNlcjpwYXNz',
    'dXNlcjo=',
    'OnBhc3M=',
    '/',
    '"__proto__":{"username":"a","password":"b"}',
  ],
  mutators: JSON_MUTATORS,
  limit: LIMIT,
  check: checkAuthFile,
  growth: {
    'slashes in a key': (size) => filled(size, '/', ['{"auths":{"quay.io', 'a":{}}}']),
    'slashes at the end of a key': (size) => filled(size, '/', ['{"auths":{"quay.io', '":{}}}']),
    'schemes in a key': (size) => filled(size, 'https://', ['{"auths":{"', '":{}}}']),
    'versions in a key': (size) => filled(size, '/v1', ['{"auths":{"quay.io', '":{}}}']),
    'blanks around a key': (size) => filled(size, ' ', ['{"auths":{"quay.io', '":{}}}']),
    'blanks within a key': (size) => filled(size, ' ', ['{"auths":{"a', 'b":{}}}']),
    'many keys': (size) =>
      filled(size, (at) => `"h${at}.example":{},`, ['{"auths":{', '"e.e":{}}}']),
    'a long path': (size) => filled(size, 'a/', ['{"auths":{"quay.io/', 'a":{}}}']),
    base64: (size) => filled(size, 'QUJD', ['{"auths":{"quay.io":{"auth":"', '!"}}}']),
    padding: (size) => filled(size, '=', ['{"auths":{"quay.io":{"auth":"', '"}}}']),
    nuls: (size) => filled(size, 'AAAA', ['{"auths":{"quay.io":{"auth":"dTpw', '"}}}']),
  },
};

function checkAuthFile(text: string): boolean {
  const decoded = decodeDockerAuthFile(text);
  if (!decoded.ok) {
    must(decoded.message !== '', 'a refusal says why');
    return false;
  }
  const { auths = {} } = JSON.parse(text) as { readonly auths?: Readonly<Record<string, unknown>> };
  const keys = Object.keys(auths);
  must(
    decoded.ignored.every((key) => keys.includes(key)),
    'only keys are passed over',
  );
  for (const key of keys.filter((one) => isRegistryHost(one) && one === one.toLowerCase())) {
    decoded.credentials(key).forEach(checkCredential);
    decoded.credentials(key, 'acme/app').forEach(checkCredential);
  }
  const written = JSON.stringify({ auths }, null, 2);
  // Blanks may take a large file beyond what is read.
  if (written.length > LIMIT) return true;
  const again = decodeDockerAuthFile(written);
  must(again.ok, 'the file is read again');
  mustEqual(again.ignored, decoded.ignored, 'the file is read the same again');
  return true;
}

function checkCredential({ username, password, token }: Credential): void {
  must(typeof username === 'string', 'a user is a text');
  must(username !== '' || token !== undefined, 'there is a user, or a token of nobody');
  must(typeof password === 'string', 'there is a password');
}
