import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSurroundings, type RegistrySurroundings } from './registry-surroundings.ts';

/** ms: two years and a bit, which is shown as `2 years`. */
const TWO_YEARS = 800 * 24 * 3_600_000;
/** Tags of a repository that are imported at once; the rest is only named. */
const IMPORTED_AT_ONCE = 50;

let around: RegistrySurroundings;

beforeAll(async () => {
  around = await openSurroundings();
});
afterAll(() => around?.[Symbol.asyncDispose]());

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The image of the sample: two layers, and a config of 400 bytes, which count towards its size. */
function sampleImage() {
  const layers = ['x'.repeat(1_000), 'y'.repeat(122_500)];
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: new Date(Date.now() - TWO_YEARS).toISOString(),
    config: {
      Cmd: ['irb'],
      ExposedPorts: { '8080/tcp': {} },
      Labels: { io: 'x' },
      Env: ['PATH=/usr/bin', 'A=b'],
    },
    rootfs: { type: 'layers', diff_ids: [] },
  }).padEnd(400);
  const described = (mediaType: string, text: string) => ({
    mediaType,
    digest: sha256(text),
    size: text.length,
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: described('application/vnd.oci.image.config.v1+json', config),
    layers: layers.map((layer) => described('application/vnd.oci.image.layer.v1.tar+gzip', layer)),
  });
  return { image: { manifest, mediaType, blobs: [config, ...layers] }, layers: layers.map(sha256) };
}

/** The outcome as the samples have it: their registry's name, and the age of what was made a moment ago. */
function asSampled(text: string, host: string): string {
  return text
    .replaceAll(host, 'example.com')
    .replace(/\b(?:Less than a second|\d seconds?) ago/gu, 'Less than a second ago')
    .replace(/(?<=dockerRepositoryCheck=)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/u, '2026-11-23T05:27:57Z');
}

describe('the output of import-image, byte for byte', () => {
  it('manual import', async () => {
    const { image, layers } = sampleImage();
    const { digest } = await around.images.publish('ruby', 'latest', image);
    const host = around.registries.trustedHost;
    const said = await around.run(['import-image', 'my-ruby', `--from=${host}/ruby`, '--confirm']);
    expect(asSampled(said, host)).toBe(`imagestream.image.openshift.io/my-ruby imported

Name:\t\t\tmy-ruby
Namespace:\t\tmyproject
Created:\t\tLess than a second ago
Labels:\t\t\t<none>
Annotations:\t\topenshift.io/image.dockerRepositoryCheck=2026-11-23T05:27:57Z
Image Repository:\t<none>
Image Lookup:\t\tlocal=false
Unique Images:\t\t1
Tags:\t\t\t1

latest
  tagged from example.com/ruby

  * example.com/ruby@${digest}
      Less than a second ago

Image Name:\tmy-ruby:latest
Docker Image:\texample.com/ruby@${digest}
Name:\t\t${digest}
Created:\tLess than a second ago
Annotations:\timage.openshift.io/dockerLayersOrder=ascending
Image Size:\t123.9kB in 2 layers
Layers:\t\t1kB\t${layers[0]}
\t\t122.5kB\t${layers[1]}
Image Created:\t2 years ago
Author:\t\t<none>
Arch:\t\tamd64
Command:\tirb
Working Dir:\t<none>
User:\t\t<none>
Exposes Ports:\t8080/tcp
Docker Labels:\tio=x
Environment:\tPATH=/usr/bin
\t\tA=b


`);
  });

  it('manual import of a tag that is not there', async () => {
    await around.images.publish('bad', 'latest');
    const host = around.registries.trustedHost;
    const options = [`--from=${host}/bad:1`, '--confirm'];
    const failed = await around.attempt(['import-image', 'bad', ...options]);
    expect(failed.code).toBe(1);
    expect(
      asSampled(failed.stdout, host),
    ).toBe(`imagestream.image.openshift.io/bad imported with errors

Name:\t\t\tbad
Namespace:\t\tmyproject
Created:\t\tLess than a second ago
Labels:\t\t\t<none>
Annotations:\t\topenshift.io/image.dockerRepositoryCheck=2026-11-23T05:27:57Z
Image Repository:\t<none>
Image Lookup:\t\tlocal=false
Unique Images:\t\t0
Tags:\t\t\t1

latest
  tagged from example.com/bad:1

  ! error: Import failed (NotFound): dockerimage.image.openshift.io "example.com/bad:1" not found
      Less than a second ago


`);
    expect(asSampled(failed.stderr, host)).toBe(
      `error: tag latest failed: dockerimage.image.openshift.io "example.com/bad:1" not found
error: imported completed with errors
`,
    );
  });

  it('--all of a repository with more tags than are imported at once', async () => {
    const numbered = Array.from({ length: IMPORTED_AT_ONCE }, (_, index) => `1.${index}`);
    await around.images.publishTags('all/many', [...numbered, 'x2', 'x1']);
    const source = `--from=${around.registries.trustedHost}/all/many`;
    const said = await around.run(['import-image', 'many', source, '--all', '--confirm']);
    expect(said).toContain('Tags:\t\t\t50\n');
    expect(said.split('\n').slice(-4)).toEqual([
      '',
      'info: The remote repository contained 2 additional tags which were not imported: x1, x2',
      '',
      '',
    ]);
  });
});
