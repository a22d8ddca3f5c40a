import { WIRE_MEDIA_TYPE } from '../image/media-type.ts';
import type { NamedFault } from './named-fault.ts';

const MANIFEST = { route: 'manifest' } as const;
const HEAD = { ...MANIFEST, method: 'HEAD' } as const;
const GET = { ...MANIFEST, method: 'GET' } as const;

/** A document of Docker's first schema, as old registries make it for clients that ask for nothing newer. */
const SCHEMA1 = JSON.stringify({
  schemaVersion: 1,
  name: 'simulated',
  tag: 'simulated',
  architecture: 'amd64',
  fsLayers: [],
  history: [],
});

/** Behaviours 1 to 26: what is said about digests, and what manifests look like. */
export const DIGEST_AND_MANIFEST_FAULTS: readonly NamedFault[] = [
  {
    name: 'no-digest-header',
    behaviour: 1,
    does: 'leaves Docker-Content-Digest out of every manifest reply',
    parts: [{ match: MANIFEST, fault: { noDigestHeader: true } }],
  },
  {
    name: 'no-digest-header-on-index',
    behaviour: 2,
    does: 'leaves Docker-Content-Digest out of replies with an index, not with an image',
    parts: [
      {
        match: MANIFEST,
        fault: { noDigestHeader: [WIRE_MEDIA_TYPE.ociIndex, WIRE_MEDIA_TYPE.dockerList] },
      },
    ],
  },
  {
    name: 'head-404',
    behaviour: 3,
    does: 'answers HEAD with 404 where GET finds the manifest',
    parts: [{ match: HEAD, fault: { status: 404 } }],
  },
  {
    name: 'head-405',
    behaviour: 4,
    does: 'answers HEAD of a manifest with 405',
    parts: [{ match: HEAD, fault: { status: 405 } }],
  },
  {
    name: 'head-400',
    behaviour: 4,
    does: 'answers HEAD of a manifest with 400, as a proxy that does not know it',
    parts: [{ match: HEAD, fault: { status: 400 } }],
  },
  {
    name: 'head-as-file',
    behaviour: 5,
    does: 'answers HEAD as a file server: octet-stream, a sha1 ETag, no digest',
    parts: [
      {
        match: HEAD,
        fault: {
          noDigestHeader: true,
          headers: {
            'Content-Type': 'application/octet-stream',
            'Content-Disposition': 'attachment; filename="manifest.json"',
            ETag: '"da39a3ee5e6b4b0d3255bfef95601890afd80709"',
            'X-Checksum-Sha256': 'f'.repeat(64),
          },
        },
      },
    ],
  },
  {
    name: 'no-content-length',
    behaviour: 6,
    does: 'does not say how long a manifest is',
    parts: [{ match: MANIFEST, fault: { contentLength: 'none' } }],
  },
  {
    name: 'empty-content-length',
    behaviour: 6,
    does: 'sends a Content-Length without a number',
    parts: [{ match: MANIFEST, fault: { contentLength: 'empty' } }],
  },
  {
    name: 'index-digest-on-image',
    behaviour: 7,
    does: 'answers GET of an index with its first image, and the digest of the index',
    parts: [{ match: GET, fault: { firstEntry: 'keepDigest' } }],
  },
  {
    name: 'accept-ignored',
    behaviour: 8,
    does: "answers OCI documents where Docker's were pushed, whatever Accept says",
    parts: [{ match: MANIFEST, fault: { document: 'oci' } }],
  },
  {
    name: 'accept-enforced',
    behaviour: 9,
    does: 'answers 404 unless Accept names the very media type of the manifest',
    parts: [{ match: MANIFEST, fault: { wantsAccept: { type: 'served', status: 404 } } }],
  },
  {
    name: 'wants-json-accept',
    behaviour: 10,
    does: 'answers 406 unless Accept names application/json',
    parts: [{ match: MANIFEST, fault: { wantsAccept: { type: 'application/json', status: 406 } } }],
  },
  {
    name: 'schema1',
    behaviour: 11,
    does: 'answers every manifest as a signed document of Docker schema 1',
    parts: [
      {
        match: MANIFEST,
        fault: {
          body: SCHEMA1,
          headers: { 'Content-Type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' },
        },
      },
    ],
  },
  {
    name: 'no-media-type',
    behaviour: 12,
    does: 'serves manifests that do not say of what type they are',
    parts: [{ match: MANIFEST, fault: { document: 'noMediaType' } }],
  },
  {
    name: 'content-type-charset',
    behaviour: 13,
    does: 'adds "; charset=utf-8" to the Content-Type of manifests',
    parts: [{ match: MANIFEST, fault: { contentTypeSuffix: '; charset=utf-8' } }],
  },
  {
    name: 'content-type-text-plain',
    behaviour: 13,
    does: 'calls every manifest text/plain',
    parts: [{ match: MANIFEST, fault: { headers: { 'Content-Type': 'text/plain' } } }],
  },
  {
    name: 'attestation-first',
    behaviour: 14,
    does: 'puts an attestation of platform unknown/unknown before the images of an index',
    parts: [{ match: MANIFEST, fault: { document: 'attestationFirst' } }],
  },
  {
    name: 'no-platform',
    behaviour: 14,
    does: 'serves indexes whose entries have no platform',
    parts: [{ match: MANIFEST, fault: { document: 'noPlatform' } }],
  },
  {
    name: 'nested-index',
    behaviour: 15,
    does: 'serves an index whose only entry is the index that was pushed',
    parts: [{ match: MANIFEST, fault: { document: 'nested' } }],
  },
  {
    name: 'index-still-growing',
    behaviour: 16,
    does: 'leaves the last image out of an index, as while it is being built',
    parts: [{ match: MANIFEST, fault: { document: 'withoutLastEntry' } }],
  },
  {
    name: 'index-or-image',
    behaviour: 17,
    does: 'answers each second request for an index by tag with its first image',
    parts: [
      {
        match: { ...MANIFEST, referenceKind: 'tag', every: 2 },
        fault: { firstEntry: true },
      },
    ],
  },
  {
    name: 'flip-flop',
    behaviour: 18,
    does: 'answers each second request for a tag with what it was before its last push',
    parts: [{ match: { ...MANIFEST, referenceKind: 'tag', every: 2 }, fault: { previous: true } }],
  },
  {
    name: 'digest-404',
    behaviour: 19,
    does: 'names a digest in HEAD and has no manifest of that digest',
    parts: [{ match: { ...GET, referenceKind: 'digest' }, fault: { status: 404 } }],
  },
  {
    name: 'listed-but-gone',
    behaviour: 20,
    does: 'lists tags whose manifests it does not have',
    parts: [{ match: MANIFEST, fault: { status: 404 } }],
  },
  {
    name: 'reserialised',
    behaviour: 21,
    does: 'writes manifests anew, with other blanks, and keeps their digest in the header',
    parts: [{ match: GET, fault: { reserialise: true } }],
  },
  {
    name: 'gzipped',
    behaviour: 22,
    does: 'compresses manifests and blobs although identity was asked for',
    parts: [{ match: { route: ['manifest', 'blob'], method: 'GET' }, fault: { gzip: true } }],
  },
  {
    name: 'giant-manifest',
    behaviour: 23,
    does: 'serves manifests of more than 10 MB',
    parts: [{ match: MANIFEST, fault: { document: 'giant' } }],
  },
  {
    name: 'many-entries',
    behaviour: 23,
    does: 'serves indexes of more than 1500 images',
    parts: [{ match: MANIFEST, fault: { document: 'manyEntries' } }],
  },
  {
    name: 'sha512-digests',
    behaviour: 24,
    does: 'names manifests by sha512 digests',
    parts: [{ match: MANIFEST, fault: { document: 'sha512' } }],
  },
  {
    name: 'artifact',
    behaviour: 25,
    does: 'serves a Helm chart where an image was pushed',
    parts: [{ match: MANIFEST, fault: { document: 'artifact' } }],
  },
  {
    name: 'manifest-as-blob',
    behaviour: 26,
    does: 'gives manifests out as blobs of type octet-stream, too',
    parts: [{ match: { route: 'blob' }, fault: { manifestsAsBlobs: true } }],
  },
];
