import type { FastifyInstance } from 'fastify';
import { refuseMediaType } from '../http/json-body.ts';
import { decodeProtobufSecret } from './decode-protobuf-secret.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/**
 * Makes the server read Secrets in protobuf, which `kubectl create secret` sends since 1.32 and does not try again as JSON.
 * Answers stay JSON, which it takes too. Everything else in protobuf is refused as before.
 */
export function acceptProtobufSecrets(app: FastifyInstance): void {
  app.addContentTypeParser(
    PROTOBUF,
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => {
      const secret = decodeProtobufSecret(body);
      if (secret === undefined) throw refuseMediaType(PROTOBUF);
      return secret;
    },
  );
}
