import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { MEDIA_TYPE } from '@tagtrail/oci';
import { type SampleImage, sampleImage } from './sample-image.ts';
import { answerQuestions } from './script-child.ts';

/** How to serve: over TLS when there is a certificate. */
export interface BareServerOrder {
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface BareServerPlace {
  /** `127.0.0.1:41234`. */
  readonly host: string;
}

/** Room for all the connections of a bench, which stay open from its beginning to its end. */
const NEVER = 0;

/** A registry that has one image under every name, and does nothing but answer: what is measured is who asks. */
function serve({ tls }: BareServerOrder): Server {
  const answer = answerWith(sampleImage());
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  server.keepAliveTimeout = NEVER;
  server.requestTimeout = NEVER;
  return server;
}

function answerWith({
  manifest,
  manifestDigest,
  config,
  configDigest,
}: SampleImage): RequestListener {
  const headers = (text: string, type: string, digest: string) => ({
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'docker-content-digest': digest,
    'docker-distribution-api-version': 'registry/2.0',
    etag: `"${digest}"`,
    'x-content-type-options': 'nosniff',
  });
  const manifestHeaders = headers(manifest, MEDIA_TYPE.ociManifest, manifestDigest);
  const configHeaders = headers(config, 'application/octet-stream', configDigest);
  return ({ method, url = '' }, response) => {
    const isManifest = url.includes('/manifests/');
    response.writeHead(200, isManifest ? manifestHeaders : configHeaders);
    if (method === 'HEAD') response.end();
    else response.end(isManifest ? manifest : config);
  };
}

answerQuestions(async (order: BareServerOrder): Promise<BareServerPlace> => {
  const server = serve(order);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
});
